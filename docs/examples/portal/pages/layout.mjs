/** The frame of every page, and its forms. `html` escapes what it is given. */
import { html } from 'hono/html';

/** The menu of each organisation: where its help page says that things are. */
const MENUS = {
  'contact-centre': [['/profile', 'My profile']],
  phone: [['/account', 'My account']],
  community: [['/security', 'Security']],
};

/** @param {{ title: string, session?: object, error?: unknown }} page */
export function layout({ title, session, error, wide = false }, content) {
  const isIn = session?.level === 'full' || session?.level === 'sso';
  const links = isIn ? [['/', 'Home'], ...MENUS[session.organisation]] : [];
  if (isIn && session.role === 'admin') links.push(['/users', 'Users']);
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${error ? 'Error: ' : ''}${title} – Example Portal</title>
  <link rel="stylesheet" href="/portal.css">
  <link rel="icon" href="data:,">
  <script type="module" src="/countdown.js"></script>
</head>
<body>
  <header>
    <a class="brand" href="/">Example Portal</a>
    ${links.length > 0 ? html`<nav aria-label="Main">${links.map(([path, label]) => html`<a href="${path}">${label}</a>`)}</nav>` : ''}
    ${session ? html`<form method="post" action="/sign-out"><span>${session.name}</span> <button class="quiet">Sign out</button></form>` : ''}
  </header>
  <main class="${wide ? 'wide' : 'narrow'}">
    <h1>${title}</h1>
    ${content}
  </main>
</body>
</html>`;
}

/** A labelled field. An error is tied to it, and takes the focus there. */
export function field({
  label,
  name,
  type = 'text',
  autocomplete = 'off',
  inputmode,
  error,
  hint,
  focus = false,
}) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : ''}
    ${error ? html`<p class="error" id="${name}-error" role="alert">${error}</p>` : ''}
    <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" ${inputmode ? html`inputmode="${inputmode}"` : ''} ${described ? html`aria-describedby="${described}"` : ''} ${error ? html`aria-invalid="true"` : ''} ${focus || error ? 'autofocus' : ''} required>
  </div>`;
}

/** A field for a code of an app. */
export function codeField(more = {}) {
  return field({
    label: 'Code',
    name: 'code',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    ...more,
  });
}

export function passwordField(more = {}) {
  return field({
    label: 'Password',
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    ...more,
  });
}

/** The seconds that the present code lasts, where JavaScript is on. */
export const countdown = html`<p class="countdown" data-countdown hidden></p>`;

export const notice = (text) => (text ? html`<p class="notice" role="status">${text}</p>` : '');
