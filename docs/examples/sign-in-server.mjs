// A server with a second factor: `node docs/examples/sign-in-server.mjs`, after `npm run build`. It
// enrols, signs in, slows guessing down, and replaces a lost phone. Then it is its own client, on
// loopback, and shows each answer; the exit code is 0 only if all are right. See docs/second-factor.md.
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createClient } from '@libsql/client';
import { createKey, generateTotp } from 'otpcore';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { createSqliteFactorTable, sqliteFactorStore } from 'otpcore/second-factor/sqlite';

const HOST = '127.0.0.1';
const PERIOD = 30_000;
/** In bytes. Ends an attempt to fill the memory; no honest request is longer. */
const MAX_BODY_LENGTH = 1024;

const db = createClient({ url: 'file::memory:' });
await createSqliteFactorTable(db);
const factorStore = sqliteFactorStore(db);
let isDatabaseDown = false;
/** The time is played, so that the demonstration never waits. */
let now = Date.now();

const second = createSecondFactor({
  issuer: 'Example',
  // Yours is sqliteFactorStore(db) itself. This one can be down.
  store: {
    read: (userId) => factorStore.read(userId),
    write: (...row) =>
      isDatabaseDown ? Promise.reject(new Error('connection lost')) : factorStore.write(...row),
  },
  // Yours comes from the environment or a key service.
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: randomBytes(32) } }),
  onEvent: ({ notify, userId, type }) =>
    notify && console.log(`     mail to user ${userId}: ${type}`),
  now: () => now,
});

/** Rows of your database. The password stands for your first factor. */
const users = new Map([
  ['1042', { email: 'alice@example.com', password: 'correct horse', hasSecondFactor: false }],
]);
/** By the random id of the cookie: `userId`, and after the second factor `epoch` and `verifiedAt`. */
const sessions = new Map();

// Sessions -------------------------------------------------------------------------------------------

/** Whether the session is in, needs a code, or is over. */
async function standing({ userId, epoch }) {
  const status = await second.status(userId);
  const isOn = status.state === 'active' || status.state === 'locked';
  if (users.get(userId).hasSecondFactor && !isOn) throw new Error('the record is lost');
  if (epoch !== undefined) return status.epoch === epoch ? 'in' : 'over';
  return isOn ? 'code needed' : 'in';
}

/** After every success. The session gets a new id, so one planted before is worthless. */
function pass(request, { epoch }) {
  const session = { ...request.session, epoch, verifiedAt: now };
  sessions.delete(request.cookie);
  request.cookie = randomUUID();
  sessions.set(request.cookie, session);
}

// Routes ---------------------------------------------------------------------------------------------

/** The answer of a refusal: 429 for a wait, 401 for all else. */
const refusal = ({ reason, retryAfter }) =>
  reason === 'throttled' ? [429, `throttled for ${retryAfter} s`] : [401, reason];

const open = {
  '/password': (request, form) => {
    const [userId, user] = [...users].find(([, { email }]) => email === form.get('email')) ?? [];
    if (user?.password !== form.get('password')) return [401, 'wrong name or password'];
    request.cookie = randomUUID();
    sessions.set(request.cookie, { userId });
    return [200, user.hasSecondFactor ? 'now the code' : 'welcome'];
  },
};

/** For a session that passed the password. */
const halfway = {
  '/code': async (request, form) => {
    const answer = await second.verify(request.session.userId, form.get('code'));
    if (!answer.ok) return refusal(answer);
    pass(request, answer);
    return [200, 'welcome'];
  },
  '/three-codes': async (request, form) => {
    const answer = await second.unlock(request.session.userId, form.getAll('code'));
    if (!answer.ok) return refusal(answer);
    pass(request, answer);
    return [200, 'welcome'];
  },
  '/recovery-code': async (request, form) => {
    const answer = await second.recover(request.session.userId, form.get('code'));
    if (!answer.ok) return refusal(answer);
    pass(request, answer);
    return [200, `welcome; ${answer.recoveryCodesLeft} codes left; set up your new phone`];
  },
};

/** For a session that passed everything. */
const inside = {
  '/account': () => [200, 'your account'],
  /** Shows the secret, once. A further phone takes the session as proof. */
  '/enrol': async ({ session: { userId, epoch = 0, verifiedAt = 0 } }) => {
    const { email: account, hasSecondFactor } = users.get(userId);
    const change = { replaces: 'all', proof: { session: { epoch, verifiedAt } } };
    const enrolled = await second.enroll(userId, { account, ...(hasSecondFactor && change) });
    return enrolled.ok ? [200, JSON.stringify(enrolled)] : refusal(enrolled);
  },
  '/confirm': async (request, form) => {
    const { userId } = request.session;
    const confirmed = await second.confirm(userId, form.get('id'), form.get('code'));
    if (!confirmed.ok) return refusal(confirmed);
    users.get(userId).hasSecondFactor = true;
    pass(request, confirmed);
    return [200, JSON.stringify(confirmed.recoveryCodes)];
  },
};

async function answer(request) {
  if (request.method !== 'POST') return [404, 'not found'];
  // Node reads no more than announced, so this check is enough.
  const length = Number(request.headers['content-length']);
  if (!(length <= MAX_BODY_LENGTH)) return [413, 'too long'];
  const form = await readForm(request);
  if (Object.hasOwn(open, request.url)) return open[request.url](request, form);
  request.cookie = /session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  request.session = sessions.get(request.cookie);
  if (request.session === undefined) return [401, 'sign in first'];
  const found = await standing(request.session);
  if (found === 'over') {
    sessions.delete(request.cookie);
    return [401, 'sign in again'];
  }
  if (Object.hasOwn(halfway, request.url)) return halfway[request.url](request, form);
  if (!Object.hasOwn(inside, request.url)) return [404, 'not found'];
  return found === 'in' ? inside[request.url](request, form) : [401, found];
}

async function readForm(request) {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

const server = createServer(async (request, response) => {
  let [status, text] = [503, 'try again with the next code'];
  try {
    [status, text] = await answer(request);
  } catch (error) {
    // A database that failed, above all: the user stays out.
    console.log(`     log: ${error}`);
  }
  const headers = { 'Cache-Control': 'no-store' };
  const attributes = 'HttpOnly; SameSite=Lax; Path=/'; // and Secure, on TLS
  if (request.cookie) headers['Set-Cookie'] = `session=${request.cookie}; ${attributes}`;
  response.writeHead(status, headers).end(text);
});

// The client -----------------------------------------------------------------------------------------

let failures = 0;

/** A browser with its cookie. It sends requests, and compares the answers. */
function openBrowser() {
  let cookie = '';
  return async (path, fields, expected) => {
    const url = `http://${HOST}:${server.address().port}${path}`;
    const request = { method: 'POST', headers: { cookie }, body: new URLSearchParams(fields) };
    const response = await fetch(url, request);
    [cookie = ''] = response.headers.get('set-cookie')?.split(';') ?? [cookie];
    const text = await response.text();
    const isRight = expected.test(`${response.status} ${text}`);
    if (!isRight) failures += 1;
    const shown = /^[{[]/.test(text) ? '(secrets, shown once)' : text;
    console.log(`${isRight ? 'ok  ' : 'FAIL'} POST ${path} → ${response.status} ${shown}`);
    return text;
  };
}

const codeOf = (key, timestamp = now) => generateTotp(key, { timestamp });

async function enrol(browser) {
  const { enrollmentId: id, secret } = JSON.parse(await browser('/enrol', {}, /^200 .*otpauth:/));
  const key = createKey(secret); // the app scans it
  const codes = await browser('/confirm', { id, code: codeOf(key) }, /^200 \["/);
  return { key, recoveryCodes: JSON.parse(codes) };
}

async function demonstrate() {
  const password = { email: 'alice@example.com', password: 'correct horse' };
  const laptop = openBrowser();
  await laptop('/account', {}, /^401 sign in first/);
  await laptop('/password', { ...password, password: 'guess' }, /^401/);
  await laptop('/password', password, /^200 welcome$/);
  const { key, recoveryCodes } = await enrol(laptop);
  await laptop('/account', {}, /^200/);

  const tablet = openBrowser();
  await tablet('/password', password, /^200 now the code$/);
  await tablet('/account', {}, /^401 code needed$/);
  await tablet('/code', { code: codeOf(key) }, /^401 reused$/);
  now += PERIOD;
  isDatabaseDown = true;
  await tablet('/code', { code: codeOf(key) }, /^503/);
  isDatabaseDown = false;
  await tablet('/code', { code: codeOf(key).replace(/.../, '$& ') }, /^200 welcome$/);
  await tablet('/account', {}, /^200/);

  const attacker = openBrowser();
  await attacker('/password', password, /^200 now the code$/);
  now += 10 * PERIOD;
  const near = [-1, 0, 1].map((steps) => codeOf(key, now + steps * PERIOD));
  const wrong = ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code));
  for (let i = 0; i < 3; i++) await attacker('/code', { code: wrong }, /^401 mismatch$/);
  await attacker('/code', { code: wrong }, /^429/);
  const three = [-2, -1, 0].map((steps) => ['code', codeOf(key, now + steps * PERIOD)]);
  await tablet('/three-codes', three, /^200 welcome$/);

  // The phone is lost. The recovery code ends every other session.
  const desktop = openBrowser();
  await desktop('/password', password, /^200 now the code$/);
  await desktop(
    '/recovery-code',
    { code: recoveryCodes[0].toLowerCase() },
    /^200 welcome; 9 codes/,
  );
  await laptop('/account', {}, /^401 sign in again$/);
  await laptop('/account', {}, /^401 sign in first$/);
  await enrol(desktop);
  await desktop('/account', {}, /^200/);
  now += PERIOD;
  await desktop('/code', { code: codeOf(key) }, /^401 mismatch$/); // the lost phone's
  await desktop('/code', { code: '1'.repeat(100_000) }, /^413/);
}

await new Promise((resolve) => server.listen(0, HOST, resolve));
try {
  await demonstrate();
} finally {
  server.close();
  db.close();
}
console.log(failures === 0 ? 'All as it should be.' : `${failures} not as it should be.`);
process.exitCode = failures === 0 ? 0 : 1;
