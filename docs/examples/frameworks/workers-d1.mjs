// Cloudflare Workers and D1: stands in the place of `second-factor.mjs`, beside `hono.mjs`.
// `OTP_KEY` and `SESSION_SECRET` are secrets: `wrangler secret put OTP_KEY`.
import { env } from 'cloudflare:workers';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { sqliteFactorStore } from 'otpcore/second-factor/sqlite';

export const second = createSecondFactor({
  issuer: 'ACME',
  // The table: a D1 migration with the text of sqliteFactorSchema().
  // Under read replication: env.DB.withSession('first-primary'), and then a store for each request.
  store: sqliteFactorStore(env.DB),
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(env.OTP_KEY, 'base64') } }),
});
