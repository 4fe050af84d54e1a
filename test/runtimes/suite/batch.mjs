// A batch answers as verification one by one does, whichever keys, hashes and windows are mixed.
import { rfc6238 } from '../../vectors/rfc6238.ts';
import { equal, throws } from './assert.mjs';
import { ALGORITHMS, fromHex, RFC_SECRET } from './bytes.mjs';

export function batch({ library, check }) {
  const { createKey, generateHotp, verifyTotp, verifyTotpBatch } = library;

  check('all rows of RFC 6238 in one call', () => {
    const items = rfc6238.cases.map(({ secretHex, algorithm, step, code }) => ({
      key: createKey(fromHex(secretHex), { algorithm }),
      code,
      drift: step,
    }));
    equal(
      verifyTotpBatch(items, { timestamp: 0, digits: 8 }),
      rfc6238.cases.map(({ step }) => ({ valid: true, step, delta: step })),
    );
  });

  for (const window of [0, 1, { past: 7, future: 2 }]) {
    check(`batches of 0 to 13 with the window ${JSON.stringify(window)}`, () => {
      const options = { timestamp: 3_000_000, window, digits: 9 };
      for (let count = 0; count <= 13; count++) {
        const items = Array.from({ length: count }, (_, i) => attempt(i));
        const expected = items.map(({ key, code, ...own }) =>
          verifyTotp(key, code, { ...options, ...own }),
        );
        equal(verifyTotpBatch(items, options), expected, `a batch of ${count}`);
      }
    });
  }

  check('the attempts above are of every kind of answer', () => {
    const items = Array.from({ length: 13 }, (_, i) => attempt(i));
    const options = { timestamp: 3_000_000, window: { past: 7, future: 2 }, digits: 9 };
    const reasons = verifyTotpBatch(items, options).map((result) => result.reason ?? 'valid');
    equal([...new Set(reasons)].sort(), ['malformed', 'mismatch', 'reused', 'valid']);
  });

  /** The attempt of user `i`: each has a key of another hash, another drift, another code. */
  function attempt(i) {
    const key = createKey(RFC_SECRET.slice(i % 5), { algorithm: ALGORITHMS[i % 3] });
    const drift = (i % 4) - 2;
    const code = generateHotp(key, 100 + drift + ((i * 5) % 9) - 8, { digits: 9 });
    const codes = [code, code, code.slice(1), undefined, code];
    return { key, code: codes[i % 5], drift, lastStep: i % 2 === 0 ? 96 : undefined };
  }

  check('a wrong item is an error, as it is alone', () => {
    throws(() => verifyTotpBatch([{ key: {}, code: '1' }]), { type: TypeError, message: /"key"/ });
    throws(() => verifyTotpBatch([null]), { type: TypeError });
    throws(() => verifyTotpBatch('x'), { type: TypeError, message: /"items"/ });
    const key = createKey(RFC_SECRET);
    throws(() => verifyTotpBatch([{ key, code: '1', drift: 0.5 }]), { type: RangeError });
  });
}
