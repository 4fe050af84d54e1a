// Calls that must not compile, each with the number of the compiler's message, so that none fails
// for another reason than it should; and beside them, calls that must. Type-checked only;
// compile.test.ts holds it.
import { test } from 'vitest';
import * as otpcore from '../../src/index.js';
import {
  type Algorithm,
  type Bytes,
  buildOtpauthUri,
  createKey,
  decodeBase32,
  decodeBase32Lenient,
  encodeBase32,
  generateHotp,
  generateSecret,
  generateTotp,
  lintOtpauthUri,
  memoryStore,
  normalizeCode,
  type OtpKey,
  parseOtpauthUri,
  resyncHotp,
  resyncTotp,
  timeStep,
  type VerifyTotpOptions,
  verifyHotp,
  verifyHotpOnce,
  verifyTotp,
  verifyTotpBatch,
  verifyTotpOnce,
} from '../../src/index.js';

declare const key: OtpKey;
declare const code: string;
declare const store: ReturnType<typeof memoryStore>;
const names = { issuer: 'ACME', account: 'alice', secret: 'GEZDGNBVGY3TQOJQ' };

test('A code is whatever came from a form or a body; a list of them is a list', () => {
  const body: { readonly [name: string]: unknown } = {};
  verifyTotp(key, body.code);
  verifyTotp(key, normalizeCode(body.code));
  verifyHotp(key, body.code, { counter: 0 });
  verifyTotpOnce(key, body.code, { store, id: 'alice' });
  verifyHotpOnce(key, body.code, { store, id: 'alice', counter: 0 });
  verifyTotpBatch([{ key, code: body.code }]);
  resyncTotp(key, [body.first, body.second]);
  resyncHotp(key, ['162583', '399871'] as const, { counter: 0 });
  // @ts-expect-error 2345
  resyncHotp(key, '162583', { counter: 0 });
});

test('Arguments in another order do not compile', () => {
  // @ts-expect-error 2345
  verifyTotp(code, key);
  // @ts-expect-error 2345
  verifyTotpOnce(key, code, store);
  // @ts-expect-error 2554
  verifyTotpOnce(key, code, store, 'alice');
});

test('Bytes that come back fit WebCrypto', () => {
  const made: Bytes[] = [
    generateSecret(),
    decodeBase32(''),
    decodeBase32Lenient(''),
    parseOtpauthUri('').secret,
  ];
  for (const bytes of made) {
    const own: ArrayBuffer = bytes.buffer;
    // The DOM's types ask for this of a BufferSource and of a part of a Blob.
    const view: ArrayBufferView<ArrayBuffer> = bytes;
    createKey(own === view.buffer ? bytes : encodeBase32(bytes));
  }
  // @ts-expect-error 2322
  const shared: Bytes = new Uint8Array(new SharedArrayBuffer(8));
  createKey(shared);
});

test('A key is made by createKey: no text, no bytes, nothing that looks alike', () => {
  // @ts-expect-error 2345
  verifyTotp('GEZDGNBVGY3TQOJQ', code);
  // @ts-expect-error 2345
  generateTotp(new Uint8Array(20));
  // @ts-expect-error 2345
  generateHotp({ algorithm: 'SHA1' }, 0);
  // @ts-expect-error 2339
  new otpcore.OtpKey('SHA1', new Int32Array(10));
  generateTotp(createKey(new Uint8Array(20)));
});

test('A timestamp is a number: a Date is not', () => {
  // @ts-expect-error 2322
  verifyTotp(key, code, { timestamp: new Date() });
  // @ts-expect-error 2322
  timeStep({ timestamp: new Date() });
  // @ts-expect-error 2559
  timeStep(59_000);
});

test('An algorithm has one spelling', () => {
  // @ts-expect-error 2820
  createKey('GEZDGNBVGY3TQOJQ', { algorithm: 'sha1' });
  // @ts-expect-error 2820
  createKey('GEZDGNBVGY3TQOJQ', { algorithm: 'SHA-256' });
  // @ts-expect-error 2559
  createKey('GEZDGNBVGY3TQOJQ', 'SHA256');
  // @ts-expect-error 2322
  buildOtpauthUri({ ...names, algorithm: 'MD5' });
});

test('HOTP needs its counter', () => {
  // @ts-expect-error 2554
  verifyHotp(key, code);
  // @ts-expect-error 2345
  verifyHotp(key, code, {});
  // @ts-expect-error 2345
  verifyHotp(key, code, { lookAhead: 5 });
  // @ts-expect-error 2554
  generateHotp(key);
  // @ts-expect-error 2322
  verifyHotp(key, code, { counter: 1n });
});

test('A single use needs its store and its id', () => {
  // @ts-expect-error 2554
  verifyTotpOnce(key, code);
  // @ts-expect-error 2345
  verifyTotpOnce(key, code, { store });
  // @ts-expect-error 2345
  verifyHotpOnce(key, code, { id: 'alice', counter: 0 });
  // @ts-expect-error 2345
  verifyHotpOnce(key, code, { id: 'alice', store });
  // @ts-expect-error 2322
  verifyTotpOnce(key, code, { id: 7, store });
});

test('A store answers true or false: a count of rows does not compile', () => {
  // @ts-expect-error 2322
  verifyTotpOnce(key, code, { id: 'alice', store: { claim: async () => 1 } });
  // @ts-expect-error 2322
  verifyTotpOnce(key, code, { id: 'alice', store: { claim() {} } });
  verifyTotpOnce(key, code, { id: 'alice', store: { claim: () => true } });
});

test('A URI has the fields of its type alone', () => {
  // @ts-expect-error 2345
  buildOtpauthUri({ ...names, type: 'hotp', counter: 0, period: 30 });
  // @ts-expect-error 2345
  buildOtpauthUri({ ...names, type: 'totp', counter: 0 });
  // @ts-expect-error 2345
  buildOtpauthUri({ ...names, counter: 0 });
  // @ts-expect-error 2345
  buildOtpauthUri({ ...names, type: 'hotp' });
  // @ts-expect-error 2820
  buildOtpauthUri({ ...names, type: 'TOTP' });
  // @ts-expect-error 2345
  buildOtpauthUri({ account: 'alice', secret: 'GEZDGNBVGY3TQOJQ' });
  buildOtpauthUri({ ...names, type: 'hotp', counter: 0 });
});

test('A name that no option has is an error', () => {
  // @ts-expect-error 2561
  verifyTotp(key, code, { windows: 1 });
  // @ts-expect-error 2353
  generateTotp(key, { window: 1 });
  // @ts-expect-error 2353
  verifyTotpBatch([{ key, code }], { lastStep: 1 });
  // @ts-expect-error 2353
  verifyTotpBatch([{ key, code, window: 1 }]);
  // @ts-expect-error 2322
  verifyTotpBatch([{ key, secret: 'GEZDGNBVGY3TQOJQ', code }]);
  // @ts-expect-error 2322
  verifyTotpBatch([{ code }]);
  verifyTotpBatch([{ secret: 'GEZDGNBVGY3TQOJQ', code }], { algorithm: 'SHA256' });
  // @ts-expect-error 2353
  verifyHotp(key, code, { counter: 0, window: 1 });
  // @ts-expect-error 2353
  buildOtpauthUri({ ...names, logo: 'https://example.com/logo.png' });
  // @ts-expect-error 2353
  memoryStore({ max: 100 });
});

test('A number is no text, no null and no half of a pair; undefined is as good as left out', () => {
  // @ts-expect-error 2322
  generateTotp(key, { digits: '6' });
  // @ts-expect-error 2322
  verifyTotp(key, code, { lastStep: null });
  // @ts-expect-error 2322
  verifyTotp(key, code, { window: { past: 1 } });
  // @ts-expect-error 2322
  verifyTotp(key, code, { window: [1, 1] });
  verifyTotp(key, code, { lastStep: undefined, drift: undefined, window: { past: 1, future: 0 } });
});

test('Nothing can be written to options, results or keys', () => {
  const options: VerifyTotpOptions = { window: { past: 1, future: 1 } };
  // @ts-expect-error 2540
  options.window = 50;
  // @ts-expect-error 2540
  options.period = 1;
  const result = verifyTotp(key, code, options);
  // @ts-expect-error 2540
  result.valid = true;
  // @ts-expect-error 2540
  if (result.valid) result.step = 0;
  // @ts-expect-error 2540
  if (!result.valid) result.reason = 'reused';
  // @ts-expect-error 2540
  key.algorithm = 'SHA512';
  const uri = parseOtpauthUri('');
  // @ts-expect-error 2540
  uri.digits = 8;
});

test('A result says nothing before it has been asked whether it is valid', async () => {
  const result = verifyTotp(key, code);
  // @ts-expect-error 2339
  result.step;
  // @ts-expect-error 2339
  result.reason;
  // @ts-expect-error 2339
  if (result.valid) result.reason;
  // @ts-expect-error 2367
  if (!result.valid && result.reason === 'expired') return;
  const hotp = verifyHotp(key, code, { counter: 0 });
  // @ts-expect-error 2367
  if (!hotp.valid && hotp.reason === 'reused') return;
});

test('A result that was not waited for is no result', () => {
  const result = verifyTotpOnce(key, code, { store, id: 'alice' });
  // @ts-expect-error 2339
  if (result.valid) return;
  // @ts-expect-error 2801
  if (result) return;
});

test('A period is asked of TOTP alone, and a finding by a code that exists', () => {
  const uri = parseOtpauthUri('');
  // @ts-expect-error 2339
  uri.period;
  // @ts-expect-error 2339
  if (uri.type === 'hotp') uri.period;
  // @ts-expect-error 2367
  lintOtpauthUri(uri).some((finding) => finding.code === 'no-issuer');
});

test('What is parsed goes on into a key, a linter and a builder', () => {
  const uri = parseOtpauthUri('');
  const algorithm: Algorithm = createKey(uri.secret, uri).algorithm;
  lintOtpauthUri({ ...uri, algorithm });
  buildOtpauthUri({ ...uri, issuer: uri.issuer ?? 'ACME' });
});
