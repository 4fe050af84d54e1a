/**
 * Installs the packages of folders that have a lockfile of their own:
 * `node scripts/install.mjs test/servers`.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The contents of each folder, and its flags for `npm ci`. */
const FOLDERS = {
  bench: ['the rivals'],
  'docs/api': ['TypeDoc'],
  'docs/examples/better-auth': ['better-auth and its database', '--ignore-scripts'],
  // The site's generator, and drivers of browsers without their downloads.
  'docs/site': ['VitePress', '--ignore-scripts'],
  'docs/examples/portal': ['the web server and the database', '--ignore-scripts'],
  'test/servers': ["the databases' drivers"],
  'test/consumers': ['compilers, bundlers and test runners', '--ignore-scripts'],
  // The install scripts of the runtimes download or copy binaries that are not needed.
  'test/runtimes': ['the runtimes', '--ignore-scripts'],
  // Prisma's install script downloads an engine that is not needed.
  'test/frameworks': ['frameworks, ORMs and hosts', '--ignore-scripts'],
  'test/portal': ["the browser's driver", '--ignore-scripts'],
  // Stryker's runner uses the root's vitest, so its peer is not installed again.
  'test/mutation': ['Stryker', '--ignore-scripts', '--legacy-peer-deps'],
};

/** Packages that import `otpcore` by its name find the one built here. */
const LINKED = ['docs/examples/portal', 'docs/examples/better-auth'];

/**
 * Installs a folder's packages unless they are there.
 *
 * @param {keyof typeof FOLDERS} folder
 * @throws {Error} if npm fails
 */
export function ensureInstalled(folder) {
  install(folder);
  if (LINKED.includes(folder)) link(`${root}${folder}/node_modules/otpcore`);
}

/** The package as built here. A link to the whole root would contain itself. */
function link(place) {
  mkdirSync(place, { recursive: true });
  copyFileSync(`${root}package.json`, `${place}/package.json`);
  if (!existsSync(`${place}/dist`)) symlinkSync(`${root}dist`, `${place}/dist`, 'junction');
}

/** @param {keyof typeof FOLDERS} folder */
function install(folder) {
  const [contents, ...flags] = FOLDERS[folder];
  const lockfile = readFileSync(`${root}${folder}/package-lock.json`, 'utf8');
  // A copy of the installed lockfile: node_modules cannot tell, since some packages are optional.
  const stamp = `${root}${folder}/node_modules/.installed-lockfile`;
  if (isSame(stamp, lockfile)) return;
  process.stderr.write(`installing ${contents}: npm ci --prefix ${folder}\n`);
  const { status } = spawnSync('npm', ['ci', ...flags, '--prefix', folder], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${contents} could not be installed`);
  writeFileSync(stamp, lockfile);
}

function isSame(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.argv.slice(2).forEach(ensureInstalled);
}
