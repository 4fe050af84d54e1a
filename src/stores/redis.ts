/**
 * Claims in Redis, over the client that the application already has: of `redis` (node-redis) or
 * `ioredis`, on a single server or a cluster, or of `@upstash/redis` (over HTTP).
 *
 * A claim is a script that Redis runs as one, in one round trip, on one key. What Redis forgets, by
 * its settings for persistence, replication and eviction, can be claimed again: docs/stores.md.
 */
import { requireString, wrongKind } from '../arguments/guards.js';
import { NO_OPTIONS, requireKnownOptions } from '../arguments/options.js';
import { LONE_SURROGATE, requireClaim, unknownAnswer } from '../single-use/stored-claim.js';
import type { SingleUseStore } from '../single-use.js';

/** What is used of a client, pool or cluster of `redis`. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): PromiseLike<unknown>;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): PromiseLike<unknown>;
}

/** What is used of a Redis or Cluster of `ioredis`. */
export interface IoRedisClient {
  eval(script: string, keyCount: number, key: string, step: string): PromiseLike<unknown>;
  evalsha(sha1: string, keyCount: number, key: string, step: string): PromiseLike<unknown>;
}

/** What is used of a client of `@upstash/redis`. */
export interface UpstashRedisClient {
  eval(script: string, keys: string[], args: string[]): PromiseLike<unknown>;
  evalsha(sha1: string, keys: string[], args: string[]): PromiseLike<unknown>;
  /** Tells it from the others; the store calls it never. */
  createScript(script: string): unknown;
}

/** A client of any of them. */
export type RedisClient = NodeRedisClient | IoRedisClient | UpstashRedisClient;

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /**
   * What the keys begin with, before the id: 1 to 63 ASCII letters, digits and any of `_:.-`.
   * Default `otp:`.
   */
  readonly prefix?: string | undefined;
}

const DEFAULT_PREFIX = 'otp:';
/** No braces: in a cluster, what stands in them decides on the server for all keys. */
const PREFIX = /^[\w:.-]{1,63}$/;

/** Lua's numbers are doubles, which hold every step exactly; what is stored is the text that came. */
const SCRIPT = `local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`;
/** Of the script's text; a test computes it. */
const SCRIPT_SHA1 = 'bcc5ee780756e97a06d62e6bacdda85b9a3fd1a2';

/**
 * Makes a store that claims in Redis, under keys of its own that never expire.
 *
 * Its `claim` rejects, before anything is sent, with a RangeError for an id with half a surrogate
 * pair, which has no UTF-8; and with the client's own error for whatever else fails.
 *
 * Switch off the client's own retries, as below. A claim that is sent a second time, after its answer
 * was lost, is refused: the user's unused code is then `reused`.
 *
 * @throws {TypeError | RangeError} if `client` is no client, or `prefix` not as above
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
        // Nothing has run then, so that it is safe to ask again.
        if (!isUnknownScript(error)) throw error;
        answer = await byText(key, text);
      }
      return isGranted(answer);
    },
  };
}

type Run = (key: string, step: string) => PromiseLike<unknown>;

/** @throws {TypeError} for an answer that is not the script's */
function isGranted(answer: unknown): boolean {
  // A client may be set to give texts.
  const isPlain = ['number', 'bigint', 'string'].includes(typeof answer);
  const text = isPlain ? String(answer) : '';
  if (text !== '1' && text !== '0') unknownAnswer('client', '1 or 0');
  return text === '1';
}

/** Whether a server does not know the script; a cluster's client tells so at the end of a message. */
function isUnknownScript(error: unknown): boolean {
  return /\bNOSCRIPT\b/.test(String((error as Error | undefined)?.message));
}

/** How a client runs the script: by its hash, and by its text. */
function callsOf(client: RedisClient): { readonly byHash: Run; readonly byText: Run } {
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
