// The three forms of the package, as configurations for tsup:
//   dist        portable: one ES module for each file of src that a program loads
//   dist/node   the core in one ES module with the SIMD engine
//   dist/cjs    the core in one CommonJS file with the portable engine, in the syntax of ES2019
// The core is all that `otpcore` exports. Doors into it are stubs, so that `OtpKey` and `OtpError`
// exist once in a form; every other door is a file of its own that imports the core.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { DOORS } from './doors.mjs';
import { kernelsAsBytes } from './kernels.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const src = join(root, 'src');
const dist = join(root, 'dist');

/** Names by paths: `index`, `engine/sha1`. */
const nameOf = (path) => relative(src, path).replaceAll('\\', '/').replace(/\.ts$/, '');
const pathOf = (name) => join(src, `${name}.ts`);
const entriesOf = (names) => Object.fromEntries(names.map((name) => [name, pathOf(name)]));

/** How esbuild names a file of dist until the place of its importer is known. */
const PLACEHOLDER = /(["'])dist:([^"']+)\1/g;

/**
 * A plugin that resolves imports between the files of src.
 *
 * @param engine - the module that `#engine` is
 * @param targetOf - the name of the file of dist that an import leads to, or undefined for a file
 *   that belongs into the importer's bundle
 */
function importsOfSrc(engine, targetOf) {
  return {
    name: 'imports-of-src',
    setup({ onResolve }) {
      onResolve({ filter: /^(?:#engine$|\.)/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return undefined;
        const file = path === '#engine' ? engine : resolve(dirname(importer), path);
        const name = nameOf(file.replace(/\.js$/, '.ts'));
        const target = targetOf(name);
        const found = target === undefined ? { path: pathOf(name) } : { path: `dist:${target}` };
        return { ...found, external: target !== undefined, sideEffects: false };
      });
    },
  };
}

const PORTABLE = pathOf('engine/portable');
const SIMD = pathOf('engine/simd');

/** The files that a program loads, and the names that each door exports. */
async function survey() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entriesOf(DOORS),
    outdir: dist,
    bundle: true,
    format: 'esm',
    write: false,
    metafile: true,
    plugins: [importsOfSrc(PORTABLE, () => undefined)],
  });
  const outputs = Object.values(metafile.outputs);
  return {
    files: Object.keys(metafile.inputs).map((path) => nameOf(join(root, path))),
    exportsOf: new Map(outputs.map((file) => [nameOf(join(root, file.entryPoint)), file.exports])),
  };
}

const { files, exportsOf } = await survey();
const inRoot = new Set(exportsOf.get('index'));
const isInCore = (door) => (exportsOf.get(door) ?? []).every((name) => inRoot.has(name));
const STUBS = DOORS.filter((door) => door !== 'index' && isInCore(door));
const APART = DOORS.filter((door) => !isInCore(door));

/** From a file of src to the file of a form that has its exports; rooms are nowhere but in bundles. */
function targetInForm(name) {
  if (name === 'index' || STUBS.includes(name)) return 'index';
  return APART.includes(name) ? name : undefined;
}

/**
 * Makes a hook of tsup that puts in the paths to other files of a form. It also takes back the name
 * that esbuild gives to a class that names itself, which a console would show.
 */
function nameIn(folder, ending) {
  return (code, { path }) => {
    const from = dirname(resolve(path));
    const renamed = [...code.matchAll(/ = class _(\w+)\b/g)].map(([, name]) => name);
    const placed = code.replaceAll(PLACEHOLDER, (_, quote, name) => {
      const place = relative(from, join(folder, name + ending)).replaceAll('\\', '/');
      return `${quote}${place.startsWith('.') ? '' : './'}${place}${quote}`;
    });
    return {
      code: renamed.reduce(
        (text, name) => text.replaceAll(RegExp(`\\b_${name}\\b`, 'g'), name),
        placed,
      ),
    };
  };
}

/** Settings of one run of tsup. */
function run({ folder, format = 'esm', ending = '.js', names, plugin, ...rest }) {
  return {
    entry: entriesOf(names),
    outDir: join(dist, folder),
    format,
    platform: format === 'cjs' ? 'node' : 'neutral',
    target: 'es2022',
    splitting: false,
    sourcemap: true,
    clean: false,
    // The sources are in the package, so the maps hold no second copy.
    esbuildOptions: (options) => {
      options.sourcesContent = false;
    },
    esbuildPlugins: [kernelsAsBytes, plugin],
    plugins: [{ name: 'names-in-dist', renderChunk: nameIn(join(dist, folder), ending) }],
    ...rest,
  };
}

/** A form with a core: the core, the doors apart from it, and stubs. */
function bundled(engine, writeStub, settings) {
  return [
    run({ ...settings, names: ['index'], plugin: importsOfSrc(engine, () => undefined) }),
    run({
      ...settings,
      names: APART,
      plugin: importsOfSrc(engine, targetInForm),
      onSuccess: async () => {
        for (const door of STUBS) {
          const path = join(dist, settings.folder, door + settings.ending);
          const core = `${'../'.repeat(door.split('/').length - 1) || './'}index${settings.ending}`;
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, writeStub(exportsOf.get(door), core));
        }
      },
    }),
  ];
}

const moduleStub = (names, core) => `export { ${names.join(', ')} } from '${core}';\n`;
const commonJsStub = (names, core) =>
  [
    "'use strict';",
    "Object.defineProperty(exports, '__esModule', { value: true });",
    `const core = require('${core}');`,
    ...names.map((name) => `exports.${name} = core.${name};`),
    '',
  ].join('\n');

/** All runs of tsup. The old dist goes first, because they work at the same time. */
export function makeForms() {
  rmSync(dist, { recursive: true, force: true });
  const portable = importsOfSrc(PORTABLE, (name) => name);
  return [
    run({ folder: '.', names: files, plugin: portable }),
    ...bundled(SIMD, moduleStub, { folder: 'node', ending: '.js' }),
    ...bundled(PORTABLE, commonJsStub, {
      folder: 'cjs',
      ending: '.cjs',
      format: 'cjs',
      target: 'es2019',
    }),
  ];
}
