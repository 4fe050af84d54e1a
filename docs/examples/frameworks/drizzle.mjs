// Drizzle: the second factor over its pool; stands in the place of `second-factor.mjs`.
import { drizzle } from 'drizzle-orm/node-postgres';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { postgresFactorStore } from 'otpcore/second-factor/postgres';

export const db = drizzle(process.env.DATABASE_URL);
db.$client.on('error', console.error);

export const second = createSecondFactor({
  issuer: 'ACME',
  store: postgresFactorStore(db.$client), // outside of any transaction
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(process.env.OTP_KEY, 'base64') } }),
});
