// The C programs, compiled for this processor into a folder of their own that is removed at the end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('./', import.meta.url));
const compiler = process.env.CC ?? 'cc';

/** gcc's straight-line vectorizer makes SHA-256 and SHA-512 in plain C half as slow again. */
const FLAGS = ['-O3', '-march=native', '-fno-tree-slp-vectorize'];
const PROGRAMS = {
  'native-sha': { source: 'otp.c', flags: ['-DSHA_INSTRUCTIONS', '-msha', '-msse4.1'], libs: [] },
  'native-c': { source: 'otp.c', flags: [], libs: [] },
  liboath: { source: 'liboath.c', flags: [], libs: ['-loath'] },
};

const firstLine = (text) => text?.split('\n').find((line) => line !== '') ?? '';

/** Why a program was not made, in a person's words. */
function reasonOf(id, { error, stderr }) {
  if (error !== undefined) return `no C compiler (${compiler})`;
  if (id === 'liboath' && /oath/.test(stderr)) return "Debian's liboath-dev is not installed";
  return `does not compile: ${firstLine(stderr)}`;
}

function compile(folder, id) {
  if (id === 'native-sha' && process.arch !== 'x64') return { reason: 'written for x64 only' };
  const { source, flags, libs } = PROGRAMS[id];
  const file = join(folder, id);
  const run = spawnSync(
    compiler,
    [...FLAGS, ...flags, '-o', file, join(sources, source), ...libs],
    {
      encoding: 'utf8',
    },
  );
  return run.status === 0 ? { file } : { reason: reasonOf(id, run) };
}

/** Compiles all: `{ compiler, programs: { id: { file } | { reason } }, remove() }`. */
export function compileNative() {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-bench-'));
  const programs = {};
  for (const id of Object.keys(PROGRAMS)) programs[id] = compile(folder, id);
  const version = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  return {
    compiler: version.status === 0 ? `${firstLine(version.stdout)} ${FLAGS.join(' ')}` : undefined,
    programs,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
