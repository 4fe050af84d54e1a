// One process with two connections to one file: a driver's own write transaction, and a store over
// node:sqlite that claims each code inside it and again after its commit. Prints how often each pair of
// outcomes came: `node two-connections.mjs <driver of the transaction> <file>`.
import { DatabaseSync } from 'node:sqlite';
import { createClient } from '@libsql/client';
import { createSqliteTable, sqliteStore } from '../../../dist/node/stores/sqlite.js';
import { attempt, newId } from './attempt.mjs';

const [, , driver, file] = process.argv;

/** Begins a transaction that has written, and answers how to commit it. */
const BEGIN = {
  '@libsql/client'() {
    const client = createClient({ url: `file:${file}` });
    return async () => {
      const transaction = await client.transaction('write');
      await transaction.execute('INSERT INTO notes VALUES (1)');
      return () => transaction.commit();
    };
  },
  'node:sqlite'() {
    const client = new DatabaseSync(file);
    return async () => {
      client.exec('BEGIN IMMEDIATE; INSERT INTO notes VALUES (1)');
      return async () => client.exec('COMMIT');
    };
  },
};

const client = new DatabaseSync(file, { timeout: 10 });
client.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (note INT)');
await createSqliteTable(client);
const store = sqliteStore(client);
const begin = BEGIN[driver]();

const counts = {};
for (let i = 0; i < 20; i++) {
  const id = newId();
  const commit = await begin();
  const outcomes = [await attempt(store, id)];
  await commit();
  outcomes.push(await attempt(store, id));
  const pair = outcomes.map((outcome) => outcome.replace(/:.*/s, '')).join(', ');
  counts[pair] = (counts[pair] ?? 0) + 1;
}
console.log(JSON.stringify(counts));
