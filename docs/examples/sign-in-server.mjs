// A server with a second factor: `node docs/examples/sign-in-server.mjs`, after `npm run build`. It
// enrols, binds and signs in, keeps secrets encrypted, throttles, and accepts each code once. Then it
// is its own client, on loopback, and shows what each request answers; the exit code is 0 only if all
// came out so. What is in memory here is in your database; see docs/deploying.md.
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  buildOtpauthUri,
  createKey,
  generateSecret,
  generateTotp,
  memoryStore,
  normalizeCode,
  parseOtpauthUri,
  verifyTotpOnce,
} from 'otpcore';

const HOST = '127.0.0.1';
const PERIOD = 30_000;
/** In bytes. Ends an attempt to fill the memory; no honest request is longer. */
const MAX_BODY_LENGTH = 1024;
const MAX_FAILURES = 100;
const NO_ATTEMPTS = { failures: 0, retryAt: 0, spentUntil: 0 };

/** From a key management service, in a real application; named so that they can be replaced. */
const keys = new Map([['k1', randomBytes(32)]]);
const CURRENT = 'k1';
const claims = memoryStore();
let isStoreDown = false;
/** In a real application the one of your database, which all servers share. This one can be down. */
const store = {
  claim: (id, step) =>
    isStoreDown ? Promise.reject(new Error('connection lost')) : claims.claim(id, step),
};
/**
 * The secret of each user who enrolled: `id`, `sealed`, `isBound`. The id is the secret's own, new at
 * each enrolment and chosen by nobody: codes are claimed under it, and the secret is encrypted for it.
 */
const enrolments = new Map();
/** A row for each user with failures: `failures`, `retryAt`. */
const attempts = new Map();
/** The time is played, so that nobody waits. */
let now = Date.now();

// Secrets --------------------------------------------------------------------------------------------

/** Encrypts a secret for one id; the nonce comes first and the tag last. */
function seal(secret, id, keyId = CURRENT) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(keyId), nonce).setAAD(aad(keyId, id));
  const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return `${keyId}.${sealed.toString('base64url')}`;
}

/** Throws if it was encrypted for another id, or changed. */
function open(stored, id) {
  const [keyId = '', text = ''] = stored.split('.');
  const bytes = Buffer.from(text, 'base64url');
  const [nonce, tag] = [bytes.subarray(0, 12), bytes.subarray(-16)];
  const cipher = createDecipheriv('aes-256-gcm', keyOf(keyId), nonce, { authTagLength: 16 });
  cipher.setAAD(aad(keyId, id)).setAuthTag(tag);
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]);
}

const aad = (keyId, id) => Buffer.from(JSON.stringify(['otp', keyId, id]));
const keyOf = (keyId) => keys.get(keyId) ?? ''; // which node:crypto refuses

// Throttling -----------------------------------------------------------------------------------------

const DAY = 86_400_000;

/** Counts an attempt before it is looked at: waits that grow, 100 in a row, and a budget of 100. */
function take(user) {
  const { failures, retryAt, spentUntil } = attempts.get(user) ?? NO_ATTEMPTS;
  if (now < retryAt || failures >= MAX_FAILURES) return undefined;
  if (spentUntil - now > (MAX_FAILURES - 1) * DAY) return undefined;
  const waitSeconds = failures < 2 ? 0 : Math.min(3600, 2 ** failures);
  const taken = {
    failures: failures + 1,
    retryAt: now + 1000 * waitSeconds,
    spentUntil: Math.max(spentUntil, now) + DAY,
  };
  attempts.set(user, taken);
  return taken;
}

/** Gives an attempt back that was no wrong code. It ends its own wait, and no other's. */
function giveBack(user, taken) {
  const { failures, retryAt, spentUntil } = attempts.get(user);
  attempts.set(user, {
    failures: Math.max(0, failures - 1),
    retryAt: retryAt === taken.retryAt ? 0 : retryAt,
    spentUntil: spentUntil - DAY,
  });
}

/** After a right code: its own attempt is given back, and the budget stays as it was. */
function succeed(user) {
  const { spentUntil } = attempts.get(user);
  attempts.set(user, { failures: 0, retryAt: 0, spentUntil: spentUntil - DAY });
}

// What is asked --------------------------------------------------------------------------------------

/** Answers status and text for each path. The first factor, which comes before all, is left out. */
const routes = {
  /** Makes a secret and shows its URI, once. One that was never bound is thrown away. */
  '/enrol': ({ user }) => {
    if (enrolments.get(user)?.isBound) return [409, 'enrolled already'];
    const secret = generateSecret();
    const id = randomUUID();
    enrolments.set(user, { id, sealed: seal(secret, id), isBound: false });
    return [200, buildOtpauthUri({ issuer: 'Example', account: user, secret })];
  },
  /** The first right code turns the second factor on. */
  '/bind': async ({ user, code }) => {
    const row = enrolments.get(user);
    const result = await attempt(user, row, code);
    if (!result.valid) return refusal(result);
    row.isBound = true; // UPDATE … WHERE id = the row's: another may have come meanwhile
    return [200, 'bound'];
  },
  '/sign-in': async ({ user, code }) => {
    const row = enrolments.get(user);
    const result = await attempt(user, row?.isBound ? row : undefined, code);
    return result.valid ? [200, 'welcome'] : refusal(result);
  },
};

const refusal = ({ reason }) => [reason === 'wait' ? 429 : 401, reason];

/** One attempt, counted before it is looked at. It answers as the library does, or `wait`. */
async function attempt(user, row, code) {
  if (row === undefined) return { valid: false, reason: 'mismatch' };
  const taken = take(user);
  if (taken === undefined) return { valid: false, reason: 'wait' };
  try {
    const result = await verify(row, code);
    // Outcomes are logged; codes, secrets and URIs never.
    console.log(`     log: id=${row.id} ${result.valid ? `delta=${result.delta}` : result.reason}`);
    if (result.valid) succeed(user);
    else if (result.reason !== 'mismatch') giveBack(user, taken);
    return result;
  } catch (error) {
    giveBack(user, taken);
    throw error;
  }
}

function verify({ id, sealed }, code) {
  const secret = open(sealed, id);
  const key = createKey(secret);
  secret.fill(0);
  return verifyTotpOnce(key, normalizeCode(code), { store, id, timestamp: now });
}

const server = createServer(async (request, response) => {
  let [status, text] = [503, 'try again with the next code'];
  try {
    [status, text] = await answer(request);
  } catch (error) {
    // A store that failed, above all: nobody is let in.
    console.log(`     log: ${error}`);
  }
  response.writeHead(status, { 'Cache-Control': 'no-store' }).end(text);
});

async function answer(request) {
  const route = request.method === 'POST' ? routes[request.url] : undefined;
  if (route === undefined) return [404, 'not found'];
  // Node reads no more than was announced, so that looking at this is enough; without it, no.
  const length = Number(request.headers['content-length']);
  if (!(length <= MAX_BODY_LENGTH)) return [413, 'too long'];
  return route(await readForm(request));
}

/** What was posted, as texts: whatever is missing is empty. */
async function readForm(request) {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  return { user: form.get('user') ?? '', code: form.get('code') ?? '' };
}

// The client -----------------------------------------------------------------------------------------

let failures = 0;

/** Sends a request and compares the answer. */
async function expect(expected, path, form) {
  const url = `http://${HOST}:${server.address().port}${path}`;
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const text = await response.text();
  const answer = `${response.status} ${text}`;
  const isRight = expected.test(answer);
  if (!isRight) failures += 1;
  const shown = text.startsWith('otpauth:')
    ? `${response.status} otpauth://… (shown once)`
    : answer;
  const sent = (form.code ?? '').slice(0, 10);
  console.log(`${isRight ? 'ok  ' : 'FAIL'} POST ${path} ${sent} → ${shown}`);
  return text;
}

async function demonstrate() {
  const user = 'alice@example.com';
  await expect(/^200 otpauth:/, '/enrol', { user }); // the page was closed again
  const uri = await expect(/^200 otpauth:\/\/totp\//, '/enrol', { user });
  const key = createKey(parseOtpauthUri(uri).secret); // alice's phone scans it
  const phone = () => generateTotp(key, { timestamp: now });
  await expect(/^200 bound$/, '/bind', { user, code: phone() });
  await expect(/^409 /, '/enrol', { user });

  // The store fails three times: nobody is let in, and nothing is counted against alice.
  now += PERIOD;
  isStoreDown = true;
  for (let i = 0; i < 3; i++) await expect(/^503 /, '/sign-in', { user, code: phone() });
  isStoreDown = false;
  await expect(/^200 welcome$/, '/sign-in', { user, code: phone() });

  now += PERIOD;
  const code = phone();
  await expect(/^200 welcome$/, '/sign-in', { user, code: `${code.slice(0, 3)} ${code.slice(3)}` });
  await expect(/^401 reused$/, '/sign-in', { user, code });
  await expect(/^401 malformed$/, '/sign-in', { user, code: '12345x' });
  await expect(/^401 mismatch$/, '/sign-in', { user: 'mallory', code });

  // One of these is right by chance nine times in a million runs.
  now += 10 * PERIOD;
  for (let i = 0; i < 3; i++) await expect(/^401 mismatch$/, '/sign-in', { user, code });
  await expect(/^429 wait$/, '/sign-in', { user, code: phone() });
  now += PERIOD;
  await expect(/^200 welcome$/, '/sign-in', { user, code: phone() });
  await expect(/^413 /, '/sign-in', { user, code: '1'.repeat(100_000) });
  await expect(/^404 /, '/elsewhere', { user });
}

await new Promise((resolve) => server.listen(0, HOST, resolve));
try {
  await demonstrate();
} finally {
  server.close();
}
console.log(failures === 0 ? 'All as it should be.' : `${failures} not as it should be.`);
process.exitCode = failures === 0 ? 0 : 1;
