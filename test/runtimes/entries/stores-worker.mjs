// A Worker with a D1 database and a Durable Object, each under the suite of the stores.
import { DurableObject } from 'cloudflare:workers';
import { createKey, verifyTotpOnce } from 'otpcore';
import { createSqliteTable, sqliteStore } from 'otpcore/stores/sqlite';
import { failureOf, judgeStore } from './stores-suite.mjs';

const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const attempt = async (store, id) => {
  const result = await verifyTotpOnce(key, '287082', { store, id, timestamp: 59_000 });
  return result.valid ? 'accepted' : result.reason;
};
const attemptsAtOnce = (store, id) =>
  Promise.all(Array.from({ length: 64 }, () => attempt(store, id)));

export class Claims extends DurableObject {
  async judge() {
    const { storage } = this.ctx;
    const store = sqliteStore(storage.sql);
    const withoutTable = await failureOf(() => store.claim('alice', 7));
    await createSqliteTable(storage.sql);
    await createSqliteTable(storage.sql);
    const suite = await judgeStore(store);
    // An index and a trigger change more rows than the claim's.
    storage.sql.exec('CREATE TABLE written (id TEXT, step INTEGER)');
    storage.sql.exec('CREATE INDEX by_step ON otp_steps (step)');
    storage.sql.exec(`CREATE TRIGGER note AFTER INSERT ON otp_steps
      BEGIN INSERT INTO written VALUES (NEW.id, NEW.step); END`);
    const indexed = [store.claim('indexed', 7), store.claim('indexed', 7)];
    const rolledBack = await failureOf(() =>
      storage.transactionSync(() => {
        store.claim('back', 7);
        throw new Error('rolled back');
      }),
    );
    return {
      suite,
      withoutTable,
      indexed,
      rolledBack: [rolledBack, store.claim('back', 7)],
      wrongClient: await failureOf(() => sqliteStore(storage)),
    };
  }

  async attempt(id) {
    return attempt(sqliteStore(this.ctx.storage.sql), id);
  }
}

async function judgeD1(db) {
  const store = sqliteStore(db);
  const withoutTable = await failureOf(() => store.claim('alice', 7));
  await createSqliteTable(db);
  await createSqliteTable(db);
  const session = sqliteStore(db.withSession('first-primary'));
  const answers = [await session.claim('session', 7), await store.claim('session', 7)];
  return {
    suite: await judgeStore(store),
    withoutTable,
    session: answers,
    atOnce: await attemptsAtOnce(store, 'at once'),
  };
}

export default {
  async fetch(_request, { DB, CLAIMS }) {
    const object = CLAIMS.get(CLAIMS.idFromName('claims'));
    const durable = await object.judge();
    const atOnce = await Promise.all(Array.from({ length: 64 }, () => object.attempt('at once')));
    return Response.json({ d1: await judgeD1(DB), durable: { ...durable, atOnce } });
  },
};
