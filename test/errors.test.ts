/** The error for stored text: what it tells, and that it tells nothing of the text. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase32, decodeBase32Lenient } from '../src/base32.js';
import { OtpError } from '../src/errors.js';
import { createKey } from '../src/key.js';
import { anyCharacter } from './support/any-character.js';

describe('An OtpError', () => {
  const error = new OtpError('invalid-character', 7, 'what is wrong');

  test('is an Error with a name, a code, a position and a message', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(OtpError);
    expect(error).toMatchObject({
      name: 'OtpError',
      code: 'invalid-character',
      position: 7,
      message: 'what is wrong',
    });
  });

  test('prints its name and message', () => {
    expect(String(error)).toBe('OtpError: what is wrong');
    expect(error.stack).toContain('OtpError');
  });

  test('has no cause that could hold the text', () => {
    expect('cause' in error).toBe(false);
    expect(Reflect.ownKeys(error).sort()).toEqual(['code', 'message', 'name', 'position', 'stack']);
  });

  test('is neither a TypeError nor a RangeError, which are for the programmer', () => {
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error).not.toBeInstanceOf(RangeError);
  });
});

describe.each([
  { reader: 'decodeBase32', read: decodeBase32 },
  { reader: 'decodeBase32Lenient', read: decodeBase32Lenient },
  { reader: 'createKey', read: (text: string) => createKey(text) },
])('An error of $reader', ({ read }) => {
  /** Texts that nearly are base32, so that every kind of fault comes up. */
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'AZ27az=- 01'), maxLength: 12 }),
    fc.string({ unit: anyCharacter }),
  );

  function errorOf(secret: string): OtpError | undefined {
    try {
      read(secret);
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(OtpError);
      return error as OtpError;
    }
  }

  // Stronger than looking for the text in the message: nothing can leak from what does not vary.
  test('has a message that depends on its code and position alone', () => {
    const messages = new Map<string, string>();
    fc.assert(
      fc.property(text, (secret) => {
        const error = errorOf(secret);
        if (error === undefined) return;
        const { code, position, message } = error;
        // Another well-known form of a secret is named as the cause, in fixed words.
        const cause = /looks like (?:hexadecimal|base64)|is an otpauth URI/.exec(message)?.[0];
        const kind = `${code} ${position} ${cause}`;
        expect(messages.get(kind) ?? message).toBe(message);
        messages.set(kind, message);
      }),
      { numRuns: 1000 },
    );
    expect(messages.size).toBeGreaterThan(0);
  });

  test('shows no part of a secret however it is printed', () => {
    const secret = 'JBSWY3DPEHPK3PXPGEZDGNBVGY3TQOJQ';
    const error = errorOf(`${secret}1${secret}=`);
    const printed = inspect(error, { showHidden: true, depth: null }) + JSON.stringify(error);
    for (let at = 0; at + 4 <= secret.length; at++) {
      expect(printed).not.toContain(secret.slice(at, at + 4));
    }
  });
});
