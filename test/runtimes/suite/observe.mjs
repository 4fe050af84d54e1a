// Which engine the library takes, seen from outside. `WebAssembly.Module` and `Instance` are wrapped
// before the library is asked for anything (it compiles on first use), so that every module that is
// tried, and every call into one, is counted.
import { ALGORITHMS, RFC_SECRET } from './bytes.mjs';

const seen = { tried: 0, compiled: 0, calls: 0 };

const api = globalThis.WebAssembly;
if (api !== undefined) {
  const { Module, Instance } = api;
  api.Module = function countedModule(bytes) {
    seen.tried++;
    const module = new Module(bytes);
    seen.compiled++;
    return module;
  };
  api.Instance = function countedInstance(...args) {
    const { exports } = new Instance(...args);
    return { exports: Object.fromEntries(Object.entries(exports).map(counted)) };
  };
}

function counted([name, member]) {
  if (typeof member !== 'function') return [name, member];
  const call = (...args) => {
    seen.calls++;
    return member(...args);
  };
  return [name, call];
}

/**
 * The engine: `simd` if a code under each of the three hashes took calls into WebAssembly, and
 * `portable` if none did; with how many modules were tried and how many compiled.
 */
export function engineOf({ createKey, generateHotp }) {
  const callsOf = ALGORITHMS.map((algorithm) => {
    const before = seen.calls;
    generateHotp(createKey(RFC_SECRET, { algorithm }), 0);
    return seen.calls - before;
  });
  const { tried, compiled } = seen;
  const isSimd = callsOf.every((calls) => calls > 0) && compiled > 0;
  const isPortable = callsOf.every((calls) => calls === 0) && compiled === 0;
  return { engine: isSimd ? 'simd' : isPortable ? 'portable' : 'mixed', tried, compiled };
}
