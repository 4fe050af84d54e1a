// The cases of test/vectors through the libraries that people come from: adapters, and the page that
// shows the answers.
import { readFileSync } from 'node:fs';
import { runCases } from '../../vectors/run.mjs';
import {
  oslo,
  otpauth,
  otpcore,
  otplib12,
  otplib13Uri,
  pinnedVersion,
  quietly,
  requireLibrary,
  speakeasy,
} from './libraries.mjs';

const rowsOf = (name) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
export const uriCases = rowsOf('uris');
export const base32Cases = rowsOf('base32');
const toHex = (bytes) => Buffer.from(bytes).toString('hex');

const ourCodes = (secret) => {
  const key = otpcore.createKey(secret);
  return [0, 1, 2].map((counter) => otpcore.generateHotp(key, counter)).join();
};

/** A decoder of a library that shows codes alone: the bytes are right if three codes are. */
function byCodes(generate) {
  return (text) => {
    const codes = [0, 1, 2].map((counter) => generate(text, counter)).join();
    const hex = base32Cases.find(({ input }) => input === text)?.lenient;
    return hex && codes === ourCodes(Buffer.from(hex, 'hex')) ? hex : 'other bytes';
  };
}

/** otplib leaves the label whole; it is split here at its first colon. */
function readByOtplib13(uri) {
  const { type, label, params } = otplib13Uri.parse(uri);
  const { issuer, secret, algorithm = 'sha1', digits = 6, period = 30, counter } = params;
  const [first, ...rest] = label.split(':');
  return {
    type,
    issuer: issuer ?? (rest.length > 0 ? first : undefined),
    account: (rest.length > 0 ? rest.join(':') : first).trim(),
    secretHex: toHex(otpcore.decodeBase32Lenient(secret)),
    algorithm: algorithm.toUpperCase(),
    digits,
    ...(type === 'totp' ? { period } : { counter }),
  };
}

function readByOtpauth(uri) {
  const read = otpauth.URI.parse(uri);
  const type = read instanceof otpauth.HOTP ? 'hotp' : 'totp';
  return {
    type,
    issuer: read.issuer,
    account: read.label,
    secretHex: read.secret.hex.toLowerCase(),
    algorithm: read.algorithm,
    digits: read.digits,
    ...(type === 'totp' ? { period: read.period } : { counter: read.counter }),
  };
}

const scure = requireLibrary('otplib-13').ScureBase32Plugin;
const { decodeBase32IgnorePadding } = await import(
  /* @vite-ignore */ requireLibrary.resolve('@oslojs/encoding')
);

/** What each library has of the two readers. */
export const LIBRARIES = [
  {
    name: 'otpcore',
    parseUri(uri) {
      const { secret, ...fields } = otpcore.parseOtpauthUri(uri);
      return { ...fields, secretHex: toHex(secret) };
    },
    decodeBase32: (text) => toHex(otpcore.decodeBase32Lenient(text)),
  },
  {
    name: `otpauth ${pinnedVersion('otpauth')}`,
    parseUri: readByOtpauth,
    decodeBase32: (text) => otpauth.Secret.fromBase32(text).hex.toLowerCase(),
  },
  {
    name: `otplib ${pinnedVersion('otplib-13')}`,
    parseUri: readByOtplib13,
    decodeBase32: (text) => toHex(new scure().decode(text)),
  },
  {
    name: `otplib ${pinnedVersion('otplib-12')}`,
    decodeBase32: byCodes((secret, counter) =>
      otplib12.hotp.generate(
        Buffer.from(otplib12.authenticator.decode(secret), 'hex').toString('latin1'),
        counter,
      ),
    ),
  },
  {
    name: `speakeasy ${pinnedVersion('speakeasy')}`,
    decodeBase32: byCodes((secret, counter) =>
      speakeasy.hotp({ secret, counter, encoding: 'base32' }),
    ),
  },
  {
    name: `@oslojs/otp ${pinnedVersion('@oslojs/otp')}, with @oslojs/encoding ${pinnedVersion('@oslojs/encoding')}`,
    decodeBase32: (text) => toHex(decodeBase32IgnorePadding(text)),
  },
  { name: `notp ${pinnedVersion('notp')}` },
];
if (oslo.generateHOTP === undefined) throw new Error('@oslojs/otp is not what it was');

const ANSWERS = ['right', 'wrong', 'refused', 'read'];

function cellsOf(cases, library, reader) {
  if (library[reader] === undefined) return ['none', '', '', ''];
  const { value } = quietly(() => runCases(cases, library));
  return ANSWERS.map((answer) => value.filter((row) => row.answer === answer).length);
}

function table(cases, reader) {
  const rows = LIBRARIES.map((library) => [library.name, ...cellsOf(cases, library, reader)]);
  const lines = [['library', ...ANSWERS], ['---', '--:', '--:', '--:', '--:'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The page docs/evidence/libraries.md. */
export function pageOfLibraries() {
  const undisputed = uriCases.filter(({ disputed }) => !disputed);
  return `# The cases, by library

Written by \`npm run bench:libraries\`; \`npm run test:migrating\` compares. The cases are those of [test/vectors](../../test/vectors/README.md). **right**: as expected. **wrong**: read with another field. **refused**: though it can be read. **read**: though it is to be refused, because it could mean two things, has no right answer, or asks for other codes. **none**: the library has no such reader.

The expected answers are this library's choice where apps differ, so its own row is right by construction. The other rows show how much there is to differ on. A wrong name is counted like a wrong secret.

## All ${uriCases.length} otpauth URIs

${table(uriCases, 'parseUri')}

## The ${undisputed.length} URIs that are not marked as disputed

${table(undisputed, 'parseUri')}

## All ${base32Cases.length} base32 texts, read leniently

${table(base32Cases, 'decodeBase32')}

- otplib 13 leaves the label whole; the adapter splits it at the first colon, and reads the secret by this library's decoder.
- otplib 12 and speakeasy show codes alone: the bytes are right if three codes are.
`;
}
