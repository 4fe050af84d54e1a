// The doors of the package: each public file of src is one subpath. `node scripts/doors.mjs --write` writes them into
// package.json and jsr.json; test/package/tarball.test.ts compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The public files of src/second-factor; the others there are private. */
const SECOND_FACTOR = /^(?:memory|mysql|postgres|sqlite|testing)$/;

/** Names of the files directly in a folder of src, without the ending. */
function namesIn(folder) {
  try {
    return readdirSync(`${root}src/${folder}`)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Every door by its path in src, without the ending: `index`, `totp`, `stores/redis` and so on. */
export const DOORS = [
  'index',
  ...[
    ...namesIn('.').filter((name) => name !== 'index'),
    ...namesIn('stores').map((name) => `stores/${name}`),
    ...namesIn('second-factor')
      .filter((name) => SECOND_FACTOR.test(name))
      .map((name) => `second-factor/${name}`),
  ].sort(),
];

/** `.` for the root, `./totp` for others. */
const subpathOf = (door) => (door === 'index' ? '.' : `./${door}`);

/** The conditions of one door, in the order in which platforms read them. */
function conditionsOf(door) {
  const portable = `./dist/${door}.js`;
  const core = `./dist/node/${door}.js`;
  const cjs = `./dist/cjs/${door}.cjs`;
  return {
    types: { require: `./dist/cjs/${door}.d.cts`, default: `./dist/${door}.d.ts` },
    workerd: portable,
    'edge-light': portable,
    browser: { module: portable, require: cjs, default: portable },
    deno: core,
    bun: core,
    node: { 'module-sync': core, module: core, require: cjs, default: core },
    require: cjs,
    default: portable,
  };
}

/** `exports` of package.json. */
export const packageExports = {
  ...Object.fromEntries(DOORS.map((door) => [subpathOf(door), conditionsOf(door)])),
  './package.json': './package.json',
};

/** `exports` of jsr.json. */
export const jsrExports = Object.fromEntries(
  DOORS.map((door) => [subpathOf(door), `./src/${door}.ts`]),
);

function writeExports(file, exports) {
  const manifest = JSON.parse(readFileSync(root + file, 'utf8'));
  writeFileSync(root + file, `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`);
}

if (process.argv[2] === '--write') {
  writeExports('package.json', packageExports);
  writeExports('jsr.json', jsrExports);
}
