// Cloudflare Workers and D1: stands in the place of `second-factor.mjs`, beside `hono.mjs`.
// `OTP_KEY` and `SESSION_SECRET` are secrets: `wrangler secret put OTP_KEY`.
import { env } from 'cloudflare:workers';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { sqliteFactorStore } from 'otpcore/second-factor/sqlite';

/** Each statement goes to the primary: under read replication a replica may give an old record. */
const primary = {
  prepare: (sql) => ({
    bind: (...values) =>
      env.DB.withSession('first-primary')
        .prepare(sql)
        .bind(...values),
  }),
};

export const second = createSecondFactor({
  issuer: 'ACME',
  store: sqliteFactorStore(primary), // the table: a D1 migration with the text of sqliteFactorSchema()
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(env.OTP_KEY, 'base64') } }),
});
