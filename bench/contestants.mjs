// Who is in the race, and how each is started. A subject in JavaScript is a module of subjects/; a
// native one is a program that native.mjs compiled, and is handed its users.
import { fileURLToPath } from 'node:url';
import { openLane } from './lanes.mjs';
import { makeUsers, TIMESTAMP } from './users.mjs';

const laneFile = fileURLToPath(new URL('./lane/lane.mjs', import.meta.url));

/** `kind` decides what a contestant counts as in the measures of goals.mjs. */
export const CONTESTANTS = [
  { id: 'otpcore', kind: 'ours', module: 'otpcore' },
  { id: 'otpcore-portable', kind: 'ours', module: 'otpcore', engine: 'portable' },
  { id: 'node-crypto', kind: 'platform', module: 'platform' },
  { id: 'otplib-13-noble', kind: 'rival', module: 'otplib-13-noble' },
  { id: 'otplib-13-node', kind: 'rival', module: 'otplib-13-node' },
  { id: 'otpauth', kind: 'rival', module: 'otpauth' },
  { id: 'speakeasy', kind: 'rival', module: 'speakeasy' },
  { id: 'notp', kind: 'rival', module: 'notp' },
  { id: 'oslo', kind: 'rival', module: 'oslo' },
  { id: 'better-auth', kind: 'rival', module: 'better-auth' },
  { id: 'otplib-12', kind: 'rival', module: 'otplib-12' },
  {
    id: 'native-sha',
    kind: 'native',
    label: 'native C, SHA instructions',
    keeps: 'HMAC midstates',
  },
  { id: 'native-c', kind: 'native', label: 'native C, plain', keeps: 'HMAC midstates' },
  { id: 'liboath', kind: 'native', label: 'liboath', keeps: 'secret bytes' },
];

export const kindOf = (id) => CONTESTANTS.find((contestant) => contestant.id === id)?.kind;

/** The lines with which a native program is told its users (native/harness.h). */
function usersAsLines(algorithm) {
  const lines = makeUsers(algorithm).map(({ text, wrong, codes }) =>
    [text, wrong, ...codes].join(' '),
  );
  return [`${algorithm} ${TIMESTAMP / 1000}`, ...lines].join('\n');
}

/** A subject of subjects/ in a process of its own. */
export function openModule(module, algorithm, engine = '') {
  return openLane(process.execPath, [laneFile, module, algorithm, engine]);
}

async function openNative({ file, reason }, algorithm) {
  if (reason !== undefined) throw new Error(reason);
  const lane = await openLane(file, []);
  lane.tell(usersAsLines(algorithm));
  return lane;
}

function labelOf({ id, label }, about, engineName) {
  if (kindOf(id) === 'ours') {
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

/** Opens a contestant; one that cannot be is `{ …, reason }`. */
async function open(contestant, algorithm, { programs, engineName }) {
  const { id, module, engine } = contestant;
  try {
    const lane =
      module === undefined
        ? await openNative(programs[id], algorithm)
        : await openModule(module, algorithm, engine);
    const keeps = contestant.keeps ?? lane.about.keeps;
    return { ...contestant, label: labelOf(contestant, lane.about, engineName), keeps, lane };
  } catch (error) {
    const label = labelOf(contestant, undefined, engineName);
    return { ...contestant, label, reason: error.message };
  }
}

/** Starts all that take part, each in a process of its own. */
export function openContestants(algorithm, { withRivals, programs, engineName }) {
  const taking = CONTESTANTS.filter(({ kind }) => withRivals || kind !== 'rival');
  return Promise.all(taking.map((one) => open(one, algorithm, { programs, engineName })));
}
