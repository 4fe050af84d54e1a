// `verify` of the second factor: on the store in memory, beside the parts that it is made of, and on
// PostgreSQL, beside the three statements of a throttle written by hand.
import { factorsInMemory, openingAlone } from '../factors/memory.mjs';
import { factorsOnPostgres, statementsByHand } from '../factors/postgres.mjs';

/** Shows secrets as they are: what remains of `verify` is all but AES-GCM. */
const openSealer = {
  isCurrent: () => true,
  seal: (secret) => `k1.${Buffer.from(secret).toString('base64url')}`,
  open: (sealed) => new Uint8Array(Buffer.from(sealed.slice(3), 'base64url')),
};

const JOBS = {
  verify: (users) => factorsInMemory(users),
  open: (users) => openingAlone(users),
  'without-aes': (users) => factorsInMemory(users, openSealer),
  postgres: (users) => factorsOnPostgres(users),
  statements: (users) => statementsByHand(users),
};

export const subject = {
  label: 'secondFactor.verify',
  keeps: 'a record a user',
  jobOf: (row, _subject, _algorithm, users) => JOBS[row.split(':')[1]](users),
};
