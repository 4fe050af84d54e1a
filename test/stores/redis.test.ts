// Over clients that answer as node-redis, ioredis and @upstash/redis do; those themselves, and the script, are tested
// on real servers, in test/servers.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type RedisClient, redisStore } from '../../src/stores/redis.js';
import { testSingleUseStore } from '../../src/testing.js';
import { failureOf, testRefusals } from '../support/claim-checks.js';
import { naiveStore } from '../support/naive-store.js';

type Call = [command: string, script: string, key: string, step: string];
type Server = (...call: Call) => unknown;

const sent: Call[] = [];

beforeEach(() => {
  sent.length = 0;
});

function nodeRedisOf(server: Server): RedisClient {
  const call =
    (command: string) =>
    async (script: string, options: { keys: string[]; arguments: string[] }) => {
      expect([options.keys.length, options.arguments.length]).toEqual([1, 1]);
      const args: Call = [command, script, options.keys[0] ?? '', options.arguments[0] ?? ''];
      sent.push(args);
      return server(...args);
    };
  return { eval: call('EVAL'), evalSha: call('EVALSHA') };
}

function ioRedisOf(server: Server): RedisClient {
  const call =
    (command: string) => async (script: string, count: number, key: string, step: string) => {
      expect(count).toBe(1);
      sent.push([command, script, key, step]);
      return server(command, script, key, step);
    };
  return { eval: call('EVAL'), evalsha: call('EVALSHA') };
}

function upstashOf(server: Server): RedisClient {
  const call = (command: string) => async (script: string, keys: string[], args: string[]) => {
    expect([keys.length, args.length]).toEqual([1, 1]);
    const sending: Call = [command, script, keys[0] ?? '', args[0] ?? ''];
    sent.push(sending);
    return server(...sending);
  };
  return { eval: call('EVAL'), evalsha: call('EVALSHA'), createScript: () => ({}) };
}

const clients = [
  ['node-redis', nodeRedisOf],
  ['ioredis', ioRedisOf],
  ['Upstash', upstashOf],
] as const;

/** What a server that does not know the script says. */
function noScript(): Error {
  return new Error('NOSCRIPT No matching script. Please use EVAL.');
}

describe.each(clients)('Over a client of %s', (_, clientOf) => {
  const keys = naiveStore();
  const server: Server = (_command, _script, key, step) => Number(keys.claim(key, Number(step)));
  testSingleUseStore(redisStore(clientOf(server)), test);

  test('a claim is one call, by the script’s hash', async () => {
    const store = redisStore(clientOf(() => 1));
    expect(sent).toEqual([]);
    expect(await store.claim('alice', 2 ** 53 - 1)).toBe(true);
    expect(sent).toMatchObject(
      [['EVALSHA', /^[0-9a-f]{40}$/, 'otp:alice', '9007199254740991']].map(
        ([command, , key, step]) => [command, expect.stringMatching(/^[0-9a-f]{40}$/), key, step],
      ),
    );
  });

  test('a server that does not know the script gets its text, of which the hash is', async () => {
    const store = redisStore(
      clientOf((command) => {
        if (command === 'EVALSHA') throw noScript();
        return 1;
      }),
      { prefix: 'app:otp:' },
    );
    expect(await store.claim('alice', 7)).toBe(true);
    const [byHash, byText] = sent;
    expect(sent).toEqual([
      ['EVALSHA', byHash?.[1], 'app:otp:alice', '7'],
      ['EVAL', byText?.[1], 'app:otp:alice', '7'],
    ]);
    const sha1 = createHash('sha1')
      .update(byText?.[1] ?? '')
      .digest('hex');
    expect(byHash?.[1]).toBe(sha1);
  });

  test.each(['EVALSHA', 'EVAL'])('its error at %s comes through as it is', async (at) => {
    const lost = new Error('Socket closed unexpectedly');
    const store = redisStore(
      clientOf((command) => {
        throw command === at ? lost : noScript();
      }),
    );
    expect(await failureOf(store, 'alice', 7)).toBe(lost);
    expect(sent.map(([command]) => command)).toEqual(
      at === 'EVAL' ? ['EVALSHA', 'EVAL'] : ['EVALSHA'],
    );
  });

  test('the text is sent too where a cluster tells of the unknown script in the end', async () => {
    const store = redisStore(
      clientOf((command) => {
        if (command === 'EVAL') return 1;
        throw new Error(
          'Too many Cluster redirections. Last error: ReplyError: NOSCRIPT No script.',
        );
      }),
    );
    expect(await store.claim('alice', 7)).toBe(true);
    expect(sent.map(([command]) => command)).toEqual(['EVALSHA', 'EVAL']);
  });

  test.each([
    'READONLY You can’t write against a read only replica.',
    'ERR NOSCRIPTS is another word',
    'OOM command not allowed',
  ])('the error %s is not asked about again', async (message) => {
    const store = redisStore(
      clientOf(() => {
        throw new Error(message);
      }),
    );
    expect(await failureOf(store, 'alice', 7)).toMatchObject({ message });
    expect(sent).toHaveLength(1);
  });

  test.each([undefined, null, 'x'])('a rejection with %o comes through too', async (reason) => {
    const store = redisStore(clientOf(() => Promise.reject(reason)));
    expect(await failureOf(store, 'alice', 7)).toBe(reason);
  });

  test.each([
    [1, true],
    ['1', true],
    [1n, true],
    [0, false],
    ['0', false],
  ])('the answer %o is %s', async (answer, isGranted) => {
    expect(await redisStore(clientOf(() => answer)).claim('alice', 7)).toBe(isGranted);
  });

  test.each([
    ...[null, undefined, 'OK', 'QUEUED', true, false, 2, -1, '', ' 1', '1.0', 2n],
    ...[[], [1], [[1]], {}, Object(1), { toString: () => '1' }, Symbol('1')],
  ])('the answer %o is an error', async (answer) => {
    const store = redisStore(clientOf(() => answer));
    expect(await failureOf(store, 'alice', 7)).toMatchObject({
      name: 'TypeError',
      message: '"client" is of an unknown kind: it did not answer with 1 or 0',
    });
  });

  testRefusals(redisStore(clientOf(() => 1)), sent, ['\ud83d', 'secret\udd11']);
});

test.each([undefined, null, {}, 'redis://', () => {}, { eval() {} }, { evalsha: true }])(
  'A client may not be %o',
  (client) => {
    expect(() => redisStore(client as never)).toThrow(TypeError);
  },
);

describe('A prefix', () => {
  const client = ioRedisOf(() => 1);

  test.each(['a', 'otp:', 'app:otp:', 'v1.app_otp-', 'x'.repeat(63)])(
    'may be %s',
    async (prefix) => {
      await redisStore(client, { prefix }).claim('alice', 7);
      expect(sent.map(([, , key]) => key)).toEqual([`${prefix}alice`]);
    },
  );

  test.each(['', ' ', 'otp ', 'otp\n', '{otp}:', 'ötp', 'otp*', "otp'", 'x'.repeat(64)])(
    'may not be %j',
    (prefix) => {
      expect(() => redisStore(client, { prefix })).toThrow(RangeError);
      expect(() => redisStore(client, { prefix })).toThrow(/^"prefix" must be \S+/);
    },
  );

  test.each([null, 7, [':'], Object('otp:')])('may not be %o', (prefix) => {
    expect(() => redisStore(client, { prefix } as never)).toThrow(TypeError);
  });
});
