// Place and time of a run.
import os from 'node:os';

/** Above this many runnable processes before we begin, others are using the machine. */
const BUSY_LOAD = 0.7;

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
    // The core falls back by itself.
    engine: 'WebAssembly' in globalThis ? 'simd' : 'portable',
    loadBefore: os.loadavg()[0],
  };
}

/** A warning for a machine that is busy with other work. */
export function busyWarning({ loadBefore, cores }) {
  if (loadBefore < BUSY_LOAD * cores) return undefined;
  return `The machine is busy (load ${loadBefore.toFixed(1)} on ${cores} cores): trust ratios more than times, or try --cpu.`;
}
