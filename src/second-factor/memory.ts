/**
 * A factor store in this process's memory: for tests and examples. A restart forgets every factor,
 * so it is no store for a service.
 */
import { requireText, requireUserId, wrongKind } from './arguments.js';
import type { FactorStore, StoredFactor } from './contract.js';

/**
 * Makes a factor store in memory.
 *
 * @example
 * ```ts
 * import { memoryFactorStore } from 'otpcore/second-factor/memory';
 *
 * const store = memoryFactorStore();
 * const more = { state: 'none', sealedWith: [], events: [] } as const;
 * console.log(await store.write('user-1', '{}', undefined, more)); // → true
 * console.log(await store.write('user-1', '{}', undefined, more)); // → false
 * ```
 */
export function memoryFactorStore(): FactorStore {
  const rows = new Map<string, StoredFactor>();
  // One count for all rows: a row made anew repeats no former version.
  let writes = 0;
  return {
    read: (userId) => rows.get(requireUserId(userId)),
    write(userId, record, version) {
      requireUserId(userId);
      if (typeof record !== 'string') wrongKind('record', 'a string', record);
      if (version !== undefined) requireText('version', version, 64);
      if (rows.get(userId)?.version !== version) return false;
      writes += 1;
      rows.set(userId, { record, version: String(writes) });
      return true;
    },
  };
}
