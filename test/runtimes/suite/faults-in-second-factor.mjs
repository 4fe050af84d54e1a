// Planted faults in the second factor; see faults.mjs.

/** The library with every factor store in memory changed. */
const withStore = (change) => (library) => ({
  ...library,
  memoryFactorStore: () => {
    const store = library.memoryFactorStore();
    return { read: (userId) => store.read(userId), ...change(store) };
  },
});

/** The library with methods of every second factor changed. */
const withSecondFactor = (change) => (library) => ({
  ...library,
  createSecondFactor: (options) => {
    const second = library.createSecondFactor(options);
    return { ...second, ...change(second) };
  },
});

export const FAULTS_IN_SECOND_FACTOR = {
  'a record written without looking': withStore((store) => ({
    write: (userId, record, _version, more) =>
      store.write(userId, record, store.read(userId)?.version, more),
  })),

  'a record that loses what is outside ASCII': withStore((store) => ({
    write: (userId, record, version, more) =>
      store.write(userId, record.replace(/\\u[0-9a-f]{4}/g, '?'), version, more),
  })),

  'a code read from a list': withSecondFactor((second) => ({
    verify: (userId, code) => second.verify(userId, Array.isArray(code) ? code[0] : code),
  })),

  'an unreadable record taken for none': withSecondFactor((second) => ({
    verify: (userId, code) =>
      second.verify(userId, code).catch(() => ({ ok: false, reason: 'not-enrolled' })),
  })),

  'an answer without its wait': withSecondFactor((second) => ({
    verify: async (userId, code) => {
      const { retryAfter: _, ...answer } = await second.verify(userId, code);
      return answer;
    },
  })),
};
