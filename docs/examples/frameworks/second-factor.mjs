// The second factor over a pool of `pg`, made once for all requests.
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { createPostgresFactorTable, postgresFactorStore } from 'otpcore/second-factor/postgres';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', console.error); // an idle connection was lost; without a listener the process ends
await createPostgresFactorTable(pool); // or a migration with the text of postgresFactorSchema()

export const second = createSecondFactor({
  issuer: 'ACME',
  store: postgresFactorStore(pool),
  // 32 random bytes, and not in the same database: openssl rand -base64 32
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(process.env.OTP_KEY, 'base64') } }),
});
