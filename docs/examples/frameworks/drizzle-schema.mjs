// The table of `postgresFactorStore` in Drizzle's words, so that `drizzle-kit generate` makes it.
import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const otpFactors = pgTable('otp_factors', {
  userId: text('user_id').primaryKey(),
  record: text('record').notNull(), // not json: it comes back as it was written
  state: text('state').notNull(),
  sealedWith: text('sealed_with').notNull(),
  version: bigint('version', { mode: 'bigint' }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
});
