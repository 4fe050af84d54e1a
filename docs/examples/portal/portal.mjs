/**
 * Starts the portal on loopback: `npm run portal` in the project, or `node portal.mjs` here.
 *
 * `PORT` chooses the port, `DATABASE_URL` a PostgreSQL, `SEALING_KEYS` the keys of secrets,
 * `PUBLIC_ORIGIN` the address behind TLS, and `PORTAL_DATA` the folder for everything else.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPortal } from './app.mjs';
import { openDatabase } from './database.mjs';
import { listen } from './listen.mjs';
import { PASSWORD, SAMPLE_USERS } from './sample-users.mjs';
import { readSealingKeys } from './sealing-keys.mjs';

const {
  PORT = '3000',
  DATABASE_URL,
  SEALING_KEYS,
  PUBLIC_ORIGIN,
  PORTAL_DATA = fileURLToPath(new URL('data', import.meta.url)),
} = process.env;

try {
  mkdirSync(PORTAL_DATA, { recursive: true, mode: 0o700 });
  const database = await openDatabase(DATABASE_URL, PORTAL_DATA);
  const keys = readSealingKeys(SEALING_KEYS, PORTAL_DATA);
  const mailFolder = join(PORTAL_DATA, 'mails');
  const { port } = await listen(
    await createPortal({ database, keys, mailFolder, origin: PUBLIC_ORIGIN }),
    Number(PORT),
  );
  console.log(`The portal listens on http://127.0.0.1:${port}\n`);
  console.log(`Sample users; the password of each is "${PASSWORD}":`);
  for (const { name, about } of SAMPLE_USERS) console.log(`  ${name.padEnd(6)} ${about}`);
  console.log(`\nMails to users are files in ${mailFolder}. Ctrl-C stops the portal.`);
} catch (error) {
  console.error(`The portal did not start: ${error.message}`);
  process.exit(1);
}
