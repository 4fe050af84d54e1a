// Prisma: the second factor over the pool of its adapter; stands in the place of `second-factor.mjs`.
import { PrismaPg } from '@prisma/adapter-pg';
import { aesGcmSealer, createSecondFactor } from 'otpcore/second-factor';
import { postgresFactorStore } from 'otpcore/second-factor/postgres';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
export const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

export const second = createSecondFactor({
  issuer: 'ACME',
  store: postgresFactorStore(pool), // outside of any transaction
  sealer: aesGcmSealer({ current: 'k1', keys: { k1: Buffer.from(process.env.OTP_KEY, 'base64') } }),
});
