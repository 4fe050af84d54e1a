// A visitor without a browser, for storms: cookies, forms, and what a page says.
import { setTimeout as sleep } from 'node:timers/promises';
import { createKey, generateTotp, secondsRemaining } from '../../../dist/node/index.js';
import { PASSWORD } from './portal.mjs';

/** Sends a form as a browser does, and keeps the session's cookie. */
async function send(visit, path, fields) {
  const response = await fetch(visit.address + path, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
    headers: { cookie: visit.cookie, origin: visit.address },
  });
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  visit.cookie = cookies.findLast((cookie) => cookie.length > 'session='.length) ?? visit.cookie;
  return {
    status: response.status,
    text: await response.text(),
    place: response.headers.get('location'),
  };
}

export async function signInByHttp(address, name) {
  const visit = { address, cookie: '' };
  const { status } = await send(visit, '/sign-in', { name, password: PASSWORD });
  if (status !== 303) throw new Error(`sign-in answered ${status}`);
  return visit;
}

/** Types a code; answers whether it was accepted, or refused because it was used. */
export async function typeByHttp(visit, code) {
  const { status, text, place } = await send(visit, '/second-factor', { code });
  return { isIn: status === 303 && place === '/', isUsed: text.includes('was used already') };
}

/** Enables MFA in the contact centre; answers the phone. */
export async function enrolByHttp(address, name) {
  const visit = await signInByHttp(address, name);
  const { text } = await send(visit, '/profile/mfa', { password: PASSWORD });
  const hiddenField = (field) => new RegExp(`name="${field}" value="([^"]*)"`).exec(text)[1];
  const key = createKey(/class="secret">([^<]*)</.exec(text)[1].replaceAll(' ', ''));
  const fields = { enrollmentId: hiddenField('enrollmentId'), sealed: hiddenField('sealed') };
  const bound = await send(visit, '/enrolment', { ...fields, code: generateTotp(key) });
  if (bound.status !== 200) throw new Error(`the enrolment answered ${bound.status}`);
  return {
    /** The code of the next step: the window takes it, and the enrolment did not use it. */
    nextCode: () => generateTotp(key, { timestamp: Date.now() + 30_000 }),
    waitForNextStep: () => sleep(1000 * secondsRemaining() + 50),
  };
}
