// The second factor, made once in each process: `next dev` loads this file again after each change.
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { postgresFactorStore } from 'otpcore/second-factor/postgres';
import pg from 'pg';

function make() {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  pool.on('error', console.error);
  const keys = { k1: Buffer.from(process.env.OTP_KEY, 'base64') };
  return createSecondFactor({
    issuer: 'ACME',
    store: postgresFactorStore(pool), // the table: a migration with the text of postgresFactorSchema()
    sealer: aesGcmSealer({ current: 'k1', keys }),
  });
}

/** At the first request, not on import: `next build` imports the routes too, without the secrets. */
export function secondFactor() {
  globalThis.secondFactor ??= make();
  return globalThis.secondFactor;
}
