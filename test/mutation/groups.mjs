/**
 * The groups of sources, and the quick tests that have to notice a change in each: the likeliest
 * first. Fewer tests make a run shorter and a kill harder.
 */

/**
 * @typedef {object} Group
 * @property {readonly string[]} mutate - the sources that are changed
 * @property {readonly string[]} tests - the tests, in the order they run in
 * @property {'portable' | 'simd'} [engine] - the module of `#engine`, by default the portable one
 * @property {true} [isIsolated] - each test file runs in a process of its own, for tests that replace
 *   modules; it takes longer
 * @property {true} [everyTest] - each change is shown to all tests of the group, for values that are
 *   computed once and cached: the first test that computes one is not the only one that depends on it
 */

/** @type {Readonly<Record<string, Group>>} */
export const GROUPS = {
  ground: {
    mutate: ['src/errors.ts', 'src/arguments/*.ts', 'src/step/*.ts', 'src/code/*.ts'],
    tests: [
      'test/arguments/*.test.ts',
      'test/step/*.test.ts',
      'test/code/*.test.ts',
      'test/errors.test.ts',
      'test/messages.test.ts',
      'test/base32.test.ts',
      'test/wrong-values.test.ts',
    ],
  },
  text: {
    mutate: [
      'src/base32.ts',
      'src/base32/*.ts',
      'src/step.ts',
      'src/code.ts',
      'src/secret.ts',
      'src/key.ts',
      'src/key/*.ts',
    ],
    tests: [
      'test/base32/*.test.ts',
      'test/step.test.ts',
      'test/code.test.ts',
      'test/secret.test.ts',
      'test/key.test.ts',
      'test/key/*.test.ts',
      'test/messages.test.ts',
      'test/base32.test.ts',
      'test/wrong-values.test.ts',
    ],
  },
  codes: {
    mutate: [
      'src/hotp.ts',
      'src/totp.ts',
      'src/totp/*.ts',
      'src/single-use.ts',
      'src/single-use/*.ts',
    ],
    tests: [
      'test/totp/*.test.ts',
      'test/single-use/*.test.ts',
      'test/hotp.test.ts',
      'test/totp.test.ts',
      'test/single-use.test.ts',
      'test/vectors.test.ts',
      'test/wrong-values.test.ts',
      'test/property/resync.test.ts',
      'test/property/batch.test.ts',
      'test/property/window.test.ts',
      'test/property/single-use.test.ts',
    ],
    isIsolated: true,
  },
  stores: {
    mutate: ['src/stores/*.ts'],
    tests: [
      'test/stores/memory.test.ts',
      'test/stores/guide.test.ts',
      'test/stores/mysql.test.ts',
      'test/stores/redis.test.ts',
      'test/stores/sqlite.test.ts',
      'test/stores/postgres.test.ts',
      'test/wrong-values.test.ts',
    ],
  },
  testing: {
    mutate: ['src/testing.ts', 'src/testing/*.ts'],
    tests: ['test/testing-claims.test.ts', 'test/testing.test.ts', 'test/wrong-values.test.ts'],
  },
  uris: {
    mutate: [
      'src/otpauth-uri.ts',
      'src/otpauth-uri/*.ts',
      'src/otpauth-migration.ts',
      'src/otpauth-migration/*.ts',
    ],
    tests: [
      'test/otpauth-migration.test.ts',
      'test/otpauth-uri/*.test.ts',
      'test/messages.test.ts',
      'test/otpauth-uri.test.ts',
      'test/wrong-values.test.ts',
    ],
  },
  hashes: {
    mutate: [
      'src/engine/sha1.ts',
      'src/engine/sha256.ts',
      'src/engine/sha512.ts',
      'src/engine/hash.ts',
      'src/engine/hmac.ts',
      'src/engine/truncate.ts',
    ],
    tests: [
      'test/engine/sha1.test.ts',
      'test/engine/sha256.test.ts',
      'test/engine/sha512.test.ts',
      'test/engine/truncate.test.ts',
      'test/engine/hmac.test.ts',
      'test/engine/hash.test.ts',
    ],
  },
  constants: {
    mutate: ['src/engine/sha2-constants.ts'],
    tests: [
      'test/engine/sha2-constants.test.ts',
      'test/engine/sha256.test.ts',
      'test/engine/sha512.test.ts',
    ],
    isIsolated: true,
    everyTest: true,
  },
  portable: {
    mutate: ['src/engine/engine.ts', 'src/engine/portable.ts'],
    tests: [
      'test/engine/portable.test.ts',
      'test/messages.test.ts',
      'test/key/*.test.ts',
      'test/totp.test.ts',
      'test/wrong-values.test.ts',
      'test/engine/engines.test.ts',
    ],
    isIsolated: true,
  },
  assembler: {
    mutate: ['assembler', 'module'].map((name) => `src/engine/simd/kernels/${name}.ts`),
    tests: [
      'test/engine/simd/kernels/assembler.test.ts',
      'test/engine/simd/kernels/words.test.ts',
      'test/engine/simd/kernels/rounds.test.ts',
    ],
    everyTest: true,
  },
  rounds: {
    mutate: ['src/engine/simd/kernels/sha1-rounds.ts', 'src/engine/simd/kernels/sha2-rounds.ts'],
    tests: ['test/engine/simd/kernels/rounds.test.ts', 'test/engine/simd/kernels/kernel.test.ts'],
    everyTest: true,
  },
  kernels: {
    mutate: ['mac', 'match', 'key-setup', 'kernel', 'words', 'functions'].map(
      (name) => `src/engine/simd/kernels/${name}.ts`,
    ),
    tests: [
      'test/engine/simd/kernels/words.test.ts',
      'test/engine/simd/kernels/kernel.test.ts',
      'test/engine/simd.test.ts',
    ],
    engine: 'simd',
    isIsolated: true,
    everyTest: true,
  },
  factor: {
    mutate: ['src/recovery-codes.ts', 'src/second-factor.ts', 'src/second-factor/*.ts'],
    tests: ['test/recovery-codes.test.ts', 'test/second-factor/*.test.ts'],
  },
  simd: {
    mutate: ['src/engine/simd.ts', 'src/engine/simd/memory.ts', 'src/engine/simd/kernel-bytes.ts'],
    tests: ['test/engine/simd.test.ts', 'test/totp.test.ts', 'test/engine/engines.test.ts'],
    engine: 'simd',
    isIsolated: true,
    everyTest: true,
  },
};

/** Whether a file of the sources is changed in a group. */
export function isIn({ mutate }, file) {
  return mutate.some((pattern) => {
    const [before, behind = ''] = pattern.split('*');
    if (!pattern.includes('*')) return pattern === file;
    const name = file.slice(before.length, file.length - behind.length);
    return file.startsWith(before) && file.endsWith(behind) && !name.includes('/');
  });
}
