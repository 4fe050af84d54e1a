import { testFactorStore } from 'otpcore/second-factor/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { betterAuthFactorStore } from '../src/store.js';
import { enrol, isHeld, makeAuth, openBrowser, person, signInBy } from './support.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe.each(['memory', 'sqlite'])('on the %s adapter', (kind) => {
  it('a sign-in opens no session until the code is right, and a code counts once in 16', async () => {
    const auth = await makeAuth(kind);
    const { phone } = await enrol(auth);
    const browsers = Array.from({ length: 16 }, () => openBrowser(auth));
    await Promise.all(browsers.map((browser) => browser.signIn()));
    const states = await Promise.all(browsers.map(({ isSignedIn }) => isSignedIn()));
    expect(states).toEqual(browsers.map(() => false));
    const code = phone.nextCode();
    const answers = await Promise.all(browsers.map(({ factor }) => factor.verifyTotp({ code })));
    expect(answers.filter(({ error }) => error === null)).toHaveLength(1);
    const winner = answers.findIndex(({ error }) => error === null);
    expect(await browsers[winner]?.isSignedIn()).toBe(true);
  });

  it('two right codes on one challenge open one session', async () => {
    const auth = await makeAuth(kind);
    const { phone } = await enrol(auth);
    const browser = openBrowser(auth);
    await browser.signIn();
    const codes = [phone.nextCode(), phone.nextCode()];
    const answers = await Promise.all(codes.map((code) => browser.factor.verifyTotp({ code })));
    expect(answers.filter(({ error }) => error === null)).toHaveLength(1);
  });

  it('wrong codes are counted by user over sign-ins, and the fourth answer is 429', async () => {
    const auth = await makeAuth(kind);
    const { phone } = await enrol(auth);
    const code = phone.wrongCode();
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const browser = openBrowser(auth);
      await browser.signIn();
      const { error } = await browser.factor.verifyTotp({ code });
      statuses.push(error?.status);
      const wait = Number(browser.answers.at(-1)?.headers.get('retry-after'));
      if (turn === 3) vi.setSystemTime(Date.now() + 1000 * wait);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    // The wait is over.
    expect(await (await signInBy(auth, phone)).isSignedIn()).toBe(true);
  });

  it('a recovery code signs in once', async () => {
    const auth = await makeAuth(kind);
    const { recoveryCodes } = await enrol(auth);
    const [code = ''] = recoveryCodes;
    const statuses = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { signIn, factor } = openBrowser(auth);
      await signIn();
      statuses.push((await factor.verifyRecoveryCode({ code })).error?.status ?? 200);
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('removing the authenticator takes the password and a fresh code', async () => {
    const auth = await makeAuth(kind);
    const { browser, phone } = await enrol(auth);
    const status = await browser.factor.status();
    const authenticatorId = status.data?.authenticators[0]?.id ?? '';
    const code = phone.nextCode();
    const { password } = person;
    const wrong = { password: 'wrong password', authenticatorId, code };
    expect((await browser.factor.disable(wrong)).error?.code).toBe('INVALID_PASSWORD');
    const bare = { password, authenticatorId };
    expect((await browser.factor.disable(bare)).error?.code).toBe('PROOF_REQUIRED');
    const removed = await browser.factor.disable({ password, authenticatorId, code });
    expect(removed.data).toEqual({ state: 'none' });
    expect(await isHeld(openBrowser(auth))).toBe(false);
  });

  it('two stores over one adapter create a row once', async () => {
    const { adapter } = await (await makeAuth(kind)).$context;
    const stores = [betterAuthFactorStore(adapter), betterAuthFactorStore(adapter)];
    const details = { state: 'none' as const, sealedWith: [], events: [] };
    const wins = await Promise.all(
      stores.map((store, index) => store.write('user-1', `record ${index}`, undefined, details)),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    const kept = await stores[0]?.read('user-1');
    expect(kept?.record).toBe(`record ${wins.indexOf(true)}`);
  });

  describe('the store', async () => {
    const { adapter } = await (await makeAuth(kind)).$context;
    testFactorStore(betterAuthFactorStore(adapter), it);
  });
});
