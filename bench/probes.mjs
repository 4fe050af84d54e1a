// What is measured once rather than raced: memory, and the time to a first verification.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CONTESTANTS } from './contestants.mjs';
import { ALGORITHMS } from './plan.mjs';
import { spread } from './spread.mjs';

const fileOf = (name) => fileURLToPath(new URL(`./probes/${name}`, import.meta.url));

async function run(args) {
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

/** Bytes a prepared key and a store's entry hold, garbage collected. */
export async function probeMemory(quick) {
  const count = quick ? 100_000 : 1_000_000;
  const child = (kind) => run(['--expose-gc', fileOf('memory-child.mjs'), kind, String(count)]);
  const bytes = {};
  // Memory does not mind company: two at a time.
  [bytes.SHA1, bytes.SHA256] = await Promise.all([child('SHA1'), child('SHA256')]);
  [bytes.SHA512, bytes.storeEntry] = await Promise.all([child('SHA512'), child('store')]);
  return { count, unit: 'bytes', ...bytes };
}

/** Import and first verification, in as many fresh processes. */
async function probeStarts({ label, module, algorithm }, runs) {
  const times = [];
  for (let i = 0; i < runs; i++)
    times.push(await run([fileOf('start-child.mjs'), module, algorithm]));
  const column = (of) => spread(times.map(of));
  return {
    label,
    module,
    algorithm,
    total: column(([imported, first]) => imported + first),
    imported: column(([imported]) => imported),
    first: column(([, first]) => first),
    second: column(([, , second]) => second),
    runs: times,
  };
}

/** Milliseconds to the first verification from base32 text, ours for each algorithm. */
export async function probeStart({ quick, withRivals, labels }) {
  const ours = ALGORITHMS.map((algorithm) => ({ module: 'otpcore', algorithm, label: 'otpcore' }));
  // notp reads no base32, and the platform's row is no library.
  const rivals = CONTESTANTS.filter(({ id, kind }) => kind === 'rival' && id !== 'notp');
  const subjects = rivals.map(({ id, module }) => ({
    module,
    algorithm: 'SHA1',
    label: labels.get(id) ?? id,
  }));
  const results = [];
  for (const subject of withRivals && !quick ? [...ours, ...subjects] : ours) {
    results.push(await probeStarts(subject, quick ? 3 : 9));
  }
  return { unit: 'milliseconds', results };
}
