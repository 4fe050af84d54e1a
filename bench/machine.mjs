// Where and when a run took place.
import { createRequire } from 'node:module';
import os from 'node:os';
import { pathToFileURL } from 'node:url';

/** Above this many runnable processes before we begin, others are using the machine. */
const BUSY_LOAD = 0.7;

/** The engine that `#engine` stands for here, if it tells its name. */
async function engineName() {
  try {
    const { resolve } = createRequire(new URL('../package.json', import.meta.url));
    const { name } = await import(pathToFileURL(resolve('#engine')).href);
    return name;
  } catch {
    return 'unknown';
  }
}

/** Machine, runtime and moment, for the head of every output. */
export async function describeMachine() {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpus[0].model.trim(),
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    runtime: `Node ${process.version}, V8 ${process.versions.v8}`,
    engine: await engineName(),
    loadBefore: os.loadavg()[0],
  };
}

/** A warning, where the numbers would be those of a machine that does something else as well. */
export function busyWarning({ loadBefore, cores }) {
  if (loadBefore < BUSY_LOAD * cores) return undefined;
  return `The machine is busy (load ${loadBefore.toFixed(1)} on ${cores} cores): look at ratios, not at times, or try --cpu.`;
}
