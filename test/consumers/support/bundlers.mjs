// Five bundlers for three targets: each takes an entry file of a project and answers the text of
// one bundle. docs/evidence/packaging.md shows the settings that make a target.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rspack } from '@rspack/core';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';

const webpack = createRequire(import.meta.url)('webpack');

/** What a bundler for the workers of an edge tells of itself. */
const WORKERD = ['workerd', 'worker', 'browser'];

const ESBUILD = {
  browser: { platform: 'browser' },
  worker: { platform: 'browser', conditions: WORKERD },
  Node: { platform: 'node' },
};

async function byEsbuild(project, entry, settings) {
  const { outputFiles } = await esbuild({
    absWorkingDir: project.folder,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    ...settings,
  });
  return outputFiles[0].text;
}

/** Of its plugin, `@rollup/plugin-node-resolve`. */
const ROLLUP = {
  browser: { browser: true },
  worker: { exportConditions: WORKERD },
  Node: { exportConditions: ['node'] },
};

async function byRollup(project, entry, settings) {
  const bundle = await rollup({
    input: project.path(entry),
    plugins: [nodeResolve({ rootDir: project.folder, ...settings })],
    onwarn: refuseWarning,
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output[0].code;
}

/** An empty bundle is what some entries are for; anything else that a bundler warns of is not. */
function refuseWarning({ code, message }) {
  if (code !== 'EMPTY_BUNDLE') throw new Error(message);
}

const WEBPACK = {
  browser: { target: ['web', 'es2022'] },
  worker: {
    target: ['webworker', 'es2022'],
    resolve: { conditionNames: [...WORKERD, 'import', 'default'] },
  },
  Node: { target: 'node20' },
};

/** Rspack has webpack's interface, and its settings. */
const byWebpack = (pack) => async (project, entry, settings) => {
  const compiler = pack({
    context: project.folder,
    mode: 'production',
    entry: project.path(entry),
    experiments: { outputModule: true },
    output: { path: project.path('webpack'), filename: 'out.mjs', module: true },
    ...settings,
  });
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, done) => (error ? reject(error) : resolve(done)));
  });
  await new Promise((resolve) => compiler.close(resolve));
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  return readFileSync(project.path('webpack', 'out.mjs'), 'utf8');
};

const VITE = {
  browser: {},
  worker: {
    build: { ssr: true },
    ssr: { target: 'webworker', noExternal: true, resolve: { conditions: WORKERD } },
  },
  Node: { build: { ssr: true }, ssr: { noExternal: true } },
};

async function byVite(project, entry, { build, ...settings }) {
  const { output } = await vite({
    root: project.folder,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: project.path(entry), preserveEntrySignatures: 'strict' },
      ...build,
    },
    ...settings,
  });
  return output[0].code;
}

function makeBundler(name, settings, build) {
  return {
    name,
    settings,
    // Of its own, because some write to theirs.
    bundle: (project, entry, target) => build(project, entry, structuredClone(settings[target])),
  };
}

export const bundlers = [
  makeBundler('esbuild', ESBUILD, byEsbuild),
  makeBundler('Rollup with node-resolve', ROLLUP, byRollup),
  makeBundler('webpack', WEBPACK, byWebpack(webpack)),
  makeBundler('Rspack', WEBPACK, byWebpack(rspack)),
  makeBundler('Vite', VITE, byVite),
];
