import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getMigrations } from 'better-auth/db/migration';
import { SqliteDialect } from 'kysely';
import Database from 'libsql';
import { createKey, generateTotp, parseOtpauthUri } from 'otpcore';
import { aesGcmSealer } from 'otpcore/second-factor';
import { testFactorStore } from 'otpcore/second-factor/testing';
import { describe, expect, it } from 'vitest';
import { secondFactor } from '../src/server.js';
import { betterAuthFactorStore } from '../src/store.js';

const person = { email: 'a@example.com', password: 'correct horse battery' };

/** libsql answers as better-sqlite3 does, and npm brings its binary. */
function sqlite() {
  const dialect = new SqliteDialect({ database: new Database(':memory:') as never });
  return { dialect, type: 'sqlite' as const };
}

async function makeAuth(kind: string): Promise<any> {
  const tables = { user: [], session: [], account: [], verification: [], otpFactor: [] };
  const database: any = kind === 'memory' ? memoryAdapter(tables) : sqlite();
  const sealer = aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } });
  const options = {
    database,
    baseURL: 'http://localhost:3000',
    secret: 'a secret of the tests that is long enough',
    emailAndPassword: { enabled: true },
    plugins: [secondFactor({ issuer: 'ACME', sealer })],
  };
  if (kind !== 'memory') await (await getMigrations(options)).runMigrations();
  return betterAuth(options);
}

async function post(auth: any, path: string, body: object, cookie = '') {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost:3000', cookie };
  const request = new Request(`http://localhost:3000/api/auth${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const response: Response = await auth.handler(request);
  const cookies = response.headers.getSetCookie().filter((line) => !/Max-Age=0/i.test(line));
  const jar = cookies.map((line) => line.split(';')[0]).join('; ');
  return { response, jar, data: (await response.json().catch(() => null)) as any };
}

async function enrolled(auth: any) {
  const { jar } = await post(auth, '/sign-up/email', { ...person, name: 'A' });
  const enable = await post(auth, '/second-factor/enable', { password: person.password }, jar);
  expect(enable.response.status).toBe(200);
  const key = createKey(parseOtpauthUri(enable.data.totpURI).secret);
  const { enrollmentId } = enable.data;
  const code = generateTotp(key, { timestamp: Date.now() - 30_000 });
  const confirm = await post(auth, '/second-factor/confirm', { enrollmentId, code }, jar);
  expect(confirm.response.status).toBe(200);
  return { key, oldJar: jar, recoveryCodes: confirm.data.recoveryCodes as string[] };
}

const signIn = (auth: any) => post(auth, '/sign-in/email', person);

describe.each(['memory', 'sqlite'])('on the %s adapter', (kind) => {
  it('a sign-in opens no session until the code is right, and a code counts once in 16', async () => {
    const auth = await makeAuth(kind);
    const { key, oldJar } = await enrolled(auth);
    expect(await auth.api.getSession({ headers: new Headers({ cookie: oldJar }) })).toBe(null);
    const challenges = await Promise.all(Array.from({ length: 16 }, () => signIn(auth)));
    expect(challenges[0]?.data.twoFactorRedirect).toBe(true);
    const headers = new Headers({ cookie: challenges[0]?.jar ?? '' });
    expect(await auth.api.getSession({ headers })).toBe(null);
    const code = generateTotp(key);
    const tries = challenges.map(({ jar }) =>
      post(auth, '/second-factor/verify-totp', { code }, jar),
    );
    const won = (await Promise.all(tries)).filter(({ response }) => response.status === 200);
    expect(won).toHaveLength(1);
    const session = await auth.api.getSession({
      headers: new Headers({ cookie: won[0]?.jar ?? '' }),
    });
    expect(session?.user.email).toBe(person.email);
  });

  it('wrong codes are counted by user over sign-ins, and the fourth answer is 429', async () => {
    const auth = await makeAuth(kind);
    const { key } = await enrolled(auth);
    const wrong = generateTotp(key, { timestamp: Date.now() + 9e7 });
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { jar } = await signIn(auth);
      const { response } = await post(auth, '/second-factor/verify-totp', { code: wrong }, jar);
      statuses.push(response.status);
      if (turn === 3) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  it('a recovery code signs in once', async () => {
    const auth = await makeAuth(kind);
    const { recoveryCodes } = await enrolled(auth);
    const statuses = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { jar } = await signIn(auth);
      const body = { code: recoveryCodes[0] };
      statuses.push(
        (await post(auth, '/second-factor/verify-recovery-code', body, jar)).response.status,
      );
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('removing the authenticator takes the password and a fresh code', async () => {
    const auth = await makeAuth(kind);
    const { key } = await enrolled(auth);
    const challenge = await signIn(auth);
    const code = generateTotp(key);
    const { jar } = await post(auth, '/second-factor/verify-totp', { code }, challenge.jar);
    const headers = new Headers({ cookie: jar });
    const status = await auth.api.secondFactorStatus({ headers });
    const authenticatorId = status.authenticators[0].id;
    const body = { password: person.password, authenticatorId };
    const used = await post(auth, '/second-factor/disable', { ...body, code }, jar);
    expect([used.response.status, used.data.code]).toEqual([401, 'REUSED']);
    const fresh = generateTotp(key, { timestamp: Date.now() + 30_000 });
    const wrong = { ...body, password: 'wrong password', code: fresh };
    expect((await post(auth, '/second-factor/disable', wrong, jar)).response.status).toBe(400);
    const removed = await post(auth, '/second-factor/disable', { ...body, code: fresh }, jar);
    expect(removed.data).toEqual({ state: 'none' });
    expect((await signIn(auth)).data.twoFactorRedirect).toBe(undefined);
  });

  describe('the store', async () => {
    const { adapter } = await (await makeAuth(kind)).$context;
    testFactorStore(betterAuthFactorStore(adapter), it);
  });
});
