/**
 * Programs of their own for what must not share a process: measurements, whose compiled code would
 * be that of all subjects at once, and inputs that may bring a process down.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

export type EngineName = 'portable' | 'simd';

export const ENGINES: readonly EngineName[] = ['portable', 'simd'];

/** The condition under which package.json takes an engine. */
const CONDITIONS: Readonly<Record<EngineName, string>> = { portable: 'workerd', simd: 'node' };

/** A program's file, and a folder that goes with it. */
export interface Program {
  readonly file: string;
  readonly remove: () => void;
}

const here = fileURLToPath(new URL('./', import.meta.url));
const DIST = fileURLToPath(new URL('../../../dist/index.js', import.meta.url));

/** Makes one of the programs here, and whatever it imports, a file that Node runs as it is. */
export async function makeProgram(name: string): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-slow-'));
  const file = join(folder, `${name}.mjs`);
  await bundle({ entryPoints: [join(here, `${name}.ts`)], outfile: file, platform: 'node' });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** The built package with one of its engines as one file in a program's folder. */
export async function addLibrary(program: Program, engine: EngineName): Promise<string> {
  const outfile = join(program.file, '..', `library-${engine}.mjs`);
  const conditions = [CONDITIONS[engine]];
  await bundle({ entryPoints: [DIST], outfile, conditions, platform: 'neutral' });
  return outfile;
}

async function bundle(options: BuildOptions): Promise<void> {
  // Without tsconfig.json, whose `paths` would choose the engine.
  const settings = { bundle: true, format: 'esm', target: 'node20', tsconfigRaw: '{}' } as const;
  await build({ ...settings, logLevel: 'error', ...options });
}

/** Runs a program; what it prints is JSON. */
export function run<T>(program: Program, input: object): Promise<T> {
  const args = [program.file, JSON.stringify(input)];
  return new Promise((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
    const child = execFile(process.execPath, args, options, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as T);
    });
    child.stderr?.pipe(process.stderr);
  });
}
