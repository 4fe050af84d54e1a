// The second half of `npm run build`: the declarations, which tsc has just written to dist/cjs.
//
// They stand there as CommonJS, and the ES modules' declarations repeat them, so that each type
// exists once. The reverse does not compile: for a CommonJS file that imports the declarations of an
// ES module, TypeScript reports TS1479 (under `module: node16`) or TS1471 (version 4.7).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOORS } from './doors.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Imports of another file, as tsc writes them. */
const IMPORTS = /\b(?:from |import\()["'](\.[^"']*)\.js["']/g;

const files = readdirSync(`${dist}/cjs`, { recursive: true })
  .filter((file) => file.endsWith('.d.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.d\.ts$/, ''));
const seen = new Set();
for (const door of DOORS) see(door);
for (const file of files) {
  if (seen.has(file)) makeCommonJs(file);
  rmSync(`${dist}/cjs/${file}.d.ts`);
  rmSync(`${dist}/cjs/${file}.d.ts.map`);
}
for (const door of DOORS) repeatAsModule(door);

/** Notes a declaration file and all that it imports. */
function see(file) {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(`${dist}/cjs/${file}.d.ts`, 'utf8');
  for (const [, path] of text.matchAll(IMPORTS)) see(join(dirname(file), path));
}

/** Writes a declaration file and its map once more, with the ending of CommonJS in the imports too. */
function makeCommonJs(file) {
  const path = `${dist}/cjs/${file}`;
  const text = readFileSync(`${path}.d.ts`, 'utf8').replaceAll(IMPORTS, (found) =>
    found.replace(/\.js(?=.$)/, '.cjs'),
  );
  writeFileSync(`${path}.d.cts`, text.replace(/\.d\.ts\.map$/m, '.d.cts.map'));
  const map = JSON.parse(readFileSync(`${path}.d.ts.map`, 'utf8'));
  writeFileSync(
    `${path}.d.cts.map`,
    JSON.stringify({ ...map, file: map.file.replace(/\.ts$/, '.cts') }),
  );
}

/** The declarations of an ES module, which are those of CommonJS. */
function repeatAsModule(door) {
  const path = `${dist}/${door}.d.ts`;
  const up = '../'.repeat(door.split('/').length - 1) || './';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `export * from '${up}cjs/${door}.cjs';\n`);
}
