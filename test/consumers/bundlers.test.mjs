// Bundles of the packed package, by each bundler for each target: they run where there is nothing
// but the language, take the engine of their target, and hold nothing that was not asked for.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bundlers } from './support/bundlers.mjs';
import { distFiles, makeFolder, makeProject, specifiers } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const project = makeProject({
  'package.json': '{ "private": true, "type": "module" }',
  'subject.js': `import { ${NAMES} } from 'otpcore';\n${SUBJECT}globalThis.answer = answer;`,
  'required.cjs': `const { ${NAMES} } = require('otpcore');\n${SUBJECT}globalThis.answer = answer;`,
});

/** What belongs to no language but to Node. */
/** A message that names `Buffer.from` as a remedy is text. */
const OF_NODE =
  /\bnode:|\brequire\(|\bprocess\b|\bBuffer\b(?!\.from\((?:hex|text), ')|\b__dirname\b/;

/** A project whose copy of the package has, in each function, the name of its source. */
const marked = makeProject({ 'package.json': '{ "private": true, "type": "module" }' });
for (const file of distFiles(marked)) {
  const path = `node_modules/otpcore/dist/${file}.js`;
  let source = file;
  const lines = marked
    .read(path)
    .split('\n')
    .map((line) => {
      // What a file of the sources begins with, in a bundle too.
      source = /^\/\/ src\/(.*)\.ts$/.exec(line)?.[1] ?? source;
      const mark = `globalThis['of ${source}.js'] = true;`;
      return line.replace(/^(?:export )?(?:async )?function .*\{$/, `$&${mark}`);
    });
  marked.write(path, lines.join('\n'));
}

/** The sources that a bundle of the marked copy has functions of. */
function filesIn(text) {
  const names = [...text.matchAll(/\bof ([\w/-]+)\.js\b/g)].map(([, name]) => name);
  return [...new Set(names)].sort();
}

/** No code at all, but what a bundler writes of its own: exports of nothing, strictness, comments. */
const EMPTY = /^(?:\s|\/\/.*|export\s*\{\s*\};?|["']use strict["'];?)*$/;

/** A program that imports all of it and uses nothing. */
const UNUSED = specifiers.map((path, i) => `import * as m${i} from '${path}';`).join('\n');

/** Base32, URIs, times and the shape of codes: all that computes none. */
const HASHLESS = `
import { encodeBase32, normalizeCode, parseOtpauthUri, timeStep } from 'otpcore';
globalThis.answer = () => JSON.stringify([
  encodeBase32(new Uint8Array(5)),
  normalizeCode('1 2'),
  parseOtpauthUri('otpauth://totp/a?secret=GEZDGNBV').type,
  timeStep({ timestamp: 59_000 }),
]);`;

/** Runs a bundle where there is nothing but the language and random bytes; answers its answer. */
async function runBare(text) {
  const crypto = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  // A module that exports nothing is a script but for that line.
  const script = text.replace(/export\s*\{\s*\};?/g, '');
  const context = createContext({ crypto });
  runInContext(COUNTER, context);
  runInContext(script, context);
  return runInContext('answer()', context);
}

/** Runs a bundle in Node, where there is no package for it to find; answers its answer. */
async function runInNode(text) {
  const script = `${COUNTER}${text}\nconsole.log(await globalThis.answer());`;
  const { stdout, stderr } = await makeFolder({ 'bundle.mjs': script }).node('bundle.mjs');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.each(bundlers)('$name', ({ bundle }) => {
  test.each(['browser', 'worker'])(
    'for a %s takes the portable engine, which runs on the language alone',
    async (target) => {
      const text = await bundle(project, 'subject.js', target);
      expect(text.match(/.{0,30}(?:WebAssembly|wasm|simd).{0,30}/gi)).toBeNull();
      expect(text).not.toMatch(OF_NODE);
      expect(JSON.parse(await runBare(text))).toEqual(rightAnswer(0));
    },
  );

  test('for Node takes the SIMD engine, and it runs there', async () => {
    const text = await bundle(project, 'subject.js', 'Node');
    expect(text).toMatch(/\bWebAssembly\b/);
    expect(await runInNode(text)).toEqual(rightAnswer(3));
  });

  test('leaves out all of the package that is imported and not used', async () => {
    project.write('unused.js', UNUSED);
    expect(await bundle(project, 'unused.js', 'Node')).toMatch(EMPTY);
  });

  test('leaves it out by the word of package.json alone', async () => {
    const other = makeProject({ 'unused.js': UNUSED, 'package.json': '{ "type": "module" }' });
    for (const form of ['dist', 'dist/node']) {
      const file = `node_modules/otpcore/${form}/index.js`;
      other.write(file, `globalThis.touched = true;\n${other.read(file)}`);
    }
    expect(await bundle(other, 'unused.js', 'Node')).toMatch(EMPTY);
    const manifest = 'node_modules/otpcore/package.json';
    other.write(manifest, other.read(manifest).replace('"sideEffects": false,', ''));
    expect(await bundle(other, 'unused.js', 'browser')).toContain('touched');
  });

  test('brings no hash along with what needs none', async () => {
    marked.write('part.js', HASHLESS);
    for (const target of ['browser', 'Node']) {
      const text = await bundle(marked, 'part.js', target);
      expect(filesIn(text)).toContain('base32');
      expect(
        filesIn(text).filter((name) => /engine|[ht]otp$|key|single|stores/.test(name)),
      ).toEqual([]);
      expect(JSON.parse(await runBare(text))).toEqual(['AAAAAAAA', '12', 'totp', 1]);
    }
  });

  test.each([
    { name: 'createKey', path: 'otpcore', hashes: ['sha1', 'sha256', 'sha512'] },
    { name: 'createSha1Key', path: 'otpcore/key', hashes: ['sha1'] },
  ])('brings the hashes $hashes along with $name', async ({ name, path, hashes }) => {
    marked.write('key.js', `import { ${name} } from '${path}';\nglobalThis.answer = ${name};`);
    const files = filesIn(await bundle(marked, 'key.js', 'browser'));
    expect(files.filter((file) => /sha\d+$/.test(file))).toEqual(
      hashes.map((hash) => `engine/${hash}`),
    );
  });
});

// Rollup reads no `require` without a further plugin.
test.each(bundlers.filter(({ name }) => !name.startsWith('Rollup')))(
  '$name takes it where it is required too',
  async ({ bundle }) => {
    const text = await bundle(project, 'required.cjs', 'Node');
    expect(await runInNode(text)).toEqual(rightAnswer(3));
  },
);

describe('The document', () => {
  const text = readFileSync(new URL('../../docs/evidence/packaging.md', import.meta.url), 'utf8');

  /** Settings as one writes them: `a.b: 'c'`. */
  function settingsIn(value, path = '') {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return [`\`${path}: ${JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ')}\``];
    }
    const inner = Object.entries(value);
    return inner.flatMap(([name, own]) => settingsIn(own, path === '' ? name : `${path}.${name}`));
  }

  const head = `| bundle for | ${bundlers.map(({ name }) => name).join(' | ')} |`;
  const [named, , ...rows] = text.slice(text.indexOf(head)).split('\n\n')[0].split('\n');

  test('names the bundlers and the targets', () => {
    expect(named).toBe(head);
    const targets = Object.keys(bundlers[0].settings);
    expect(rows.map((row) => row.split(' | ')[0].slice(2))).toEqual(targets);
  });

  test.each(Object.keys(bundlers[0].settings))('shows the settings for %s', (target) => {
    const cells = bundlers.map(({ settings }) => settingsIn(settings[target]).join(', ') || 'none');
    expect(rows).toContain(`| ${target} | ${cells.join(' | ')} |`);
  });
});
