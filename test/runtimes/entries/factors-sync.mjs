// A factor store over an SQLite of the runtime, synchronous in Bun and in Node: the runtime's own
// module is found by name. The last line says what came of it.
import { createSqliteFactorTable, sqliteFactorStore } from 'otpcore/second-factor/sqlite';
import { firstWrite, judgeFactorStore } from './factors-suite.mjs';
import { failureOf } from './stores-suite.mjs';

/** Databases under each setting that changes the answers. */
async function openDatabases() {
  if (globalThis.Bun === undefined) {
    const { DatabaseSync } = await import('node:sqlite');
    return { 'node:sqlite': new DatabaseSync(':memory:') };
  }
  const { Database } = await import('bun:sqlite');
  return {
    'bun:sqlite': new Database(':memory:'),
    'bun:sqlite, safe integers': new Database(':memory:', { safeIntegers: true, strict: true }),
  };
}

/** How many events of a type the table of events has. */
function countEvents(db, type) {
  const rows = db.prepare('SELECT type FROM otp_events WHERE type = ?').all(type);
  return rows.length;
}

const found = {};
for (const [name, db] of Object.entries(await openDatabases())) {
  const tables = { eventsTable: 'otp_events' };
  const store = sqliteFactorStore(db, tables);
  const withoutTable = await failureOf(() => firstWrite(store));
  await createSqliteFactorTable(db, tables);
  await createSqliteFactorTable(db, tables);
  const erase = (userId) => db.prepare('DELETE FROM otp_factors WHERE user_id = ?').all(userId);
  const judged = await judgeFactorStore(store, erase);
  found[name] = { ...judged, withoutTable, accepted: countEvents(db, 'accepted') };
}
console.log(JSON.stringify(found));
