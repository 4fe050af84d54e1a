import { expect, test } from 'vitest';
import { decodeBase32, encodeBase32 } from '../src/base32.js';
import { rfc4648 } from './vectors/rfc4648.js';

test.each(rfc4648)('RFC 4648 §10 spells "$text" as $unpadded', ({ bytesHex, unpadded, padded }) => {
  const bytes = new Uint8Array(Buffer.from(bytesHex, 'hex'));
  expect(encodeBase32(bytes)).toBe(unpadded);
  expect(decodeBase32(unpadded)).toEqual(bytes);
  expect(decodeBase32(padded)).toEqual(bytes);
});
