// Claims a second: `npm run bench:stores`. --help lists the options.
//
// First sign-ins on a durable PostgreSQL, with and without `together` (`durable.mjs`). Then each store
// beside its bare client: both send the same statement over the same client to the same server, in
// turn, in short rounds. A proxy counts the round trips of a claim.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeWithSqlite } from '../../test/servers/support/claimers.mjs';
import { startMariadb } from '../../test/servers/support/mariadb.mjs';
import { postgresRemedy, startPostgres } from '../../test/servers/support/postgres.mjs';
import { startProxy } from '../../test/servers/support/proxy.mjs';
import { startRedis } from '../../test/servers/support/redis.mjs';
import { findProgram, makeFolder, removeFolder } from '../../test/servers/support/server.mjs';
import { CLIENTS, openStore } from '../../test/servers/support/stores.mjs';
import { describeMachine } from '../probes/machine.mjs';
import { linesOf } from '../report/results.mjs';
import { ratios, spread } from '../worker/spread.mjs';
import { STORE_CLIENTS } from './clients.mjs';
import { isTogetherReached, measureDurable } from './durable.mjs';

const HELP = `Sign-ins a second on a durable PostgreSQL, with claims one by one and together; then the
claims of each client beside the bare client that sends the same statement.

  npm run bench:stores -- [options]

  --quick          fewer and shorter rounds
  --only PATTERN   only clients whose name matches, such as 'redis'; 'durable' for the sign-ins
  --json FILE      writes everything, every round's numbers included
  --targets        prints verdicts, and fails if a store has less than 0.95 of the bare client's
                   throughput or makes more than one round trip a claim, or if claims together have
                   less than 3 times the throughput at 64 sign-ins at once, are later, or are slower
                   by more than 5 % for one at a time
`;

/** The share of the bare client's throughput that a store must have. */
const MUST = 0.95;
/** Claims on their way at once, each of an id of its own. */
const LANES = 32;
const LENGTHS = { full: { rounds: 301, roundMs: 20 }, quick: { rounds: 51, roundMs: 20 } };

const DURABLE_LENGTHS = {
  full: { rounds: 15, roundMs: 250 },
  quick: { rounds: 5, roundMs: 150 },
};

/** Keeps the data of the bare clients' servers in memory: waiting for a disk would hide the store. */
const MEMORY = '/dev/shm';

const SERVERS = {
  PostgreSQL: startPostgres,
  MariaDB: startMariadb,
  Redis: () => startRedis({ appendonly: 'no' }),
  async SQLite() {
    const folder = makeFolder('sqlite');
    return {
      address: { file: join(folder, 'claims.db') },
      stop: async () => removeFolder(folder),
    };
  },
};

/** The arguments of the store's call, and how the same call is made by hand. */
async function readCall(kind, client) {
  const { makeStore, method, bare, prepare = (id) => id } = STORE_CLIENTS[kind];
  const calls = [];
  const watched = new Proxy(client, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args) => {
        if (name === method) calls.push(args);
        return value.apply(target, args);
      };
    },
  });
  const store = makeStore(watched);
  const [first, second] = [`first of ${kind}`, `second of ${kind}`];
  await store.claim(first, 1);
  const { args, claim } = bare(client, calls[0]);
  await store.claim(second, 2);
  const call = calls.at(-1);
  assert.deepEqual(args(prepare(second), 2), call, `${kind}: the store sends something else`);
  // The same answers, and to the same table.
  assert.equal(await claim(prepare(second), 2), false);
  assert.equal(await claim(prepare(second), 3), true);
  assert.equal(await store.claim(second, 3), false);
  return { claim, prepare };
}

/** Claims for so long, with one claim of each id on its way; every claim has to be granted. */
async function claimsPerSecond(claim, ids, steps, roundMs) {
  const begun = performance.now();
  const end = begun + roundMs;
  let claims = 0;
  const lane = async (id, i) => {
    do {
      steps[i] += 1;
      const answer = claim(id, steps[i]);
      if ((typeof answer === 'boolean' ? answer : await answer) !== true) {
        throw new Error('a rising step was refused');
      }
      claims += 1;
    } while (performance.now() < end);
  };
  await Promise.all(ids.map(lane));
  return (1000 * claims) / (performance.now() - begun);
}

/** Times the two in turn: each round begins with the one that ended the round before. */
async function race(kind, client, { rounds, roundMs }) {
  const { claim: bareClaim, prepare } = await readCall(kind, client);
  const store = STORE_CLIENTS[kind].makeStore(client);
  const ids = Array.from({ length: LANES }, (_, i) => `user-${i} of ${kind}`);
  const keys = ids.map(prepare);
  const steps = ids.map(() => 50_000_000);
  const sides = {
    store: () => claimsPerSecond((id, step) => store.claim(id, step), ids, steps, roundMs),
    bare: () => claimsPerSecond(bareClaim, keys, steps, roundMs),
  };
  const times = { store: [], bare: [] };
  for (let round = -2; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ['store', 'bare'] : ['bare', 'store']) {
      const perSecond = await sides[side]();
      // The first two are to get warm.
      if (round >= 0) times[side].push(perSecond);
    }
  }
  return { times, ratio: ratios(times.store, times.bare) };
}

/** Round trips of one claim, on a connection that has claimed before. */
async function countRoundTrips(kind, address) {
  if (address.port === undefined) return undefined;
  const proxy = await startProxy(address);
  const behind = { ...address, host: proxy.host, port: proxy.port };
  const { store, end } = await CLIENTS[kind].open(behind, STORE_CLIENTS[kind].one);
  const claims = 100;
  const id = `trips of ${kind}`;
  await store.claim(id, 1);
  const before = proxy.roundTrips;
  for (let i = 0; i < claims; i++) await store.claim(id, 2 + (i >> 1));
  const roundTrips = (proxy.roundTrips - before) / claims;
  await end();
  await proxy.stop();
  return roundTrips;
}

async function measure(kind, address, length) {
  const { client, end } = await openStore(kind, address);
  try {
    const roundTrips = await countRoundTrips(kind, address);
    const { times, ratio } = await race(kind, client, length);
    return { kind, roundTrips, ratio, store: spread(times.store), bare: spread(times.bare), times };
  } finally {
    await end();
  }
}

/** `node:sqlite` on a Node that has it, as a process of its own if this one has it not. */
function measureElsewhere(kind, { quick }) {
  const file = fileURLToPath(import.meta.url);
  const args = [file, '--only', `^${kind}$`, '--json', '-', ...(quick ? ['--quick'] : [])];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout } = spawnSync(nodeWithSqlite, args, { stdio, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${kind} could not be timed with ${nodeWithSqlite}`);
  const { rows, machine } = JSON.parse(stdout);
  return { ...rows[0], kind: `${kind} (${machine.runtime.split(',')[0]})` };
}

const isElsewhere = (kind) => kind === 'node:sqlite' && nodeWithSqlite !== process.execPath;

const round = (number) => Math.round(number).toLocaleString('en');

function describeRow({ kind, roundTrips, ratio, store, bare }) {
  const { min, median, max } = ratio;
  return [
    kind.padEnd(26),
    String(roundTrips ?? '-').padStart(11),
    round(bare.median).padStart(10),
    round(store.median).padStart(10),
    `${min.toFixed(3)} / ${median.toFixed(3)} / ${max.toFixed(3)}`.padStart(25),
  ].join('');
}

function describeDurable({ atOnce, single, together, ratio, p99 }) {
  const { min, median, max } = ratio;
  return [
    String(atOnce).padStart(15),
    round(single.median).padStart(14),
    round(together.median).padStart(12),
    `${min.toFixed(1)} / ${median.toFixed(1)} / ${max.toFixed(1)}`.padStart(23),
    `${p99.single.toFixed(1)} / ${p99.together.toFixed(1)}`.padStart(20),
  ].join('');
}

async function runDurable(length, write) {
  write('\nSign-ins a second on PostgreSQL, fsync on, pool of 10: createKey + verifyTotpOnce');
  write(
    `data in ${tmpdir()}; ${length.rounds} rounds of ${length.roundMs} ms each, in turn; medians`,
  );
  write(
    '  sign-ins at once    one by one    together   times min/median/max   p99, ms: one / tog.',
  );
  const server = findProgram('postgres');
  if (server === undefined) {
    write(`left out: PostgreSQL is not installed (${postgresRemedy})`);
    return undefined;
  }
  return measureDurable(length, (result) => write(describeDurable(result)));
}

const isReached = ({ ratio, roundTrips = 1 }) => ratio.median >= MUST && roundTrips === 1;

async function main() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      targets: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const isForProgram = values.json === '-';
  const write = isForProgram ? () => {} : (line) => process.stdout.write(`${line}\n`);
  const machine = await describeMachine();
  const length = values.quick ? LENGTHS.quick : LENGTHS.full;
  write(`${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.runtime}`);
  write(
    `load before: ${machine.loadBefore.toFixed(1)}; where others use the machine, look at the ratios`,
  );
  const only = new RegExp(values.only);
  const durableLength = values.quick ? DURABLE_LENGTHS.quick : DURABLE_LENGTHS.full;
  const durable = only.test('durable') ? await runDurable(durableLength, write) : undefined;

  if (existsSync(MEMORY)) process.env.TMPDIR = MEMORY;
  const kinds = Object.keys(STORE_CLIENTS).filter((kind) => only.test(kind));
  if (kinds.length > 0) {
    write('\nClaims a second of each store beside its bare client');
    write(`data in ${tmpdir()}, ${LANES} claims at once`);
    write(`${length.rounds} rounds of ${length.roundMs} ms each, in turn; medians`);
    write('client                    round trips      bare     store   ratio min / median / max');
  }
  const rows = [];
  for (const [name, start] of Object.entries(SERVERS)) {
    const own = kinds.filter((kind) => STORE_CLIENTS[kind].server === name);
    if (own.length === 0) continue;
    let server;
    try {
      server = await start();
    } catch (error) {
      // A server that is not installed leaves out its clients.
      write(`left out: ${own.join(', ')} (${error.message.split('\n')[0]})`);
      continue;
    }
    try {
      for (const kind of own) {
        const row = isElsewhere(kind)
          ? measureElsewhere(kind, values)
          : await measure(kind, server.address, length);
        rows.push(row);
        const verdict = isReached(row) ? '  met' : '  missed';
        write(`${describeRow(row)}${values.targets ? verdict : ''}`);
      }
    } finally {
      await server.stop();
    }
  }
  const command = 'npm run bench:stores';
  const everything = { command, machine, length, lanes: LANES, durable, rows };
  if (isForProgram) process.stdout.write(JSON.stringify(everything));
  else if (values.json) writeFileSync(values.json, linesOf(everything));
  if (!values.targets) return;
  const isMet = durable === undefined || isTogetherReached(durable);
  write(`\nclaims together: ${isMet ? 'met' : 'missed'}`);
  if (!isMet || !rows.every(isReached)) process.exitCode = 1;
}

await main();
