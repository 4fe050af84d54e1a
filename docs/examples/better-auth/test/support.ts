/** An application, browsers that talk to it through better-auth's client, and a phone. */
import { type BetterAuthPlugin, betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { createAuthClient } from 'better-auth/client';
import { getMigrations } from 'better-auth/db/migration';
import { SqliteDialect } from 'kysely';
import Database from 'libsql';
import { createKey, generateTotp, parseOtpauthUri } from 'otpcore';
import { aesGcmSealer, type Sealer } from 'otpcore/second-factor';
import { expect, vi } from 'vitest';
import { secondFactorClient } from '../src/client.js';
import { secondFactor } from '../src/server.js';

export const person = { email: 'a@example.com', password: 'correct horse battery' };
export const origin = 'http://localhost:3000';

export const sealer = aesGcmSealer({
  current: 'k1',
  keys: { k1: new Uint8Array(32).fill(7) },
});

/** scrypt would take most of the tests' time. */
const cheapPasswords = {
  hash: async (password: string) => `hash of ${password}`,
  verify: async ({ hash, password }: { hash: string; password: string }) =>
    hash === `hash of ${password}`,
};

interface AppOptions {
  readonly sealer?: Sealer;
  readonly trustSeconds?: number;
  readonly challengeSeconds?: number;
  readonly plugins?: readonly BetterAuthPlugin[];
  readonly log?: (...line: unknown[]) => void;
}

function openDatabase(kind: string) {
  const tables = { user: [], session: [], account: [], verification: [], otpFactor: [] };
  if (kind === 'memory') return memoryAdapter(tables);
  // libsql answers as better-sqlite3 does, and npm brings its binary.
  const database = new Database(':memory:') as never;
  return { dialect: new SqliteDialect({ database }), type: 'sqlite' as const };
}

export async function makeAuth(kind = 'sqlite', { log, plugins = [], ...more }: AppOptions = {}) {
  const options = {
    database: openDatabase(kind),
    baseURL: origin,
    secret: 'a secret of the tests that is long enough',
    emailAndPassword: { enabled: true, password: cheapPasswords },
    session: { cookieCache: { enabled: true } },
    logger: log ? { level: 'debug' as const, log } : { disabled: true },
    plugins: [secondFactor({ issuer: 'ACME', sealer, ...more }), ...plugins],
  };
  if (kind !== 'memory') await (await getMigrations(options)).runMigrations();
  return betterAuth(options);
}

export type Auth = Awaited<ReturnType<typeof makeAuth>>;

/** A browser: the client with our plugin, over the handler, with a jar of cookies. */
export function openBrowser(auth: Auth, jar = new Map<string, string>()) {
  const answers: Response[] = [];
  const client = createAuthClient({
    baseURL: origin,
    plugins: [secondFactorClient()],
    fetchOptions: {
      async customFetchImpl(url, init) {
        const request = new Request(url, init);
        request.headers.set('cookie', toHeader(jar));
        request.headers.set('origin', origin);
        const response = await auth.handler(request);
        for (const line of response.headers.getSetCookie()) keep(jar, line);
        answers.push(response.clone());
        return response;
      },
    },
  });
  const isSignedIn = async () => {
    const headers = new Headers({ cookie: toHeader(jar) });
    // The cookie's cache outlives a session by minutes, so the database is asked.
    return !!(await auth.api.getSession({ headers, query: { disableCookieCache: true } }));
  };
  const signIn = (rememberMe = true) => client.signIn.email({ ...person, rememberMe });
  return { client, factor: client.secondFactor, jar, answers, isSignedIn, signIn };
}

export type Browser = ReturnType<typeof openBrowser>;

function toHeader(jar: ReadonlyMap<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */);
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  if (attributes.some((text) => /^max-age=0$/i.test(text)) || value === '') jar.delete(name);
  else jar.set(name, value);
}

/** A phone whose next code is always of a later step: the clock goes on by a period first. */
export function openPhone(uri: string) {
  const { secret } = parseOtpauthUri(uri);
  const key = createKey(secret);
  const nextCode = () => {
    vi.setSystemTime(Date.now() + 30_000);
    return generateTotp(key);
  };
  return { nextCode, wrongCode: () => generateTotp(key, { timestamp: Date.now() + 9e7 }), secret };
}

export type Phone = ReturnType<typeof openPhone>;

/** The data of an answer that has to be a success. */
export function dataOf<Data>(answer: { data: Data | null; error: unknown }): Data {
  expect(answer.error).toBe(null);
  return answer.data as Data;
}

/** A person with an account, a browser and a confirmed phone. */
export async function enrol(auth: Auth, more: object = {}) {
  const browser = openBrowser(auth);
  dataOf(await browser.client.signUp.email({ ...person, name: 'A', ...more }));
  return { browser, ...(await addPhone(browser)) };
}

interface AddOptions {
  readonly code?: string;
  readonly recoveryCode?: string;
  readonly replaces?: string;
}

export async function addPhone({ factor }: Browser, options: AddOptions = {}) {
  const { password } = person;
  const started = dataOf(await factor.enable({ password, ...options }));
  const phone = openPhone(started.totpURI);
  const code = phone.nextCode();
  const { recoveryCodes } = dataOf(
    await factor.confirm({ enrollmentId: started.enrollmentId, code }),
  );
  return { phone, recoveryCodes };
}

/** A new browser that signs in by password and code. */
export async function signInBy(auth: Auth, phone: Phone, trustDevice = false) {
  const browser = openBrowser(auth);
  await browser.signIn();
  dataOf(await browser.factor.verifyTotp({ code: phone.nextCode(), trustDevice }));
  return browser;
}

/** Whether a sign-in by password waits for a code. */
export async function isHeld(browser: Browser): Promise<boolean> {
  const { data } = await browser.signIn();
  return (data as { twoFactorRedirect?: boolean } | null)?.twoFactorRedirect === true;
}
