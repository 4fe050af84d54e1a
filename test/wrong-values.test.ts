/**
 * The table of wrong values at every parameter of every public function, and what holds for all
 * options alike: undefined is the default, prototype pollution is not, and nothing is written to.
 */
import { inspect } from 'node:util';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as otpcore from '../src/index.js';
import * as mysql from '../src/stores/mysql.js';
import * as postgres from '../src/stores/postgres.js';
import * as redis from '../src/stores/redis.js';
import * as sqlite from '../src/stores/sqlite.js';
import * as testing from '../src/testing.js';
import { wrongValues } from './support/wrong-values.js';
import { rfc4226 } from './vectors/rfc4226.js';

const { createKey, generateHotp, memoryStore, OtpError } = otpcore;

type ErrorClass = new (...args: never[]) => Error;

/** What a parameter makes of a value: the class of the error, or undefined if it takes it. */
type Rule = (value: unknown) => ErrorClass | undefined;

interface Parameter {
  readonly name: string;
  readonly rule: Rule;
  /** A fresh legal value; for an option, one that gives another answer than leaving it out. */
  readonly legal: () => unknown;
  /** Whether a positional one may be left out. */
  readonly isOptional?: boolean;
}

/** One public function, or one object that a public function takes. */
interface Subject {
  readonly name: string;
  readonly call: (...args: never[]) => unknown;
  readonly positional?: readonly Parameter[];
  /** The members of the last argument, if that is an object. */
  readonly options?: readonly Parameter[];
  /** Those that must be there; none if the object itself may be left out. */
  readonly required?: () => Options;
  /** What the last argument takes, if not the usual. */
  readonly bag?: Rule;
}

type Options = Readonly<Record<string, unknown>>;

// --- Rules -----------------------------------------------------------------------------------

const LAST = Number.MAX_SAFE_INTEGER;

function integer(min: number, max: number): Rule {
  return (value) => {
    if (typeof value !== 'number') return TypeError;
    return Number.isInteger(value) && value >= min && value <= max ? undefined : RangeError;
  };
}

function oneOf(...texts: readonly string[]): Rule {
  return (value) => {
    if (typeof value !== 'string') return TypeError;
    return texts.includes(value) ? undefined : RangeError;
  };
}

/** A text, where `refusal` says what is wrong with the table's two. */
function text(refusal?: (value: string) => ErrorClass | undefined): Rule {
  return (value) => (typeof value === 'string' ? refusal?.(value) : TypeError);
}

/** Nothing in the table will do: bytes, a key, a store. */
const nothing: Rule = () => TypeError;
/** A code, or codes: whatever was typed, there is an answer. */
const anything: Rule = () => undefined;
/** Options of which none is required. */
const optionBag: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? undefined
    : TypeError;
/** The same, where each name is looked at: a boxed text has numbers for names. */
const knownBag: Rule = (value) => (value instanceof String ? TypeError : optionBag(value));

// --- What is passed --------------------------------------------------------------------------

const secret = new Uint8Array(Buffer.from(rfc4226.secretHex, 'hex'));
const secretText = otpcore.encodeBase32(secret);
const key = createKey(secret);
const otherKey = createKey(secret, { algorithm: 'SHA256' });
/** The codes of counters and steps 0, 1 and 2; the clock stands in step 1. */
const [code0, code1, code2] = rfc4226.cases.map(({ code }) => code) as [string, string, string];
const NOW_MS = 59_000;

function parameter(name: string, rule: Rule, legal: unknown): Parameter {
  return { name, rule, legal: () => legal };
}

const keyParameter = parameter('key', nothing, key);
const digits = parameter('digits', integer(6, 9), 8);
/** The highest leaves a next counter that is a safe integer. */
const counterAt = (legal: number) => parameter('counter', integer(0, LAST - 1), legal);
const timestamp = parameter('timestamp', integer(0, LAST), 1_000_000_000_000);
const period = parameter('period', integer(1, 86_400), 7);
const epoch = parameter('epoch', integer(0, Math.floor(LAST / 1000)), 31);
const windowParameter = parameter('window', integer(0, 10), 0);
const drift = parameter('drift', integer(-(2 ** 52), 2 ** 52), 5);
const lastStep = parameter('lastStep', integer(0, LAST), 5);
const algorithm = parameter('algorithm', oneOf('SHA1', 'SHA256', 'SHA512'), 'SHA256');
const time = [timestamp, period, epoch];
const totpOptions = [...time, digits, windowParameter, drift, lastStep];
const hotpOptions = [counterAt(1), parameter('lookAhead', integer(0, 100), 5), digits];

/** A past code: with a window of 0, or any other option, it is not what it was. */
const totpCode = parameter('code', anything, code0);
const hotpCode = parameter('code', anything, code1);

const storeParameter: Parameter = { name: 'store', rule: nothing, legal: () => memoryStore() };
const claimOptions = [storeParameter, parameter('id', text(), 'alice')];
const claimRequired = () => ({ store: memoryStore(), id: 'alice' });

/** For a text that is base32, or ought to be. */
const base32: Rule = text(() => OtpError);
/** "6" alone makes no whole byte, which is no error of the decoder's. */
const base32Lenient: Rule = text((value) => (value === '6' ? undefined : OtpError));

const uriNames = [parameter('issuer', text(), 'ACME'), parameter('account', text(), 'alice')];
const uriSecret = parameter('secret', base32, secret);
const uriOptions = [...uriNames, uriSecret, algorithm, digits];
/** Long enough for the linter to say that no QR code holds it. */
const image = parameter('image', text(), `https://example.com/${'x'.repeat(3000)}`);

/** The same parameters for the builder and the linter, which can do without an issuer. */
function uriSubjects(
  name: string,
  call: Subject['call'],
  bag: Rule,
  issuer: Options,
): readonly Subject[] {
  const required = () => ({ ...issuer, account: 'alice', secret });
  return [
    {
      name,
      call,
      bag,
      required,
      options: [
        ...uriOptions,
        image,
        period,
        parameter('type', oneOf('totp', 'hotp'), 'hotp'),
        // Only the other type has one.
        parameter('counter', nothing, 5),
      ],
    },
    {
      name: `${name} of type hotp`,
      call,
      bag,
      required: () => ({ ...required(), type: 'hotp', counter: 5 }),
      options: [
        ...uriOptions,
        image,
        parameter('counter', integer(0, LAST), 6),
        parameter('period', nothing, 30),
      ],
    },
  ];
}

const windowSides = [parameter('past', integer(0, 10), 1), parameter('future', integer(0, 10), 1)];
/** The object itself may be left out, and may be a number. */
const windowRule: Rule = (value) => (value === undefined ? undefined : windowParameter.rule(value));
const windowRequired = () => ({ past: 1, future: 1 });

// --- Stores on databases ---------------------------------------------------------------------

/** The id of a check of a store, as it is sent to MySQL. */
const CHECK_HEX = Buffer.from('otpcore:check-store', 'utf16le')
  .swap16()
  .toString('hex')
  .toUpperCase();

/** What each client was asked. Not in the client itself, which nothing may write to. */
const asked = new WeakMap<object, unknown[]>();

/** A client of any database, which grants every claim, and the same one of a check once. */
function newClient(): object {
  const calls: unknown[] = [];
  const checks = new Set<string>();
  const ask = (...args: unknown[]) => {
    calls.push(args);
    const call = JSON.stringify(args);
    const isRepeated = call.includes(CHECK_HEX) && checks.has(call);
    checks.add(call);
    return { changes: 1, insertId: isRepeated ? 2 : 1, rows: [{}] };
  };
  const client = {
    query: async (...args: unknown[]) => ask(...args),
    prepare: (sql: string) => ({ run: (...values: unknown[]) => ask(sql, values) }),
    evalsha: async (...args: unknown[]) => ask(...args).changes,
    eval: async () => 1,
  };
  asked.set(client, calls);
  return client;
}

const client: Parameter = { name: 'client', rule: nothing, legal: newClient };
const table = parameter(
  'table',
  // Of the two texts below, 6 is a name: names are quoted, and may begin with a digit.
  text((value) => (value === '6' ? undefined : RangeError)),
  'auth.steps',
);
const prefix = parameter('prefix', text(), 'app:');

/** A store's maker, and the claims of what it makes. What a store is made with shows in what it asks. */
function storeSubjects(
  name: string,
  create: (client: never, options?: never) => otpcore.SingleUseStore,
  options: readonly Parameter[],
): readonly Subject[] {
  return [
    {
      name,
      call: async (client: never, options: never) => {
        await create(client, options).claim('alice', 5);
        return asked.get(client);
      },
      positional: [client],
      options,
      bag: knownBag,
    },
    {
      name: `${name}().claim`,
      call: (id: string, step: number) => create(newClient() as never).claim(id, step),
      positional: [parameter('id', text(), 'alice'), parameter('step', integer(0, LAST), 5)],
    },
  ];
}

/** The text of a table, and what makes the table. */
function tableSubjects(
  schemaName: string,
  schema: Subject['call'],
  createName: string,
  create: (client: never, options?: never) => Promise<void>,
): readonly Subject[] {
  return [
    { name: schemaName, call: schema, options: [table], bag: knownBag },
    {
      name: createName,
      call: async (client: never, options: never) => {
        await create(client, options);
        return asked.get(client);
      },
      positional: [client],
      options: [table],
      bag: knownBag,
    },
  ];
}

/** What a function that registers tests was given. */
const registered = new WeakMap<object, (() => Promise<void>)[]>();

function newRegister(): testing.RegisterTest {
  const runs: (() => Promise<void>)[] = [];
  const register = (_name: string, run: () => Promise<void>) => runs.push(run);
  registered.set(register, runs);
  return register;
}

const aFunction: Rule = (value) => (typeof value === 'function' ? undefined : TypeError);
const suite: Subject = {
  name: 'testSingleUseStore',
  call: async (store: otpcore.SingleUseStore, register: testing.RegisterTest, options: object) => {
    testing.testSingleUseStore(store, register, options);
    await registered.get(register)?.[0]?.();
  },
  positional: [storeParameter, { name: 'test', rule: aFunction, legal: newRegister }],
  options: [
    parameter('prepareId', aFunction, () => {
      throw new Error('no row for it');
    }),
  ],
  bag: knownBag,
};

// --- Every public function -------------------------------------------------------------------

const subjects: readonly Subject[] = [
  {
    name: 'encodeBase32',
    call: otpcore.encodeBase32,
    positional: [parameter('bytes', nothing, secret)],
  },
  {
    name: 'decodeBase32',
    call: otpcore.decodeBase32,
    positional: [parameter('text', base32, secretText)],
  },
  {
    name: 'decodeBase32Lenient',
    call: otpcore.decodeBase32Lenient,
    positional: [parameter('text', base32Lenient, secretText)],
  },
  {
    name: 'normalizeCode',
    call: otpcore.normalizeCode,
    positional: [parameter('typed', anything, '755 224')],
  },
  {
    name: 'generateSecret',
    call: otpcore.generateSecret,
    positional: [{ ...parameter('byteLength', integer(16, 4096), 20), isOptional: true }],
  },
  {
    name: 'createKey',
    call: createKey,
    positional: [parameter('secret', base32, secret)],
    options: [algorithm],
    bag: knownBag,
  },
  {
    name: 'createSha1Key',
    call: otpcore.createSha1Key,
    positional: [parameter('secret', nothing, secret)],
  },
  {
    name: 'generateHotp',
    call: generateHotp,
    positional: [keyParameter, parameter('counter', integer(0, LAST), 1)],
    options: [digits],
  },
  {
    name: 'truncatedHmac',
    call: otpcore.truncatedHmac,
    positional: [keyParameter, counterAt(1)],
  },
  {
    name: 'verifyHotp',
    call: otpcore.verifyHotp,
    positional: [keyParameter, hotpCode],
    required: () => ({ counter: 0 }),
    options: hotpOptions,
  },
  {
    name: 'resyncHotp',
    call: otpcore.resyncHotp,
    positional: [keyParameter, parameter('codes', anything, [code1, code2])],
    required: () => ({ counter: 0 }),
    options: [counterAt(2), parameter('range', integer(0, 10_000), 0), digits],
  },
  {
    name: 'generateTotp',
    call: otpcore.generateTotp,
    positional: [keyParameter],
    options: [...time, digits],
  },
  {
    name: 'verifyTotp',
    call: otpcore.verifyTotp,
    positional: [keyParameter, totpCode],
    options: totpOptions,
  },
  {
    name: 'verifyTotpBatch',
    call: otpcore.verifyTotpBatch,
    positional: [
      parameter(
        'items',
        (value) => (Array.isArray(value) && value.length === 0 ? undefined : TypeError),
        [
          { key, code: code0 },
          { secret, code: code0 },
        ],
      ),
    ],
    options: [...time, digits, windowParameter, algorithm],
  },
  {
    name: 'verifyTotpBatch, an item',
    call: (item: otpcore.TotpBatchItem) => otpcore.verifyTotpBatch([item]),
    required: () => ({ key, code: code0 }),
    options: [
      parameter('key', nothing, otherKey),
      parameter('code', anything, code1),
      drift,
      lastStep,
    ],
  },
  {
    name: 'verifyTotp, a window',
    call: (sides: otpcore.WindowSides) => otpcore.verifyTotp(key, code0, { window: sides }),
    required: windowRequired,
    options: windowSides,
    bag: windowRule,
  },
  {
    name: 'verifyTotpBatch, a window',
    call: (sides: otpcore.WindowSides) =>
      otpcore.verifyTotpBatch([{ key, code: code0 }], { window: sides }),
    required: windowRequired,
    options: windowSides,
    bag: windowRule,
  },
  {
    name: 'verifyTotpOnce, a window',
    call: (sides: otpcore.WindowSides) =>
      otpcore.verifyTotpOnce(key, code0, { ...claimRequired(), window: sides }),
    required: windowRequired,
    options: windowSides,
    bag: windowRule,
  },
  {
    name: 'resyncTotp',
    call: otpcore.resyncTotp,
    positional: [keyParameter, parameter('codes', anything, [code1, code2])],
    options: [...time, digits, parameter('range', integer(0, 10_000), 0), lastStep],
    bag: knownBag,
  },
  {
    name: 'timeStep',
    call: otpcore.timeStep,
    options: time,
    bag: knownBag,
  },
  {
    name: 'secondsRemaining',
    call: otpcore.secondsRemaining,
    options: time,
    bag: knownBag,
  },
  ...uriSubjects('buildOtpauthUri', otpcore.buildOtpauthUri, nothing, { issuer: 'ACME' }),
  ...uriSubjects('lintOtpauthUri', otpcore.lintOtpauthUri, text(), {}),
  {
    name: 'parseOtpauthUri',
    call: otpcore.parseOtpauthUri,
    positional: [
      parameter(
        'text',
        text(() => OtpError),
        'otpauth://totp/a?secret=MZXW6YTB',
      ),
    ],
  },
  {
    name: 'memoryStore',
    // What a store holds shows only in what it forgets.
    call: (options: otpcore.MemoryStoreOptions) => {
      const store = memoryStore(options);
      return ['a', 'b', 'c'].map((id, i) => store.claim(id, 9 - i));
    },
    options: [parameter('maxIds', integer(1, 10_000_000), 1)],
    bag: knownBag,
  },
  {
    name: 'memoryStore().claim',
    call: (id: string, step: number) => memoryStore().claim(id, step),
    positional: [parameter('id', text(), 'alice'), parameter('step', integer(0, LAST), 5)],
  },
  {
    name: 'verifyTotpOnce',
    call: otpcore.verifyTotpOnce,
    positional: [keyParameter, totpCode],
    required: claimRequired,
    options: [...claimOptions, ...totpOptions],
  },
  {
    name: 'verifyHotpOnce',
    call: otpcore.verifyHotpOnce,
    positional: [keyParameter, hotpCode],
    required: () => ({ ...claimRequired(), counter: 0 }),
    options: [...claimOptions, ...hotpOptions],
  },
  {
    name: 'resyncTotpOnce',
    call: otpcore.resyncTotpOnce,
    positional: [keyParameter, parameter('codes', anything, [code1, code2])],
    required: claimRequired,
    options: [
      ...claimOptions,
      ...time,
      digits,
      parameter('range', integer(0, 10_000), 0),
      lastStep,
    ],
  },
  {
    name: 'resyncHotpOnce',
    call: otpcore.resyncHotpOnce,
    positional: [keyParameter, parameter('codes', anything, [code1, code2])],
    required: () => ({ ...claimRequired(), counter: 0 }),
    options: [...claimOptions, counterAt(2), parameter('range', integer(0, 10_000), 0), digits],
  },
  {
    name: 'checkStore',
    call: otpcore.checkStore,
    positional: [{ name: 'store', rule: nothing, legal: () => memoryStore() }],
  },
  ...storeSubjects('mysqlStore', mysql.mysqlStore, [table]),
  ...tableSubjects('mysqlSchema', mysql.mysqlSchema, 'createMysqlTable', mysql.createMysqlTable),
  ...storeSubjects('postgresStore', postgres.postgresStore, [table]),
  ...tableSubjects(
    'postgresSchema',
    postgres.postgresSchema,
    'createPostgresTable',
    postgres.createPostgresTable,
  ),
  ...storeSubjects('redisStore', redis.redisStore, [prefix]),
  ...storeSubjects('sqliteStore', sqlite.sqliteStore, [table]),
  ...tableSubjects(
    'sqliteSchema',
    sqlite.sqliteSchema,
    'createSqliteTable',
    sqlite.createSqliteTable,
  ),
  suite,
];

/** All arguments of a call, the object of options last. */
function argumentsOf({ positional = [], options }: Subject, bag?: unknown): unknown[] {
  const args = positional.map(({ legal }) => legal());
  return options === undefined ? args : [...args, bag];
}

/** What a call answers, or how it fails. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error;
  }
}

/** Calls while `Object.prototype` has a property, as another package's bug may leave it. */
function polluted<T>(name: string, value: unknown, call: () => T): T {
  Object.defineProperty(Object.prototype, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
  try {
    return call();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

function run(subject: Subject, bag?: unknown): unknown {
  return Reflect.apply(subject.call, undefined, argumentsOf(subject, bag));
}

/** Rows for `test.each` under their titles, which the `$title` of a single object would cut short. */
function named<T extends { readonly title: string }>(rows: readonly T[]): [string, T][] {
  return rows.map((row) => [row.title, row]);
}

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(NOW_MS);
  return () => vi.restoreAllMocks();
});

test('Every public function is under test here', () => {
  const all = { ...otpcore, ...mysql, ...postgres, ...redis, ...sqlite, ...testing };
  const functions = Object.entries(all).flatMap(([name, exported]) =>
    // The error is made by the library; nobody else has to.
    typeof exported === 'function' && name !== 'OtpError' ? [name] : [],
  );
  const tested = new Set(subjects.map(({ name }) => name.replace(/\W.*$/, '')));
  expect([...tested].sort()).toEqual(functions.sort());
});

describe('Wrong values', () => {
  interface Place {
    readonly title: string;
    /** What a message may call it: by its own name, or by that of what is missing in it. */
    readonly names: readonly string[];
    readonly rule: Rule;
    readonly isRequired: boolean;
    readonly run: (value: unknown) => unknown;
  }

  const places: readonly Place[] = subjects.flatMap((subject) => {
    const { name, call, positional = [], options, required } = subject;
    const apply = (args: readonly unknown[]) => Reflect.apply(call, undefined, args);
    const asPositional = positional.map((own, i) => ({
      title: `${own.name} of ${name}`,
      names: own.name === 'client' ? ['client', 'db'] : [own.name],
      rule: own.rule,
      isRequired: own.isOptional !== true,
      run: (value: unknown) => apply(argumentsOf(subject, required?.()).with(i, value)),
    }));
    if (options === undefined) return asPositional;
    const asBag = {
      title: `the object of ${name}`,
      names: [
        'options',
        'params',
        'subject',
        'items',
        'window',
        ...Object.keys(required?.() ?? {}),
      ],
      rule: subject.bag ?? (required === undefined ? optionBag : nothing),
      isRequired: required !== undefined,
      run: (value: unknown) => run(subject, value),
    };
    const asOptions = options.map((option) => ({
      title: `${option.name} of ${name}`,
      names: [option.name],
      rule: option.rule,
      isRequired: required !== undefined && option.name in required(),
      run: (value: unknown) => run(subject, { ...required?.(), [option.name]: value }),
    }));
    return [...asPositional, asBag, ...asOptions];
  });

  /** What no message may hold: the secret, the codes, and what is long in the table itself. */
  const hidden = [secretText, rfc4226.secretHex, code0, code1, code2, '271828182', '459045'];

  function expectDiscreet(error: Error, value: unknown): void {
    // One character can stand in a message by chance, and null and undefined are kinds of their own.
    const own = (value ?? null) === null || String(value).length < 2 ? [] : [String(value)];
    for (const text of [...hidden, ...own]) expect(error.message).not.toContain(text);
    expect(error.cause).toBeUndefined();
  }

  /** That a message names the argument, quoted, what it must be, and, of a wrong kind, what came. */
  function expectTelling(error: Error, names: readonly string[]): void {
    if (error instanceof OtpError) {
      expect(error.message).toMatch(/^(?:base32 text|the URI|the secret) [a-z]+ \S+/);
      return;
    }
    const [, told = ''] =
      /^"([\w.()[\]]+)" (?:must|cannot|holds) \S+ \S+/.exec(error.message) ?? [];
    expect(
      told.split(/\W+/).some((word) => names.includes(word)),
      error.message,
    ).toBe(true);
    if (!(error instanceof TypeError) || error.message.includes(' must be left out')) return;
    expect(error.message).toMatch(/ must be .+, got (?:null|undefined|an? \w+)$/);
  }

  test.each(named(places))('%s: each wrong value is the right class of error', async (_, place) => {
    const missing = place.isRequired ? [{ name: 'undefined', value: undefined }] : [];
    for (const { name, value } of [...wrongValues, ...missing]) {
      const expected = place.rule(value);
      const answer = await outcome(() => place.run(value));
      if (expected === undefined) {
        expect(answer, name).not.toBeInstanceOf(Error);
      } else {
        expect(answer, name).toBeInstanceOf(expected);
        expectDiscreet(answer as Error, value);
        expectTelling(answer as Error, place.names);
      }
    }
  });

  test('An imitation of a key is a TypeError', () => {
    for (const forged of [
      { algorithm: 'SHA1' },
      { ...key },
      Object.create(key),
      Object.create(Object.getPrototypeOf(key)),
      new Proxy(key, {}),
      JSON.parse(JSON.stringify(key)),
    ]) {
      expect(() => generateHotp(forged, 0)).toThrow(TypeError);
    }
  });

  test('A wrong argument of the functions with a store is a rejection, never a throw', async () => {
    for (const verify of [otpcore.verifyTotpOnce, otpcore.verifyHotpOnce]) {
      for (const args of [
        [],
        [key],
        [key, code0],
        [key, code0, {}],
        [null, code0, claimRequired()],
      ]) {
        const promise: Promise<unknown> = Reflect.apply(verify, undefined, args);
        await expect(promise).rejects.toThrow(TypeError);
      }
    }
  });

  test('A wrong value is told before a code is looked at or a store asked', async () => {
    const claim = vi.fn(() => true);
    const options = { store: { claim }, id: 'alice', counter: 0 };
    await expect(otpcore.verifyTotpOnce(key, code1, { ...options, window: 11 })).rejects.toThrow(
      RangeError,
    );
    await expect(
      otpcore.verifyHotpOnce(key, code0, { ...options, lookAhead: 101 }),
    ).rejects.toThrow(RangeError);
    expect(claim).not.toHaveBeenCalled();
  });
});

describe('Options', () => {
  interface Case {
    readonly title: string;
    readonly subject: Subject;
    readonly option: Parameter;
    /** The required options, and this one not among them. */
    readonly without: () => Options;
    readonly with: () => Options;
  }

  const cases: readonly Case[] = subjects.flatMap((subject) =>
    (subject.options ?? []).map((option) => {
      const without = () => {
        const { [option.name]: _, ...others } = subject.required?.() ?? {};
        return others;
      };
      return {
        title: `${option.name} of ${subject.name}`,
        subject,
        option,
        without,
        with: () => ({ ...without(), [option.name]: option.legal() }),
      };
    }),
  );

  /** The same options, read from the prototype of a class. */
  function viaGetters(options: Options): object {
    class Settings {}
    for (const [name, value] of Object.entries(options)) {
      Object.defineProperty(Settings.prototype, name, { get: () => value });
    }
    return new Settings();
  }

  function viaNullPrototype(options: Options): object {
    return Object.assign(Object.create(null), options);
  }

  test.each(named(cases))('%s: given as undefined, it is not given', async (_, row) => {
    const { subject, option, without } = row;
    expect(await outcome(() => run(subject, { ...without(), [option.name]: undefined }))).toEqual(
      await outcome(() => run(subject, without())),
    );
  });

  // Without this one the next could not fail.
  test.each(named(cases))('%s: it makes a difference', async (_, row) => {
    const { subject, without } = row;
    expect(await outcome(() => run(subject, row.with()))).not.toEqual(
      await outcome(() => run(subject, without())),
    );
  });

  test.each(named(cases))('%s: on Object.prototype alone it is not given', async (_, row) => {
    const { subject, option, without } = row;
    const expected = await outcome(() => run(subject, without()));
    const bags = subject.required === undefined ? [without(), undefined] : [without()];
    for (const bag of bags) {
      const runPolluted = () => polluted(option.name, option.legal(), () => run(subject, bag));
      expect(await outcome(runPolluted)).toEqual(expected);
    }
  });

  test.each(named(cases))('%s: pollution does not hide the values of a class', async (_, row) => {
    const { subject, option } = row;
    const expected = await outcome(() => run(subject, row.with()));
    const runInstance = () => run(subject, viaGetters(row.with()));
    expect(await outcome(runInstance)).toEqual(expected);
    expect(await outcome(() => polluted(option.name, option.legal(), runInstance))).toEqual(
      expected,
    );
  });

  test.each(named(cases))('%s: it may come from any kind of object', async (_, row) => {
    const { subject } = row;
    const expected = await outcome(() => run(subject, row.with()));
    for (const wrap of [viaNullPrototype, viaGetters, Object.freeze, Object.create]) {
      expect(await outcome(() => run(subject, wrap(row.with())))).toEqual(expected);
    }
  });

  test.each([
    ['a number', 0],
    ['one side', { past: 0, future: 1 }],
  ])(
    'A strict window, as %s, stays strict while Object.prototype has a wide one',
    async (_, strict) => {
      const steps = [0, 1, 2, 3, 40].map((step) => generateHotp(key, step));
      const verdicts = (options: object) =>
        steps.map((code) => otpcore.verifyTotp(key, code, options).valid);
      const under = (options: object) => polluted('window', 50, () => verdicts(options));
      expect(under({})).toEqual([true, true, true, false, false]);
      expect(under({ window: strict })).toEqual([false, true, strict !== 0, false, false]);
    },
  );
});

describe('A URI that is read while Object.prototype is polluted', () => {
  const bare = 'otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  test.each([
    ['type', 'hotp'],
    ['issuer', 'ACME'],
    ['account', 'mallory'],
    ['secret', new Uint8Array(20)],
    ['algorithm', 'SHA512'],
    ['digits', 8],
    ['period', 60],
    ['counter', 5],
    ['image', 'https://example.com/'],
    ['position', 7],
  ])('It says nothing of a polluted %s', (name, value) => {
    for (const read of [otpcore.parseOtpauthUri, otpcore.lintOtpauthUri]) {
      expect(polluted(name, value, () => read(bare))).toStrictEqual(read(bare));
    }
  });
});

describe('Arguments', () => {
  /** Freezes all but bytes, which cannot be; writing to any of it then throws. */
  function deepFreeze<T>(value: T): T {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      Object.values(value).forEach(deepFreeze);
      Object.freeze(value);
    }
    return value;
  }

  /** All that can be seen of a value, as text. */
  function snapshot(value: unknown): string {
    return inspect(value, { depth: null, showHidden: true, maxArrayLength: null });
  }

  // A secret is another one each time, and a number cannot be written to.
  const repeatable = subjects.filter(({ name }) => name !== 'generateSecret');

  test.each(repeatable.map((subject) => [subject.name, subject] as const))(
    '%s writes to nothing that it is given',
    async (_, subject) => {
      const { call, required, options = [] } = subject;
      const bags = [
        () => required?.(),
        ...options.map((option) => () => ({ ...required?.(), [option.name]: option.legal() })),
      ];
      for (const bag of bags) {
        const args = argumentsOf(subject, bag());
        const before = snapshot(args);
        const answer = await outcome(() => Reflect.apply(call, undefined, args));
        expect(snapshot(args)).toBe(before);

        const frozen = deepFreeze(argumentsOf(subject, bag()));
        expect(await outcome(() => Reflect.apply(call, undefined, frozen))).toEqual(answer);
      }
    },
  );
});
