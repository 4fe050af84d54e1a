// Claim ids and rows as they are stored. The golden file was written by the first release; every later
// one has to count its claims, so it is never written anew.
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import { generateHotp } from '../../src/hotp.js';
import { createKey } from '../../src/key.js';
import { type SingleUseStore, verifyHotpOnce, verifyTotpOnce } from '../../src/single-use.js';
import { type MysqlPromiseClient, mysqlSchema, mysqlStore } from '../../src/stores/mysql.js';
import { postgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { type IoRedisClient, redisStore } from '../../src/stores/redis.js';
import { sqliteSchema, sqliteStore } from '../../src/stores/sqlite.js';

interface GoldenClaim {
  readonly kind: 'hotp' | 'totp';
  readonly id: string;
  readonly claimId: string;
}

const file = new URL('golden/claims.json', import.meta.url);
const { claims, rows } = JSON.parse(readFileSync(file, 'utf8'));

describe('The golden claim of', () => {
  const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');

  test.each(claims as GoldenClaim[])('$kind $id is made', async ({ kind, id, claimId }) => {
    const made: [string, number][] = [];
    const store: SingleUseStore = { claim: (...claim) => made.push(claim) > 0 };
    const code = generateHotp(key, 1);
    if (kind === 'totp') await verifyTotpOnce(key, code, { store, id, timestamp: 59_000 });
    else await verifyHotpOnce(key, code, { store, id, counter: 1 });
    expect(made).toEqual([[claimId, 1]]);
  });
});

/** Its step and those below are used; the next one is free. */
async function expectToCount(store: SingleUseStore): Promise<void> {
  const { id, step } = rows;
  const answers = [];
  for (const asked of [step - 1, step, step + 1, step + 1]) {
    answers.push(await store.claim(id, asked));
  }
  expect(answers).toEqual([false, false, true, false]);
}

describe('The golden row of', () => {
  test('PostgreSQL counts, in its own table', async () => {
    const db = new PGlite();
    await db.exec(`${rows.postgres.table};${rows.postgres.insert};${postgresSchema()}`);
    await expectToCount(postgresStore(db));
    const { rows: kept } = await db.query('SELECT id, step::text FROM otp_steps');
    expect(kept).toEqual([{ id: rows.id, step: String(rows.step + 1) }]);
    await db.close();
  });

  test('SQLite counts, in its own table', async () => {
    const db = createClient({ url: 'file::memory:' });
    for (const sql of [rows.sqlite.table, rows.sqlite.insert, sqliteSchema()]) {
      await db.execute(sql);
    }
    await expectToCount(sqliteStore(db));
    const { rows: kept } = await db.execute('SELECT id, step FROM otp_steps');
    expect(kept.map((row) => ({ ...row }))).toEqual([{ id: rows.id, step: rows.step + 1 }]);
    db.close();
  });

  test('MySQL is the one that is asked for, in its own table', async () => {
    const asked: unknown[] = [];
    const client: MysqlPromiseClient = {
      query(_, values) {
        asked.push(values[0]);
        return Promise.resolve([{ affectedRows: 1, insertId: 1 }, undefined]);
      },
    };
    expect(await mysqlStore(client).claim(rows.id, rows.step)).toBe(true);
    expect(asked).toEqual([rows.mysql.idHex]);
    expect(mysqlSchema()).toBe(rows.mysql.table);
  });

  test('Redis is the one that is asked for', async () => {
    const asked: unknown[] = [];
    const client: IoRedisClient = {
      eval: () => Promise.reject(new Error('not called')),
      evalsha(_sha1, _keyCount, key, step) {
        asked.push(key, step);
        return Promise.resolve(1);
      },
    };
    expect(await redisStore(client).claim(rows.id, rows.step)).toBe(true);
    expect(asked).toEqual([rows.redis.key, rows.redis.value]);
  });
});
