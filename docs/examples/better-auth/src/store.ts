/**
 * A factor store over better-auth's database adapter.
 *
 * A SQL adapter decides races by the unique column and by the version in the update's `where`.
 */
import type { DBAdapter } from 'better-auth';
import type { FactorStore } from 'otpcore/second-factor';

/** The plugin's table. */
export const factorSchema = {
  otpFactor: {
    fields: {
      userId: { type: 'string', required: true, unique: true, returned: false, input: false },
      record: { type: 'string', required: true, returned: false, input: false },
      version: { type: 'string', required: true, returned: false, input: false },
      state: { type: 'string', required: true, returned: false, input: false },
    },
  },
} as const;

interface FactorRow {
  record: string;
  version: string;
}

type Adapter = Pick<DBAdapter, 'findOne' | 'create' | 'updateMany'>;

const model = 'otpFactor';

/** Users with a creation under way, by adapter: several stores may share one. */
const creations = new WeakMap<object, Set<string>>();

export function betterAuthFactorStore(adapter: Adapter): FactorStore {
  const creating = creations.get(adapter) ?? new Set<string>();
  creations.set(adapter, creating);

  async function read(userId: string): Promise<FactorRow | undefined> {
    const row = await adapter.findOne<FactorRow>({
      model,
      where: [{ field: 'userId', value: userId }],
    });
    return row ? { record: row.record, version: row.version } : undefined;
  }

  async function create(userId: string, values: FactorRow & { state: string }): Promise<boolean> {
    // The memory adapter knows no unique column, so one process creates a user's row once at a time.
    if (creating.has(userId)) return false;
    creating.add(userId);
    try {
      if (await read(userId)) return false;
      await adapter.create({ model, data: { userId, ...values } });
      return true;
    } catch (error) {
      // A duplicate has a different error in each database; a row found now tells it.
      if (await read(userId)) return false;
      throw error;
    } finally {
      creating.delete(userId);
    }
  }

  return {
    async read(userId) {
      requireUserId(userId);
      return read(userId);
    },
    async write(userId, record, version, { state }) {
      requireUserId(userId);
      // Random: a row deleted and made anew never repeats a version.
      const values = { record, version: crypto.randomUUID(), state };
      if (version === undefined) return create(userId, values);
      const where = [
        { field: 'userId', value: userId },
        { field: 'version', value: version },
      ];
      return (await adapter.updateMany({ model, where, update: values })) === 1;
    },
  };
}

/** Some drivers cut a text at NUL, and merge halves of surrogate pairs: two users would meet. */
function requireUserId(userId: unknown): void {
  const isText = typeof userId === 'string' && userId.length >= 1 && userId.length <= 1024;
  if (isText && !userId.includes('\0') && !/\p{Surrogate}/u.test(userId)) return;
  throw new TypeError('"userId" must be well-formed text of 1 to 1,024 characters, without NUL');
}
