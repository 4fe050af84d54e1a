/** Logs and answers of failures: no secret, code or recovery code stands in them. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { enrol, makeAuth, openBrowser, person, sealer } from './support.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.restoreAllMocks());
afterEach(() => void vi.useRealTimers());

/** All lines that better-auth's logger and the console were given, errors with their causes. */
function capture() {
  const lines: string[] = [];
  const log = (...line: unknown[]) => void lines.push(inspect(line, { depth: 12 }));
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation(log);
  }
  return { log, text: () => lines.join('\n') };
}

it('Wrong codes, a failing sealer and a lost table log no secret and open no session', async () => {
  const { log, text } = capture();
  const flaky = { ...sealer, open: sealer.open };
  const auth = await makeAuth('sqlite', { log, sealer: flaky });
  const { phone, recoveryCodes } = await enrol(auth);
  const browser = openBrowser(auth);
  await browser.signIn();
  const wrong = phone.wrongCode();
  await browser.factor.verifyTotp({ code: wrong });
  flaky.open = () => Promise.reject(new Error('the key service is away'));
  const right = phone.nextCode();
  const failed = await browser.factor.verifyTotp({ code: right });
  expect(failed.error?.status).toBe(500);
  const { adapter } = await auth.$context;
  vi.spyOn(adapter, 'findOne').mockImplementation(() => Promise.reject(new Error('no table')));
  await browser.factor.verifyRecoveryCode({ code: recoveryCodes[0] ?? '' });
  vi.mocked(adapter.findOne).mockRestore();
  expect(await browser.isSignedIn()).toBe(false);
  const bodies = await Promise.all(browser.answers.map((answer) => answer.text()));
  const seen = `${text()}\n${bodies.join('\n')}`;
  expect(seen).toContain('the key service is away');
  const hidden = [phone.secret, wrong, right, person.password, ...recoveryCodes];
  expect(hidden.filter((value) => seen.includes(String(value)))).toEqual([]);
});

it('A factor that cannot be read at sign-in leaves no session', async () => {
  const { log } = capture();
  const auth = await makeAuth('sqlite', { log });
  await enrol(auth);
  const { adapter } = await auth.$context;
  const before = await adapter.count({ model: 'session' });
  const { findOne } = adapter;
  vi.spyOn(adapter, 'findOne').mockImplementation(((query: { model: string }) =>
    query.model === 'otpFactor'
      ? Promise.reject(new Error('no table'))
      : findOne(query as never)) as typeof findOne);
  const browser = openBrowser(auth);
  expect((await browser.signIn()).error?.status).toBe(500);
  vi.mocked(adapter.findOne).mockRestore();
  expect(await browser.isSignedIn()).toBe(false);
  expect(await adapter.count({ model: 'session' })).toBe(before);
});
