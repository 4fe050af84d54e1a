/** The second factor: this file is all that the portal has to say about it. */

import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createSecondFactor } from 'otpcore/second-factor';
import { postgresFactorStore } from 'otpcore/second-factor/postgres';
import { FACTOR_TABLES } from './database.mjs';

export function createFactor({ database, sealer, mailFolder, now }) {
  return createSecondFactor({
    issuer: 'Example Portal',
    // Its own connections, outside of transactions: a rollback would forget failures.
    store: postgresFactorStore(database.client, FACTOR_TABLES),
    sealer,
    now,
    onEvent: (event) => (event.notify ? sendMail(database, mailFolder, event) : undefined),
  });
}

const TEXTS = {
  'authenticator-added': 'An authenticator app was added to your account.',
  'authenticator-replaced': 'A new authenticator app took the place of your former one.',
  'authenticator-removed': 'An authenticator app was removed from your account.',
  'recovery-code-used': 'A recovery code was used to sign in to your account.',
  'recovery-codes-regenerated': 'New recovery codes were made. The former ones no longer work.',
  guessing: 'Ten wrong codes in a row: somebody else knows your password. Change it now.',
  locked: 'A hundred wrong codes in a row locked your second factor. Use a recovery code.',
  reset: 'Support switched off your second factor. You set it up anew at the next sign-in.',
  resynced: 'The clock of your authenticator was corrected.',
};

/** A mail is a file here; a real portal hands it to its mail server. */
async function sendMail(database, folder, { userId, type, at }) {
  const { rows } = await database.query('SELECT email FROM users WHERE id = $1', [userId]);
  const text = TEXTS[type] ?? `Your second factor changed: ${type}.`;
  const mail = `To: ${rows[0]?.email}\nSubject: Your sign-in\n\n${text}\nIf this was not you, call support.\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${at}-${randomUUID()}-${type}.txt`, mail, { mode: 0o600 });
}
