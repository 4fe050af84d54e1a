// A server with a second factor: `node docs/examples/sign-in-server.mjs`, after `npm run build`. It
// enrols, binds and signs in, keeps secrets encrypted, throttles, and accepts each code once. Then it
// is its own client, on loopback, and shows what each request answers; the exit code is 0 only if all
// came out so. What is in memory here is in your database; see docs/deploying.md.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
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
/** Ends an attempt to fill the memory; no honest request is longer. */
const MAX_BODY_LENGTH = 1024;
const MAX_FAILURES = 100;

/** From a key management service, in a real application. */
const masterKey = randomBytes(32);
/** In a real application the one of your database, which all servers share. */
const store = memoryStore();
/** A row for each user who enrolled: `sealed`, `isBound`. */
const users = new Map();
/** A row for each user with failures: `failures`, `retryAt`. */
const attempts = new Map();
/** The time is played, so that nobody waits. */
let now = Date.now();

// Secrets --------------------------------------------------------------------------------------------

/** Encrypts a secret for one user; the nonce comes first and the tag last. */
function seal(secret, user) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(user));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/** Throws if the row was made for another user, or changed. */
function open(sealed, user) {
  const nonce = sealed.subarray(0, 12);
  const cipher = createDecipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(user)).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]);
}

// Throttling -----------------------------------------------------------------------------------------

/** Counts an attempt before it is looked at: three at once, then waits that grow, 100 in all. */
function mayTry(user) {
  const { failures, retryAt } = attempts.get(user) ?? { failures: 0, retryAt: 0 };
  if (now < retryAt || failures >= MAX_FAILURES) return false;
  const waitSeconds = failures < 2 ? 0 : Math.min(3600, 2 ** failures);
  attempts.set(user, { failures: failures + 1, retryAt: now + 1000 * waitSeconds });
  return true;
}

// What is asked --------------------------------------------------------------------------------------

/** Answers status and text for each path. The first factor, which comes before all, is left out. */
const routes = {
  /** Makes a secret and shows its URI, once. */
  '/enrol': ({ user }) => {
    if (users.get(user)?.isBound) return [409, 'enrolled already'];
    const secret = generateSecret();
    users.set(user, { sealed: seal(secret, user), isBound: false });
    return [200, buildOtpauthUri({ issuer: 'Example', account: user, secret })];
  },
  /** The first right code turns the second factor on. */
  '/bind': ({ user, code }) =>
    attempt(user, code, (row) => {
      row.isBound = true;
      return 'bound';
    }),
  '/sign-in': ({ user, code }) =>
    attempt(user, code, (row) => (row.isBound ? 'welcome' : 'not bound yet')),
};

async function attempt(user, code, accept) {
  const row = users.get(user);
  if (row === undefined) return [401, 'mismatch'];
  if (!mayTry(user)) return [429, 'wait'];
  const secret = open(row.sealed, user);
  const options = { store, id: user, timestamp: now };
  const result = await verifyTotpOnce(createKey(secret), normalizeCode(code), options);
  secret.fill(0);
  // Outcomes are logged; codes, secrets and URIs never.
  console.log(`     log: user=${user} ${result.valid ? `delta=${result.delta}` : result.reason}`);
  if (!result.valid) return [401, result.reason];
  attempts.delete(user);
  return [200, accept(row)];
}

const server = createServer(async (request, response) => {
  let [status, text] = [503, 'try again with the next code'];
  try {
    const route = request.method === 'POST' ? routes[request.url] : undefined;
    [status, text] = route ? await route(await readForm(request)) : [404, 'not found'];
  } catch (error) {
    // A store that failed, above all: nobody is let in.
    console.error(error);
  }
  response.writeHead(status, { 'Cache-Control': 'no-store' }).end(text);
});

/** What was posted, as texts: whatever is missing is empty. */
async function readForm(request) {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY_LENGTH) throw new Error('the request is too long');
  }
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
  console.log(`${isRight ? 'ok  ' : 'FAIL'} POST ${path} ${form.code ?? ''} → ${shown}`);
  return text;
}

async function demonstrate() {
  const user = 'alice@example.com';
  const uri = await expect(/^200 otpauth:\/\/totp\//, '/enrol', { user });
  const key = createKey(parseOtpauthUri(uri).secret); // alice's phone scans it
  const phone = () => generateTotp(key, { timestamp: now });
  await expect(/^200 bound$/, '/bind', { user, code: phone() });
  await expect(/^409 /, '/enrol', { user });

  now += PERIOD;
  const code = phone();
  await expect(/^200 welcome$/, '/sign-in', { user, code: `${code.slice(0, 3)} ${code.slice(3)}` });
  await expect(/^401 reused$/, '/sign-in', { user, code });
  await expect(/^401 malformed$/, '/sign-in', { user, code: '12345６' });
  await expect(/^401 mismatch$/, '/sign-in', { user: 'mallory', code });

  // One of these is right by chance three times in a million runs.
  now += 10 * PERIOD;
  await expect(/^401 mismatch$/, '/sign-in', { user, code });
  await expect(/^429 wait$/, '/sign-in', { user, code: phone() });
  now += PERIOD;
  await expect(/^200 welcome$/, '/sign-in', { user, code: phone() });
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
