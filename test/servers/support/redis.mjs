// Redis: a single server, or a cluster of three. Both keep an append-only file and sync it before they
// answer, unless told otherwise.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findProgram,
  freePort,
  HOST,
  makeFolder,
  makeServer,
  removeFolder,
  requireProgram,
  run,
  sleep,
} from './server.mjs';

const SLOTS = 16_384;

export const redisProgram = findProgram('redis-server');
/** How to get it, on Debian. */
export const redisRemedy = 'apt-get install redis-server';

/** @param settings - lines of redis.conf as `{ name: value }` */
export async function startRedis(settings = {}) {
  const program = requireProgram('redis-server', 'Redis', redisRemedy);
  const folder = makeFolder('redis');
  const port = await freePort();
  const all = {
    bind: HOST,
    port,
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = makeServer({ name: 'redis-server', command: program, args });
  await server.start();
  const stop = async () => {
    await server.stop();
    removeFolder(folder);
  };
  return {
    server,
    folder,
    address: { host: HOST, port },
    stop,
    readWrites: () => readWrites(folder),
  };
}

/** One command to the server at that port. */
export function command(port, ...args) {
  return run(undefined, findProgram('redis-cli'), '-p', String(port), ...args.map(String)).trim();
}

/** Three nodes without replicas, with a third of the slots each. */
export async function startRedisCluster(settings = {}) {
  const nodes = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let i = 0; i < 3; i++) {
      const busPort = await freePort();
      const cluster = { 'cluster-enabled': 'yes', 'cluster-port': busPort, ...settings };
      nodes.push({ ...(await startRedis(cluster)), busPort });
    }
    introduce(nodes);
    await ready(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  const address = { nodes: nodes.map((node) => node.address) };
  return { nodes, address, stop, ready: () => ready(nodes) };
}

/** Gives each node its slots, and makes all known to the first. */
function introduce(nodes) {
  const [first] = nodes;
  const bound = (part) => Math.ceil((SLOTS * part) / nodes.length);
  for (const [i, { address, busPort }] of nodes.entries()) {
    command(address.port, 'CLUSTER', 'ADDSLOTSRANGE', bound(i), bound(i + 1) - 1);
    command(address.port, 'CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    command(first.address.port, 'CLUSTER', 'MEET', HOST, address.port, busPort);
  }
}

/** Waits until every node knows the others and holds all slots to be served. */
async function ready(nodes) {
  const isOk = ({ address }) =>
    /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(command(address.port, 'CLUSTER', 'INFO'));
  while (!nodes.every(isOk)) await sleep(50);
}

/**
 * Everything written, in the order in which the server wrote it: its append-only file, in which a
 * script stands as the commands that it ran.
 */
function readWrites(folder) {
  const files = join(folder, 'appendonlydir');
  return readdirSync(files)
    .filter((name) => name.endsWith('.incr.aof'))
    .sort((a, b) => Number(a.split('.')[2]) - Number(b.split('.')[2]))
    .flatMap((name) => parseCommands(readFileSync(join(files, name))));
}

/** The commands in the format of Redis's protocol: `*` and a count, then `$`, a length and bytes. */
function parseCommands(bytes) {
  const commands = [];
  let at = 0;
  const readLine = () => {
    const end = bytes.indexOf('\r\n', at);
    const line = bytes.toString('latin1', at, end);
    at = end + 2;
    return line;
  };
  while (at < bytes.length) {
    const count = Number(readLine().slice(1));
    const words = [];
    for (let i = 0; i < count; i++) {
      const length = Number(readLine().slice(1));
      words.push(bytes.toString('utf8', at, at + length));
      at += length + 2;
    }
    commands.push(words);
  }
  return commands;
}
