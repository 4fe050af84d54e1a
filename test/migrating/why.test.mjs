// The README's table of rivals: every cell of a library in bench/package.json, by running it. Cells of
// better-auth on sessions, waits and recovery codes are read in its sources, and stand aside.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { otpauth, otpcore, otplib13, requireLibrary, speakeasy } from './support/libraries.mjs';

const { createKey, memoryStore, verifyTotp, verifyTotpOnce } = otpcore;
const { createOTP } = await import(requireLibrary.resolve('@better-auth/utils/otp'));

const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const TEXT = '12345678901234567890';
const KEY = createKey(BASE32);
const bench = fileURLToPath(new URL('../../bench/', import.meta.url));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const lockfile = JSON.parse(readFileSync(`${bench}package-lock.json`, 'utf8')).packages;

/** The cells of each row, by its first one. */
const rows = new Map(
  readme
    .slice(readme.indexOf('## Why'), readme.indexOf('## Install'))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('*', '')),
    )
    .map(([name, ...cells]) => [name, cells]),
);

const secret = otpauth.Secret.fromBase32(BASE32);
const store = memoryStore();
/** Whether a code is accepted now, by each library in the order of the columns. */
const ACCEPTS = [
  async (code) => (await verifyTotpOnce(KEY, code, { store, id: 'k7x2' })).valid,
  (code) => otplib13.verifySync({ secret: BASE32, token: code }).valid,
  (code) => otpauth.TOTP.validate({ secret, token: code }) !== null,
  (code) => speakeasy.totp.verify({ secret: BASE32, encoding: 'base32', token: code }),
  (code) => createOTP(TEXT).verify(code),
];
const RIVALS = [otplib13, otpauth, speakeasy, createOTP(TEXT)];

/** An answer in the table's words. */
async function wordFor(accepts, code) {
  try {
    return (await accepts(code)) ? 'accepted' : 'refused';
  } catch {
    return 'throws';
  }
}
const wordsFor = (code) => Promise.all(ACCEPTS.map((accepts) => wordFor(accepts, code)));

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

test('A code that is sent twice at once is accepted once here, and twice elsewhere', async () => {
  vi.setSystemTime(59_000);
  const words = [];
  for (const accepts of ACCEPTS) {
    const both = await Promise.all([accepts('287082'), accepts('287082')]);
    words.push(both.filter(Boolean).length === 2 ? 'both' : 'one accepted');
  }
  // The plugin passes one challenge once, and stores no step: a second sign-in takes the code.
  words[4] += ', in two sign-ins';
  expect(rows.get('a code sent twice at once')).toEqual(words);
});

test('A code with a full-width digit is a result here, and an exception in two', async () => {
  vi.setSystemTime(59_000);
  const [, ...others] = await wordsFor('28708２');
  const { reason } = verifyTotp(KEY, '28708２');
  expect(rows.get('a code with a full-width digit')).toEqual([`\`${reason}\``, ...others]);
});

test('A text that is no code is accepted in one', async () => {
  vi.setSystemTime(36 * 30_000);
  expect(await wordsFor('003784')).toEqual(ACCEPTS.map(() => 'accepted'));
  expect(rows.get('`3784ab` for the code 003784')).toEqual(await wordsFor('3784ab'));
});

test("The linter's faults are as many as its page says", () => {
  const page = readFileSync(new URL('../../docs/otpauth-uris.md', import.meta.url), 'utf8');
  const [, faults] = /of (\d+) faults and `unreadable`/.exec(page);
  expect(rows.get('linter for otpauth URIs')[0]).toBe(`${faults} faults`);
});

test('SHA-256 and SHA-512 are everywhere but in one', () => {
  for (const [ours, algorithm] of [
    ['SHA256', 'sha256'],
    ['SHA512', 'sha512'],
  ]) {
    const code = otpcore.generateTotp(createKey(BASE32, { algorithm: ours }), {
      timestamp: 59_000,
    });
    expect(otplib13.generateSync({ secret: BASE32, epoch: 59, algorithm })).toBe(code);
    expect(otpauth.TOTP.generate({ secret, timestamp: 59_000, algorithm: ours })).toBe(code);
    expect(speakeasy.totp({ secret: TEXT, time: 59, algorithm })).toBe(code);
  }
  const text = readFileSync(requireLibrary.resolve('@better-auth/utils/otp'), 'utf8');
  expect(text.match(/createHMAC\("SHA-\d+"/g)).toEqual(['createHMAC("SHA-1"']);
  expect(rows.get('SHA-256 and SHA-512')).toEqual(['yes', 'yes', 'yes', 'yes', 'no']);
});

describe('No function of a rival is named for', () => {
  test.each([
    ['finds a slow phone by two codes', /resync|drift/i, 'resyncTotpOnce'],
    ['linter for otpauth URIs', /lint/i, 'lintOtpauthUri'],
    ['waits after wrong codes', /throttl|attempts|lock/i],
    ['recovery codes, sealed secrets', /recover|backup|seal|encrypt/i],
    ['sessions, users, sign-in pages', /session|user|signin/i],
  ])('%s', (name, pattern, ours) => {
    const named = (library) => Object.keys(library).filter((key) => pattern.test(key));
    const found = RIVALS.map(named);
    expect(found).toEqual(RIVALS.map(() => []));
    expect(rows.get(name).slice(1, 4)).toEqual(['no', 'no', 'no']);
    if (ours) expect(named(otpcore)).toContain(ours);
  });
});

test('The packages that come with each are counted', () => {
  const installed = (name, lock = lockfile, seen = new Set()) => {
    if (seen.has(name)) return seen;
    seen.add(name);
    const { dependencies, peerDependencies, peerDependenciesMeta } = lock[`node_modules/${name}`];
    const peers = Object.keys(peerDependencies ?? {});
    const needed = peers.filter((peer) => !peerDependenciesMeta?.[peer]?.optional);
    needed.push(...Object.keys(dependencies ?? {}));
    for (const other of needed) installed(other, lock, seen);
    return seen;
  };
  const counts = ['otplib-13', 'otpauth', 'speakeasy'].map((name) => String(installed(name).size));
  const plugin = new URL('../../docs/examples/better-auth/package-lock.json', import.meta.url);
  const { packages } = JSON.parse(readFileSync(plugin, 'utf8'));
  counts.push(String(installed('better-auth', packages).size));
  expect(rows.get('packages installed')).toEqual(['1', ...counts]);
});

test('The size of each in a browser is measured', async () => {
  const kilobytes = async (contents, resolveDir = bench) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir },
      tsconfigRaw: '{}',
      ...{ bundle: true, write: false, minify: true, format: 'esm', logLevel: 'silent' },
      ...{ target: 'es2022', platform: 'neutral', mainFields: ['module', 'main'] },
      conditions: ['browser', 'module'],
      legalComments: 'none',
    });
    return brotliCompressSync(outputFiles[0].contents).length / 1000;
  };
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const sizes = [
    await kilobytes("export { createKey, generateTotp, verifyTotp } from 'otpcore';", root),
    await kilobytes("export { generateSync, verifySync } from 'otplib-13';"),
    await kilobytes("export { Secret, TOTP } from 'otpauth';"),
    await kilobytes("export { createOTP } from '@better-auth/utils/otp';"),
  ];
  const [ours, otplib, other, node, utils] = rows.get('kB in a browser, to generate and verify');
  for (const [i, cell] of [ours, otplib, other, utils].entries()) {
    expect(Math.abs(Number(cell) - sizes[i]), `${cell} for ${sizes[i]}`).toBeLessThan(0.11);
  }
  expect(node).toBe('Node only');
  const alone = kilobytes("import speakeasy from 'speakeasy'; export default speakeasy;");
  await expect(alone).rejects.toThrow('Could not resolve "crypto"');
});

test('All rivals come from the registry, and this library is not there yet', () => {
  const names = ['otplib-13', 'otpauth', 'speakeasy', '@better-auth/utils'];
  const words = names.map((name) => (lockfile[`node_modules/${name}`]?.integrity ? 'yes' : 'no'));
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  const isOut = !/^## \S+ — unreleased$/m.test(changelog);
  expect(rows.get('on the registry')).toEqual([isOut ? 'yes' : 'no', ...words]);
});

test('Audits are stated of the hashes of two alone', () => {
  const states = (name) =>
    /\baudited\b/i.test(readFileSync(`${bench}node_modules/${name}/README.md`, 'utf8'));
  const hashes = (name) => '@noble/hashes' in (lockfile[`node_modules/${name}`].dependencies ?? {});
  expect(states('@noble/hashes')).toBe(true);
  expect(hashes('otpauth') && hashes('@otplib/plugin-crypto-noble')).toBe(true);
  expect([states('otpauth'), states('speakeasy'), states('@better-auth/utils')]).toEqual([
    false,
    false,
    false,
  ]);
  const [, ...others] = rows.get('independent audit');
  expect(others).toEqual(['of its hashes', 'of its hashes', 'none stated', 'none stated']);
});

test('Each column names the version that is run', () => {
  const { dependencies } = JSON.parse(readFileSync(`${bench}package.json`, 'utf8'));
  const [, otplib, other, third] = rows.get('');
  for (const [cell, name] of [
    [otplib, 'otplib-13'],
    [other, 'otpauth'],
    [third, 'speakeasy'],
  ]) {
    const [, version] = /([\d.]+)$/.exec(cell);
    expect(dependencies[name].replace(/^.*@/, '')).toMatch(new RegExp(`^${version}\\.`));
  }
});
