/** A user with a phone, a service with a second factor, and a clock that the test moves. */
import { createKey, generateTotp, type OtpKey } from '../../src/index.js';
import { memoryFactorStore } from '../../src/second-factor/memory.js';
import {
  createSecondFactor,
  type FactorEvent,
  type FactorRecord,
  type FactorStore,
  type Sealer,
  type SecondFactor,
  type SecondFactorOptions,
} from '../../src/second-factor.js';

export const START = 1_800_000_000_000;
export const STEP = 30_000;
export const DAY = 86_400_000;
export const USER = 'user-1';

/** Shows secrets as they are: for tests of everything but the sealer. */
export const plainSealer: Sealer = {
  isCurrent: (sealed) => sealed.startsWith('k1.'),
  seal: (secret, { userId, authenticatorId }) =>
    `k1.${Buffer.from(secret).toString('hex')}.${authenticatorId}.${userId}`,
  open(sealed, { userId, authenticatorId }) {
    const [key = '', hex = '', ...about] = sealed.split('.');
    if (!/^k\d$/.test(key) || about.join('.') !== `${authenticatorId}.${userId}`) {
      throw new Error('sealed for other ids');
    }
    return new Uint8Array(Buffer.from(hex, 'hex'));
  },
};

/** An authenticator app: its clock may be off. */
export interface Phone {
  readonly key: OtpKey;
  /** The code shown `steps` steps from the service's current one. */
  code(steps?: number): string;
}

export interface World {
  readonly second: SecondFactor;
  readonly store: FactorStore;
  readonly events: FactorEvent[];
  /** What the sealer and the store were asked for, in order. */
  readonly calls: string[];
  now(): number;
  pass(ms: number): void;
  phone(secret: string, shape?: { digits?: number; period?: number }): Phone;
  record(userId?: string): Promise<FactorRecord>;
  /** Writes any text as the user's record. */
  plant(text: string, userId?: string): Promise<void>;
  /** Changes fields of the stored record. */
  change(fields: object, userId?: string): Promise<void>;
}

export function newWorld(options: Partial<SecondFactorOptions> = {}): World {
  let now = START;
  const calls: string[] = [];
  const events: FactorEvent[] = [];
  const inner = options.store ?? memoryFactorStore();
  const sealer = options.sealer ?? plainSealer;
  const store: FactorStore = {
    read(userId) {
      calls.push('read');
      return inner.read(userId);
    },
    write(...args) {
      calls.push('write');
      return inner.write(...args);
    },
  };
  const second = createSecondFactor({
    issuer: 'ACME',
    onEvent: (event) => void events.push(event),
    now: () => now,
    ...options,
    store,
    sealer: {
      isCurrent: (sealed) => sealer.isCurrent(sealed),
      seal(...args) {
        calls.push('seal');
        return sealer.seal(...args);
      },
      open(...args) {
        calls.push('open');
        return sealer.open(...args);
      },
    },
  });
  const world: World = {
    second,
    store: inner,
    events,
    calls,
    now: () => now,
    pass(ms) {
      now += ms;
    },
    phone(secret, { digits = 6, period = 30 } = {}) {
      const key = createKey(secret);
      const code = (steps = 0) =>
        generateTotp(key, { timestamp: now + 1000 * period * steps, digits, period });
      return { key, code };
    },
    async record(userId = USER) {
      const stored = await inner.read(userId);
      return JSON.parse(stored?.record ?? 'null');
    },
    async plant(text, userId = USER) {
      const stored = await inner.read(userId);
      const more = { state: 'none', sealedWith: [], events: [] } as const;
      await inner.write(userId, text, stored?.version, more);
    },
    async change(fields, userId = USER) {
      await world.plant(JSON.stringify({ ...(await world.record(userId)), ...fields }), userId);
    },
  };
  return world;
}

/** Enrols and confirms an authenticator; time moves on to a fresh code. */
export async function enrol(
  world: World,
  options: Partial<Parameters<SecondFactor['enroll']>[1]> = {},
  userId: string = USER,
) {
  const enrolled = await world.second.enroll(userId, { account: 'alice@example.com', ...options });
  if (!enrolled.ok) throw new Error(`not enrolled: ${enrolled.reason}`);
  const phone = world.phone(enrolled.secret, { digits: options.digits ?? 6 });
  const confirmed = await world.second.confirm(userId, enrolled.enrollmentId, phone.code());
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.reason}`);
  world.pass(2 * STEP);
  return { phone, id: enrolled.enrollmentId, codes: confirmed.recoveryCodes ?? [], ...confirmed };
}

/** A code that none of the phones shows within the day. */
export function wrongCode(phones: readonly Phone[], not: readonly string[] = []): string {
  for (let i = 0; i < 1e6; i++) {
    const code = String(i).padStart(6, '0');
    const isShown = phones.some((phone) =>
      Array.from({ length: 121 }, (_, steps) => phone.code(steps - 60)).includes(code),
    );
    if (!isShown && !not.includes(code)) return code;
  }
  throw new Error('every code is right');
}

/** The session's proof, as an application keeps it. */
export function sessionProof(epoch: number, verifiedAt: number) {
  return { session: { epoch, verifiedAt } };
}
