/** The pages of a signed-in user. */
import { html } from 'hono/html';
import { isOn } from '../sessions.mjs';
import { codeField, countdown, field, layout, notice, passwordField } from './layout.mjs';

const button = (path, label, fields = '', className = '') =>
  html`<form method="post" action="${path}">${fields}<button class="${className}">${label}</button></form>`;

const day = (moment) => (moment === 0 ? 'never' : new Date(moment).toISOString().slice(0, 10));

export function homePage({ session, status, message }) {
  const how =
    session.level === 'sso'
      ? 'by single sign-on'
      : isOn(status)
        ? 'with a second factor'
        : 'by password';
  return layout(
    { title: `Welcome, ${session.name}`, session },
    html`${notice(message)}<p>You are signed in ${how}.</p>`,
  );
}

/** Contact centre: My profile, MFA settings. */
export function profilePage({ session, status, message, error }) {
  const state = isOn(status) ? 'MFA is enabled.' : 'MFA is not enabled.';
  return layout(
    { title: 'My profile', session, error },
    html`${notice(message)}
    <section aria-labelledby="mfa"><h2 id="mfa">MFA settings</h2>
      <p>${state} ${isOn(status) ? 'A new device takes the place of the present one.' : ''}</p>
      <form method="post" action="/profile/mfa">
        ${passwordField({ hint: 'Your password confirms that it is you.', error })}
        <button>${isOn(status) ? 'Bind a new device' : 'Enable MFA'}</button>
      </form>
    </section>`,
  );
}

/** Hosted phones: My account, Profile, Change account security. */
export function accountPage({ session, status, message }) {
  return layout(
    { title: 'My account', session },
    html`${notice(message)}
    <section aria-labelledby="profile"><h2 id="profile">Profile</h2>
      <dl><dt>Name</dt><dd>${session.name}</dd><dt>Email</dt><dd>${session.email}</dd>
      <dt>Account security</dt><dd>${isOn(status) ? 'A code is asked for at sign-in.' : 'Password alone.'}</dd></dl>
      ${button('/account/security', 'Change account security')}
    </section>`,
  );
}

/** Community: the list of authenticators. */
export function securityPage({ session, status, message, events, error }) {
  return layout(
    { title: 'Security', session, wide: true, error },
    html`${notice(message)}
    <section aria-labelledby="apps"><h2 id="apps">Authenticator apps</h2>
      <ul class="cards">${status.authenticators.map((one) => authenticatorCard(one, error))}</ul>
      ${button('/security/add', 'Add another phone', '', 'quiet')}
    </section>
    <section aria-labelledby="codes"><h2 id="codes">Recovery codes</h2>
      <p>${status.recoveryCodesLeft} of your recovery codes are left.</p>
      ${button('/security/recovery-codes', 'Make new recovery codes', '', 'quiet')}
    </section>
    <section aria-labelledby="events"><h2 id="events">What happened</h2>${eventTable(events)}</section>`,
  );
}

function authenticatorCard({ id, name, addedAt, usedAt }, error) {
  const hidden = html`<input type="hidden" name="id" value="${id}">`;
  return html`<li><h3>${name}</h3><p>Added ${day(addedAt)}, last used ${day(usedAt)}</p>
    ${button('/security/move', 'Move to a new phone', hidden)}
    <details><summary>Rename the entry in the app</summary>
      <form method="post" action="/security/entry">${hidden}
        ${field({ label: 'New name of the entry', name: 'entry', hint: 'You scan a new QR code. The present entry works until then.', error })}
        <button>Rename</button></form></details>
    ${button('/security/remove', 'Remove', hidden, 'quiet')}</li>`;
}

function eventTable(events) {
  return html`<table><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">By</th></tr></thead>
    <tbody>${events.map(({ at, type, by }) => html`<tr><td>${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}</td><td>${type}</td><td>${by ?? 'the user'}</td></tr>`)}</tbody></table>`;
}

/** Before a change: the factor was passed more than 15 minutes ago. */
export function identityPage({ session, next, error }) {
  return layout(
    { title: 'Confirm that it is you', session, error },
    html`<p>Your last code is more than 15 minutes old.</p>
    <form method="post" action="/identity"><input type="hidden" name="next" value="${next}">
      ${codeField({ error, focus: true })}${countdown}<button>Continue</button></form>`,
  );
}

export function usersPage({ session, users }) {
  return layout(
    { title: 'Users', session },
    html`<ul class="cards">${users.map(({ id, name, mfa_enabled: isEnabled }) => html`<li><a href="/users/${id}">${name}</a> – MFA ${isEnabled ? 'enabled' : 'not enabled'}</li>`)}</ul>`,
  );
}

export function userPage({ session, user, status, events, message, error }) {
  return layout(
    { title: user.name, session, wide: true, error },
    html`${notice(message)}<p>State of the second factor: ${status.state}.</p>
    <form method="post" action="/users/${user.id}">
      <div class="check"><input type="checkbox" id="mfa" name="mfa" value="on" ${user.mfa_enabled ? 'checked' : ''}> <label for="mfa">MFA enabled</label></div>
      ${error ? html`<p class="error" role="alert">${error}</p>` : ''}
      <button>Save</button>
    </form>
    <section aria-labelledby="reset"><h2 id="reset">Lost phone, no recovery codes</h2>
      <p>Identify the user first. Then they set up a new phone at their next sign-in.</p>
      ${button(`/users/${user.id}/reset`, 'Reset second factor')}</section>
    <section aria-labelledby="events"><h2 id="events">What happened</h2>${eventTable(events)}</section>`,
  );
}

export function errorPage({ title, text, session, place = '/', label = 'Home' }) {
  return layout(
    { title, session, error: text },
    html`<p class="error" role="alert">${text}</p><p><a href="${place}">${label}</a></p>`,
  );
}
