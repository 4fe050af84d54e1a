/**
 * What is the SIMD engine's own: when it compiles what, what it falls back to, and that it leaves no
 * secret behind. Its answers are for `engines.test.ts` and the oracle.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { engine as chosen } from '#engine';
import type { Attempt, Engine, Midstates } from '../../src/engine/engine.js';
import { engine as portable } from '../../src/engine/portable.js';
import { kernelModule } from '../../src/engine/wasm/kernel.js';
import { sha1Rounds } from '../../src/engine/wasm/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from '../../src/engine/wasm/sha2-rounds.js';
import type { Algorithm } from '../../src/internal/algorithm.js';
import { createKey } from '../../src/key.js';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly [kernel: string]: unknown;
}

/** The part of the WebAssembly API that is needed here: no types at hand name it. */
interface Api {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
  validate(bytes: Uint8Array): boolean;
}

const native = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;
const algorithms: readonly Algorithm[] = ['SHA1', 'SHA256', 'SHA512'];
/** Long arrays are compared much faster as texts. */
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37 + 11) | 1);

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** An engine that has compiled nothing yet. */
async function freshEngine(): Promise<Engine> {
  const { engine } = await import('../../src/engine/simd.js');
  return engine;
}

/** Puts a WebAssembly in place that does its work and tells of it. */
function watchWebAssembly() {
  const watch = {
    compiled: [] as Uint8Array[],
    memories: [] as Uint8Array[],
    /** Whether a kernel was called with something in its memory. */
    wasFilled: false,
  };
  const isFilled = (memory: Uint8Array) => memory.some((byte) => byte !== 0);
  function Module(bytes: Uint8Array): object {
    watch.compiled.push(bytes);
    return new native.Module(bytes);
  }
  function Instance(module: object): { exports: object } {
    const { memory, ...kernels } = new native.Instance(module).exports;
    const bytes = new Uint8Array(memory.buffer);
    watch.memories.push(bytes);
    const watched = Object.entries(kernels).map(([name, kernel]) => [
      name,
      (...input: unknown[]) => {
        watch.wasFilled ||= isFilled(bytes);
        return (kernel as (...values: unknown[]) => unknown)(...input);
      },
    ]);
    return { exports: { memory, ...Object.fromEntries(watched) } };
  }
  vi.stubGlobal('WebAssembly', { validate: native.validate, Module, Instance });
  return {
    ...{ compiled: watch.compiled, memories: watch.memories },
    /** Whether the memories were in use since the last time, and whether they are empty now. */
    take() {
      const { wasFilled } = watch;
      watch.wasFilled = false;
      return { wasFilled, isEmpty: !watch.memories.some(isFilled) };
    },
  };
}

describe('What is compiled', () => {
  test('is nothing on import, and each kernel when it is first needed', async () => {
    const { compiled } = watchWebAssembly();
    const engine = await freshEngine();
    expect(compiled).toHaveLength(0);
    const key = engine.prepare('SHA1', bytesOf(20));
    expect(compiled).toHaveLength(1);
    engine.prepare('SHA1', bytesOf(30));
    engine.highestMatch(key, 0, 3, 1, 6);
    engine.truncateRun(key, 0, new Int32Array(9));
    expect(compiled).toHaveLength(1);
    engine.highestMatch(portable.prepare('SHA512', bytesOf(20)), 0, 3, 1, 6);
    expect(compiled).toHaveLength(2);
    engine.truncateRun(portable.prepare('SHA256', bytesOf(20)), 0, new Int32Array(1));
    expect(compiled).toHaveLength(3);
    for (const algorithm of algorithms) engine.prepare(algorithm, bytesOf(20));
    expect(compiled).toHaveLength(3);
    const expected = [sha1Rounds, sha512Rounds, sha256Rounds].map(kernelModule);
    expect(compiled.map(textOf)).toEqual(expected.map(textOf));
  });

  test('is nothing for a batch of nobody, and one kernel for a batch under one algorithm', async () => {
    const { compiled } = watchWebAssembly();
    const engine = await freshEngine();
    engine.highestMatches([], 6);
    expect(compiled).toHaveLength(0);
    const midstates = portable.prepare('SHA256', bytesOf(20));
    engine.highestMatches([{ midstates, first: 0, count: 3, typed: 1, highest: -1 }], 6);
    expect(compiled).toHaveLength(1);
  });

  test('is valid, and the same bytes whenever it is compiled afresh', async () => {
    const first = watchWebAssembly();
    const one = await freshEngine();
    for (const algorithm of algorithms) one.prepare(algorithm, bytesOf(20));
    vi.resetModules();
    const second = watchWebAssembly();
    const other = await freshEngine();
    for (const algorithm of algorithms) other.prepare(algorithm, bytesOf(20));
    expect(first.compiled.map((bytes) => native.validate(bytes))).toEqual([true, true, true]);
    expect(second.compiled.map(textOf)).toEqual(first.compiled.map(textOf));
  });

  test.runIf(chosen.name === 'simd')('is nothing on import of the whole library', async () => {
    const { compiled } = watchWebAssembly();
    const otp = await import('../../src/index.js');
    expect(compiled).toHaveLength(0);
    otp.createKey('GEZDGNBVGY3TQOJQ');
    expect(compiled).toHaveLength(1);
  });
});

describe('Without a WebAssembly that works', () => {
  function refuse(): never {
    throw new Error('refused');
  }

  function exportNothing(): object {
    return { exports: {} };
  }

  /** A WebAssembly with one thing amiss. */
  const broken: Readonly<Record<string, object | undefined>> = {
    'there is none': undefined,
    'it is an empty object': {},
    'nothing is valid to it': { ...parts(), validate: () => false },
    'it compiles nothing': { ...parts(), Module: refuse },
    'it makes no instance': { ...parts(), Instance: refuse },
    'its instances export nothing': { ...parts(), Instance: exportNothing },
  };

  function parts(): Api {
    const { Module, Instance, validate } = native;
    return { Module, Instance, validate };
  }

  /** All that an engine can be asked, under each algorithm. */
  function answersOf(engine: Engine): unknown[] {
    return algorithms.map((algorithm) => {
      const keys = [1, 20, 64, 65, 128, 129].map((length) =>
        engine.prepare(algorithm, bytesOf(length)),
      );
      const key = engine.prepare(algorithm, bytesOf(30), 20);
      const values = new Int32Array(7);
      engine.truncateRun(key, 2 ** 32 - 3, values);
      const codes = Array.from(values, (value) => value % 10 ** 8);
      const attempts = codes.map((typed, i): Attempt => {
        const midstates = i === 3 ? (keys[0] as Midstates) : key;
        return { midstates, first: 2 ** 32 - 3, count: 1 + i, typed, highest: -1 };
      });
      engine.highestMatches(attempts, 8);
      return [
        keys.map((midstates) => [...midstates]),
        [...values],
        codes.map((typed) => engine.highestMatch(key, 2 ** 32 - 3, 6, typed, 8)),
        attempts.map(({ highest }) => highest),
      ];
    });
  }

  test.each(Object.entries(broken))('because %s, the answers are the same', async (_, api) => {
    vi.stubGlobal('WebAssembly', api);
    const engine = await freshEngine();
    const expected = answersOf(portable);
    expect(answersOf(engine)).toEqual(expected);
    expect(answersOf(engine)).toEqual(expected);
  });

  test.each(['Module', 'Instance'] as const)(
    'because %s throws, that is tried once an algorithm and never again',
    async (name) => {
      const attempted = vi.fn(refuse);
      vi.stubGlobal('WebAssembly', { ...parts(), [name]: attempted });
      const engine = await freshEngine();
      for (let i = 0; i < 10; i++) engine.prepare('SHA1', bytesOf(20));
      expect(attempted).toHaveBeenCalledTimes(1);
      for (let i = 0; i < 3; i++) answersOf(engine);
      expect(attempted).toHaveBeenCalledTimes(3);
    },
  );

  test('for one algorithm alone, the others still have theirs', async () => {
    const compiled: object[] = [];
    let turn = 0;
    function Module(bytes: Uint8Array): object {
      if (turn++ === 0) refuse();
      const module = new native.Module(bytes);
      compiled.push(module);
      return module;
    }
    vi.stubGlobal('WebAssembly', { ...parts(), Module });
    const engine = await freshEngine();
    expect(answersOf(engine)).toEqual(answersOf(portable));
    expect(compiled).toHaveLength(2);
  });

  test.runIf(chosen.name === 'simd')('the library itself works', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const { createKey, generateHotp } = await import('../../src/index.js');
    const key = createKey('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(generateHotp(key, 1)).toBe('287082');
  });
});

type Library = typeof import('../../src/index.js');

/** What an operation works on: a library whose WebAssembly is watched, and a key of its making. */
interface Subject {
  readonly otp: Library;
  readonly key: ReturnType<Library['createKey']>;
  readonly algorithm: Algorithm;
}

const TEXT = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
/** Step 1. */
const timestamp = 59_000;

/** The codes of step 1 and those after it. */
function codesFromOne({ otp, key }: Subject, count: number): string[] {
  return Array.from({ length: count }, (_, i) => otp.generateHotp(key, 1 + i));
}

function codeOfOne(subject: Subject): string {
  return codesFromOne(subject, 1)[0] as string;
}

/** Everything public that reaches a kernel. */
const OPERATIONS: Readonly<Record<string, (subject: Subject) => unknown>> = {
  'createKey of bytes': ({ otp, algorithm }) => otp.createKey(bytesOf(20), { algorithm }),
  'createKey of text': ({ otp, algorithm }) => otp.createKey(TEXT, { algorithm }),
  'createKey of typed text': ({ otp, algorithm }) =>
    otp.createKey('gezd gnbv-gy3t qojq====', { algorithm }),
  generateTotp: ({ otp, key }) => otp.generateTotp(key, { timestamp }),
  generateHotp: ({ otp, key }) => otp.generateHotp(key, 1),
  'verifyTotp of the right code': (subject) => {
    const { otp, key } = subject;
    expect(otp.verifyTotp(key, codeOfOne(subject), { timestamp }).valid).toBe(true);
  },
  'verifyTotp of a wrong code': ({ otp, key }) =>
    otp.verifyTotp(key, '000000', { timestamp, window: 5 }),
  'verifyTotp of a used code': (subject) => {
    const { otp, key } = subject;
    const result = otp.verifyTotp(key, codeOfOne(subject), { timestamp, lastStep: 1 });
    expect(result).toMatchObject({ reason: 'reused' });
  },
  verifyHotp: ({ otp, key }) => otp.verifyHotp(key, '000000', { counter: 0, lookAhead: 9 }),
  'verifyTotpBatch of right, wrong and malformed codes': (subject) => {
    const { otp, key } = subject;
    const right = codeOfOne(subject);
    const codes = [right, '000000', 'x', '111111', '222222', '333333', right];
    const items = codes.map((code, i) => ({ key: i === 1 ? otp.createKey(TEXT) : key, code }));
    expect(otp.verifyTotpBatch(items, { timestamp })[6]?.valid).toBe(true);
  },
  resyncTotp: (subject) => {
    const { otp, key } = subject;
    expect(otp.resyncTotp(key, codesFromOne(subject, 2), { timestamp }).valid).toBe(true);
  },
  'resyncTotp in vain': ({ otp, key }) => otp.resyncTotp(key, ['000000', '000001'], { timestamp }),
  resyncHotp: (subject) => {
    const { otp, key } = subject;
    expect(otp.resyncHotp(key, codesFromOne(subject, 3), { counter: 0 }).valid).toBe(true);
  },
  verifyTotpOnce: async (subject) => {
    const { otp, key } = subject;
    const code = codeOfOne(subject);
    const options = { store: otp.memoryStore(), id: 'alice', timestamp };
    expect((await otp.verifyTotpOnce(key, code, options)).valid).toBe(true);
    expect((await otp.verifyTotpOnce(key, code, options)).valid).toBe(false);
  },
  'verifyTotpOnce with a store that fails': async (subject) => {
    const { otp, key } = subject;
    const store = { claim: () => Promise.reject(new Error('down')) };
    const options = { store, id: 'alice', timestamp };
    await expect(otp.verifyTotpOnce(key, codeOfOne(subject), options)).rejects.toThrow('down');
  },
  verifyHotpOnce: async (subject) => {
    const { otp, key } = subject;
    const options = { store: otp.memoryStore(), id: 'alice', counter: 0, lookAhead: 3 };
    expect((await otp.verifyHotpOnce(key, codeOfOne(subject), options)).valid).toBe(true);
  },
  resyncTotpOnce: async (subject) => {
    const { otp, key } = subject;
    const options = { store: otp.memoryStore(), id: 'alice', timestamp };
    const codes = codesFromOne(subject, 2);
    expect((await otp.resyncTotpOnce(key, codes, options)).valid).toBe(true);
  },
  resyncHotpOnce: async (subject) => {
    const { otp, key } = subject;
    const options = { store: otp.memoryStore(), id: 'alice', counter: 0 };
    const codes = codesFromOne(subject, 2);
    expect((await otp.resyncHotpOnce(key, codes, options)).valid).toBe(true);
  },
};

/** Calls that a guard ends, or a fault in the text. */
const FAILURES: Readonly<Record<string, (subject: Subject) => unknown>> = {
  'createKey of a text with a fault at its end': ({ otp, algorithm }) =>
    otp.createKey(`${TEXT}1`, { algorithm }),
  'createKey of a text that is no whole byte': ({ otp, algorithm }) =>
    otp.createKey('A', { algorithm }),
  'generateTotp with an option out of range': ({ otp, key }) =>
    otp.generateTotp(key, { timestamp, digits: 5 }),
  'a batch whose last item is wrong': ({ otp, key }) =>
    otp.verifyTotpBatch([
      { key, code: '000000' },
      { key, code: '000000', drift: 0.5 },
    ]),
  'a batch whose last key is none': ({ otp, key }) =>
    otp.verifyTotpBatch([
      { key, code: '000000' },
      { key: {} as never, code: '000000' },
    ]),
};

describe('Nothing stays in the memory of the kernels', () => {
  test.each(algorithms)('of what the engine was given, under %s', async (algorithm) => {
    const watch = watchWebAssembly();
    const engine = await freshEngine();
    const used = { wasFilled: true, isEmpty: true };
    const blockBytes = algorithm === 'SHA512' ? 128 : 64;
    for (let length = 1; length <= blockBytes; length++) {
      engine.prepare(algorithm, bytesOf(length));
      expect(watch.take(), `a key of ${length} bytes`).toEqual(used);
    }
    engine.prepare(algorithm, bytesOf(blockBytes + 1));
    expect(watch.take().isEmpty).toBe(true);

    const key = engine.prepare(algorithm, bytesOf(20));
    watch.take();
    for (const count of [1, 2, 3, 4, 5, 9]) {
      engine.truncateRun(key, 2 ** 53 - 10, new Int32Array(count));
      expect(watch.take(), `a run of ${count}`).toEqual(used);
      engine.highestMatch(key, 2 ** 53 - 10, count, 123456, 6);
      expect(watch.take(), `a match among ${count}`).toEqual(used);
      const attempts = Array.from({ length: count }, (_, i): Attempt => {
        return { midstates: key, first: 2 ** 53 - 10 - i, count: 3, typed: 999_999, highest: -1 };
      });
      engine.highestMatches(attempts, 6);
      expect(watch.take(), `a batch of ${count}`).toEqual(used);
    }
    engine.truncateRun(key, 5, new Int32Array(0));
    engine.highestMatch(key, 5, 0, 123456, 6);
    engine.highestMatches([{ midstates: key, first: 5, count: 0, typed: 1, highest: -1 }], 6);
    expect(watch.take().isEmpty).toBe(true);
  });

  describe.runIf(chosen.name === 'simd').each(algorithms)(
    'of a secret under %s, by',
    (algorithm) => {
      async function start() {
        const watch = watchWebAssembly();
        const otp = await import('../../src/index.js');
        const key = otp.createKey(TEXT, { algorithm });
        expect(watch.take()).toEqual({ wasFilled: true, isEmpty: true });
        return { watch, subject: { otp, key, algorithm } };
      }

      test.each(Object.entries(OPERATIONS))('%s', async (_, operation) => {
        const { watch, subject } = await start();
        await operation(subject);
        expect(watch.take()).toEqual({ wasFilled: true, isEmpty: true });
      });

      test.each(Object.entries(FAILURES))('%s', async (_, operation) => {
        const { watch, subject } = await start();
        expect(() => operation(subject)).toThrow();
        expect(watch.take().isEmpty).toBe(true);
      });
    },
  );
});

describe('Nothing stays of a text', () => {
  /** The bytes that texts are decoded into, as the engine sees them, and what they held. */
  function watchScratch() {
    const seen: { bytes: Uint8Array; held: string } = { bytes: new Uint8Array(0), held: '' };
    const { prepare } = chosen;
    vi.spyOn(chosen, 'prepare').mockImplementation((algorithm, bytes, length) => {
      seen.bytes = bytes;
      seen.held = Buffer.from(bytes.subarray(0, length)).toString('hex');
      return prepare(algorithm, bytes, length);
    });
    return seen;
  }

  test.each([2, 16, 32, 33, 64, 103, 104, 205, 255, 256])(
    'of %i characters that were decoded on the way to a key',
    (length) => {
      const seen = watchScratch();
      createKey('7'.repeat(length));
      expect(seen.held).toBe('ff'.repeat(Math.floor((length * 5) / 8)));
      expect(seen.bytes.some((byte) => byte !== 0)).toBe(false);
    },
  );

  test.each([
    { why: 'separated', text: '7777 7777-7777' },
    { why: 'padded', text: '7777777777======' },
    { why: 'longer than any usual one', text: '7'.repeat(300) },
  ])('that is $why', ({ text }) => {
    const seen = watchScratch();
    createKey(text);
    expect(seen.held).toMatch(/^(?:ff)+$/);
    expect(seen.bytes.some((byte) => byte !== 0)).toBe(false);
  });

  test('while the bytes that somebody else made are left to them', () => {
    const bytes = bytesOf(20);
    createKey(bytes);
    expect(bytes).toEqual(bytesOf(20));
  });

  test('that turns out not to be base32, wherever its fault is', () => {
    const seen = watchScratch();
    createKey('7777777777777777');
    for (let length = 1; length <= 256; length += 5) {
      for (const place of [0, length >> 1, length - 1]) {
        const text = `${'7'.repeat(place)}!${'7'.repeat(length - place - 1)}`;
        expect(() => createKey(text)).toThrow();
        expect(seen.bytes.some((byte) => byte !== 0)).toBe(false);
      }
    }
  });
});
