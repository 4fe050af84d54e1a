/**
 * The keys that seal secrets: `SEALING_KEYS=k2:base64,k1:base64`, the first in use. Without it the
 * portal makes one, and keeps it in its data folder.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aesGcmSealer } from 'otpcore/second-factor';

/** @returns `{ current, keys }`, as `aesGcmSealer` takes them */
export function readSealingKeys(text, folder) {
  const entries = (text ?? readOrMake(join(folder, 'sealing-keys'))).trim().split(',');
  const keys = Object.fromEntries(
    entries.map((entry) => {
      const [id, base64 = ''] = entry.split(':');
      return [id.trim(), new Uint8Array(Buffer.from(base64, 'base64'))];
    }),
  );
  return { current: Object.keys(keys)[0], keys };
}

function readOrMake(file) {
  if (!existsSync(file)) {
    const made = `k1:${randomBytes(32).toString('base64')}\n`;
    writeFileSync(file, made, { mode: 0o600, flag: 'wx' });
    console.log(`SEALING_KEYS is not set, so the portal made a key: ${file}`);
  }
  return readFileSync(file, 'utf8');
}

/**
 * The sealer, once each key has opened what the same key sealed at its first start. So a wrong key is
 * found before a user signs in.
 *
 * @throws {Error} naming the key that is wrong or missing
 */
export async function openSealer(query, { current, keys }) {
  const about = { userId: '', authenticatorId: 'key-check' };
  for (const id of Object.keys(keys)) {
    const sealed = await aesGcmSealer({ current: id, keys }).seal(new Uint8Array(20), about);
    await query('INSERT INTO key_checks VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, sealed]);
  }
  const sealer = aesGcmSealer({ current, keys });
  const used = await usedKeys(query);
  for (const { id, sealed } of (await query('SELECT id, sealed FROM key_checks')).rows) {
    if (!used.has(id) && !Object.hasOwn(keys, id)) continue;
    await sealer.open(sealed, about).catch(() => {
      throw new Error(
        `SEALING_KEYS lacks the key "${id}" of this database, or has another by its name`,
      );
    });
  }
  return sealer;
}

/** The ids of the keys that records need. */
async function usedKeys(query) {
  const { rows } = await query('SELECT DISTINCT sealed_with FROM otp_factors');
  return new Set(rows.flatMap(({ sealed_with: ids }) => ids.split(',')));
}
