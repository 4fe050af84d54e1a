/**
 * What each part of the library adds to a bundle: minified by esbuild, compressed by brotli at its
 * best, in bytes, of the built package. `npm run bench:size` prints the table and fails above a budget;
 * test/package/size.test.ts holds the budgets and the README's figures in every test run.
 */
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

export interface Part {
  /** As the README names it. */
  readonly name: string;
  /** A module that imports the part and nothing else. */
  readonly code: string;
  /** The most that it may take, in bytes. */
  readonly budget: number;
  /** The platform of the bundle; a browser by default. */
  readonly condition?: Condition;
}

const all = (...subpaths: readonly string[]) =>
  subpaths.map((subpath) => `export * from 'otpcore${subpath}';`).join('\n');

/** Browsers take the portable engine, Node the SIMD engine with its kernels. */
export const PARTS: readonly Part[] = [
  { name: 'otpcore', code: all(''), budget: 15_350 },
  {
    name: 'otpcore/totp, /hotp, /key, /step',
    code: all('/totp', '/hotp', '/key', '/step'),
    budget: 8_700,
  },
  {
    name: 'otpcore/key',
    code: `${all('/key')}\nexport { generateTotp, verifyTotp } from 'otpcore/totp';`,
    budget: 7_550,
  },
  {
    name: 'otpcore/key, createSha1Key alone',
    code: "export { createSha1Key } from 'otpcore/key';\nexport { generateTotp, verifyTotp } from 'otpcore/totp';",
    budget: 4_150,
  },
  {
    name: 'otpcore/single-use, /stores/memory',
    code: all('/single-use', '/stores/memory'),
    budget: 4_650,
  },
  { name: 'otpcore/otpauth-uri', code: all('/otpauth-uri'), budget: 7_950 },
  { name: 'otpcore/otpauth-migration', code: all('/otpauth-migration'), budget: 2_800 },
  {
    name: 'otpcore/base32, /code, /secret, /errors',
    code: all('/base32', '/code', '/secret', '/errors'),
    budget: 2_050,
  },
  { name: 'otpcore/stores/postgres', code: all('/stores/postgres'), budget: 2_650 },
  { name: 'otpcore/stores/sqlite', code: all('/stores/sqlite'), budget: 2_050 },
  { name: 'otpcore/stores/mysql', code: all('/stores/mysql'), budget: 2_200 },
  { name: 'otpcore/stores/redis', code: all('/stores/redis'), budget: 1_800 },
  {
    name: 'otpcore/second-factor, /second-factor/memory',
    code: all('/second-factor', '/second-factor/memory'),
    budget: 17_950,
  },
  { name: 'otpcore/testing', code: all('/testing'), budget: 3_800 },
  { name: 'otpcore on a server', code: all(''), condition: 'node', budget: 25_100 },
];

export type Condition = 'browser' | 'node';

/** The bundle of a module, as a bundler for the platform of a condition makes it. */
export async function bundle(code: string, condition: Condition): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    // Paths of this repository's own compiler options would lead to the sources.
    tsconfigRaw: '{}',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    logLevel: 'error',
    target: 'es2022',
    platform: 'neutral',
    conditions: [condition],
    legalComments: 'none',
  });
  return (outputFiles[0] as (typeof outputFiles)[number]).contents;
}

/** Bytes after compression. */
export function compressedSize(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;
}

export async function sizeOf({ code, condition = 'browser' }: Part): Promise<number> {
  return compressedSize(await bundle(code, condition));
}

/** Thousands of bytes with one decimal, as the README has them. */
export function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

/** Prints the table; false if anything is above its budget. */
export async function report(write: (line: string) => void): Promise<boolean> {
  const sizes = await Promise.all(PARTS.map(sizeOf));
  const rows = PARTS.map((part, i) => ({ ...part, size: sizes[i] as number }));
  for (const { name, size, budget } of rows) {
    const verdict = size > budget ? '  ABOVE ITS BUDGET' : '';
    write(`${name.padEnd(42)}${String(size).padStart(7)} of ${budget}${verdict}`);
  }
  return rows.every(({ size, budget }) => size <= budget);
}

if (process.argv[2] === 'report') {
  const isWithin = await report((line) => process.stdout.write(`${line}\n`));
  if (!isWithin) process.exitCode = 1;
}
