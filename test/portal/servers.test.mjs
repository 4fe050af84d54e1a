// Two instances on one PostgreSQL: the same code at both, and one of them killed in a storm.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../docs/examples/portal/database.mjs';
import { describeWith } from '../servers/support/needs.mjs';
import { postgresProgram, postgresRemedy, startPostgres } from '../servers/support/postgres.mjs';
import { enrolByHttp, signInByHttp, typeByHttp } from './support/http.mjs';
import { PASSWORD } from './support/portal.mjs';

const PROGRAM = fileURLToPath(new URL('../../docs/examples/portal/portal.mjs', import.meta.url));
const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

let postgres;
let folder;
const running = [];
beforeAll(async () => {
  if (postgresProgram !== undefined) postgres = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'otpcore-portals-'));
});
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const addressOf = ({ host, port, user, database }) =>
  `postgres://${user}@${host}:${port}/${database}`;

async function select(statement) {
  const database = await openDatabase(addressOf(postgres.address), folder);
  try {
    return (await database.query(statement)).rows;
  } finally {
    await database.close();
  }
}

/** Starts the program as a person does; resolves with its address, or what it said instead. */
async function start(settings = {}) {
  const env = {
    ...{ PATH: process.env.PATH, PORT: '0', PORTAL_DATA: folder, SEALING_KEYS: KEY },
    ...{ DATABASE_URL: addressOf(postgres.address), ...settings },
  };
  const child = spawn(process.execPath, [PROGRAM], { env });
  let said = '';
  const address = await new Promise((resolve) => {
    const hear = (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', () => resolve(undefined));
  });
  const one = { child, address, said: () => said };
  running.push(one);
  return one;
}

describeWith('Two instances on one PostgreSQL', postgresProgram, postgresRemedy, () => {
  let one;
  let two;
  let boss;

  test('start at once on an empty database', async () => {
    [one, two] = await Promise.all([start(), start()]);
    expect(one.address).toMatch(/^http/);
    expect(two.address).toMatch(/^http/);
    await expect.poll(one.said).toContain('Ctrl-C stops the portal');
    expect(one.said()).toContain(`the password of each is "${PASSWORD}"`);
  });

  test('accept the same code once, when both get it at the same time', async () => {
    const anna = await enrolByHttp(one.address, 'anna');
    const visits = await Promise.all(
      [one, two, one, two].map(({ address }) => signInByHttp(address, 'anna')),
    );
    const code = anna.nextCode();
    const answers = await Promise.all(visits.map((visit) => typeByHttp(visit, code)));
    expect(answers.filter(({ isIn }) => isIn)).toHaveLength(1);
    expect(answers.filter(({ isUsed }) => isUsed)).toHaveLength(3);
  });

  test('accept a code once, though one is killed in the middle of a storm', async () => {
    boss = await enrolByHttp(two.address, 'boss');
    const visits = [];
    for (let i = 0; i < 12; i++) visits.push(await signInByHttp([one, two][i % 2].address, 'boss'));
    const code = boss.nextCode();
    const storm = visits.map((visit) => typeByHttp(visit, code).catch(() => ({ isIn: false })));
    await Promise.race(storm);
    one.child.kill('SIGKILL');
    const answers = await Promise.all(storm);
    answers.push(await typeByHttp(await signInByHttp(two.address, 'boss'), code));
    expect(answers.filter(({ isIn }) => isIn).length).toBeLessThanOrEqual(1);
    const rows = await select("SELECT user_id FROM otp_events WHERE type = 'accepted'");
    // One of anna's and one of boss's: a killed instance may have kept its answer to itself.
    expect(new Set(rows.map(({ user_id: id }) => id)).size).toBe(2);
    expect(rows).toHaveLength(2);
  });

  test('go on afterwards, and so does the killed one', async () => {
    one = await start();
    await boss.waitForNextStep();
    const visit = await signInByHttp(one.address, 'boss');
    expect(await typeByHttp(visit, boss.nextCode())).toMatchObject({ isIn: true });
  });

  test('do not start with another key under the same name, and say which', async () => {
    const wrong = await start({ SEALING_KEYS: `k1:${Buffer.alloc(32, 8).toString('base64')}` });
    expect(wrong.address).toBeUndefined();
    expect(wrong.said()).toContain('another by its name');
    expect(wrong.said()).toContain('"k1"');
    const missing = await start({ SEALING_KEYS: `k2:${Buffer.alloc(32, 8).toString('base64')}` });
    expect(missing.address).toBeUndefined();
    expect(missing.said()).toContain('lacks the key "k1"');
  });
});
