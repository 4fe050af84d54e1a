// The built library, by the addresses that its package.json gives to browsers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An alias for each public subpath: this folder has a package.json, so `otpcore` is not its own name. */
export function doorsOf(root) {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([, target]) => target.browser !== undefined)
    .map(([door, { browser }]) => ({
      find: new RegExp(`^${name}${door.slice(1)}$`),
      replacement: join(root, browser.default),
    }));
}
