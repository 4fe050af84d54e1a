// A hundred verification cases of other libraries' test suites: many keys, hashes and windows.
import { liftedVerify } from '../../vectors/lifted-verify.ts';
import { equal } from './assert.mjs';
import { fromHex } from './bytes.mjs';

/** The widest window and the longest look-ahead there are here; some libraries have wider ones. */
const WIDEST = 10;
const FARTHEST = 100;

export function otherLibraries({ library, check }) {
  const { createKey, verifyHotp, verifyTotp } = library;

  function judge(row) {
    const key = createKey(fromHex(row.secretHex), { algorithm: row.algorithm });
    const period = row.period ?? 30;
    const centre = row.counter ?? Math.floor(row.timeSeconds / period);
    const counter = Math.max(0, centre - row.past, centre + row.future - FARTHEST);
    const lookAhead = centre + row.future - counter;
    const byCounter = verifyHotp(key, row.code, { counter, lookAhead, digits: row.digits });
    equal(byCounter.valid, row.valid, 'the answer by counter');
    if (row.delta !== null) equal(byCounter.counter, centre + row.delta);
    if (row.past > WIDEST || row.future > WIDEST) return;
    const { past, future, digits } = row;
    const timestamp = 1000 * (row.timeSeconds ?? centre * period);
    const byClock = verifyTotp(key, row.code, {
      timestamp,
      period,
      digits,
      window: { past, future },
    });
    equal(byClock.valid, row.valid, 'the answer by the clock');
    if (row.delta !== null) equal(byClock.delta, row.delta);
  }

  for (let start = 0; start < liftedVerify.length; start += 5) {
    const rows = liftedVerify.slice(start, start + 5);
    const sources = [...new Set(rows.map(({ source }) => source))].join(', ');
    check(`cases ${start} to ${start + rows.length - 1}, of ${sources}`, () => {
      for (const row of rows) judge(row);
    });
  }
}
