// A project of somebody else: an empty folder outside of this one, with the packed package in its
// node_modules and, by link, the tools that the project says it has.
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, inject } from 'vitest';

const run = promisify(execFile);

/** Where the tools are. */
export const tools = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** What package.json of the packed package says. */
export const manifest = JSON.parse(
  execFileSync('tar', ['-xzOf', inject('tarball'), 'package/package.json'], { encoding: 'utf8' }),
);

/** All that a consumer may import: `otpcore`, `otpcore/base32` and so on. */
export const specifiers = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => `otpcore${path.slice(1)}`);

const folders = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Makes a project without the package, which is gone after the tests of this file.
 *
 * @param files - texts by path; package.json says no more than `private` if it is not among them
 */
export function makeFolder(files = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'otpcore-consumer-')));
  folders.push(folder);
  const project = {
    folder,
    path: (...parts) => join(folder, ...parts),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write: (path, text) => writeFile(join(folder, path), text),
    /** Runs a program in it, and answers its exit code and what it printed. */
    run: (command, args, options) => runIn(folder, command, args, options),
    node: (...args) => runIn(folder, process.execPath, args),
  };
  writeFiles(folder, { 'package.json': '{ "private": true }', ...files });
  return project;
}

/**
 * The same with the package.
 *
 * @param linked - tools that are to be in its node_modules too
 */
export function makeProject(files = {}, linked = []) {
  const project = makeFolder(files);
  const installed = installInto(project.folder);
  for (const name of linked) linkTool(project.folder, name);
  return { ...project, installed };
}

/** Puts the package into the node_modules of a folder; answers where. */
export function installInto(folder) {
  const installed = join(folder, 'node_modules', 'otpcore');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', inject('tarball'), '-C', installed, '--strip-components=1']);
  return installed;
}

/** Writes texts by their paths in a folder. */
export function writeFiles(folder, files) {
  for (const [path, text] of Object.entries(files)) writeFile(join(folder, path), text);
}

/** The files in the package's dist: `index`, `engine/sha1` and so on. */
export function distFiles({ installed }) {
  const dist = join(installed, 'dist');
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.js'))
    .map(({ parentPath, name }) => relative(dist, join(parentPath, name)).replaceAll('\\', '/'))
    .map((file) => file.replace(/\.js$/, ''))
    .sort();
}

function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function linkTool(folder, name) {
  const link = join(folder, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(tools, name), link, 'junction');
}

async function runIn(cwd, command, args, { env } = {}) {
  // Warnings are looked for in what is printed, so nothing of the test runner's own may reach it.
  const { NODE_OPTIONS, NODE_ENV, VITEST, ...rest } = process.env;
  const options = {
    cwd,
    env: { ...rest, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
    timeout: 100_000,
  };
  try {
    return { code: 0, ...(await run(command, args, options)) };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}
