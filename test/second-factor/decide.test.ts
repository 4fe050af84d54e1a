// The core by itself: pure, synchronous, and deaf to anything but its arguments.
import { describe, expect, test } from 'vitest';
import { createKey, generateTotp } from '../../src/index.js';
import { DEFAULT_THROTTLE } from '../../src/second-factor/throttle.js';
import { decide, type FactorEnvironment, type FactorRecord } from '../../src/second-factor.js';
import { START, USER } from './support.js';

const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
const code = generateTotp(key, { timestamp: START });
const environment: FactorEnvironment = {
  userId: USER,
  now: START,
  keys: new Map([['phone', key]]),
  outdated: 0,
  recoveryCodes: [],
  policy: {
    window: { past: 1, future: 1 },
    maxAuthenticators: 5,
    keepRecoveryCodes: false,
    pendingFor: 900,
    throttle: DEFAULT_THROTTLE,
  },
};
const record: FactorRecord = {
  v: 1,
  epoch: 7,
  authenticators: [
    {
      ...{ id: 'phone', name: 'Phone', sealed: 'k1.x', algorithm: 'SHA1', digits: 6, period: 30 },
      ...{ lastStep: -1, drift: 0, addedAt: 0, usedAt: 0 },
    },
  ],
  code: { failures: 2, retryAt: 0, spentUntil: 0 },
  recover: { failures: 0, retryAt: 0 },
  recovery: [],
};

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('decide', () => {
  test('changes none of its arguments, and answers the same to the same', () => {
    const command = { type: 'verify', code } as const;
    const [one, two] = [1, 2].map(() =>
      decide(frozen(record), frozen(command), frozen(environment)),
    );
    expect(one).toEqual(two);
    expect(one?.result).toMatchObject({ ok: true, authenticatorId: 'phone', epoch: 7 });
    expect(one?.record).toMatchObject({
      authenticators: [{ lastStep: START / 30_000, usedAt: START }],
      code: { failures: 0 },
    });
  });

  test('has nothing to write for an answer that changes nothing', () => {
    const malformed = decide(record, { type: 'verify', code: 'x' }, environment);
    expect(malformed).toEqual({
      result: { ok: false, reason: 'malformed', attemptsLeft: 1, retryAfter: 0 },
      events: [],
    });
    expect(decide(record, { type: 'status' }, environment).record).toBeUndefined();
  });

  test('counts a wrong code in the record that it gives back', () => {
    const { result, record: counted } = decide(
      record,
      { type: 'verify', code: '000001' },
      environment,
    );
    expect(result).toMatchObject({ reason: 'mismatch', attemptsLeft: 0, retryAfter: 4 });
    expect(counted?.code).toEqual({
      failures: 3,
      retryAt: START + 4000,
      spentUntil: START + 86_400_000,
    });
  });

  test('without the key of an authenticator is an error', () => {
    const blind = { ...environment, keys: new Map() };
    expect(() => decide(record, { type: 'verify', code }, blind)).toThrow(/"keys"/);
  });

  test.each(['verifyy', '', undefined, 'constructor', 'toString', '__proto__'])(
    'of the command %j is an error',
    (type) => {
      expect(() => decide(record, { type } as never, environment)).toThrow(/"command.type"/);
    },
  );
});
