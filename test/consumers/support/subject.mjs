// What a consumer's program does with the package, whatever brings it in: the codes of RFC 6238,
// each accepted once, a URI, a fresh secret. Its answer is one JSON text.
import { rfc6238 } from '../../vectors/rfc6238.ts';

const cases = rfc6238.cases.map(({ algorithm, secretHex, timeSeconds, code }) => {
  return { algorithm, secretHex, timestamp: 1000 * timeSeconds, code };
});

/** What the subject uses. */
export const NAMES =
  'buildOtpauthUri, createKey, generateSecret, generateTotp, memoryStore, parseOtpauthUri, verifyTotp, verifyTotpOnce';

/** Lines that count, before or beside the subject, the modules of WebAssembly that are compiled. */
export const COUNTER = `
globalThis.compiled = 0;
if (globalThis.WebAssembly !== undefined) {
  const { Module } = globalThis.WebAssembly;
  globalThis.WebAssembly.Module = function (bytes) {
    const module = new Module(bytes);
    globalThis.compiled++;
    return module;
  };
}
`;

/**
 * The subject's lines, for a program in which {@link NAMES} are known. They define `answer()`, a
 * promise of the JSON text.
 */
export const SUBJECT = `
async function answer() {
  const users = ${JSON.stringify(cases)}.map(({ algorithm, secretHex, timestamp, code }) => {
    const secret = Uint8Array.from(secretHex.match(/../g), (byte) => parseInt(byte, 16));
    return { key: createKey(secret, { algorithm }), options: { timestamp, digits: 8 }, code };
  });
  const codes = users.map(({ key, options }) => generateTotp(key, options));
  const wrong = users.filter(({ key, options, code }) =>
    !verifyTotp(key, code, options).valid || verifyTotp(key, '00000000', options).valid);
  const [{ key, code, options }] = users;
  const once = { ...options, store: memoryStore(), id: 'alice' };
  const attempts = [await verifyTotpOnce(key, code, once), await verifyTotpOnce(key, code, once)];
  const secret = generateSecret();
  const uri = parseOtpauthUri(buildOtpauthUri({ issuer: 'ACME Co', account: 'alice', secret }));
  const accepted = attempts.map(({ valid, reason }) => valid || reason);
  const sameSecret = uri.secret.length === 20 && uri.secret.every((byte, i) => byte === secret[i]);
  return JSON.stringify({ codes, wrong: wrong.length, once: accepted, issuer: uri.issuer, sameSecret, compiled: globalThis.compiled });
}
`;

/** What it answers if all is well; there is a kernel for each of the three algorithms, or none. */
export function rightAnswer(compiled) {
  const codes = cases.map(({ code }) => code);
  return { codes, wrong: 0, once: [true, 'reused'], issuer: 'ACME Co', sameSecret: true, compiled };
}
