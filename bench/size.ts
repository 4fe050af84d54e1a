/**
 * What each part of the library adds to a bundle: minified by esbuild, compressed by brotli at its
 * best, in bytes, of the built package. `npm run size` prints the table and fails above a budget;
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
  /** What it ought to take, where the budget had to be more. */
  readonly aim?: number;
}

const all = (...subpaths: readonly string[]) =>
  subpaths.map((subpath) => `export * from 'otpcore${subpath}';`).join('\n');

/** In a browser, where the portable engine runs. */
export const PARTS: readonly Part[] = [
  { name: 'otpcore', code: all(''), budget: 11_300, aim: 7_000 },
  {
    name: 'otpcore/totp, /hotp, /key, /window',
    code: all('/totp', '/hotp', '/key', '/window'),
    budget: 5_700,
  },
  {
    name: 'otpcore/key',
    code: `${all('/key')}\nexport { generateTotp, verifyTotp } from 'otpcore/totp';`,
    budget: 4_950,
  },
  {
    name: 'otpcore/sha1-key',
    code: `${all('/sha1-key')}\nexport { generateTotp, verifyTotp } from 'otpcore/totp';`,
    budget: 3_000,
  },
  {
    name: 'otpcore/single-use, /stores/memory',
    code: all('/single-use', '/stores/memory'),
    budget: 3_600,
  },
  { name: 'otpcore/otpauth-uri', code: all('/otpauth-uri'), budget: 5_850 },
  {
    name: 'otpcore/base32, /code, /secret, /errors',
    code: all('/base32', '/code', '/secret', '/errors'),
    budget: 1_700,
  },
  { name: 'otpcore/stores/postgres', code: all('/stores/postgres'), budget: 2_200 },
  { name: 'otpcore/stores/sqlite', code: all('/stores/sqlite'), budget: 1_450 },
  { name: 'otpcore/stores/mysql', code: all('/stores/mysql'), budget: 1_700 },
  { name: 'otpcore/stores/redis', code: all('/stores/redis'), budget: 1_300 },
  { name: 'otpcore/testing', code: all('/testing'), budget: 3_300 },
];

/** What the engine of servers adds to `otpcore`. */
export const SIMD: Pick<Part, 'name' | 'budget' | 'aim'> = {
  name: 'the SIMD engine',
  budget: 4_400,
  aim: 3_500,
};

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

export async function sizeOf(code: string, condition: Condition = 'browser'): Promise<number> {
  return compressedSize(await bundle(code, condition));
}

/** Bytes that the SIMD engine adds to everything. */
export async function simdSize(): Promise<number> {
  return (await sizeOf(all(''), 'node')) - (await sizeOf(all('')));
}

/** Thousands of bytes with one decimal, as the README has them. */
export function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

/** Prints the table; false if anything is above its budget. */
export async function report(write: (line: string) => void): Promise<boolean> {
  const rows = await Promise.all(
    PARTS.map(async (part) => ({ ...part, size: await sizeOf(part.code) })),
  );
  const measured = [...rows, { ...SIMD, size: await simdSize() }];
  for (const { name, size, budget, aim } of measured) {
    const verdict = size > budget ? 'ABOVE ITS BUDGET' : '';
    const missed = aim === undefined ? '' : `aim ${kilobytes(aim)}`;
    write(
      `${name.padEnd(42)}${String(size).padStart(7)} of ${budget}  ${missed} ${verdict}`.trimEnd(),
    );
  }
  return measured.every(({ size, budget }) => size <= budget);
}

if (process.argv[2] === 'report') {
  const isWithin = await report((line) => process.stdout.write(`${line}\n`));
  if (!isWithin) process.exitCode = 1;
}
