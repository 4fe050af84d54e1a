// A second factor whose writes leave a trace in the table of events: the version and the record that a
// write rests upon, the record that it leaves, and the codes that its command was given. A judge reads
// the history of every row from it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomUUID } from 'node:crypto';
import { aesGcmSealer, createSecondFactor } from '../../../dist/second-factor.js';

const commands = new AsyncLocalStorage();

/** A short name for a record. */
export const digest = (record) =>
  createHash('sha256').update(record).digest('base64url').slice(0, 16);

/** Shows the secrets to the tests. Only one of two keys is current, as while keys change. */
export const sealerWith = (current) => ({
  isCurrent: (sealed) => sealed.startsWith(`${current}.`),
  seal: (secret) => `${current}.${Buffer.from(secret).toString('hex')}`,
  open: (sealed) => new Uint8Array(Buffer.from(sealed.split('.')[1], 'hex')),
});

/** The sealer of rows that were written elsewhere. */
export const sealerUnder = (keyHex) =>
  aesGcmSealer({ current: 'k1', keys: { k1: new Uint8Array(Buffer.from(keyHex, 'hex')) } });

/**
 * @param tell - is given `{ write, isKept }` once the store has answered a write
 * @returns the second factor, and `run(uses, command)`, in which alone it may be used
 */
export function traceSecondFactor({ store, now, tell = () => {}, sealer = sealerWith('k1') }) {
  const second = createSecondFactor({
    issuer: 'ACME',
    store: traced(store, tell),
    sealer,
    // A wrong code is no right one by chance.
    digits: 8,
    now,
  });
  return { second, run: (uses, command) => commands.run({ uses }, () => command(second)) };
}

function traced(store, tell) {
  return {
    async read(userId) {
      const stored = await store.read(userId);
      commands.getStore().from = stored === undefined ? null : digest(stored.record);
      return stored;
    },
    async write(userId, record, version, more) {
      const { uses, from } = commands.getStore();
      const of = more.events.length;
      const write = { id: randomUUID(), base: version ?? null, from, to: digest(record), of, uses };
      const events = more.events.map((event) => ({ ...event, write }));
      const isKept = await store.write(userId, record, version, { ...more, events });
      await tell({ write: write.id, isKept });
      return isKept;
    },
  };
}

/** A store that is wrong: it writes over whatever is there. */
export function leaky(store) {
  return {
    read: (userId) => store.read(userId),
    async write(userId, record, _version, more) {
      for (;;) {
        const stored = await store.read(userId);
        if (await store.write(userId, record, stored?.version, more)) return true;
      }
    },
  };
}
