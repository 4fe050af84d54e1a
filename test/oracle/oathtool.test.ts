/**
 * Codes against `oathtool` of the OATH Toolkit, an independent implementation in C. Skipped where
 * the command is missing; Debian's package is called `oathtool`.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBase32 } from '../../src/base32.js';
import { generateHotp } from '../../src/hotp.js';
import { createKey } from '../../src/key.js';
import { generateTotp } from '../../src/totp.js';

const isMissing = spawnSync('oathtool', ['--version']).status !== 0;

interface Case {
  readonly command: string;
  readonly code: string;
}

const algorithm = fc.constantFrom('SHA1', 'SHA256', 'SHA512');
const secret = fc.uint8Array({ minLength: 1, maxLength: 150 });
/** Those that oathtool has. */
const digits = fc.integer({ min: 6, max: 8 });
const moment = fc.oneof(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 0, max: 2 ** 42 }));

const totp = fc
  .record({
    algorithm,
    secret,
    digits,
    period: fc.oneof(fc.constantFrom(30, 60), fc.integer({ min: 1, max: 86_400 })),
    epoch: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 31 })),
    secondsSinceEpoch: moment,
    milliseconds: fc.nat({ max: 999 }),
  })
  // Such timestamps would look like seconds.
  .filter(({ epoch, secondsSinceEpoch }) => {
    const seconds = epoch + secondsSinceEpoch;
    return seconds < 999_999 || seconds > 100_000_000;
  })
  .map(({ secondsSinceEpoch, milliseconds, ...options }): Case => {
    const { algorithm, period, epoch } = options;
    const seconds = epoch + secondsSinceEpoch;
    const timestamp = 1000 * seconds + milliseconds;
    return {
      command:
        `oathtool --totp=${algorithm.toLowerCase()} -d ${options.digits} -s ${period}s ` +
        `-S @${epoch} -N @${seconds} -b ${encodeBase32(options.secret)}`,
      code: generateTotp(createKey(options.secret, { algorithm }), { ...options, timestamp }),
    };
  });

const hotp = fc
  .record({ algorithm, secret, digits, counter: fc.oneof(fc.nat({ max: 1000 }), fc.maxSafeNat()) })
  .map(({ algorithm, secret, digits, counter }): Case => {
    // oathtool's HOTP knows SHA-1 only; TOTP of one-second steps is HOTP by the time.
    const mode =
      algorithm === 'SHA1'
        ? `--hotp -c ${counter}`
        : `--totp=${algorithm.toLowerCase()} -s 1s -N @${counter}`;
    return {
      command: `oathtool ${mode} -d ${digits} -b ${encodeBase32(secret)}`,
      code: generateHotp(createKey(secret, { algorithm }), counter, { digits }),
    };
  });

/** The codes that the commands print, by one shell for all of them. */
function runAll(commands: readonly string[]): string[] {
  const shell = spawnSync('sh', { input: commands.join('\n'), encoding: 'utf8' });
  return shell.stdout.trim().split('\n');
}

test.skipIf(isMissing).each([
  { kind: 'TOTP', cases: totp },
  { kind: 'HOTP', cases: hotp },
])('1,000 random $kind codes are those of oathtool', { timeout: 60_000 }, ({ cases }) => {
  const sample = fc.sample(cases, 1000);
  const codes = runAll(sample.map(({ command }) => command));
  const answers = sample.map(({ command }, i) => ({ command, code: codes[i] }));
  expect(answers).toEqual(sample);
});
