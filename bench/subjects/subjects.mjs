// All subjects, and how each is started. A subject in JavaScript is a module of this folder; a native
// one is a program that native/compile.mjs made, and is told its users.
import { fileURLToPath } from 'node:url';
import { openWorker } from '../worker/open.mjs';
import { makeUsers, TIMESTAMP } from '../worker/users.mjs';

const workerFile = fileURLToPath(new URL('../worker/worker.mjs', import.meta.url));

/**
 * `kind` decides how a subject counts in goals.mjs. `imports` are the modules that a program needs for
 * a first answer from base32 text; a subject without them has no such call.
 */
export const SUBJECTS = [
  { id: 'otpcore', kind: 'ours', module: 'otpcore' },
  {
    id: 'otpcore-once',
    kind: 'ours',
    module: 'otpcore-once',
    label: 'otpcore, the recommended path',
  },
  // The store alone, beside a bare Map: they take part in the row `claim` and in no other.
  {
    id: 'claim-store',
    kind: 'ours',
    module: 'otpcore-once',
    row: 'claim:store',
    label: 'memoryStore',
  },
  { id: 'claim-map', kind: 'ours', module: 'otpcore-once', row: 'claim:map', label: 'a bare Map' },
  // The second factor: each of these takes part in one row of it, and in no other.
  ...[
    ['factor-memory', 'secondFactor:verify', 'secondFactor.verify'],
    ['factor-memory-open', 'secondFactor:open', 'AES-GCM of aesGcmSealer alone'],
    ['factor-memory-rest', 'secondFactor:without-aes', 'verify without AES-GCM'],
    ['factor-postgres', 'secondFactor:postgres', 'secondFactor.verify'],
    ['factor-postgres-hand', 'secondFactor:statements', 'three statements by hand'],
  ].map(([id, row, label]) => ({ id, kind: 'ours', module: 'second-factor', row, label })),
  { id: 'otpcore-portable', kind: 'ours', module: 'otpcore', engine: 'portable' },
  { id: 'node-crypto', kind: 'platform', module: 'platform' },
  {
    id: 'otplib-13-noble',
    kind: 'rival',
    module: 'otplib-13-noble',
    imports: ['otplib-13'],
  },
  {
    id: 'otplib-13-node',
    kind: 'rival',
    module: 'otplib-13-node',
    imports: ['otplib-13', '@otplib/plugin-crypto-node'],
  },
  {
    id: 'otpauth',
    kind: 'rival',
    module: 'otpauth',
    imports: ['otpauth'],
  },
  {
    id: 'speakeasy',
    kind: 'rival',
    module: 'speakeasy',
    imports: ['speakeasy'],
  },
  { id: 'notp', kind: 'rival', module: 'notp' },
  {
    id: 'oslo',
    kind: 'rival',
    module: 'oslo',
    imports: ['@oslojs/otp', '@oslojs/encoding'],
  },
  {
    id: 'better-auth',
    kind: 'rival',
    module: 'better-auth',
    imports: ['@better-auth/utils/base32', '@better-auth/utils/otp'],
  },
  {
    id: 'otplib-12',
    kind: 'rival',
    module: 'otplib-12',
    imports: ['otplib-12'],
  },
  {
    id: 'native-sha',
    kind: 'native',
    label: 'native C, SHA instructions',
    keeps: 'HMAC midstates',
  },
  { id: 'native-c', kind: 'native', label: 'native C, plain', keeps: 'HMAC midstates' },
  { id: 'liboath', kind: 'native', label: 'liboath', keeps: 'secret bytes' },
];

/** The lines with which a native program is told its users (native/harness.h). */
function usersAsLines(algorithm) {
  const lines = makeUsers(algorithm).map(({ text, wrong, codes }) =>
    [text, wrong, ...codes].join(' '),
  );
  return [`${algorithm} ${TIMESTAMP / 1000}`, ...lines].join('\n');
}

/** A module of this folder in a process of its own. */
export function openModule(module, algorithm, engine = '') {
  return openWorker(process.execPath, [workerFile, module, algorithm, engine]);
}

async function openNative({ file, reason }, algorithm) {
  if (reason !== undefined) throw new Error(reason);
  const worker = await openWorker(file, []);
  worker.tell(usersAsLines(algorithm));
  return worker;
}

/** A subject's name for reports. */
export function labelOf({ id, kind, label }, about, engineName) {
  if (kind === 'ours') {
    if (label !== undefined) return label;
    const engine = id === 'otpcore' ? engineName : 'portable';
    return `otpcore, ${engine === 'simd' ? 'SIMD' : engine} engine`;
  }
  const name = label ?? about?.label ?? id;
  return about?.version === undefined ? name : nameWithVersion(name, about.version);
}

/** `otpauth 9.5.2`, and `otplib 13.5.0, node plugin` for a name that has its major version in it. */
function nameWithVersion(name, version) {
  const [major] = version.split('.');
  const named = new RegExp(` ${major}(?=,|$)`);
  return named.test(name) ? name.replace(named, ` ${version}`) : `${name} ${version}`;
}

/** Opens a subject; one that cannot be is `{ …, reason }`. */
async function open(one, algorithm, { programs, engineName }) {
  const { id, module, engine } = one;
  try {
    const worker =
      module === undefined
        ? await openNative(programs[id], algorithm)
        : await openModule(module, algorithm, engine);
    const keeps = one.keeps ?? worker.about.keeps;
    return { ...one, label: labelOf(one, worker.about, engineName), keeps, worker };
  } catch (error) {
    const label = labelOf(one, undefined, engineName);
    return { ...one, label, reason: error.message };
  }
}

/** Starts the subjects that `takesPart` names, each in a process of its own. */
export function openSubjects(algorithm, takesPart, { withRivals, programs, engineName }) {
  const taking = SUBJECTS.filter((one) => (withRivals || one.kind !== 'rival') && takesPart(one));
  return Promise.all(taking.map((one) => open(one, algorithm, { programs, engineName })));
}
