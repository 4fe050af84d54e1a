/** The class of prepared keys and the one function that reads its private field. */
import { expect, test, vi } from 'vitest';
import { midstatesOf, OtpKey } from '../../src/key/otp-key.js';

const midstates = Array.from({ length: 16 }, (_, i) => i + 1);
const key = new OtpKey('SHA256', midstates);

test('A key tells its algorithm', () => {
  expect(key.algorithm).toBe('SHA256');
});

test('The midstates of a key are those it was made with', () => {
  expect(midstatesOf(key)).toBe(midstates);
});

test('A key of a subclass has midstates too', () => {
  class Named extends OtpKey {}
  expect(midstatesOf(new Named('SHA1', midstates))).toBe(midstates);
});

test.each([
  ...[null, undefined, 0, 1n, true, '', 'key', Symbol('key'), () => key, {}, []],
  { algorithm: 'SHA256', midstates },
  { algorithm: 'SHA256', '#midstates': midstates },
  Object.create(OtpKey.prototype),
  Object.create(key),
  new Proxy(key, {}),
  structuredClone(key),
  midstates,
  OtpKey,
  OtpKey.prototype,
])('Value %# has no midstates and is a TypeError', (forged) => {
  expect(() => midstatesOf(forged as never)).toThrow(TypeError);
  expect(() => midstatesOf(forged as never)).toThrow(
    /^"key" must be an OtpKey made by \S+ .*, got /,
  );
});

test('A key of another copy of the library is a TypeError', async () => {
  vi.resetModules();
  const other = await import('../../src/key/otp-key.js');
  const stranger = new other.OtpKey('SHA1', midstates);
  expect(other.midstatesOf(stranger)).toBe(midstates);
  expect(() => midstatesOf(stranger as never)).toThrow(TypeError);
});

test('What is no key is refused by name before any key was made', async () => {
  vi.resetModules();
  const fresh = await import('../../src/key/otp-key.js');
  expect(() => fresh.midstatesOf({} as never)).toThrow(
    /^"key" must be an OtpKey .*, got an object$/,
  );
});

test.each([0, 9, 11, 15, 17, 31, 33])('A key of %i midstates is made by nobody', (count) => {
  expect(() => new OtpKey('SHA1', new Array(count).fill(1))).toThrow(
    /^"midstates" must be those of a hash, got an array$/,
  );
});

test.each([10, 16, 32])('A key of %i midstates holds them', (count) => {
  const own = new Array(count).fill(1);
  expect(midstatesOf(new OtpKey('SHA1', own))).toBe(own);
});

test('A refusal tells nothing of what was given', () => {
  expect(() => midstatesOf('GEZDGNBVGY3TQOJQ' as never)).toThrow(/^(?!.*GEZD).*"key"/);
});

test.each([0, 1, 9, 11, 31, 48, 999])('Midstates of %i words are none of a hash', (length) => {
  const Reached = key.constructor as new (...input: unknown[]) => object;
  expect(() => new Reached('SHA1', new Array(length).fill(7))).toThrow(TypeError);
});
