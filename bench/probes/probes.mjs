// Measured in processes of their own: memory, and the first answer of a fresh process.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ALGORITHMS } from '../plan.mjs';
import { libraryUrl } from '../subjects/library.mjs';
import { labelOf, SUBJECTS } from '../subjects/subjects.mjs';
import { ratios, spread } from '../worker/spread.mjs';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

async function run(args) {
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

/** Bytes that a prepared key and a store's entry hold, garbage collected. */
export async function probeMemory(count = 1_000_000) {
  const child = (kind) => run(['--expose-gc', fileOf('memory-child.mjs'), kind, String(count)]);
  const bytes = {};
  // Memory is not disturbed by a neighbour: two at a time.
  [bytes.SHA1, bytes.SHA256] = await Promise.all([child('SHA1'), child('SHA256')]);
  [bytes.SHA512, bytes.storeEntry] = await Promise.all([child('SHA512'), child('store')]);
  return { count, unit: 'bytes', ...bytes };
}

/** Ours with each algorithm, then the rivals that read base32. */
function startSubjects({ withRivals, only }) {
  const ours = ALGORITHMS.map((algorithm) => ({
    id: algorithm === 'SHA1' ? 'otpcore' : `otpcore-${algorithm}`,
    label: 'otpcore',
    kind: 'ours',
    module: 'otpcore',
    urls: [libraryUrl],
    algorithm,
  }));
  const rivals = SUBJECTS.filter(({ kind, imports }) => kind === 'rival' && imports !== undefined);
  const all = [...ours, ...rivals.map((one) => ({ ...one, urls: one.imports, algorithm: 'SHA1' }))];
  const isTaken = ({ id, kind }) => only?.includes(id) ?? (kind === 'ours' || withRivals);
  return all.filter(isTaken);
}

/** Milliseconds to the first answer; of all subjects in turn, each in as many fresh processes. */
export async function probeStart({ withRivals, runs, only }) {
  const subjects = startSubjects({ withRivals, only });
  const times = subjects.map(() => []);
  // The first turn reads files into the system's cache and is dropped.
  for (let turn = -1; turn < runs; turn++) {
    for (const [i, { module, algorithm, urls }] of subjects.entries()) {
      const child = await run([fileOf('start-child.mjs'), module, algorithm, ...urls]);
      subjects[i].label ??= labelOf(subjects[i], child.about);
      if (turn >= 0) times[i].push(child.times);
    }
  }
  const totals = times.map((all) => all.map(([imported, first]) => imported + first));
  const results = subjects.map(({ id, label, kind, algorithm }, i) => {
    const column = (at) => spread(times[i].map((time) => time[at]));
    return {
      id,
      label,
      kind,
      algorithm,
      total: spread(totals[i]),
      imported: column(0),
      first: column(1),
      second: column(2),
      timesOfFirst: ratios(totals[i], totals[0]),
      rounds: times[i],
    };
  });
  return { unit: 'milliseconds', results };
}
