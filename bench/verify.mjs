// Throughput of verification against the platform's own HMAC, in turn in the same run:
// `npm run bench`. Every subject must first give the right answers; ratios of interleaved rounds
// are what to look at, because single times move with the machine.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import os from 'node:os';
import { createKey, decodeBase32, generateTotp, verifyTotp, verifyTotpBatch } from 'otpcore';

const TEXT = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const TIMESTAMP = 1_700_000_000_000;
const ROUNDS = 15;
const ROUND_MS = 60;
const BATCH = 1000;

/** One code with node:crypto, as most JavaScript libraries compute it. */
function platformCode(algorithm, secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The platform's side of a verification: three candidates, all compared. */
function platformVerify(algorithm, secret, code) {
  const step = Math.floor(TIMESTAMP / 30_000);
  let isValid = false;
  for (let k = -1; k <= 1; k++)
    isValid = platformCode(algorithm, secret, step + k) === code || isValid;
  return isValid;
}

const options = { timestamp: TIMESTAMP };
const secret = decodeBase32(TEXT);

function subjectsOf(algorithm) {
  const key = createKey(secret, { algorithm });
  const items = (code) => Array.from({ length: BATCH }, () => ({ key, code }));
  const wrong = items('000000');
  return [
    {
      name: 'node:crypto createHmac, three times',
      verify: (code) => platformVerify(algorithm, secret, code),
      run: () => platformVerify(algorithm, secret, '000000'),
      users: 1,
    },
    {
      name: 'otpcore, key prepared',
      verify: (code) => verifyTotp(key, code, options).valid,
      run: () => verifyTotp(key, '000000', options),
      users: 1,
    },
    {
      name: 'otpcore, from base32 text',
      verify: (code) => verifyTotp(createKey(TEXT, { algorithm }), code, options).valid,
      run: () => verifyTotp(createKey(TEXT, { algorithm }), '000000', options),
      users: 1,
    },
    {
      name: `otpcore, batch of ${BATCH}, a user`,
      verify: (code) => verifyTotpBatch(items(code), options).every((result) => result.valid),
      run: () => verifyTotpBatch(wrong, options),
      users: BATCH,
    },
  ];
}

/** Microseconds a user over one round. */
function time({ run, users }) {
  const start = performance.now();
  let turns = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    for (let i = 0; i < Math.ceil(100 / users); i++) run();
    turns += Math.ceil(100 / users);
    elapsed = performance.now() - start;
  }
  return (1000 * elapsed) / (turns * users);
}

const ascending = (numbers) => [...numbers].sort((a, b) => a - b);
const spread = (numbers) => {
  const sorted = ascending(numbers);
  return [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
};
const columns = (numbers) => numbers.map((number) => number.toFixed(2).padStart(8)).join('');

console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores; Node ${process.version}`);
console.log(`one wrong 6-digit code, window 1; ${ROUNDS} interleaved rounds, min / median / max\n`);
for (const algorithm of ['SHA1', 'SHA256', 'SHA512']) {
  const subjects = subjectsOf(algorithm);
  const right = generateTotp(createKey(secret, { algorithm }), options);
  for (const subject of subjects) {
    assert.equal(subject.verify(right), true, `${subject.name} must accept the right code`);
    assert.equal(subject.verify('000000'), false, `${subject.name} must refuse a wrong code`);
    time(subject);
  }
  const rounds = Array.from({ length: ROUNDS }, () => subjects.map(time));
  console.log(`${algorithm.padEnd(40)}${'µs'.padStart(24)}${'times faster'.padStart(24)}`);
  subjects.forEach(({ name }, i) => {
    const times = spread(rounds.map((round) => round[i]));
    const ratios = spread(rounds.map((round) => round[0] / round[i]));
    console.log(`  ${name.padEnd(38)}${columns(times)}${columns(ratios)}`);
  });
}
