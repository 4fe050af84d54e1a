// A Worker with a D1 database and a Durable Object, each under the suite of the factor stores.
import { DurableObject } from 'cloudflare:workers';
import { createSqliteFactorTable, sqliteFactorStore } from 'otpcore/second-factor/sqlite';
import { enrolUser, firstWrite, judgeFactorStore, signIn } from './factors-suite.mjs';
import { failureOf } from './stores-suite.mjs';

const TABLES = { eventsTable: 'otp_events' };
const ERASE = 'DELETE FROM otp_factors WHERE user_id = ?1';
const COUNT = "SELECT count(*) AS n FROM otp_events WHERE type = 'accepted'";

/** Makes the tables twice, as two deployments do, and judges the store. */
async function judge(db, { erase, count }) {
  const store = sqliteFactorStore(db, TABLES);
  const withoutTable = await failureOf(() => firstWrite(store));
  await createSqliteFactorTable(db, TABLES);
  await createSqliteFactorTable(db, TABLES);
  const judged = await judgeFactorStore(store, erase);
  return { ...judged, withoutTable, accepted: await count() };
}

export class Factors extends DurableObject {
  judge() {
    const { sql } = this.ctx.storage;
    return judge(sql, {
      erase: (userId) => sql.exec(ERASE, userId).toArray(),
      count: () => sql.exec(COUNT).one().n,
    });
  }

  enrol(userId) {
    return enrolUser(sqliteFactorStore(this.ctx.storage.sql, TABLES), userId);
  }

  signIn(userId, typed) {
    return signIn(sqliteFactorStore(this.ctx.storage.sql, TABLES), userId, typed);
  }

  wrongClient() {
    return failureOf(() => sqliteFactorStore(this.ctx.storage));
  }
}

/** 64 requests at once to one object. */
async function stormOf(object) {
  const typed = await object.enrol('requests');
  return Promise.all(Array.from({ length: 64 }, () => object.signIn('requests', typed)));
}

/** A session of D1 reads what the database wrote. */
async function judgeSession(db) {
  const session = sqliteFactorStore(db.withSession('first-primary'), TABLES);
  const typed = await enrolUser(session, 'session');
  const outcomes = [await signIn(session, 'session', typed)];
  return [...outcomes, await signIn(sqliteFactorStore(db, TABLES), 'session', typed)];
}

export default {
  async fetch(_request, { DB, FACTORS }) {
    const object = FACTORS.get(FACTORS.idFromName('factors'));
    const d1 = await judge(DB, {
      erase: (userId) => DB.prepare(ERASE).bind(userId).run(),
      count: () => DB.prepare(COUNT).first('n'),
    });
    const durable = await object.judge();
    return Response.json({
      d1: { ...d1, session: await judgeSession(DB) },
      durable: {
        ...durable,
        requests: await stormOf(object),
        wrongClient: await object.wrongClient(),
      },
    });
  },
};
