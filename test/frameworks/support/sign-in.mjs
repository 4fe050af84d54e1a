// The sign-in that every example has to make, by HTTP from end to end.
import { describe, expect, test } from 'vitest';
import { createSecondFactor } from '../../../dist/second-factor.js';
import { openBrowser, openPhone } from './browser.mjs';

const PASSWORD = 'correct horse';

/**
 * Registers the tests.
 *
 * @param site - gives, once the application runs, `send`, a fetch of a path, and `store`, its factor store
 */
export function testSignIn(site) {
  const open = (cookies) => openBrowser((...request) => site().send(...request), cookies);

  async function signIn(name, browser = open()) {
    const { status, next } = await browser.post('/sign-in', { name, password: PASSWORD });
    expect(status).toBe(200);
    return { browser, next };
  }

  /** Enrols with the code of this step: the next sign-in takes the one after it. */
  async function enrol(name) {
    const { browser, next } = await signIn(name);
    expect(next).toBe('home');
    const { status, enrollmentId, secret, headers } = await browser.post('/enrol');
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    const phone = openPhone(secret);
    const before = browser.cookies();
    const wrong = await browser.post('/enrol/confirm', { enrollmentId, code: phone.wrongCode() });
    expect(wrong).toMatchObject({ status: 422, ok: false });
    const code = phone.code();
    const confirmed = await browser.post('/enrol/confirm', { enrollmentId, code });
    expect(confirmed.status).toBe(200);
    expect(confirmed.recoveryCodes).toHaveLength(10);
    return { browser, phone, before };
  }

  test('Nobody is in without a session, with a wrong password, or with a made-up cookie', async () => {
    for (const browser of [open(), open({ session: 'e30', 'connect.sid': 's%3Aabc.def' })]) {
      expect((await browser.get('/me')).status).toBe(401);
      expect((await browser.post('/sign-in/code', { code: '000000' })).status).toBe(401);
      expect((await browser.post('/enrol')).status).toBe(401);
      expect((await browser.post('/enrol/confirm')).status).toBe(401);
    }
    for (const password of ['wrong', undefined, { $ne: '' }]) {
      const browser = open();
      expect((await browser.post('/sign-in', { name: 'alice', password })).status).toBe(401);
      expect((await browser.get('/me')).status).toBe(401);
    }
  });

  describe('A user', () => {
    let alice;

    test('enrols, and the session of the password alone ends with that', async () => {
      alice = await enrol('alice');
      expect((await alice.browser.get('/me')).id).toBe('alice');
      expect((await open(alice.before).get('/me')).status).toBe(401);
      expect((await open(alice.before).post('/enrol')).status).toBe(401);
    });

    test('with a password and no code gets nowhere but to the code', async () => {
      const { browser, next } = await signIn('alice');
      expect(next).toBe('code');
      expect((await browser.get('/me')).status).toBe(401);
      expect((await browser.post('/enrol')).status).toBe(401);
      expect((await browser.post('/enrol/confirm')).status).toBe(401);
      for (const code of ['', '12345x', 123_456, ['000000'], null, undefined]) {
        const answer = await browser.post('/sign-in/code', { code });
        expect(answer).toMatchObject({ status: 422, reason: 'malformed' });
      }
      expect((await browser.get('/me')).status).toBe(401);
    });

    test('is in with the code, in a new session, and the same code is refused after that', async () => {
      const code = alice.phone.code(1);
      const { browser } = await signIn('alice');
      const pending = browser.cookies();
      expect((await browser.post('/sign-in/code', { code })).status).toBe(200);
      expect((await browser.get('/me')).id).toBe('alice');
      expect(browser.cookies()).not.toEqual(pending);
      expect((await open(pending).get('/me')).status).toBe(401);
      const again = await signIn('alice');
      const answer = await again.browser.post('/sign-in/code', { code });
      expect(answer).toMatchObject({ status: 422, reason: 'reused' });
      expect((await again.browser.get('/me')).status).toBe(401);
    });

    test('adds a second phone with the session that passed the code as proof', async () => {
      const { status, secret, enrollmentId } = await alice.browser.post('/enrol');
      expect(status).toBe(200);
      const code = openPhone(secret).code();
      const confirmed = await alice.browser.post('/enrol/confirm', { enrollmentId, code });
      expect(confirmed.status).toBe(200);
      expect(confirmed).not.toHaveProperty('recoveryCodes');
    });
  });

  test('Of 16 requests at once with one right code one is let in', async () => {
    const { phone } = await enrol('bob');
    const browsers = [];
    for (let i = 0; i < 4; i++) {
      const { browser } = await signIn('bob');
      const cookies = browser.cookies();
      browsers.push(...Array.from({ length: 4 }, () => open(cookies)));
    }
    const code = phone.code(1);
    const answers = await Promise.all(browsers.map((one) => one.post('/sign-in/code', { code })));
    // In the same session, one may come after it was renewed: 401.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => ![200, 401, 422].includes(status))).toEqual([]);
    const inside = await Promise.all(browsers.map((one) => one.get('/me')));
    expect(inside.map(({ status }) => status === 200)).toEqual(
      answers.map(({ status }) => status === 200),
    );
  });

  test('After three wrong codes even the right one is answered with 429 and Retry-After', async () => {
    const { phone } = await enrol('carol');
    const { browser } = await signIn('carol');
    for (let i = 0; i < 3; i++) {
      const answer = await browser.post('/sign-in/code', { code: phone.wrongCode() });
      expect(answer).toMatchObject({ status: 422, reason: 'mismatch' });
    }
    // The wait is 4 seconds, too short for a busy machine: a fourth one is counted then.
    let answer = await browser.post('/sign-in/code', { code: phone.wrongCode() });
    if (answer.status !== 429)
      answer = await browser.post('/sign-in/code', { code: phone.code(1) });
    expect(answer).toMatchObject({ status: 429, reason: 'throttled' });
    expect(Number(answer.headers.get('Retry-After'))).toBe(answer.retryAfter);
    expect(answer.retryAfter).toBeGreaterThan(0);
    const right = await browser.post('/sign-in/code', { code: phone.code(1) });
    expect(right.status).toBe(429);
    expect((await browser.get('/me')).status).toBe(401);
  });

  test('A reset by support ends the session, and a lost record lets nobody in on the password', async () => {
    const { browser, phone } = await enrol('dave');
    expect((await browser.get('/me')).status).toBe(200);
    const support = createSecondFactor({ issuer: 'ACME', store: site().store, sealer: UNUSED });
    await support.reset('dave', { by: 'agent-7' });
    expect((await browser.get('/me')).status).toBe(401);
    const again = await signIn('dave');
    expect(again.next).toBe('code');
    const answer = await again.browser.post('/sign-in/code', { code: phone.code(1) });
    expect(answer.status).toBe(500);
    expect((await again.browser.get('/me')).status).toBe(401);
  });
}

/** A reset opens and seals no secret. */
const UNUSED = {
  isCurrent: () => true,
  seal: () => Promise.reject(new Error('unused')),
  open: () => Promise.reject(new Error('unused')),
};
