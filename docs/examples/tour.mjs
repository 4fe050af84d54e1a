// A tour of otpcore against the built package: `npm start`. Each step says what it expects and
// checks it; the exit code is 0 only if all came out so. Time is played, nothing waits.
import {
  buildOtpauthUri,
  createKey,
  encodeBase32,
  generateSecret,
  generateTotp,
  lintOtpauthUri,
  memoryStore,
  parseOtpauthUri,
  resyncTotpOnce,
  verifyTotp,
  verifyTotpOnce,
} from 'otpcore';
import { encodeQR } from 'qr';

const SECOND = 1000;
const PERIOD = 30 * SECOND;

let stepNumber = 0;
let failures = 0;

/** Opens a step. */
function step(title) {
  stepNumber += 1;
  console.log(`\n${stepNumber}. ${title}`);
}

/** Shows a line and whether it is what it should be. */
function check(what, actual, expected) {
  const came = JSON.stringify(actual);
  const isRight = came === JSON.stringify(expected);
  if (!isRight) failures += 1;
  const wanted = isRight ? '' : `, expected ${JSON.stringify(expected)}`;
  console.log(`   ${isRight ? 'ok  ' : 'FAIL'} ${what}: ${came}${wanted}`);
}

/** Reasons and validity are the same in every run; steps are not. */
const outcome = (result) => (result.valid ? 'accepted' : result.reason);

/**
 * A QR code in half blocks, drawn light on dark: in a terminal with colours of its own, elsewhere
 * turned around, because what is piped into a file is shown dark on light.
 */
function drawQr(text) {
  const opposite = { '█': ' ', ' ': '█', '▀': '▄', '▄': '▀' };
  const paint = process.stdout.isTTY
    ? (line) => `\x1b[97;40m${line}\x1b[0m`
    : (line) => line.replace(/[█ ▀▄]/g, (block) => opposite[block]);
  return encodeQR(text, 'ascii', { border: 4 }).trimEnd().split('\n').map(paint).join('\n');
}

/** A code that none of the steps around a moment has. */
function wrongCode(key, timestamp) {
  const near = [-1, 0, 1].map((k) => generateTotp(key, { timestamp: timestamp + k * PERIOD }));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code));
}

console.log('otpcore: a tour. The secrets below are for show.');

step('A new secret for alice');
const secret = generateSecret();
const key = createKey(secret);
console.log(`   ${encodeBase32(secret)}`);
check('bytes', secret.length, 20);
check('what a key made of it shows', key, { algorithm: 'SHA1' });

step('Its otpauth URI');
const uri = buildOtpauthUri({ issuer: 'Example', account: 'alice@example.com', secret });
console.log(`   ${uri}`);
check('apps that would read it differently', lintOtpauthUri(uri), []);

step('The same URI as a QR code: scan it with an authenticator app, if you like');
console.log(drawQr(uri));
console.log(`   your app should now show ${generateTotp(key)}`);

step('The first code binds the phone');
const store = memoryStore();
let now = Date.now();
const signIn = (code, options) =>
  verifyTotpOnce(key, code, { store, id: 'alice', timestamp: now, ...options });
const firstCode = generateTotp(key, { timestamp: now });
check(`the code ${firstCode}`, outcome(await signIn(firstCode)), 'accepted');

step('A minute later: a sign-in');
now += 2 * PERIOD;
const code = generateTotp(key, { timestamp: now });
check(`the code ${code}`, outcome(await signIn(code)), 'accepted');

step('The same code a second time');
check(`the code ${code}`, outcome(await signIn(code)), 'reused');

step('A wrong code, and a text that is no code');
const wrong = wrongCode(key, now);
check(`the code ${wrong}`, outcome(await signIn(wrong)), 'mismatch');
check('the code "12345６"', outcome(await signIn('12345６')), 'malformed');

step('A phone whose clock is four minutes slow');
now += 20 * PERIOD;
const phone = () => generateTotp(key, { timestamp: now - 240 * SECOND });
check('its code', outcome(await signIn(phone())), 'mismatch');

step('Two consecutive codes find its clock');
const codes = [phone()];
now += PERIOD;
codes.push(phone());
const found = await resyncTotpOnce(key, codes, { store, id: 'alice', timestamp: now });
check('drift in steps', found.valid && found.drift, -8);
check('the last of them once more', outcome(await signIn(codes[1], { drift: -8 })), 'reused');

step('With that drift stored, the next code is accepted');
now += PERIOD;
const drift = found.valid ? found.drift : 0;
check('its code', outcome(await signIn(phone(), { drift })), 'accepted');

step('The entry is renamed: a new URI over the same secret');
const renamed = buildOtpauthUri({ issuer: 'Example Corp', account: 'alice@example.org', secret });
console.log(`   ${renamed}`);
now += PERIOD;
const sameKey = createKey(parseOtpauthUri(renamed).secret);
check(
  'a code of the old entry',
  verifyTotp(sameKey, phone(), { timestamp: now, drift }).valid,
  true,
);

step('An old secret of 16 characters, as it was stored in 2012');
const old = 'jbsw y3dp ehpk 3pxp';
const oldKey = createKey(old);
const oldCode = generateTotp(oldKey, { timestamp: now });
check('its code', verifyTotp(oldKey, oldCode, { timestamp: now }).valid, true);

console.log(failures === 0 ? '\nAll as it should be.' : `\n${failures} not as it should be.`);
process.exitCode = failures === 0 ? 0 : 1;
