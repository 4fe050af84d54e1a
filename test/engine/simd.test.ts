/**
 * What is the SIMD engine's own: when it compiles what, what it falls back to, and that it leaves no
 * secret behind. Its answers are for `engines.test.ts` and the oracle.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as chosen from '#engine';
import { decodeBase32Lenient } from '../../src/base32.js';
import type { Attempt, Midstates } from '../../src/engine/engine.js';
import { SHA256_K, SHA512_K } from '../../src/engine/sha2-constants.js';
import { kernelModule } from '../../src/engine/simd/kernels/kernel.js';
import { sha1Rounds } from '../../src/engine/simd/kernels/sha1-rounds.js';
import { sha256Rounds, sha512Rounds } from '../../src/engine/simd/kernels/sha2-rounds.js';
import * as layout from '../../src/engine/simd/layout.js';
import type { Algorithm } from '../../src/key/algorithm.js';
import { byAlgorithm, type NamedEngine, portable } from '../support/engines.js';
import { webAssembly as native, type WebAssemblyApi } from '../support/wasm.js';

/** What is put in the place of the platform's own. */
type Api = Pick<WebAssemblyApi, 'Module' | 'Instance' | 'validate'>;

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
async function freshEngine(): Promise<NamedEngine> {
  return byAlgorithm(await import('../../src/engine/simd.js'));
}

/** Puts a WebAssembly in place that does its work and tells of it; on demand its calls fail. */
function watchWebAssembly() {
  const watch = {
    isFailing: false,
    compiled: [] as Uint8Array[],
    /** Each memory, and a copy from when it was new. */
    memories: [] as { readonly bytes: Uint8Array; readonly image: Uint8Array }[],
    /** Whether a kernel was called with something in its memory. */
    wasFilled: false,
  };
  const isFilled = ({ bytes, image }: (typeof watch.memories)[number]) =>
    Buffer.compare(bytes, image) !== 0;
  function Module(bytes: Uint8Array): object {
    watch.compiled.push(bytes);
    return new native.Module(bytes);
  }
  function Instance(module: object): { exports: object } {
    const { memory, ...kernels } = new native.Instance(module).exports;
    const bytes = new Uint8Array(memory.buffer);
    const watchedMemory = { bytes, image: bytes.slice() };
    watch.memories.push(watchedMemory);
    const watched = Object.entries(kernels).map(([name, kernel]) => [
      name,
      (...input: unknown[]) => {
        watch.wasFilled ||= isFilled(watchedMemory);
        if (watch.isFailing) throw new RangeError('Maximum call stack size exceeded');
        return (kernel as (...values: unknown[]) => unknown)(...input);
      },
    ]);
    return { exports: { memory, ...Object.fromEntries(watched) } };
  }
  vi.stubGlobal('WebAssembly', { validate: native.validate, Module, Instance });
  return {
    ...{ compiled: watch.compiled, memories: watch.memories },
    /** From now on every call of a kernel fails as where the stack ends. */
    fail() {
      watch.isFailing = true;
    },
    /** Whether the memories were in use since the last time, and whether they are as new now. */
    take() {
      const { wasFilled } = watch;
      watch.wasFilled = false;
      return { wasFilled, isAsNew: !watch.memories.some(isFilled) };
    },
  };
}

describe('What is compiled', () => {
  test('is not looked for on a polluted Object.prototype', async () => {
    const prototype = Object.prototype as { SHA1?: unknown };
    prototype.SHA1 = {};
    try {
      const engine = await freshEngine();
      expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(
        portable.prepareKey('SHA1', bytesOf(20)),
      );
    } finally {
      delete prototype.SHA1;
    }
  });

  test('is tried again where the stack ended the first time', async () => {
    const { Module, Instance, validate } = native;
    let isDeep = true;
    function Shallow(bytes: Uint8Array): object {
      if (isDeep) throw new RangeError('Maximum call stack size exceeded');
      return new Module(bytes);
    }
    const compiled = vi.fn(Shallow);
    vi.stubGlobal('WebAssembly', { validate, Instance, Module: compiled });
    const engine = await freshEngine();
    const expected = portable.prepareKey('SHA1', bytesOf(20));
    expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(expected);
    isDeep = false;
    expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(expected);
    expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(expected);
    expect(compiled).toHaveBeenCalledTimes(2);
  });

  test('is not tried again where there was no memory for it', async () => {
    function Refusing(): never {
      throw new RangeError('WebAssembly.Instance(): Out of memory');
    }
    const refused = vi.fn(Refusing);
    vi.stubGlobal('WebAssembly', { ...native, Module: refused });
    const engine = await freshEngine();
    const expected = portable.prepareKey('SHA1', bytesOf(20));
    expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(expected);
    expect(engine.prepareKey('SHA1', bytesOf(20))).toEqual(expected);
    expect(refused).toHaveBeenCalledTimes(1);
  });

  test('is nothing on import, and each kernel when it is first needed', async () => {
    const { compiled } = watchWebAssembly();
    const engine = await freshEngine();
    expect(compiled).toHaveLength(0);
    const key = engine.prepareKey('SHA1', bytesOf(20));
    expect(compiled).toHaveLength(1);
    engine.prepareKey('SHA1', bytesOf(30));
    engine.matchOne(key, 0, 3, 1, 6);
    engine.truncateHmacs(key, 0, new Int32Array(9));
    expect(compiled).toHaveLength(1);
    engine.matchOne(portable.prepareKey('SHA512', bytesOf(20)), 0, 3, 1, 6);
    expect(compiled).toHaveLength(2);
    engine.truncateHmacs(portable.prepareKey('SHA256', bytesOf(20)), 0, new Int32Array(1));
    expect(compiled).toHaveLength(3);
    for (const algorithm of algorithms) engine.prepareKey(algorithm, bytesOf(20));
    expect(compiled).toHaveLength(3);
    const expected = [sha1Rounds, sha512Rounds, sha256Rounds].map(kernelModule);
    expect(compiled.map(textOf)).toEqual(expected.map(textOf));
  });

  test('is nothing for a batch of nobody, and one kernel for a batch under one algorithm', async () => {
    const { compiled } = watchWebAssembly();
    const engine = await freshEngine();
    engine.matchBatch([], 6);
    expect(compiled).toHaveLength(0);
    const midstates = portable.prepareKey('SHA256', bytesOf(20));
    engine.matchBatch([{ midstates, first: 0, count: 3, typed: 1, matchIndex: -1 }], 6);
    expect(compiled).toHaveLength(1);
  });

  test('is one kernel for a text, and none more for texts that it does not take', async () => {
    const { compiled } = watchWebAssembly();
    const engine = await freshEngine();
    engine.prepareBase32Key('SHA256', TEXT);
    expect(compiled.map(textOf)).toEqual([textOf(kernelModule(sha256Rounds))]);
    engine.prepareBase32Key('SHA256', 'A'.repeat(200));
    engine.prepareBase32Key('SHA256', `${TEXT}!`);
    expect(compiled).toHaveLength(1);
  });

  test('is valid, and the same bytes whenever it is compiled afresh', async () => {
    const first = watchWebAssembly();
    const one = await freshEngine();
    for (const algorithm of algorithms) one.prepareKey(algorithm, bytesOf(20));
    vi.resetModules();
    const second = watchWebAssembly();
    const other = await freshEngine();
    for (const algorithm of algorithms) other.prepareKey(algorithm, bytesOf(20));
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
    'it compiles nothing': { ...parts(), Module: refuse },
    'it makes no instance': { ...parts(), Instance: refuse },
    'its instances export nothing': { ...parts(), Instance: exportNothing },
  };

  function parts(): Api {
    const { Module, Instance, validate } = native;
    return { Module, Instance, validate };
  }

  /** As `createKey` does it: what the engine takes no text for is decoded first. */
  function keyOfText(engine: NamedEngine, algorithm: Algorithm, text: string) {
    const decoded = () => engine.prepareKey(algorithm, decodeBase32Lenient(text));
    return engine.prepareBase32Key(algorithm, text) ?? decoded();
  }

  /** All that an engine can be asked, under each algorithm. */
  function answersOf(engine: NamedEngine): unknown[] {
    return algorithms.map((algorithm) => {
      const keys = [1, 20, 64, 65, 128, 129].map((length) =>
        engine.prepareKey(algorithm, bytesOf(length)),
      );
      const key = engine.prepareKey(algorithm, bytesOf(20));
      const values = new Int32Array(7);
      engine.truncateHmacs(key, 2 ** 32 - 3, values);
      const codes = Array.from(values, (value) => value % 10 ** 8);
      const attempts = codes.map((typed, i): Attempt => {
        const midstates = i === 3 ? (keys[0] as Midstates) : key;
        return { midstates, first: 2 ** 32 - 3, count: 1 + i, typed, matchIndex: -1 };
      });
      engine.matchBatch(attempts, 8);
      const texts = [1, 2, 8, 26, 32, 34, 63, 64, 300].flatMap((length) => [
        keyOfText(engine, algorithm, 'k'.repeat(length)),
        engine.prepareBase32Key(algorithm, `${'K'.repeat(length - 1)}1`),
      ]);
      return [
        texts,
        keys.map((midstates) => [...midstates]),
        [...values],
        codes.map((typed) => engine.matchOne(key, 2 ** 32 - 3, 6, typed, 8)),
        attempts.map(({ matchIndex }) => matchIndex),
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
      for (let i = 0; i < 10; i++) engine.prepareKey('SHA1', bytesOf(20));
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
  'createKey of a long text': ({ otp, algorithm }) => {
    for (const length of [64, 65, 66, 128, 129, 130, 300]) {
      otp.generateHotp(otp.createKey('7'.repeat(length), { algorithm }), 1);
    }
  },
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
  'verifyTotpBatch of secrets': ({ otp, key, algorithm }) => {
    const codes = [otp.generateHotp(key, 1), '000000', 'x', '111111', otp.generateHotp(key, 1)];
    const items = codes.flatMap((code) => [
      { secret: TEXT, code },
      { secret: bytesOf(20), code },
      { secret: 'gezd gnbv gy3t qojq', code },
    ]);
    const results = otp.verifyTotpBatch(items, { timestamp, algorithm });
    expect(results.map(({ valid }) => valid)).toEqual(
      codes.flatMap((_, i) => [i === 0 || i === 4, false, false]),
    );
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
  'createKey of a text with a fault at its beginning': ({ otp, algorithm }) =>
    otp.createKey(`!${TEXT}`, { algorithm }),
  'createKey of a text that ends beyond ASCII': ({ otp, algorithm }) =>
    otp.createKey(`${TEXT}\u0141`, { algorithm }),
  'createKey of a text that is no whole byte': ({ otp, algorithm }) =>
    otp.createKey('A', { algorithm }),
  'generateTotp with an option out of range': ({ otp, key }) =>
    otp.generateTotp(key, { timestamp, digits: 5 }),
  'a batch whose last item is wrong': ({ otp, key }) =>
    otp.verifyTotpBatch([
      { key, code: '000000' },
      { key, code: '000000', drift: 0.5 },
    ]),
  'a batch whose last secret is no base32': ({ otp, algorithm }) =>
    otp.verifyTotpBatch(
      [
        { secret: TEXT, code: '000000' },
        { secret: `${TEXT}1`, code: '000000' },
      ],
      { algorithm },
    ),
  'a batch whose last key is none': ({ otp, key }) =>
    otp.verifyTotpBatch([
      { key, code: '000000' },
      { key: {} as never, code: '000000' },
    ]),
};

describe('The memory of a kernel', () => {
  const tables = { SHA1: [], SHA256: [...SHA256_K], SHA512: [...SHA512_K] };

  test.each(algorithms)(
    'of %s begins with its public table and nothing else',
    async (algorithm) => {
      const { memories } = watchWebAssembly();
      const engine = await freshEngine();
      engine.prepareKey(algorithm, bytesOf(20));
      const expected = new Uint8Array(65_536);
      const view = new DataView(expected.buffer);
      tables[algorithm].forEach((word, i) => {
        // The lower half of a 64-bit word lies before the upper.
        const place = algorithm === 'SHA512' ? i ^ 1 : i;
        view.setInt32(4 * layout.TABLE + 4 * place, word, true);
      });
      expect(memories.map(({ image }) => textOf(image))).toEqual([textOf(expected)]);
    },
  );

  test('begins alike whatever was computed before', async () => {
    const images: string[][] = [];
    for (const length of [2, 32, 64]) {
      vi.resetModules();
      const { memories } = watchWebAssembly();
      const engine = await freshEngine();
      for (const algorithm of algorithms) {
        const key = engine.prepareBase32Key(algorithm, '7'.repeat(length)) as Midstates;
        engine.prepareKey(algorithm, bytesOf(length));
        engine.matchOne(key, length, 5, 1, 6);
      }
      images.push(memories.map(({ image }) => textOf(image)));
    }
    expect(images[0]).toHaveLength(3);
    expect(images[1]).toEqual(images[0]);
    expect(images[2]).toEqual(images[0]);
  });

  // What stays is looked for in a copy of the memory: that must be able to show something.
  test('that holds a secret is told from a new one', async () => {
    const watch = watchWebAssembly();
    const engine = await freshEngine();
    engine.prepareKey('SHA1', bytesOf(20));
    expect(watch.take().isAsNew).toBe(true);
    for (const address of [4 * layout.KEYS, 4 * layout.TEXT + 127, 4 * layout.TEXT - 1, 65_535]) {
      const bytes = watch.memories[0]?.bytes as Uint8Array;
      const before = bytes[address] as number;
      bytes[address] = before ^ 1;
      expect(watch.take().isAsNew).toBe(false);
      bytes[address] = before;
      expect(watch.take().isAsNew).toBe(true);
    }
  });
});

describe('What an interrupted call left in the memory', () => {
  test.each(algorithms)('is no part of the next key or answer, under %s', async (algorithm) => {
    const { memories } = watchWebAssembly();
    const engine = await freshEngine();
    engine.prepareKey(algorithm, bytesOf(20));
    const { bytes } = memories[0] as (typeof memories)[number];
    /** All but the table, which no call writes to. */
    const spoil = () => bytes.fill(0xa5, 0, 4 * layout.TABLE);
    const blockBytes = algorithm === 'SHA512' ? 128 : 64;
    for (let length = 1; length <= blockBytes; length++) {
      const expected = portable.prepareKey(algorithm, bytesOf(length));
      spoil();
      expect(engine.prepareKey(algorithm, bytesOf(length)), `${length} bytes`).toEqual(expected);
    }
    for (const length of [2, 8, 26, 31, 32, 33 + 1, 64, 103, 128]) {
      const text = 'GEZDGNBVGY3TQOJ7'.repeat(8).slice(0, length);
      const expected = portable.prepareKey(algorithm, decodeBase32Lenient(text));
      spoil();
      const found = engine.prepareBase32Key(algorithm, text);
      if (length <= blockBytes) expect(found, `${length} characters`).toEqual(expected);
    }
    const key = portable.prepareKey(algorithm, bytesOf(20));
    const [values, expected] = [new Int32Array(5), new Int32Array(5)];
    portable.truncateHmacs(key, 7, expected);
    spoil();
    engine.truncateHmacs(key, 7, values);
    expect(values).toEqual(expected);
    const typed = (expected[1] as number) % 1_000_000;
    spoil();
    expect(engine.matchOne(key, 7, 5, typed, 6)).toBe(1);
    const attempt = { midstates: key, first: 7, count: 5, typed, matchIndex: -1 };
    spoil();
    engine.matchBatch([attempt], 6);
    expect(attempt.matchIndex).toBe(1);
  });
});

describe('Nothing stays in the memory of the kernels', () => {
  test.each(algorithms)('where a call fails, under %s', async (algorithm) => {
    const watch = watchWebAssembly();
    const engine = await freshEngine();
    const midstates = engine.prepareKey(algorithm, bytesOf(20));
    const attempt: Attempt = { midstates, first: 5, count: 3, typed: 999_999, matchIndex: -1 };
    const search = { ...attempt, secret: TEXT };
    watch.take();
    watch.fail();
    const calls: readonly (() => unknown)[] = [
      () => engine.prepareKey(algorithm, bytesOf(20)),
      () => engine.prepareBase32Key(algorithm, TEXT),
      () => engine.truncateHmacs(midstates, 5, new Int32Array(3)),
      () => engine.matchOne(midstates, 5, 3, 123456, 6),
      () => engine.matchBatch([attempt, { ...attempt }], 6),
      ...(algorithm === 'SHA512' ? [] : [() => engine.matchSecrets(algorithm, [search], 6)]),
    ];
    for (const call of calls) {
      expect(call).toThrow('call stack');
      expect(watch.take(), String(call)).toEqual({ wasFilled: true, isAsNew: true });
    }
  });

  test.each(algorithms)('of what the engine was given, under %s', async (algorithm) => {
    const watch = watchWebAssembly();
    const engine = await freshEngine();
    const used = { wasFilled: true, isAsNew: true };
    const blockBytes = algorithm === 'SHA512' ? 128 : 64;
    for (let length = 1; length <= blockBytes; length++) {
      engine.prepareKey(algorithm, bytesOf(length));
      expect(watch.take(), `a key of ${length} bytes`).toEqual(used);
    }
    engine.prepareKey(algorithm, bytesOf(blockBytes + 1));
    expect(watch.take().isAsNew).toBe(true);

    // Of a text that is used, or refused for its first or last character.
    const unused = { wasFilled: false, isAsNew: true };
    for (let length = 1; length <= 130; length++) {
      for (const text of ['7'.repeat(length), `z${'7'.repeat(length - 1)}`]) {
        const isFitting = length <= blockBytes && (5 * length) % 8 < 5;
        engine.prepareBase32Key(algorithm, text);
        expect(watch.take(), `${length} characters`).toEqual(isFitting ? used : unused);
        for (const fault of ['!', '\u0141', '\u8000']) {
          engine.prepareBase32Key(algorithm, fault + text.slice(1));
          engine.prepareBase32Key(algorithm, text.slice(1) + fault);
          expect(watch.take().isAsNew, `${length} characters with a fault`).toBe(true);
        }
      }
    }

    const key = engine.prepareKey(algorithm, bytesOf(20));
    watch.take();
    for (const count of [1, 2, 3, 4, 5, 9]) {
      engine.truncateHmacs(key, 2 ** 53 - 10, new Int32Array(count));
      expect(watch.take(), `a run of ${count}`).toEqual(used);
      engine.matchOne(key, 2 ** 53 - 10, count, 123456, 6);
      expect(watch.take(), `a match among ${count}`).toEqual(used);
      const attempts = Array.from({ length: count }, (_, i): Attempt => {
        return {
          midstates: key,
          first: 2 ** 53 - 10 - i,
          count: 3,
          typed: 999_999,
          matchIndex: -1,
        };
      });
      engine.matchBatch(attempts, 6);
      expect(watch.take(), `a batch of ${count}`).toEqual(used);
      for (const secret of [TEXT, bytesOf(20)]) {
        const searches = attempts.map((attempt) => ({ ...attempt, secret }));
        engine.matchSecrets(algorithm, searches, 6);
        expect(watch.take(), `${count} secrets`).toEqual(algorithm === 'SHA512' ? unused : used);
        // One that is refused after it was decoded.
        engine.matchSecrets(
          algorithm,
          [...searches, { ...searches[0], secret: '777!' } as never],
          6,
        );
        expect(watch.take().isAsNew, `${count} secrets and a faulty one`).toBe(true);
      }
    }
    engine.truncateHmacs(key, 5, new Int32Array(0));
    engine.matchOne(key, 5, 0, 123456, 6);
    engine.matchBatch([{ midstates: key, first: 5, count: 0, typed: 1, matchIndex: -1 }], 6);
    expect(watch.take().isAsNew).toBe(true);
  });

  describe.runIf(chosen.name === 'simd').each(algorithms)(
    'of a secret under %s, by',
    (algorithm) => {
      async function start() {
        const watch = watchWebAssembly();
        const otp = await import('../../src/index.js');
        const key = otp.createKey(TEXT, { algorithm });
        expect(watch.take()).toEqual({ wasFilled: true, isAsNew: true });
        return { watch, subject: { otp, key, algorithm } };
      }

      test.each(Object.entries(OPERATIONS))('%s', async (_, operation) => {
        const { watch, subject } = await start();
        await operation(subject);
        expect(watch.take()).toEqual({ wasFilled: true, isAsNew: true });
      });

      test.each(Object.entries(FAILURES))('%s', async (_, operation) => {
        const { watch, subject } = await start();
        expect(() => operation(subject)).toThrow();
        expect(watch.take().isAsNew).toBe(true);
      });
    },
  );
});
