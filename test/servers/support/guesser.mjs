// A process that sends wrong codes for one user, all at once, and prints how many had each answer.

import { mysqlFactorStore } from '../../../dist/second-factor/mysql.js';
import { postgresFactorStore } from '../../../dist/second-factor/postgres.js';
import { createSecondFactor } from '../../../dist/second-factor.js';
import { openStore } from './stores.mjs';

const { kind, address, userId, times } = JSON.parse(process.argv[2]);
const { client, end } = await openStore(kind, address);
const makeStore = kind.startsWith('m') ? mysqlFactorStore : postgresFactorStore;
const second = createSecondFactor({
  issuer: 'ACME',
  store: makeStore(client),
  sealer: {
    isCurrent: () => true,
    seal: () => 'k1.00',
    open: (sealed) => new Uint8Array(Buffer.from(sealed.slice(3), 'hex')),
  },
});
const counts = {};
const answers = await Promise.all(
  Array.from({ length: times }, () =>
    second.verify(userId, '999999').catch((error) => ({ reason: error.code ?? error.message })),
  ),
);
for (const { ok, reason } of answers) {
  const name = ok ? 'ok' : reason;
  counts[name] = (counts[name] ?? 0) + 1;
}
await end();
console.log(JSON.stringify(counts));
