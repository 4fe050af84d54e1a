// The golden rows of the second factor, planted in a database as a former release left them there.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryFactorStore } from '../../../dist/second-factor/memory.js';
import { startFactorWorker } from './factor-storm.mjs';
import { traceSecondFactor } from './factor-trace.mjs';

/** Rows as a former release left them, read over a client. */
export function testGoldenRows({ kind, address }) {
  const golden = (name) =>
    JSON.parse(readFileSync(new URL(`../../second-factor/golden/${name}.json`, import.meta.url)));
  const row = golden('row');
  const record = JSON.stringify(golden('record'));
  const full = {
    userId: 'full',
    record,
    state: 'active',
    sealed_with: 'k1,k2',
    version: 2n ** 53n + 1n,
  };

  test(`A golden row is read over ${kind} as it was written, and lets its user in`, async () => {
    const name = `golden_${kind.replace(/\W/g, '_')}`;
    const tables = { table: name, eventsTable: `${name}_events` };
    const clock = { start: row.now, begun: 0, rate: 0 };
    const job = { kind, address: address(), tables, clock, keyHex: row.keyHex };
    const { ask, end } = await startFactorWorker(job);
    const command = (name, ...args) => ask('command', { name, args });
    await ask('createTable');
    for (const { version, ...stored } of [row, full]) {
      await ask('insert', { ...stored, version: String(version) });
      const { userId } = stored;
      expect(await ask('read', { userId })).toEqual({
        record: stored.record,
        version: String(version),
      });
      expect(await command('status', userId)).toEqual(await statusInMemory(stored, row.now));
    }
    expect(await command('verify', row.userId, row.totp)).toMatchObject({ ok: true, delta: 0 });
    expect(await command('verify', row.userId, row.totp)).toMatchObject({ reason: 'reused' });
    expect(await command('recover', row.userId, row.recoveryCode)).toMatchObject({ ok: true });
    expect((await ask('read', { userId: row.userId })).version).toBe('3');
    const [{ id }] = golden('record').authenticators;
    expect(await command('rename', 'full', id, 'Renamed')).toEqual({ ok: true });
    expect((await ask('read', { userId: 'full' })).version).toBe(String(2n ** 53n + 2n));
    await end();
  });
}

/** The state of a record for a release that keeps it in memory. */
async function statusInMemory({ userId, record }, moment) {
  const store = memoryFactorStore();
  await store.write(userId, record, undefined, { state: 'active', sealedWith: [], events: [] });
  const { run } = traceSecondFactor({ store, now: () => moment });
  return run([], (second) => second.status(userId));
}
