// Three channels: a TypeError or RangeError for the programmer, an OtpError for stored and scanned
// text, a result for whoever signs in. No message repeats a secret, a code or a URI.
import { equal, errorOf, holds, throws } from './assert.mjs';
import { RFC_SECRET, RFC_SECRET_TEXT } from './bytes.mjs';

/** Later than every epoch. */
const LATE = { timestamp: Number.MAX_SAFE_INTEGER };
const TYPE_ERROR = { type: TypeError };
const RANGE_ERROR = { type: RangeError };
const NUMBERS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  6.5,
  2 ** 53,
  -(2 ** 53),
];
const NO_NUMBERS = ['6', null, true, [], {}, BigInt(6), Symbol('6'), () => 6, new Date(0)];

export function errors({ library, check }) {
  const { buildOtpauthUri, createKey, decodeBase32, encodeBase32, generateHotp, generateTotp } =
    library;
  const { memoryStore, OtpError, parseOtpauthUri, resyncHotp, resyncTotp, secondsRemaining } =
    library;
  const { timeStep, verifyHotp, verifyTotp, verifyTotpBatch } = library;
  const key = createKey(RFC_SECRET);
  const params = { issuer: 'ACME', account: 'alice', secret: RFC_SECRET };

  /** Every number that a caller can pass: its lowest and highest value, and a call with it. */
  const numbers = [
    ['counter', 0, Number.MAX_SAFE_INTEGER, (counter) => generateHotp(key, counter)],
    ['counter', 0, Number.MAX_SAFE_INTEGER - 1, (counter) => verifyHotp(key, '1', { counter })],
    ['counter', 0, Number.MAX_SAFE_INTEGER - 1, (counter) => resyncHotp(key, [], { counter })],
    [
      'counter',
      0,
      Number.MAX_SAFE_INTEGER,
      (counter) => buildOtpauthUri({ ...params, type: 'hotp', counter }),
    ],
    ['digits', 6, 9, (digits) => generateHotp(key, 0, { digits })],
    ['digits', 6, 9, (digits) => generateTotp(key, { digits })],
    ['digits', 6, 9, (digits) => verifyTotp(key, '1', { digits })],
    ['digits', 6, 9, (digits) => buildOtpauthUri({ ...params, digits })],
    ['lookAhead', 0, 100, (lookAhead) => verifyHotp(key, '1', { counter: 0, lookAhead })],
    ['timestamp', 0, Number.MAX_SAFE_INTEGER, (timestamp) => generateTotp(key, { timestamp })],
    ['timestamp', 0, Number.MAX_SAFE_INTEGER, (timestamp) => verifyTotpBatch([], { timestamp })],
    ['period', 1, 86_400, (period) => timeStep({ period })],
    ['period', 1, 86_400, (period) => buildOtpauthUri({ ...params, period })],
    ['epoch', 0, 9_007_199_254_740, (epoch) => verifyTotp(key, '1', { ...LATE, epoch })],
    ['window', 0, 10, (window) => verifyTotp(key, '1', { window })],
    ['window.past', 0, 10, (past) => verifyTotp(key, '1', { window: { past, future: 0 } })],
    ['window.future', 0, 10, (future) => verifyTotp(key, '1', { window: { past: 0, future } })],
    ['drift', -(2 ** 52), 2 ** 52, (drift) => verifyTotp(key, '1', { drift })],
    ['lastStep', 0, Number.MAX_SAFE_INTEGER, (lastStep) => verifyTotp(key, '1', { lastStep })],
    ['range', 0, 10_000, (range) => resyncTotp(key, ['1'], { range })],
    ['range', 0, 10_000, (range) => resyncHotp(key, ['1'], { counter: 0, range })],
    ['maxIds', 1, 10_000_000, (maxIds) => memoryStore({ maxIds })],
  ];

  for (let i = 0; i < numbers.length; i++) {
    const [name, min, max, call] = numbers[i];
    check(`the number ${name}, call ${i}, is ${min} to ${max} and nothing else`, () => {
      call(min);
      call(max);
      const message = new RegExp(`"${name}"`);
      for (const value of [min - 1, max + 1, ...NUMBERS]) {
        throws(() => call(value), { type: RangeError, message }, String(value));
      }
      for (const value of NO_NUMBERS) {
        // A window may be an object, and then it is what is in it that is wrong.
        const expected = name === 'window' ? TYPE_ERROR : { type: TypeError, message };
        throws(() => call(value), expected, typeof value);
      }
    });
  }

  check('a key is what createKey made, and nothing that looks like it', () => {
    const copies = [
      undefined,
      null,
      {},
      { ...key },
      Object.create(key),
      JSON.parse(JSON.stringify(key)),
      RFC_SECRET,
      RFC_SECRET_TEXT,
    ];
    for (const copy of copies) {
      for (const call of [
        () => generateHotp(copy, 0),
        () => generateTotp(copy),
        () => verifyTotp(copy, '287082'),
        () => verifyHotp(copy, '287082', { counter: 0 }),
        () => resyncTotp(copy, []),
      ]) {
        throws(call, { type: TypeError, message: /"key"/ });
      }
    }
  });

  check('a key shows its algorithm and nothing else', () => {
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512']) {
      const own = createKey(RFC_SECRET, { algorithm });
      equal(JSON.stringify(own), JSON.stringify({ algorithm }));
      equal(Object.keys(own), ['algorithm']);
      equal(Reflect.ownKeys(own), ['algorithm']);
    }
  });

  check('a secret is bytes or a text, and an algorithm one of three', () => {
    for (const secret of [undefined, null, 7, [1, 2], {}, new Int8Array(20), new ArrayBuffer(20)]) {
      throws(() => createKey(secret), { type: TypeError, message: /"secret"/ });
    }
    throws(() => createKey(new Uint8Array(0)), RANGE_ERROR);
    for (const text of ['', '====', ' - ', 'A']) {
      throws(() => createKey(text), { type: OtpError, code: 'empty-secret', position: 0 });
    }
    for (const algorithm of ['sha1', 'SHA-1', 'MD5', '', 'toString', '__proto__']) {
      throws(() => createKey(RFC_SECRET, { algorithm }), RANGE_ERROR);
    }
    for (const algorithm of [1, null, Symbol('SHA1'), ['SHA1']]) {
      throws(() => createKey(RFC_SECRET, { algorithm }), TYPE_ERROR);
    }
  });

  check('options are an object that may hold them', () => {
    for (const options of [null, 7, 'x', [], new Date(0), true]) {
      for (const call of [
        () => createKey(RFC_SECRET, options),
        () => generateHotp(key, 0, options),
        () => generateTotp(key, options),
        () => verifyTotp(key, '1', options),
        () => verifyHotp(key, '1', options),
        () => timeStep(options),
        () => secondsRemaining(options),
        () => memoryStore(options),
        () => buildOtpauthUri(options),
      ]) {
        throws(call, TYPE_ERROR);
      }
    }
  });

  check('bytes are bytes', () => {
    for (const bytes of [undefined, null, 'x', [1], new Uint16Array(2), new ArrayBuffer(2), {}]) {
      throws(() => encodeBase32(bytes), { type: TypeError, message: /"bytes"/ });
    }
  });

  check('an OtpError is an Error with a name, a code and a position', () => {
    const error = errorOf(() => decodeBase32('MZXW6YT1'));
    holds(error instanceof OtpError && error instanceof Error, 'that it is one');
    equal(error.name, 'OtpError');
    equal([error.code, error.position], ['invalid-character', 7]);
    holds(Object.prototype.toString.call(error) === '[object Error]', 'that it is a true error');
    holds(String(error).indexOf('OtpError: ') === 0, 'that its text begins with its name');
  });

  check('no error repeats a secret, a code or a URI', () => {
    const secret = 'KRUGKUZTMVRXEZLU';
    const hidden = [secret, secret.toLowerCase(), 'Zyxcorp', '918273'];
    const calls = [
      () => decodeBase32(`${secret}1`),
      () => decodeBase32(secret.toLowerCase()),
      () => createKey(`${secret}!`),
      () => createKey({ secret }),
      () => createKey(RFC_SECRET, { algorithm: secret }),
      () => parseOtpauthUri(`otpauth://totp/Zyxcorp:918273?secret=${secret}1`),
      () => parseOtpauthUri(`otpauth://totp/Zyxcorp:918273?secret=${secret}&digits=918273`),
      () => parseOtpauthUri(`Zyxcorp ${secret}`),
      () => parseOtpauthUri([`Zyxcorp ${secret}`]),
      () => buildOtpauthUri({ issuer: 'Zyxcorp:', account: 'a', secret }),
      () => buildOtpauthUri({ issuer: 'Zyxcorp', account: '918273\n', secret }),
      () => buildOtpauthUri({ issuer: 'Zyxcorp', account: 'a', secret: `${secret}1` }),
      () => generateHotp(secret, 0),
      () => generateHotp(key, secret),
      () => verifyTotp(key, '918273', { lastStep: '918273' }),
      () => verifyTotp(key, '918273', { window: 918273 }),
      () => verifyHotp(key, '918273', { counter: 918273.5 }),
    ];
    for (let i = 0; i < calls.length; i++) {
      const error = errorOf(calls[i], `call ${i}`);
      const shown = [error.message, String(error), JSON.stringify(error), String(error.cause)].join(
        ' ',
      );
      for (const text of hidden)
        holds(shown.indexOf(text) < 0, `that call ${i} does not repeat it`);
    }
  });

  check('what the prototype of all objects was given is no option', () => {
    const polluted = { digits: 8, window: 10, timestamp: 0, lastStep: 5, algorithm: 'SHA512' };
    const before = generateTotp(key, { timestamp: 59_000 });
    const far = generateHotp(key, 10);
    try {
      Object.assign(Object.prototype, polluted);
      equal(generateTotp(createKey(RFC_SECRET), { timestamp: 59_000 }), before);
      equal(verifyTotp(key, far, { timestamp: 59_000 }).reason, 'mismatch');
      equal(verifyTotp(key, before, { timestamp: 59_000 }).valid, true);
    } finally {
      for (const name of Object.keys(polluted)) delete Object.prototype[name];
    }
  });

  check('no options are what defaults are', () => {
    const options = { timestamp: 59_000, period: undefined, epoch: undefined, digits: undefined };
    equal(generateTotp(key, options), '287082');
    const all = { ...options, window: undefined, drift: undefined, lastStep: undefined };
    equal(verifyTotp(key, '287082', Object.freeze(all)), { valid: true, step: 1, delta: 0 });
  });
}
