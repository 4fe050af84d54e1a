/** Whatever is given as the code, verification answers, and does so at once. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { normalizeCode } from '../../src/code.js';
import { resyncHotp, verifyHotp } from '../../src/hotp.js';
import { createKey } from '../../src/key.js';
import { verifyHotpOnce, verifyTotpOnce } from '../../src/single-use.js';
import { resyncTotp, verifyTotp, verifyTotpBatch } from '../../src/totp.js';

// Room for a machine that is busy with other things.
vi.setConfig({ testTimeout: 60_000 });

const numRuns = process.env.SLOW ? 50_000 : 300;
const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const now = { timestamp: 59_000 };
const MALFORMED = { valid: false, reason: 'malformed' } as const;

type Answer = { readonly valid: boolean; readonly reason?: string };

/** Every entry point that takes one code or several, given `code` as one of them. */
const entryPoints: Readonly<Record<string, (code: never) => Answer>> = {
  verifyHotp: (code) => verifyHotp(key, code, { counter: 0, lookAhead: 3 }),
  verifyTotp: (code) => verifyTotp(key, code, now),
  verifyTotpBatch: (code) => verifyTotpBatch([{ key, code }], now)[0] as Answer,
  'resyncHotp, first': (code) => resyncHotp(key, [code, '287082'], { counter: 0 }),
  'resyncHotp, second': (code) => resyncHotp(key, ['755224', code], { counter: 0 }),
  'resyncTotp, first': (code) => resyncTotp(key, [code, '287082'], now),
  'resyncTotp, second': (code) => resyncTotp(key, ['755224', code], now),
};

/** The codes of a resynchronisation as a whole. */
const resyncs: Readonly<Record<string, (codes: never) => Answer>> = {
  resyncHotp: (codes) => resyncHotp(key, codes, { counter: 0 }),
  resyncTotp: (codes) => resyncTotp(key, codes, now),
};

/** Throws on whatever is done with it. */
function trap(target: object): object {
  const refuse = () => {
    throw new Error('touched');
  };
  const names = Object.getOwnPropertyNames(Reflect);
  return new Proxy(target, Object.fromEntries(names.map((name) => [name, refuse])));
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function refuseConversion(): never {
  throw new Error('converted');
}

/** What looks like a code, or bites when it is looked at. */
const hostile: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 287082],
  ['a bigint', 287082n],
  ['NaN', Number.NaN],
  ['true', true],
  ['a symbol', Symbol('287082')],
  ['a function', () => '287082'],
  ['a boxed text', new String('287082')],
  ['an array of the code', ['287082']],
  ['an array of its digits', [...'287082']],
  ['bytes', new TextEncoder().encode('287082')],
  ['a date', new Date(Number.NaN)],
  ['a throwing toString', { toString: refuseConversion }],
  ['a throwing valueOf', { valueOf: refuseConversion, length: 6 }],
  ['a throwing conversion', { [Symbol.toPrimitive]: refuseConversion }],
  ['a lying toString', { length: 6, toString: () => '287082', charCodeAt: () => 50 }],
  ['a null-prototype object', Object.create(null)],
  ['a proxy that throws', trap({})],
  ['a proxy of a function that throws', trap(() => '287082')],
  ['a proxy of an array that throws', trap(['287082', '359152'])],
  ['a proxy of a boxed text', new Proxy(new String('287082'), {})],
  ['a revoked proxy', revoked({})],
  ['a revoked proxy of an array', revoked(['287082', '359152'])],
  ['the empty text', ''],
  ['five digits', '87082'],
  ['seven digits', '2870820'],
  ['a space before', ' 287082'],
  ['a space behind', '287082 '],
  ['a space between', '287 082'],
  ['a newline behind', '287082\n'],
  ['a NUL behind', '287082\0'],
  ['six characters with a space', ' 87082'],
  ['six characters with a newline', '87082\n'],
  ['a plus', '+87082'],
  ['a minus', '-87082'],
  ['a point', '2870.2'],
  ['an exponent', '287e03'],
  ['hexadecimal', '0x4616'],
  ['the character below 0', '28708/'],
  ['the character above 9', '28708:'],
  ['full-width digits', '２８７０８２'],
  ['Arabic-Indic digits', '٢٨٧٠٨٢'],
  ['mathematical digits', '𝟐𝟖𝟕𝟎𝟖𝟐'],
  ['superscript digits', '²⁸⁷⁰⁸²'],
  ['a zero-width space', '287082\u200b'],
  ['a byte order mark', '\ufeff287082'],
  // The low byte of each is that of an ASCII digit.
  ['characters 256 above digits', '\u0132\u0138\u0137\u0130\u0138\u0132'],
  ['unpaired surrogates', '\ud800\udc00\ud800\ud800\ud800\ud800'],
  ['10 MB of digits', '287082'.repeat(1_700_000)],
  ['10 MB of spaces before the code', `${' '.repeat(10_000_000)}287082`],
];

describe.each(Object.entries(entryPoints))('%s', (_, verify) => {
  test.each(hostile)('Given %s, the answer is malformed', (_name, code) => {
    expect(verify(code as never)).toEqual(MALFORMED);
  });

  test('The six ASCII digits are not', () => {
    expect(verify('287082' as never)).not.toMatchObject({ reason: 'malformed' });
  });

  test('Anything at all has an answer, and it is malformed for all but six ASCII digits', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', minLength: 6, maxLength: 6 }),
      // Digits of any script, and what stands beside ASCII's own.
      fc.string({
        unit: fc.constantFrom(...'0123456789', '/', ':', '٠', '９', ' ', '\n'),
        minLength: 5,
        maxLength: 7,
      }),
    );
    fc.assert(
      fc.property(fc.oneof(texts, anything), (code) => {
        const isCode = typeof code === 'string' && /^[0-9]{6}$/.test(code);
        const { valid, reason } = verify(code as never);
        expect(reason === 'malformed').toBe(!isCode);
        if (!isCode) expect(valid).toBe(false);
      }),
      { numRuns },
    );
  });
});

describe.each(Object.entries(resyncs))('%s', (_, resync) => {
  test.each(hostile)(
    'Given %s in place of all its codes, the answer is malformed',
    (_name, codes) => {
      expect(resync(codes as never)).toEqual(MALFORMED);
    },
  );
});

describe.each([
  ['verifyHotpOnce', verifyHotpOnce, { counter: 0, lookAhead: 3 }],
  ['verifyTotpOnce', verifyTotpOnce, now],
] as const)('%s', (_, verifyOnce, options) => {
  test('Given any of these, it answers malformed and makes no claim', async () => {
    const claim = vi.fn(() => true);
    for (const [name, code] of hostile) {
      const given = { ...options, counter: 0, id: 'user', store: { claim } };
      expect(await verifyOnce(key, code as string, given), name).toEqual(MALFORMED);
    }
    expect(claim).not.toHaveBeenCalled();
  });
});

describe('Codes of other lengths', () => {
  test.each([6, 7, 8, 9])('For %d digits every other length is malformed', (digits) => {
    for (let length = 0; length <= 12; length++) {
      const code = '111111111111'.slice(0, length);
      const { reason } = verifyTotp(key, code, { ...now, digits }) as Answer;
      expect(reason).toBe(length === digits ? 'mismatch' : 'malformed');
    }
  });
});

describe('normalizeCode', () => {
  test.each(hostile)('Given %s, it gives a text that verification can take', (_name, code) => {
    const text = normalizeCode(code as string);
    expect(typeof text).toBe('string');
    expect(verifyTotp(key, text, now)).toHaveProperty('valid');
  });
});

describe('Time', () => {
  const huge = '287082'.repeat(1_700_000);

  function medianMicroseconds(
    verify: (code: never) => unknown,
    text: string,
    runs: number,
  ): number {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now();
      verify(text as never);
      return 1000 * (performance.now() - start);
    });
    return times.sort((a, b) => a - b)[runs >> 1] as number;
  }

  /** Far more than the 6 characters of a code take, and far less than one pass over 10 MB. */
  function limit(verify: (code: never) => unknown): number {
    return 200 + 3 * medianMicroseconds(verify, '287082', 101);
  }

  test('This measurement detects a verification that reads the whole text', () => {
    const reading = (code: string) => verifyTotp(key, code.replace(/[a-z]/g, ''), now);
    expect(medianMicroseconds(reading, huge, 5)).toBeGreaterThan(limit(reading));
  });

  test.each(Object.entries(entryPoints))(
    '%s answers 10 MB as soon as 6 characters',
    (_, verify) => {
      expect(verify(huge as never)).toEqual(MALFORMED);
      expect(medianMicroseconds(verify, huge, 101)).toBeLessThan(limit(verify));
    },
  );
});
