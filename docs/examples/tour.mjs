// A tour of otpcore against the built package: `npm start`. Each scene checks its expected results, and
// the exit code is 0 only if every check passes. The clock is simulated, so the tour never waits.
// `npm start -- --try` asks for the code that your own phone shows.
import { createHmac, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import {
  buildOtpauthUri,
  createKey,
  encodeBase32,
  generateSecret,
  generateTotp,
  lintOtpauthUri,
  secondsRemaining,
  verifyTotp,
} from 'otpcore';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { memoryFactorStore } from 'otpcore/second-factor/memory';
import { encodeQR } from 'qr';

const PERIOD = 30_000;
const USER = 'user-1042';

let clock = Date.now();
let scenes = 0;
let failures = 0;

const second = createSecondFactor({
  issuer: 'Example',
  store: memoryFactorStore(),
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: randomBytes(32) } }),
  now: () => clock,
});

// Screen ---------------------------------------------------------------------------------------------

const { NO_COLOR = '', FORCE_COLOR = '' } = process.env;
const isForced = FORCE_COLOR !== '' && FORCE_COLOR !== '0';
const hasColour = NO_COLOR === '' && (process.stdout.isTTY || isForced);
const paint = (code, text) => (hasColour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = (text) => paint(1, text);
const dim = (text) => paint(2, text);

function scene(title, sentence) {
  scenes += 1;
  console.log(`\n${bold(paint(36, `${scenes}. ${title}`))}\n   ${sentence}\n`);
}

/** Shows a result, and whether it is the expected one. */
function check(label, actual, expected) {
  const came = JSON.stringify(actual);
  const isRight = came === JSON.stringify(expected);
  if (!isRight) failures += 1;
  const mark = isRight ? paint(32, 'ok  ') : paint(31, 'FAIL');
  const wanted = isRight ? '' : `, expected ${JSON.stringify(expected)}`;
  console.log(`   ${mark} ${label}: ${bold(came)}${wanted}`);
}

const outcome = (result) => (result.ok ? 'accepted' : result.reason);

/**
 * A QR code, two rows of modules per line. Without colours, a terminal is assumed to be dark, and a
 * file to be shown dark on light.
 */
function drawQr(text) {
  const rows = encodeQR(text, 'raw', { border: 3 });
  const isInkDark = !process.stdout.isTTY;
  const lines = [];
  for (let y = 0; y < rows.length; y += 2) {
    // The number of rows is odd: below the last one the terminal's own background shows.
    const pairs = rows[y].map((top, x) => [top, rows[y + 1]?.[x]]);
    lines.push(`   ${pairs.map(hasColour ? colouredPair : plainPair).join('')}`);
  }
  return lines.join('\n');

  function colouredPair([top, bottom]) {
    const background = bottom === undefined ? 49 : bottom ? 40 : 107;
    return `\x1b[${top ? 30 : 97};${background}m▀\x1b[0m`;
  }
  function plainPair([top, bottom]) {
    const hasInk = (isDark) => isDark !== undefined && isDark === isInkDark;
    return [' ', '▄', '▀', '█'][2 * Number(hasInk(top)) + Number(hasInk(bottom))];
  }
}

// Scenes ---------------------------------------------------------------------------------------------

async function enrol() {
  scene('Enrol', 'Scan the QR code. The first code from the phone turns on the second factor.');
  const enrolled = await second.enroll(USER, { account: 'alice@example.com' });
  const phone = createKey(enrolled.secret);
  const code = generateTotp(phone, { timestamp: clock });
  console.log(drawQr(enrolled.uri));
  const seconds = Math.ceil(secondsRemaining({ timestamp: clock }));
  console.log(`\n   An app that scans it now shows ${bold(code)}, for ${seconds} more seconds.\n`);

  const confirmed = await second.confirm(USER, enrolled.enrollmentId, code);
  check(`the code ${code} binds the phone`, outcome(confirmed), 'accepted');
  check('recovery codes handed out', confirmed.recoveryCodes?.length, 10);
  return phone;
}

async function once(phone) {
  scene('Once', 'A code works once. Guessing is slowed down, but the owner can still get in.');
  clock += 10 * PERIOD;
  const code = generateTotp(phone, { timestamp: clock });
  const sent = Array.from({ length: 64 }, () => second.verify(USER, code));
  const answers = (await Promise.all(sent)).map(outcome);
  check(`the code ${code}, sent 64 times at once`, count(answers), { accepted: 1, reused: 63 });
  check('the same code again', outcome(await second.verify(USER, code)), 'reused');

  const guesses = [];
  for (const guess of wrongCodes(phone)) guesses.push(outcome(await second.verify(USER, guess)));
  check('1,000 guesses', count(guesses), { mismatch: 3, throttled: 997 });
  clock += 3 * PERIOD;
  for (let i = 0; i < 10; i++) {
    await second.verify(USER, wrongCodes(phone)[i]);
    clock += PERIOD;
  }
  const { retryAfter } = await second.status(USER);
  const right = generateTotp(phone, { timestamp: clock });
  console.log(
    `   The guesser goes on, and must now wait ${retryAfter} s. So must the owner's code:`,
  );
  check('one right code', outcome(await second.verify(USER, right)), 'throttled');
  const three = [-2, -1, 0].map((k) => generateTotp(phone, { timestamp: clock + k * PERIOD }));
  check(
    'the owner with three codes in a row',
    outcome(await second.unlock(USER, three)),
    'accepted',
  );
}

/** 1,000 codes that match no step within reach of this scene. */
function wrongCodes(phone) {
  const near = new Set();
  for (let k = -30; k <= 30; k++) near.add(generateTotp(phone, { timestamp: clock + k * PERIOD }));
  const all = Array.from({ length: 1100 }, (_, i) => String(i * 907).padStart(6, '0'));
  return all.filter((code) => !near.has(code)).slice(0, 1000);
}

const count = (words) => {
  const counts = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

async function drift(phone) {
  scene(
    'A slow phone',
    "Two codes in a row show how far a phone's clock is off. The drift is stored.",
  );
  clock += 20 * PERIOD;
  const shown = () => generateTotp(phone, { timestamp: clock - 240_000 });
  check(
    'a code from a phone four minutes slow',
    outcome(await second.verify(USER, shown())),
    'mismatch',
  );
  const codes = [shown()];
  clock += PERIOD;
  codes.push(shown());
  const found = await second.resync(USER, codes);
  check('two codes in a row: seconds off', found.clockOff, -240);
  clock += PERIOD;
  check('the next code', outcome(await second.verify(USER, shown())), 'accepted');
}

function lint() {
  scene(
    'A QR code that apps misread',
    'The linter names the apps and their faults before a user finds them.',
  );
  const secret = generateSecret();
  const fields = { issuer: 'R&D', account: 'alice+work', secret, algorithm: 'SHA256' };
  const findings = lintOtpauthUri(buildOtpauthUri(fields));
  for (const { code, message } of findings) console.log(`   ${paint(33, code)}  ${message}`);
  console.log();
  const expected = ['delimiter-in-name', 'plus-in-name', 'algorithm-ignored'];
  check(
    'findings',
    findings.map(({ code }) => code),
    expected,
  );
  const shown = ['SHA256', 'SHA1'].map((algorithm) =>
    generateTotp(createKey(secret, { algorithm }), { timestamp: clock, digits: 9 }),
  );
  check('SHA-256 and SHA-1 give the same code', shown[0] === shown[1], false);
  const plain = buildOtpauthUri({ issuer: 'Example', account: 'alice@example.com', secret });
  check('findings with the defaults', lintOtpauthUri(plain), []);
}

function speed() {
  scene(
    'A million verifications',
    'Each reads a base32 secret and compares a code with three steps. Timed here.',
  );
  const timestamp = clock;
  const users = Array.from({ length: 1000 }, () => {
    const secret = generateSecret();
    const code = generateTotp(createKey(secret), { timestamp });
    return { text: encodeBase32(secret), secret, code };
  });
  const [ours, platform] = [
    {
      total: 1_000_000,
      verify: ({ text, code }) => verifyTotp(createKey(text), code, { timestamp }).valid,
    },
    { total: 20_000, verify: ({ secret, code }) => verifyByPlatform(secret, code, timestamp) },
  ].map((side) => ({ ...side, accepted: 0, milliseconds: 0 }));
  // In turn, so that a busy moment of this machine slows both.
  const rounds = 20;
  for (let round = 0; round < rounds; round++) {
    for (const side of [ours, platform]) {
      const start = performance.now();
      for (let i = 0; i < side.total / rounds; i++) {
        if (side.verify(users[i % users.length])) side.accepted += 1;
      }
      side.milliseconds += performance.now() - start;
    }
  }
  check('right codes accepted by otpcore', ours.accepted, 1_000_000);
  check('right codes accepted by node:crypto', platform.accepted, 20_000);
  const scaled = (platform.milliseconds * ours.total) / platform.total;
  const inSeconds = (milliseconds) => bold(`${(milliseconds / 1000).toFixed(1)} s`);
  console.log(`
   otpcore      ${inSeconds(ours.milliseconds)} for a million
   node:crypto  ${inSeconds(scaled)} for a million, scaled from 20,000, with the secrets decoded beforehand`);
}

/** RFC 6238 by the platform alone: three HMACs, each compared. */
function verifyByPlatform(secret, code, timestamp) {
  let isValid = false;
  for (let k = -1; k <= 1; k++) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(timestamp / PERIOD) + k));
    const mac = createHmac('sha1', secret).update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    if (String(number % 1_000_000).padStart(6, '0') === code) isValid = true;
  }
  return isValid;
}

async function tour() {
  console.log(
    `${bold('otpcore')}: a tour in five scenes. ${dim('The secrets are only for show.')}`,
  );
  const phone = await enrol();
  await once(phone);
  await drift(phone);
  lint();
  speed();
  if (failures > 0) {
    console.log(paint(31, `\n${failures} of the checks above failed.`));
    return;
  }
  console.log(`
${paint(32, 'Every check passed.')} Open next:
   npm start -- --try                     the same with your own phone
   README.md                              a route to paste, and the whole second factor
   docs/examples/sign-in-server.mjs       a whole server in one file
   docs/README.md                         the guides`);
}

// With a phone ---------------------------------------------------------------------------------------

/** Binds the phone of the person at the keyboard, then shows that its code counts once. */
async function tryOut() {
  const enrolled = await second.enroll(USER, { account: 'alice@example.com' });
  console.log(drawQr(enrolled.uri));
  console.log(`\n   Scan it with an authenticator app, or type ${bold(enrolled.secret)}`);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const ask = async (question) => {
    process.stdout.write(`\n   ${question} `);
    const { value, done } = await lines.next();
    // With the keyboard the person's own line end ends the line.
    if (!process.stdin.isTTY) console.log();
    clock = Date.now();
    return done ? undefined : value;
  };
  const isBound = await bind(enrolled.enrollmentId, ask);
  console.log(isBound ? paint(32, '   Every check passed.') : paint(31, '   No phone was bound.'));
  if (!isBound) failures += 1;
  process.stdin.destroy();
}

async function bind(enrollmentId, ask) {
  let question = 'The code that the app shows:';
  let codes = [];
  for (let tries = 0; tries < 5; tries++) {
    const typed = await ask(question);
    if (typed === undefined) return false;
    codes = [...codes, typed].slice(-2);
    const result = await second.confirm(USER, enrollmentId, codes.length === 1 ? typed : codes);
    if (result.ok) {
      check('the phone is bound; seconds its clock is off', result.clockOff, result.clockOff);
      check('the same code again', outcome(await second.verify(USER, typed)), 'reused');
      return true;
    }
    if (result.reason === 'second-code') {
      question = `The phone's clock is off by ${result.clockOff} s. Its next code:`;
    } else {
      codes = [];
      question = `Refused: ${result.reason}. Once more:`;
    }
  }
  return false;
}

await (process.argv.includes('--try') ? tryOut() : tour());
process.exitCode = failures === 0 ? 0 : 1;
