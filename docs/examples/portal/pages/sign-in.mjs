/** The pages before a user is signed in. */
import { html } from 'hono/html';
import { codeField, countdown, field, layout, passwordField } from './layout.mjs';

export function signInPage({ error, notice } = {}) {
  return layout(
    { title: 'Sign in', error },
    html`${notice ? html`<p class="notice" role="status">${notice}</p>` : ''}
    <form method="post" action="/sign-in">
      ${field({ label: 'Name', name: 'name', autocomplete: 'username', error, focus: true })}
      ${passwordField()}
      <button>Sign in</button>
    </form>
    <p><a href="/sso">Sign in with single sign-on</a></p>`,
  );
}

export function codePage({ session, error, offerClock = false }) {
  const label = session.organisation === 'contact-centre' ? 'Token' : 'Code';
  return layout(
    { title: 'Type your code', session, error },
    html`<p>Open the authenticator app on your phone.</p>
    <form method="post" action="/second-factor">
      ${codeField({ label, error, focus: true })}
      ${countdown}
      <button>Continue</button>
    </form>
    ${offerClock ? html`<p class="notice">The clock of your phone may be off. <a href="/second-factor/clock">Find out with two codes</a></p>` : ''}
    <details><summary>Trouble with your code?</summary>
      <ul>
        <li><a href="/second-factor/clock">My codes are always rejected</a></li>
        <li><a href="/second-factor/three-codes">I do not want to wait</a></li>
        <li><a href="/second-factor/recovery">I lost my phone</a></li>
      </ul>
    </details>`,
  );
}

const PLACES = ['First', 'Second', 'Third'];

/** A page for codes in a row: two find a wrong clock, three pass a wait. */
export function codesInRowPage({ session, count, title, text, action, error }) {
  const fields = PLACES.slice(0, count).map((place, i) =>
    codeField({
      label: `${place} code`,
      name: `code${i + 1}`,
      error: i === 0 ? error : undefined,
      focus: i === 0,
    }),
  );
  return layout(
    { title, session, error },
    html`<p>${text}</p>
    <form method="post" action="${action}">${fields}${countdown}<button>Continue</button></form>
    <p><a href="/second-factor">Back</a></p>`,
  );
}

export function recoveryPage({ session, error }) {
  return layout(
    { title: 'Use a recovery code', session, error },
    html`<p>You were shown recovery codes when you set up your phone. Each one works once. Afterwards you set up a new phone.</p>
    <form method="post" action="/second-factor/recovery">
      ${field({ label: 'Recovery code', name: 'recoveryCode', error, focus: true })}
      <button>Continue</button>
    </form>
    <p>No codes left? Call support: they identify you, and switch the second factor off.</p>
    <p><a href="/second-factor">Back</a></p>`,
  );
}

export function identityProviderPage({ state, error }) {
  return layout(
    { title: 'Stand-in identity provider', error },
    html`<p>In place of your company’s sign-in: it believes any name.</p>
    <form method="post" action="/idp">
      <input type="hidden" name="state" value="${state}">
      ${field({ label: 'Company name', name: 'name', autocomplete: 'username', error, focus: true })}
      <button>Continue</button>
    </form>`,
  );
}
