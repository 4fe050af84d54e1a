// Tools that make one script of a project, with no setting beyond those that any script needs. Each
// takes an entry file and answers the text of the script.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rspack } from '@rspack/core';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import { tools } from './project.mjs';

const require = createRequire(import.meta.url);

/** webpack of either version, or Rspack, which has its interface. */
const byWebpack = (pack) => async (project, entry) => {
  const output = { path: project.path('packed'), filename: 'out.js', hashFunction: 'sha256' };
  const compiler = pack({
    context: project.folder,
    mode: 'production',
    entry: project.path(entry),
    output,
  });
  const stats = await new Promise((done, fail) => {
    compiler.run((error, stats) => (error ? fail(error) : done(stats)));
  });
  if (stats.hasErrors()) throw new Error(stats.toString());
  return project.read('packed/out.js');
};

async function byParcel(project, entry) {
  const program = join(tools, 'parcel', 'lib', 'bin.js');
  const flags = ['--no-cache', '--no-source-maps', '--dist-dir', 'packed'];
  const { code, stderr } = await project.node(program, 'build', entry, ...flags);
  if (code !== 0) throw new Error(stderr);
  return project.read(`packed/${entry}`);
}

/** Metro, as React Native sets it up: with its runtime, and a Babel that knows ES modules. */
const byMetro = (name) => async (project, entry) => {
  const own = createRequire(require.resolve(`${name}/package.json`));
  const Metro = own(name);
  const runtime = dirname(own.resolve('metro-runtime/package.json'));
  cpSync(runtime, project.path('node_modules', 'metro-runtime'), { recursive: true });
  const plugin = require.resolve('@babel/plugin-transform-modules-commonjs');
  project.write('babel.config.js', `module.exports = { plugins: [${JSON.stringify(plugin)}] };`);
  const config = await Metro.loadConfig(
    { cwd: project.folder },
    {
      projectRoot: project.folder,
      // The lines that every bundle begins with stand there.
      watchFolders: [project.folder, runtime],
      resolver: { useWatchman: false },
      transformer: { babelTransformerPath: own.resolve('metro-babel-transformer') },
      reporter: { update() {} },
      cacheStores: [],
      maxWorkers: 1,
    },
  );
  const out = project.path('packed.js');
  await Metro.runBuild(config, { entry: project.path(entry), out, dev: false, minify: false });
  return readFileSync(existsSync(out) ? out : `${out}.js`, 'utf8');
};

async function byEsbuild(project, entry) {
  const { outputFiles } = await esbuild({
    absWorkingDir: project.folder,
    entryPoints: [entry],
    bundle: true,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

async function byRollup(project, entry) {
  const input = project.path(entry);
  const bundle = await rollup({ input, plugins: [nodeResolve({ rootDir: project.folder })] });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  return output[0].code;
}

async function byVite(project, entry) {
  const { output } = await vite({
    root: project.folder,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: project.path(entry) },
    },
  });
  return output[0].code;
}

/** `readsExports`: by itself it reads that field, and so finds subpaths. */
export const packagers = [
  { name: 'webpack 4', readsExports: false, pack: byWebpack(require('webpack-4')) },
  { name: 'webpack 5', readsExports: true, pack: byWebpack(require('webpack')) },
  { name: 'Rspack', readsExports: true, pack: byWebpack(rspack) },
  { name: 'Parcel 2', readsExports: false, pack: byParcel },
  { name: 'Metro 0.80', readsExports: false, pack: byMetro('metro-0.80') },
  { name: 'Metro 0.83', readsExports: true, pack: byMetro('metro-0.83') },
  { name: 'Vite', readsExports: true, pack: byVite },
  { name: 'esbuild', readsExports: true, pack: byEsbuild },
  // Rollup reads no `require` without a further plugin.
  { name: 'Rollup', readsExports: true, requires: false, pack: byRollup },
];
