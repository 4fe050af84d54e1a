/** The control: better-auth's own two-factor plugin, in the pinned version. */
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { twoFactor } from 'better-auth/plugins';
import { createKey, generateTotp, parseOtpauthUri } from 'otpcore';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => void vi.useRealTimers());

const person = { email: 'a@example.com', password: 'correct horse battery' };

function makeAuth() {
  const tables = { user: [], session: [], account: [], verification: [], twoFactor: [] };
  return betterAuth({
    database: memoryAdapter(tables),
    baseURL: 'http://localhost:3000',
    secret: 'a secret of the tests that is long enough',
    emailAndPassword: { enabled: true },
    plugins: [twoFactor({ issuer: 'ACME' })],
  });
}

type Auth = ReturnType<typeof makeAuth>;

async function post(auth: Auth, path: string, body: object, cookie = '') {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost:3000', cookie };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await auth.handler(new Request(`http://localhost:3000/api/auth${path}`, init));
  const cookies = response.headers.getSetCookie().filter((line) => !/Max-Age=0/i.test(line));
  const jar = cookies.map((line) => line.split(';')[0]).join('; ');
  return { status: response.status, jar, data: await response.json() };
}

async function enrolled(auth: Auth) {
  const { jar } = await post(auth, '/sign-up/email', { ...person, name: 'A' });
  const { data } = await post(auth, '/two-factor/enable', { password: person.password }, jar);
  const key = createKey(parseOtpauthUri(data.totpURI).secret);
  expect(
    (await post(auth, '/two-factor/verify-totp', { code: generateTotp(key) }, jar)).status,
  ).toBe(200);
  return key;
}

async function attempt(auth: Auth, code: string) {
  const { jar } = await post(auth, '/sign-in/email', person);
  return (await post(auth, '/two-factor/verify-totp', { code }, jar)).status;
}

it("better-auth's own plugin accepts one code in two sign-ins", async () => {
  const auth = makeAuth();
  const code = generateTotp(await enrolled(auth));
  expect([await attempt(auth, code), await attempt(auth, code)]).toEqual([200, 200]);
});

it("better-auth's own plugin answers ten wrong codes over ten sign-ins, then locks 900 s", async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const auth = makeAuth();
  const key = await enrolled(auth);
  const wrong = generateTotp(key, { timestamp: Date.now() + 9e7 });
  const statuses = [];
  for (let turn = 0; turn < 10; turn += 1) statuses.push(await attempt(auth, wrong));
  expect(statuses).toEqual(Array.from({ length: 10 }, () => 401));
  vi.setSystemTime(Date.now() + 899_000);
  expect(await attempt(auth, generateTotp(key))).toBe(429);
  vi.setSystemTime(Date.now() + 1000);
  expect(await attempt(auth, generateTotp(key))).toBe(200);
});
