/** The pages of an enrolment: the QR code, and the recovery codes after the first one. */
import { html, raw } from 'hono/html';
import encodeQR from 'qr';
import { codeField, countdown, field, layout, passwordField } from './layout.mjs';

/** Before the QR code: a reload of this page makes no new one. */
export function setUpPage({ session }) {
  return layout(
    { title: 'Set up your authenticator', session },
    html`<p>Have your phone at hand, with an authenticator app on it. A QR code appears here, and the phone scans it.</p>
    <form method="post" action="/set-up"><button>Show the QR code</button></form>`,
  );
}

/**
 * The QR code with the secret in groups beneath it.
 *
 * @param shown - `{ enrollmentId, uri, secret, sealed }`: `sealed` brings both back after a wrong code
 */
export function enrolmentPage({
  session,
  title,
  shown,
  label = 'Code',
  button = 'Switch on',
  errors = {},
  first,
  hint,
}) {
  const groups = shown.secret.match(/.{1,4}/g).join(' ');
  const svg = encodeQR(shown.uri, 'svg', { border: 2 });
  const error = errors.code ?? errors.password ?? errors.next;
  return layout(
    { title, session, error },
    html`<ol class="steps">
      <li>Open an authenticator app on your phone.</li>
      <li>Scan this QR code.
        <div class="qr" role="img" aria-label="QR code for your authenticator app">${raw(svg)}</div>
        <p class="hint">Or type this key: <code class="secret">${groups}</code></p>
      </li>
      <li>Type the code that the app shows.</li>
    </ol>
    <form method="post" action="/enrolment">
      <input type="hidden" name="enrollmentId" value="${shown.enrollmentId}">
      <input type="hidden" name="sealed" value="${shown.sealed}">
      ${first === undefined ? codeField({ label, error: errors.code, focus: true }) : secondCode(first, hint, errors.next)}
      ${session.organisation === 'phone' ? passwordField({ error: errors.password }) : ''}
      ${countdown}
      <button>${button}</button>
    </form>`,
  );
}

/** The phone's clock is off: the first code goes along, and the next one proves it. */
function secondCode(first, hint, error) {
  return html`<input type="hidden" name="code" value="${first}">
    ${field({ label: 'The next code', name: 'next', autocomplete: 'one-time-code', inputmode: 'numeric', hint: `${hint} Wait until the app shows another code, and type it.`, error, focus: true })}`;
}

export function recoveryCodesPage({ session, codes, clock }) {
  return layout(
    { title: 'Keep your recovery codes', session },
    html`<p class="notice" role="status">Your authenticator is switched on. ${clock ?? ''}</p>
    <p>Each of these codes signs you in once if your phone is lost. Print them, or keep them in a password manager. They are shown only now.</p>
    <ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
    <p><a class="button" href="/">I have kept them</a></p>`,
  );
}
