import { expect, test } from 'vitest';
import type { FlatFields } from '../../src/otpauth-uri/fields.js';
import { writeUri } from '../../src/otpauth-uri/write.js';
import { keyHex } from '../vectors/otpauth-uris.js';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const totp: FlatFields = {
  type: 'totp',
  issuer: 'ACME',
  account: 'alice',
  labelIssuer: undefined,
  secret: new Uint8Array(Buffer.from(keyHex, 'hex')),
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
  counter: undefined,
  image: undefined,
};
const hotp: FlatFields = { ...totp, type: 'hotp', period: undefined, counter: 0 };

test.each<{ what: string; uri: FlatFields; text: string }>([
  {
    what: 'defaults, which are not written',
    uri: totp,
    text: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME`,
  },
  {
    what: 'an algorithm without a dash',
    uri: { ...totp, algorithm: 'SHA256' },
    text: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&algorithm=SHA256`,
  },
  {
    what: 'everything that totp has',
    uri: { ...totp, algorithm: 'SHA512', digits: 8, period: 60, image: 'https://a.example/b' },
    text: `otpauth://totp/ACME:alice?secret=${KEY}&issuer=ACME&algorithm=SHA512&digits=8&period=60&image=https%3A%2F%2Fa.example%2Fb`,
  },
  {
    what: 'a counter of 0, which the format asks for',
    uri: hotp,
    text: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&counter=0`,
  },
  {
    what: 'the greatest counter in plain decimal',
    uri: { ...hotp, counter: Number.MAX_SAFE_INTEGER },
    text: `otpauth://hotp/ACME:alice?secret=${KEY}&issuer=ACME&counter=9007199254740991`,
  },
  {
    what: 'spaces as %20, in label and parameter',
    uri: { ...totp, issuer: 'ACME Co', account: 'Alice B.' },
    text: `otpauth://totp/ACME%20Co:Alice%20B.?secret=${KEY}&issuer=ACME%20Co`,
  },
  {
    what: 'a plus as %2B',
    uri: { ...totp, issuer: 'A+', account: 'alice+test@example.com' },
    text: `otpauth://totp/A%2B:alice%2Btest%40example.com?secret=${KEY}&issuer=A%2B`,
  },
  {
    what: 'what URIs reserve, escaped in upper case',
    uri: { ...totp, issuer: "!'()*", account: '/?#[]@$&,;=%' },
    text: `otpauth://totp/%21%27%28%29%2A:%2F%3F%23%5B%5D%40%24%26%2C%3B%3D%25?secret=${KEY}&issuer=%21%27%28%29%2A`,
  },
  {
    what: 'what URIs leave unreserved, as it is',
    uri: { ...totp, issuer: 'AZaz09', account: '-._~' },
    text: `otpauth://totp/AZaz09:-._~?secret=${KEY}&issuer=AZaz09`,
  },
  {
    what: 'two, three and four bytes of UTF-8',
    uri: { ...totp, issuer: 'é€', account: '🔑' },
    text: `otpauth://totp/%C3%A9%E2%82%AC:%F0%9F%94%91?secret=${KEY}&issuer=%C3%A9%E2%82%AC`,
  },
  {
    what: 'a secret of 16 bytes without padding',
    uri: { ...totp, secret: Uint8Array.from({ length: 16 }, (_, i) => i) },
    text: 'otpauth://totp/ACME:alice?secret=AAAQEAYEAUDAOCAJBIFQYDIOB4&issuer=ACME',
  },
])('Writing spells $what', ({ uri, text }) => {
  expect(writeUri(uri)).toBe(text);
});

test('Without an issuer there is neither a separator nor a parameter for it', () => {
  expect(writeUri({ ...totp, issuer: undefined })).toBe(`otpauth://totp/alice?secret=${KEY}`);
});
