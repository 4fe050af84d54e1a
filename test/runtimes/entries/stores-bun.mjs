// The suite of the stores over bun:sqlite. The last line says what came of it.
import { Database } from 'bun:sqlite';
import { createSqliteTable, sqliteStore } from 'otpcore/stores/sqlite';
import { failureOf, judgeStore } from './stores-suite.mjs';

const found = {};
for (const [name, options] of [
  ['as it comes', undefined],
  ['safe integers', { safeIntegers: true, strict: true }],
]) {
  const db = new Database(':memory:', options);
  const store = sqliteStore(db);
  const withoutTable = await failureOf(() => store.claim('alice', 7));
  await createSqliteTable(db);
  const suite = await judgeStore(store);
  const rolledBack = await failureOf(() =>
    db.transaction(() => {
      store.claim('back', 7);
      throw new Error('rolled back');
    })(),
  );
  found[name] = { suite, withoutTable, rolledBack: [rolledBack, store.claim('back', 7)] };
}
console.log(JSON.stringify(found));
