// What the tests on servers rest upon: servers that end with the tests, whatever becomes of these.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NOTHING_WRONG as ALL_RIGHT, judgeFactors } from './support/factor-judge.mjs';
import { digest } from './support/factor-trace.mjs';
import { describeWith } from './support/needs.mjs';
import { redisProgram, redisRemedy, startRedis } from './support/redis.mjs';
import { freePort, makeServer } from './support/server.mjs';
import { describeStorm, judgeStorm, NOTHING_WRONG } from './support/storm.mjs';
import { STORM_IDS, STORM_STEPS } from './support/storm-plan.mjs';

const isThere = (pid) => existsSync(`/proc/${pid}`);

describeWith('A server', redisProgram, redisRemedy, () => {
  test('is gone with its folder when it was stopped', async () => {
    const { server, folder, stop } = await startRedis();
    expect(isThere(server.pid)).toBe(true);
    await stop();
    expect(isThere(server.pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'])(
    'ends with a process that gets %s',
    async (signal) => {
      const script = `
      import { startRedis } from './test/servers/support/redis.mjs';
      const { server, folder } = await startRedis();
      console.log(JSON.stringify({ pid: server.pid, folder }));
      setInterval(() => {}, 1000);`;
      const stdio = ['ignore', 'pipe', 'inherit'];
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio });
      const { pid, folder } = JSON.parse(await once(child.stdout, 'data'));
      expect(isThere(pid)).toBe(true);
      child.kill(signal);
      await expect.poll(() => isThere(pid), { timeout: 5000 }).toBe(false);
      // Nobody was left to remove it after SIGKILL.
      if (signal !== 'SIGKILL') {
        await expect.poll(() => existsSync(folder), { timeout: 5000 }).toBe(false);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  );

  test('that does not start says why', async () => {
    const port = await freePort();
    const args = ['--port', String(port), '--no-such-setting', 'x'];
    const server = makeServer({ name: 'redis-server', command: redisProgram, args });
    await expect(server.start()).rejects.toThrow(/redis-server ended[\s\S]*no-such-setting/);
  });
});

describe('The judge of a storm', () => {
  /** A storm of one process that was granted every step, all in order. */
  const all = STORM_IDS.flatMap((id) => Array.from({ length: STORM_STEPS }, (_, i) => [id, i + 1]));
  const [id] = STORM_IDS;

  test('finds nothing wrong with what is right', () => {
    expect(judgeStorm({ granted: [all, []], written: all })).toEqual(NOTHING_WRONG);
    const storm = { granted: [all, []], errors: [], seconds: 2 };
    expect(describeStorm('a store', storm)).toContain('10000 granted, 0 to 10000 a process');
  });

  test.each([
    ['a step granted twice', [all, [[id, 7]]], all, 'grantedTwice'],
    ['a step written twice', [all], [...all, [id, STORM_STEPS]], 'writtenTwice'],
    ['a grant that was not written', [all], all.slice(1), 'grantedNotWritten'],
    ['a write that was not granted', [all.slice(1)], all, 'writtenNotGranted'],
    ['steps that fall', [all], [[id, 2], ...all.filter((_, i) => i !== 1)], 'notRising'],
    [
      'a highest step that nobody got',
      [all.filter((_, i) => i !== STORM_STEPS - 1)],
      all.filter((_, i) => i !== STORM_STEPS - 1),
      'highestNotGranted',
    ],
  ])('finds %s', (_, granted, written, what) => {
    expect(judgeStorm({ granted, written })[what].length).toBeGreaterThan(0);
  });
});

describe('The judge of a storm of commands', () => {
  const user = 'user-1';
  const record = (lastStep) =>
    JSON.stringify({ authenticators: [{ id: 'A', lastStep }], recovery: [] });
  const write = (id, base, from, lastStep, uses = []) => ({
    ...{ id, base, from, uses, of: 1 },
    to: digest(record(lastStep)),
  });
  const event = (type, one) => ({ type, userId: user, write: one });
  const adopted = write('1', null, null, -1);
  const accepted = write('2', '70', adopted.to, 5, ['A@5']);
  const refused = write('3', '71', accepted.to, 5, ['A@5']);
  const right = {
    told: [
      ...['1', '2', '3'].map((id) => ({ write: id, isKept: true })),
      { write: '4', isKept: false },
      { userId: user, command: 'verify', ok: true, uses: ['A@5'] },
      { userId: user, command: 'verify', ok: false, uses: ['A@5'] },
    ],
    events: [event('adopted', adopted), event('accepted', accepted), event('refused', refused)],
    rows: [[user, { record: record(5), version: '72' }]],
  };
  const [first, second, third] = right.events;
  const ok = { userId: user, command: 'verify', ok: true, uses: ['A@5'] };
  const stale = write('4', '71', accepted.to, 6, ['A@6']);

  test('finds a right history right', () => {
    expect(judgeFactors(right)).toEqual(ALL_RIGHT);
  });

  test.each([
    ['a code that two commands accepted', 'acceptedTwice', { told: [...right.told, ok] }],
    [
      'a code that two writes spent',
      'spentTwice',
      { events: [first, second, event('accepted', refused)] },
    ],
    [
      'a write over a stale version',
      'offTheChain',
      { events: [...right.events, event('accepted', stale)] },
    ],
    ['a write after one that is gone', 'offTheChain', { events: [first, third] }],
    ['a row made anew', 'offTheChain', { events: [second, third] }],
    [
      'a write with half of its events',
      'tornEvents',
      { events: [first, event('accepted', { ...accepted, of: 2 }), third] },
    ],
    ['an acknowledged write without events', 'lostWrites', { events: [first, second] }],
    [
      'a refused write that was kept',
      'refusedButKept',
      { events: [...right.events, event('accepted', stale)] },
    ],
    [
      'a row of an older version',
      'wrongRows',
      { rows: [[user, { record: record(5), version: '71' }]] },
    ],
    [
      'a row with another record',
      'wrongRows',
      { rows: [[user, { record: record(6), version: '72' }]] },
    ],
    ['a row that is gone', 'wrongRows', { rows: [[user, undefined]] }],
    [
      'a spent code that is good again',
      'forgotten',
      { rows: [[user, { record: record(4), version: '72' }]] },
    ],
  ])('finds %s', (_, fault, changed) => {
    expect(judgeFactors({ ...right, ...changed })[fault]).not.toEqual([]);
  });
});
