/**
 * Verification against a naive implementation on node:crypto and BigInt, which tries every
 * candidate one by one and shares no line with the library.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { generateHotp, type HotpResult, verifyHotp } from '../../src/hotp.js';
import { type Algorithm, createKey } from '../../src/key.js';
import { resyncTotp, type TotpResult, verifyTotp, verifyTotpBatch } from '../../src/totp.js';
import { anyCharacter } from '../support/any-character.js';
import { collisions } from '../vectors/collisions.js';
import { rfc4226 } from '../vectors/rfc4226.js';

// Room for a machine that is busy with other things.
vi.setConfig({ testTimeout: 60_000 });

const numRuns = process.env.SLOW ? 20_000 : 300;
const LAST = Number.MAX_SAFE_INTEGER;
const FACTORS_END = 2n ** 53n;

interface Secret {
  readonly algorithm: Algorithm;
  readonly bytes: Uint8Array;
}

/** The code of a counter or step, by the text of RFC 4226 §5.3. */
function naiveCode({ algorithm, bytes }: Secret, factor: bigint, digits: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(factor);
  const mac = createHmac(algorithm, bytes).update(message).digest();
  const offset = (mac.at(-1) as number) & 15;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** All steps or counters from `lowest` to `highest` that exist and have the code. */
function naiveMatches(
  secret: Secret,
  code: string,
  digits: number,
  lowest: bigint,
  highest: bigint,
): bigint[] {
  const matches: bigint[] = [];
  for (let factor = lowest; factor <= highest; factor++) {
    if (factor < 0n || factor >= FACTORS_END) continue;
    if (naiveCode(secret, factor, digits) === code) matches.push(factor);
  }
  return matches;
}

function isCode(code: string, digits: number): boolean {
  return new RegExp(`^[0-9]{${digits}}$`).test(code);
}

interface TotpCase {
  readonly secret: Secret;
  readonly code: string;
  readonly timestamp: number;
  readonly period: number;
  readonly epoch: number;
  readonly digits: number;
  readonly window: { readonly past: number; readonly future: number };
  readonly drift: number;
  readonly lastStep: number | undefined;
}

function currentStep(timestamp: number, period: number, epoch: number): bigint {
  return (BigInt(timestamp) - 1000n * BigInt(epoch)) / (1000n * BigInt(period));
}

function naiveTotp(totpCase: TotpCase): TotpResult {
  const { secret, code, timestamp, period, epoch, digits, window, drift, lastStep } = totpCase;
  if (!isCode(code, digits)) return { valid: false, reason: 'malformed' };
  const current = currentStep(timestamp, period, epoch);
  const centre = current + BigInt(drift);
  const lowest = centre - BigInt(window.past);
  const matches = naiveMatches(secret, code, digits, lowest, centre + BigInt(window.future));
  const fresh = matches.filter((step) => lastStep === undefined || step > BigInt(lastStep));
  const step = fresh.at(-1);
  if (step !== undefined) {
    return { valid: true, step: Number(step), delta: Number(step - current) };
  }
  return { valid: false, reason: matches.length === 0 ? 'mismatch' : 'reused' };
}

function libraryTotp({ secret, code, ...options }: TotpCase): TotpResult {
  return verifyTotp(createKey(secret.bytes, { algorithm: secret.algorithm }), code, options);
}

const secrets: fc.Arbitrary<Secret> = fc.record({
  algorithm: fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 140 }),
});
const someDigits = fc.integer({ min: 6, max: 9 });
const sides = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 10 }));

/**
 * A code to type: mostly that of a step near `centre`, now and then any other or none at all.
 *
 * @param reach - how far from the centre, a little beyond the window
 */
function codesNear(
  secret: Secret,
  digits: number,
  centre: bigint,
  reach: { readonly past: number; readonly future: number },
): fc.Arbitrary<string> {
  const right = fc.integer({ min: -reach.past - 2, max: reach.future + 2 }).map((offset) => {
    const factor = centre + BigInt(offset);
    return factor >= 0n && factor < FACTORS_END ? naiveCode(secret, factor, digits) : '000000';
  });
  const any = fc.stringMatching(new RegExp(`^[0-9]{${digits}}$`));
  return fc.oneof({ weight: 8, arbitrary: right }, any, fc.string({ unit: anyCharacter }));
}

/** Clocks at the epoch, far behind it, and at the end of what a number can name. */
const clocks = fc
  .record({
    period: fc.oneof(fc.constant(30), fc.integer({ min: 1, max: 86_400 })),
    epoch: fc.oneof(fc.constant(0), fc.nat({ max: 900_000 }), fc.integer({ min: 1e9, max: 2e9 })),
  })
  .chain(({ period, epoch }) => {
    const nearEpoch = fc.nat({ max: 60_000 * period }).map((ms) => 1000 * epoch + ms);
    const timestamp = fc
      .oneof(nearEpoch, fc.maxSafeNat(), fc.nat({ max: 4_000_000_000_000 }))
      .filter((ms) => ms >= 1000 * epoch && (ms < 1e9 || ms > 1e11));
    return fc.record({ period: fc.constant(period), epoch: fc.constant(epoch), timestamp });
  });

const totpCases: fc.Arbitrary<TotpCase> = fc
  .record({
    secret: secrets,
    digits: someDigits,
    clock: clocks,
    window: fc.record({ past: sides, future: sides }),
  })
  .chain(({ secret, digits, clock, window }) => {
    const current = currentStep(clock.timestamp, clock.period, clock.epoch);
    const drifts = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -60, max: 60 }),
      // Back to where the first steps are.
      fc.integer({ min: -60, max: 60 }).map((n) => n - Number(current)),
      fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    );
    return drifts.chain((drift) => {
      const centre = current + BigInt(drift);
      const near = Number(centre);
      return fc.record({
        secret: fc.constant(secret),
        digits: fc.constant(digits),
        timestamp: fc.constant(clock.timestamp),
        period: fc.constant(clock.period),
        epoch: fc.constant(clock.epoch),
        window: fc.constant(window),
        drift: fc.constant(drift),
        code: codesNear(secret, digits, centre, window),
        lastStep: fc.oneof(
          fc.constant(undefined),
          fc.integer({ min: -60, max: 60 }).map((n) => Math.max(0, Math.min(LAST, near + n))),
          fc.maxSafeNat(),
        ),
      });
    });
  });

describe('verifyTotp', () => {
  test('It gives the result of trying every candidate of the window', () => {
    fc.assert(
      fc.property(totpCases, (totpCase) => {
        expect(libraryTotp(totpCase)).toEqual(naiveTotp(totpCase));
      }),
      { numRuns },
    );
  });

  test('It does so too where two candidates share the code', () => {
    const secret = { algorithm: 'SHA1', bytes: Buffer.from(rfc4226.secretHex, 'hex') } as const;
    const near = fc.integer({ min: -4, max: 4 });
    const cases = fc.record({
      pair: fc.constantFrom(...collisions),
      clock: near,
      drift: near,
      past: fc.nat({ max: 8 }),
      future: fc.nat({ max: 8 }),
      last: fc.option(near, { nil: undefined }),
    });
    fc.assert(
      fc.property(cases, ({ pair, clock, drift, past, future, last }) => {
        const totpCase = {
          secret,
          code: pair.code,
          timestamp: 1e12 + 30_000 * (pair.lower + clock),
          period: 30,
          epoch: 1e9,
          digits: 6,
          window: { past, future },
          drift,
          lastStep: last === undefined ? undefined : pair.lower + last,
        };
        expect(libraryTotp(totpCase)).toEqual(naiveTotp(totpCase));
      }),
      { numRuns: 3 * numRuns },
    );
  });
});

describe('verifyHotp', () => {
  interface HotpCase {
    readonly secret: Secret;
    readonly digits: number;
    readonly counter: number;
    readonly lookAhead: number;
    readonly code: string;
  }

  function naiveHotp({ secret, code, digits, counter, lookAhead }: HotpCase): HotpResult {
    if (!isCode(code, digits)) return { valid: false, reason: 'malformed' };
    const first = BigInt(counter);
    // The counter after the matched one is a safe integer too.
    const last = BigInt(Math.min(LAST - 1, counter + lookAhead));
    const match = naiveMatches(secret, code, digits, first, last).at(-1);
    if (match === undefined) return { valid: false, reason: 'mismatch' };
    return { valid: true, counter: Number(match), nextCounter: Number(match + 1n) };
  }

  function libraryHotp({ secret, code, ...options }: HotpCase): HotpResult {
    return verifyHotp(createKey(secret.bytes, { algorithm: secret.algorithm }), code, options);
  }

  const hotpCases: fc.Arbitrary<HotpCase> = fc
    .record({
      secret: secrets,
      digits: someDigits,
      counter: fc.oneof(
        fc.nat({ max: 100 }),
        fc.nat({ max: LAST - 1 }),
        fc.integer({ min: LAST - 100, max: LAST - 1 }),
        fc.integer({ min: 2 ** 32 - 100, max: 2 ** 32 + 100 }),
      ),
      lookAhead: fc.oneof(
        { weight: 8, arbitrary: fc.nat({ max: 60 }) },
        { weight: 1, arbitrary: fc.nat({ max: 100 }) },
      ),
    })
    .chain((given) =>
      codesNear(given.secret, given.digits, BigInt(given.counter), {
        past: 0,
        future: given.lookAhead,
      }).map((code) => ({ ...given, code })),
    );

  test('It gives the result of trying every counter of the look-ahead', () => {
    fc.assert(
      fc.property(hotpCases, (hotpCase) => {
        expect(libraryHotp(hotpCase)).toEqual(naiveHotp(hotpCase));
      }),
      { numRuns },
    );
  });

  test('It does so too where two counters share the code', () => {
    const secret = { algorithm: 'SHA1', bytes: Buffer.from(rfc4226.secretHex, 'hex') } as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...collisions),
        fc.integer({ min: -4, max: 4 }),
        fc.nat({ max: 8 }),
        ({ lower, code }, offset, lookAhead) => {
          const hotpCase = { secret, digits: 6, counter: lower + offset, lookAhead, code };
          expect(libraryHotp(hotpCase)).toEqual(naiveHotp(hotpCase));
        },
      ),
      { numRuns },
    );
  });
});

describe('The last step, carried from answer to answer', () => {
  interface Attempt {
    readonly user: number;
    readonly way: 'alone' | 'batch' | 'resync';
    /** Where our clock and the user's phone stand, in steps from the story's first one. */
    readonly clock: number;
    readonly phone: number;
    readonly window: number;
    readonly drift: number;
  }

  // The second and third begin just before a pair of steps that share a code.
  const starts = [0, ...collisions.slice(0, 2).map(({ lower }) => lower - 10)];
  const keys = [rfc4226.secretHex, 'ff'.repeat(10)].map((hex) =>
    createKey(new Uint8Array(Buffer.from(hex, 'hex'))),
  );

  function attempt(
    { way, user, clock, phone, window, drift }: Attempt,
    start: number,
    lastStep: number | undefined,
  ): { readonly valid: boolean; readonly step?: number } {
    const key = keys[user] as (typeof keys)[number];
    const time = { timestamp: 1e12 + 30_000 * (start + clock), epoch: 1e9 };
    const codeAt = (step: number) => generateHotp(key, start + step);
    const code = codeAt(phone);
    if (way === 'resync') {
      return resyncTotp(key, [code, codeAt(phone + 1)], { ...time, range: 20, lastStep });
    }
    if (way === 'alone') return verifyTotp(key, code, { ...time, window, drift, lastStep });
    const others = keys.map((other) => ({ key: other, code }));
    const results = verifyTotpBatch([...others, { key, code, drift, lastStep }], {
      ...time,
      window,
    });
    return results.at(-1) as TotpResult;
  }

  const attempts: fc.Arbitrary<Attempt> = fc.record({
    user: fc.nat({ max: keys.length - 1 }),
    way: fc.constantFrom('alone', 'batch', 'resync'),
    clock: fc.nat({ max: 40 }),
    phone: fc.nat({ max: 40 }),
    window: fc.nat({ max: 10 }),
    drift: fc.integer({ min: -10, max: 10 }),
  });

  test('Accepted steps strictly increase in any order of attempts and by any clock', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...starts),
        fc.array(attempts, { minLength: 1, maxLength: 60 }),
        (start, story) => {
          const last: (number | undefined)[] = keys.map(() => undefined);
          for (const one of story) {
            const lastStep = last[one.user];
            const { valid, step } = attempt(one, start, lastStep);
            if (!valid) continue;
            expect(step).toBeGreaterThan(lastStep ?? -1);
            last[one.user] = step;
          }
        },
      ),
      { numRuns },
    );
  });
});
