/** Sign-in: the challenge, the cookies of a held session, and trusted devices. */
import { username } from 'better-auth/plugins';
import { generateRecoveryCodes } from 'otpcore/recovery-codes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  dataOf,
  enrol,
  isHeld,
  makeAuth,
  openBrowser,
  openPhone,
  origin,
  type Phone,
  person,
  signInBy,
} from './support.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const DAY = 86_400_000;
const signUp = { name: 'A', password: 'correct horse battery' };

describe('A held sign-in', () => {
  it('sends no session cookie, cached ones included, and leaves no session behind', async () => {
    const auth = await makeAuth();
    const { browser } = await enrol(auth);
    const { adapter } = await auth.$context;
    const before = await adapter.count({ model: 'session' });
    const held = openBrowser(auth);
    expect((await held.signIn()).data).toEqual({
      twoFactorRedirect: true,
      twoFactorMethods: ['totp'],
    });
    const lines = held.answers.at(-1)?.headers.getSetCookie() ?? [];
    const sessions = lines.filter((line) => /session_(?:token|data)/.test(line));
    expect(sessions.filter((line) => !/=;/.test(line))).toEqual([]);
    expect(await adapter.count({ model: 'session' })).toBe(before);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it('is one by username as well', async () => {
    const auth = await makeAuth('sqlite', { plugins: [username()] });
    await enrol(auth, { username: 'alice' });
    const request = new Request(`${origin}/api/auth/sign-in/username`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ username: 'alice', password: person.password }),
    });
    const response = await auth.handler(request);
    expect(await response.json()).toMatchObject({ twoFactorRedirect: true });
    const lines = response.headers.getSetCookie();
    expect(lines.filter((line) => /session_(?:token|data)=[^;]/.test(line))).toEqual([]);
  });

  it('waits for no code while an enrolment is unconfirmed', async () => {
    const auth = await makeAuth();
    const browser = openBrowser(auth);
    dataOf(await browser.client.signUp.email({ email: 'a@example.com', ...signUp }));
    dataOf(await browser.factor.enable({ password: signUp.password }));
    expect(await isHeld(openBrowser(auth))).toBe(false);
  });

  it('refuses a right code without its cookie, with a forged one, and after its time', async () => {
    const auth = await makeAuth('sqlite', { challengeSeconds: 120 });
    const { phone } = await enrol(auth);
    const browser = openBrowser(auth);
    await browser.signIn();
    const [name = '', value = ''] = [...browser.jar].find(([key]) => /otp_/.test(key)) ?? [];
    const answer = async (cookie?: string) => {
      browser.jar.delete(name);
      if (cookie) browser.jar.set(name, cookie);
      return (await browser.factor.verifyTotp({ code: phone.nextCode() })).error?.code;
    };
    const forged = `${value.slice(0, 5)}x${value.slice(6)}`;
    expect([await answer(), await answer(forged)]).toEqual([
      'INVALID_CHALLENGE',
      'INVALID_CHALLENGE',
    ]);
    vi.setSystemTime(Date.now() + 120_000);
    expect(await answer(value)).toBe('INVALID_CHALLENGE');
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("takes a password's wish not to be remembered over to the session", async () => {
    const auth = await makeAuth();
    const { phone } = await enrol(auth);
    const browser = openBrowser(auth);
    await browser.signIn(false);
    dataOf(await browser.factor.verifyTotp({ code: phone.nextCode() }));
    const lines = browser.answers.at(-1)?.headers.getSetCookie() ?? [];
    const line = lines.find((text) => /session_token=./.test(text)) ?? '';
    expect(line).not.toBe('');
    expect(line).not.toMatch(/max-age/i);
  });

  it('answers a code of no shape as a refusal, whatever is typed', async () => {
    const auth = await makeAuth();
    await enrol(auth);
    const browser = openBrowser(auth);
    await browser.signIn();
    for (const code of ['', 'invalid-code', '0'.repeat(100_000), '\0']) {
      expect((await browser.factor.verifyTotp({ code })).error?.code).toBe('MALFORMED');
    }
  });

  it('counts wrong recovery codes on their own, so that they do not lock the phone out', async () => {
    const auth = await makeAuth();
    const { phone } = await enrol(auth);
    const browser = openBrowser(auth);
    await browser.signIn();
    const [code = ''] = generateRecoveryCodes(1);
    const codes = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { error } = await browser.factor.verifyRecoveryCode({ code });
      codes.push(error?.code);
    }
    expect(codes.at(-1)).toBe('THROTTLED');
    dataOf(await browser.factor.verifyTotp({ code: phone.nextCode() }));
  });

  it('lets two wrong codes be followed by a right one, which starts the count anew', async () => {
    const auth = await makeAuth();
    const { phone } = await enrol(auth);
    for (let turn = 0; turn < 2; turn += 1) {
      const browser = openBrowser(auth);
      await browser.signIn();
      for (let wrong = 0; wrong < 2; wrong += 1) {
        const { error } = await browser.factor.verifyTotp({ code: phone.wrongCode() });
        expect(error?.code).toBe('MISMATCH');
      }
      dataOf(await browser.factor.verifyTotp({ code: phone.nextCode() }));
    }
  });
});

describe('A trusted device', () => {
  it('signs in by password alone, also after signing out, until its time is over', async () => {
    const auth = await makeAuth('sqlite', { trustSeconds: 7 * 86_400 });
    const { phone } = await enrol(auth);
    const device = await signInBy(auth, phone, true);
    const lines = device.answers.at(-1)?.headers.getSetCookie() ?? [];
    expect(lines.find((line) => /otp_trust/.test(line))).toMatch(/Max-Age=604800/);
    await device.client.signOut();
    expect([await isHeld(device), await device.isSignedIn()]).toEqual([false, true]);
    vi.setSystemTime(Date.now() + 7 * DAY);
    expect(await isHeld(device)).toBe(true);
  });

  it('is made on request only, and not where trust is off', async () => {
    const auth = await makeAuth();
    const { phone } = await enrol(auth);
    expect(await isHeld(await signInBy(auth, phone))).toBe(true);
    const strict = await makeAuth('sqlite', { trustSeconds: 0 });
    const enrolled = await enrol(strict);
    expect(await isHeld(await signInBy(strict, enrolled.phone, true))).toBe(true);
  });

  it('is trusted for its own user, and for no changed or moved cookie', async () => {
    const auth = await makeAuth();
    const { phone } = await enrol(auth);
    const device = await signInBy(auth, phone, true);
    const [name = '', value = ''] = [...device.jar].find(([key]) => /otp_trust/.test(key)) ?? [];
    const [, challenge = ''] = [...(await heldJar(auth))].find(([key]) => /otp_ch/.test(key)) ?? [];
    const later = value.replace(/(otp-trust(?::|%3A)\d+(?::|%3A))\d/, '$19');
    for (const cookie of [later, challenge, 'x', value.slice(0, -2)]) {
      expect(cookie).not.toBe(value);
      expect(await isHeld(openBrowser(auth, new Map([[name, cookie]])))).toBe(true);
    }
    expect(await isHeld(openBrowser(auth, new Map([[name, value]])))).toBe(false);
  });

  it("does not open another user's account, even of the same epoch", async () => {
    const auth = await makeAuth();
    const { password, name } = signUp;
    // Two factors begun in one moment have one epoch.
    const emails = ['a@example.com', 'b@example.com'];
    const begun = [];
    for (const email of emails) {
      const browser = openBrowser(auth);
      dataOf(await browser.client.signUp.email({ email, password, name }));
      begun.push({ browser, ...dataOf(await browser.factor.enable({ password })) });
    }
    const users = [];
    for (const { browser, enrollmentId, totpURI } of begun) {
      const phone = openPhone(totpURI);
      dataOf(await browser.factor.confirm({ enrollmentId, code: phone.nextCode() }));
      users.push({ phone, epoch: dataOf(await browser.factor.status()).epoch });
    }
    expect(users[1]?.epoch).toBe(users[0]?.epoch);
    const device = await signInBy(auth, users[0]?.phone as Phone, true);
    const answers = [];
    for (const email of emails) answers.push(await device.client.signIn.email({ email, password }));
    expect(answers.map(({ data }) => data && 'twoFactorRedirect' in data)).toEqual([false, true]);
  });
});

async function heldJar(auth: Awaited<ReturnType<typeof makeAuth>>) {
  const browser = openBrowser(auth);
  await browser.signIn();
  return browser.jar;
}
