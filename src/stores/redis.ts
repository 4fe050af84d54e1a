/**
 * Claims in Redis, over the application's own client: of `redis` (node-redis) or `ioredis`, on a
 * single server or a cluster, or of `@upstash/redis` (over HTTP).
 *
 * A claim is an atomic script on one key, in one round trip. Redis may lose a step, depending on its
 * persistence, replication and eviction. A lost step can be claimed again: docs/stores.md.
 */
import { requireString, wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { LONE_SURROGATE, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** The part of a client, pool or cluster of `redis` in use. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): PromiseLike<unknown>;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): PromiseLike<unknown>;
}

/** The part of a Redis or Cluster of `ioredis` in use. */
export interface IoRedisClient {
  eval(script: string, keyCount: number, key: string, step: string): PromiseLike<unknown>;
  evalsha(sha1: string, keyCount: number, key: string, step: string): PromiseLike<unknown>;
}

/** The part of a client of `@upstash/redis` in use. */
export interface UpstashRedisClient {
  eval(script: string, keys: string[], args: string[]): PromiseLike<unknown>;
  evalsha(sha1: string, keys: string[], args: string[]): PromiseLike<unknown>;
  /** Distinguishes this client from the others; the store never calls it. */
  createScript(script: string): unknown;
}

/** A client of any of them. */
export type RedisClient = NodeRedisClient | IoRedisClient | UpstashRedisClient;

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * The prefix of each key, before the id: 1 to 63 ASCII letters, digits and any of `_:.-`.
   * Default `otp:`.
   */
  readonly prefix?: string | undefined;
}

const DEFAULT_PREFIX = 'otp:';
/** Without braces: in a cluster, a prefix with a hash tag would put all keys on one server. */
const PREFIX = /^[\w:.-]{1,63}$/;

/** Lua's numbers are doubles and hold every step exactly. The step is stored as received, as text. */
const SCRIPT = `local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`;
/** The SHA-1 of the script's text; a test computes it. */
const SCRIPT_SHA1 = 'bcc5ee780756e97a06d62e6bacdda85b9a3fd1a2';

/**
 * Makes a store on Redis, with keys of its own. The keys never expire.
 *
 * UTF-8 cannot encode a lone surrogate: `claim` rejects such an id with a RangeError, before sending a
 * command. If the client fails, `claim` rejects with the client's error.
 *
 * Disable the client's own retries, as below. A claim sent again after a lost answer is refused, and
 * the user's unused code is then `reused`.
 *
 * @throws {TypeError | RangeError} unless `client` is a client, and `prefix` within its limits
 * @see {@link https://redis.io/docs/latest/commands/evalsha/ | EVALSHA}
 *
 * @example
 * ```ts no-run
 * import { type RedisClient, redisStore } from 'otpcore/stores/redis';
 *
 * // node-redis: await createClient().connect() or createCluster(…)
 * // ioredis: new Redis({ maxRetriesPerRequest: 0 })
 * // Upstash: new Redis({ url, token, retry: { retries: 0 } })
 * declare const client: RedisClient;
 * const store = redisStore(client);
 * console.log(await store.claim('alice', 7), await store.claim('alice', 7)); // → true false
 * ```
 */
export function redisStore(
  client: RedisClient,
  options: RedisStoreOptions = NO_OPTIONS,
): SingleUseStore {
  const { byHash, byText } = callsOf(client);
  const { prefix: wanted = DEFAULT_PREFIX } = requireKnownOptions(options, ['prefix']);
  const prefix = requireString('prefix', wanted);
  if (!PREFIX.test(prefix)) {
    throw new RangeError('"prefix" must be 1 to 63 ASCII letters, digits and any of _ : . -');
  }
  return {
    async claim(id: string, step: number): Promise<boolean> {
      requireClaim(id, step, LONE_SURROGATE);
      const [key, text] = [prefix + id, String(step)];
      let answer: unknown;
      try {
        answer = await byHash(key, text);
      } catch (error) {
        // The script has not run yet, so a second attempt is safe.
        if (!isUnknownScript(error)) throw error;
        answer = await byText(key, text);
      }
      return isGranted(answer);
    },
  };
}

type RunClaim = (key: string, step: string) => PromiseLike<unknown>;

/** @throws {TypeError} for an answer foreign to the script */
function isGranted(answer: unknown): boolean {
  // A client may be configured to give strings.
  const isPlain = ['number', 'bigint', 'string'].includes(typeof answer);
  const text = isPlain ? String(answer) : '';
  if (text !== '1' && text !== '0') unknownAnswer('client', '1 or 0');
  return text === '1';
}

/** Whether the server lacks the script; a cluster's client says so at the end of its message. */
function isUnknownScript(error: unknown): boolean {
  return /\bNOSCRIPT\b/.test(String((error as Error | undefined)?.message));
}

/** Makes two functions running the script on the client: by its hash, and by its text. */
function callsOf(client: RedisClient): { readonly byHash: RunClaim; readonly byText: RunClaim } {
  if (typeof (client as NodeRedisClient | undefined)?.evalSha === 'function') {
    const nodeRedis = client as NodeRedisClient;
    const options = (key: string, step: string) => ({ keys: [key], arguments: [step] });
    return {
      byHash: (key, step) => nodeRedis.evalSha(SCRIPT_SHA1, options(key, step)),
      byText: (key, step) => nodeRedis.eval(SCRIPT, options(key, step)),
    };
  }
  if (typeof (client as IoRedisClient | undefined)?.evalsha !== 'function') {
    wrongKind('client', 'a client of redis, ioredis or @upstash/redis', client);
  }
  if (typeof (client as UpstashRedisClient).createScript === 'function') {
    const upstash = client as UpstashRedisClient;
    return {
      byHash: (key, step) => upstash.evalsha(SCRIPT_SHA1, [key], [step]),
      byText: (key, step) => upstash.eval(SCRIPT, [key], [step]),
    };
  }
  const ioRedis = client as IoRedisClient;
  return {
    byHash: (key, step) => ioRedis.evalsha(SCRIPT_SHA1, 1, key, step),
    byText: (key, step) => ioRedis.eval(SCRIPT, 1, key, step),
  };
}
