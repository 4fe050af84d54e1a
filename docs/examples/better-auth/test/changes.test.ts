/** Changes of the factor: they end other sessions and the trust in devices. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Auth,
  addPhone,
  dataOf,
  enrol,
  isHeld,
  makeAuth,
  openBrowser,
  type Phone,
  person,
  signInBy,
} from './support.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

type Enrolled = Awaited<ReturnType<typeof enrol>> & { readonly auth: Auth };

async function replacePhone({ browser, phone }: Enrolled) {
  await addPhone(browser, { code: phone.nextCode(), replaces: 'all' });
}

async function removePhone({ browser, phone }: Enrolled) {
  const status = await browser.factor.status();
  const authenticatorId = status.data?.authenticators[0]?.id ?? '';
  const code = phone.nextCode();
  const { password } = person;
  dataOf(await browser.factor.disable({ password, authenticatorId, code }));
}

async function recover({ auth, recoveryCodes }: Enrolled) {
  const browser = openBrowser(auth);
  await browser.signIn();
  dataOf(await browser.factor.verifyRecoveryCode({ code: recoveryCodes[0] ?? '' }));
}

async function reset({ auth }: Enrolled) {
  const { user } =
    (await (await auth.$context).internalAdapter.findUserByEmail(person.email)) ?? {};
  await auth.api.resetSecondFactor({ body: { userId: user?.id ?? '', by: 'support-1' } });
}

async function enableAnew({ auth }: Enrolled) {
  const browser = openBrowser(auth);
  await browser.signIn();
  await addPhone(browser);
}

describe.each([
  { what: 'replacing the phone', change: replacePhone },
  { what: 'disabling', change: removePhone, after: enableAnew },
  { what: 'a recovery', change: recover },
  { what: "support's reset", change: reset, after: enableAnew },
])('After $what', ({ change, after }) => {
  it('all other sessions and the trust in devices have ended', async () => {
    const auth = await makeAuth();
    const enrolled = { auth, ...(await enrol(auth)) };
    const other = await signInBy(auth, enrolled.phone, true);
    expect([await other.isSignedIn(), await isHeld(other)]).toEqual([true, false]);
    await change(enrolled);
    expect(await other.isSignedIn()).toBe(false);
    // A factor that is off holds no sign-in, so trust shows once it is on again.
    await after?.(enrolled);
    expect(await isHeld(other)).toBe(true);
  });
});

it('Confirming the first phone ends the sessions of the password alone', async () => {
  const auth = await makeAuth();
  const browser = openBrowser(auth);
  dataOf(await browser.client.signUp.email({ ...person, name: 'A' }));
  const other = openBrowser(auth);
  await other.signIn();
  expect(await other.isSignedIn()).toBe(true);
  await addPhone(browser);
  expect([await browser.isSignedIn(), await other.isSignedIn()]).toEqual([true, false]);
});

describe('On an active factor, enable', () => {
  const signsIn = async (auth: Auth, phone: Phone) => {
    const browser = openBrowser(auth);
    await browser.signIn();
    return (await browser.factor.verifyTotp({ code: phone.nextCode() })).error === null;
  };

  it('needs a proof, and a known authenticator to replace', async () => {
    const { browser, phone } = await enrol(await makeAuth());
    const { password } = person;
    const code = phone.nextCode();
    const refusals = [
      await browser.factor.enable({ password }),
      await browser.factor.enable({ password, replaces: 'all' }),
      await browser.factor.enable({ password, replaces: 'another', code }),
      await browser.factor.enable({ password, code, recoveryCode: 'x' }),
      await browser.factor.enable({ password: 'wrong password', code }),
    ];
    expect(refusals.map(({ error }) => error?.code)).toEqual([
      'PROOF_REQUIRED',
      'PROOF_REQUIRED',
      'UNKNOWN',
      'ONE_PROOF_EXPECTED',
      'INVALID_PASSWORD',
    ]);
  });

  it('adds a phone without `replaces`, and both sign in', async () => {
    const auth = await makeAuth();
    const { browser, phone } = await enrol(auth);
    const added = await addPhone(browser, { code: phone.nextCode() });
    expect([await signsIn(auth, phone), await signsIn(auth, added.phone)]).toEqual([true, true]);
  });

  it('replaces one phone by its id, and only when the new one is confirmed', async () => {
    const auth = await makeAuth();
    const { browser, phone } = await enrol(auth);
    const status = await browser.factor.status();
    const replaces = status.data?.authenticators[0]?.id ?? '';
    const { password } = person;
    dataOf(await browser.factor.enable({ password, replaces, code: phone.nextCode() }));
    expect(await signsIn(auth, phone)).toBe(true);
    const next = await addPhone(browser, { replaces, code: phone.nextCode() });
    expect([await signsIn(auth, phone), await signsIn(auth, next.phone)]).toEqual([false, true]);
  });

  it('replaces a lost phone by a recovery code', async () => {
    const auth = await makeAuth();
    const { browser, phone, recoveryCodes } = await enrol(auth);
    const recoveryCode = recoveryCodes[1] ?? '';
    const next = await addPhone(browser, { replaces: 'all', recoveryCode });
    expect([await signsIn(auth, phone), await signsIn(auth, next.phone)]).toEqual([false, true]);
  });
});
