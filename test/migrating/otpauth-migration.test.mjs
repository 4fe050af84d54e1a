// Exports that another implementation writes, read by this library, and the other way round.
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { parseMigrationUri } from '../../dist/node/otpauth-migration.js';
import { cases } from './support/cases.mjs';
import { otpcore } from './support/libraries.mjs';

const { buildOtpauthUri, parseOtpauthUri } = otpcore;

let theirs;
beforeAll(async () => {
  // Its files import folders, so Node alone cannot load it.
  const { outputFiles } = await build({
    stdin: {
      contents: "export { URI } from 'otpauth-migration';",
      resolveDir: new URL('../../bench/', import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  theirs = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)).URI;
});

/**
 * URIs that an export can hold: six or eight digits, and 30 seconds. Secrets of whole groups of base32:
 * otpauth-migration writes zero bytes behind others.
 */
const uris = cases({ seed: 43 }).map(({ secret, algorithm, counter }, i) => {
  const bytes = Uint8Array.from({ length: 20 }, (_, k) => secret[k % secret.length]);
  const shape = { secret: bytes, algorithm, digits: i % 2 === 0 ? 6 : 8 };
  const names = { issuer: `Issuer ${i % 7} é`, account: `user${i}+x@example.com` };
  return buildOtpauthUri(
    i % 3 === 0 ? { ...shape, ...names, type: 'hotp', counter } : { ...shape, ...names },
  );
});

test('What otpauth-migration writes is read as the URIs that it was given', () => {
  expect(uris.length).toBeGreaterThan(20);
  for (let start = 0; start < uris.length; start += 10) {
    const page = uris.slice(start, start + 10);
    const { entries, batch } = parseMigrationUri(theirs.toOTPAuthMigrationURI(page));
    expect(entries).toEqual(page.map(parseOtpauthUri));
    expect(batch).toEqual({ id: 0, index: 0, size: 1 });
  }
});

test('Both read the same entries from it', () => {
  const text = theirs.toOTPAuthMigrationURI(uris.slice(0, 10));
  expect(parseMigrationUri(text).entries).toEqual(
    theirs.toOTPAuthURIs(text).map((uri) => parseOtpauthUri(uri)),
  );
});
