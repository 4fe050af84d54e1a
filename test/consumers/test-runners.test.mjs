// The package under Jest 27 to 30 and under Vitest, with no setting for it. Tests that are ES modules
// need one in Jest, which docs/evidence/packaging.md gives; it is read from there.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { jests } from './support/jests.mjs';
import { makeProject, specifiers } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const LINKED = ['@babel/plugin-transform-modules-commonjs', 'jest-environment-jsdom'];
const VM_MODULES = '--experimental-vm-modules';

/** The configuration files that the document shows, by the heading that they stand under. */
const SETTINGS = Object.fromEntries(
  readFileSync(new URL('../../docs/evidence/packaging.md', import.meta.url), 'utf8')
    .split(/^#+ /m)
    .map((section) => {
      const fences = section.matchAll(/^```js\n\/\/ (\S+\.config\.cjs)\n([\s\S]*?)^```$/gm);
      return [
        section.split('\n', 1)[0],
        Object.fromEntries([...fences].map(([, name, text]) => [name, text])),
      ];
    }),
);
const ES_MODULES = SETTINGS['Jest with ES modules'];

/** A test that leaves the subject's answer in a file, and fails if the codes are not right. */
const body = (write) => `${COUNTER}${SUBJECT}
test('otpcore', async () => {
  const text = await answer();
  ${write}('answer.json', text);
  expect(JSON.parse(text).wrong).toBe(0);
});`;
const REQUIRING = `const { ${NAMES} } = require('otpcore');${body("require('node:fs').writeFileSync")}`;
const IMPORTING = `import { writeFileSync } from 'node:fs';
import { ${NAMES} } from 'otpcore';${body('writeFileSync')}`;

const SUBPATHS = `const counts = ${JSON.stringify(specifiers.slice(1))}.map((path) =>
  Object.keys(require(path)).length);
test('otpcore', () => {
  require('node:fs').writeFileSync('answer.json', JSON.stringify(counts));
});`;

/** Babel as its presets set it up: `import` becomes `require`. */
const BABEL = {
  'babel.config.cjs': "module.exports = { plugins: ['@babel/plugin-transform-modules-commonjs'] };",
};

const GIVE_CRYPTO = "globalThis.crypto = require('node:crypto').webcrypto;";

/** Runs Jest on one test; answers what the subject answered, or what Jest said. */
async function jest({ program }, project, { flags = [], options = {} } = {}) {
  const args = [program, '--runInBand', '--cacheDirectory', project.path('cache')];
  const more = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const { code, stderr } = await project.node(...flags, ...args, ...more);
  return code === 0 ? JSON.parse(project.read('answer.json')) : stderr;
}

describe.each(jests)('In $name', (version) => {
  test.each([
    { what: 'require', files: { 'otp.test.js': REQUIRING } },
    { what: 'import, by Babel,', files: { ...BABEL, 'otp.test.js': IMPORTING } },
  ])('a test may $what it with no setting', async ({ files }) => {
    const project = makeProject(files, LINKED);
    if (version.hidesCrypto) {
      expect(await jest(version, project)).toContain('generateSecret needs crypto');
      const test = project.read('otp.test.js');
      project.write('otp.test.js', `${test}\n${GIVE_CRYPTO}`);
    }
    expect(await jest(version, project)).toEqual(rightAnswer(0));
  });

  test(version.readsExports ? 'it finds every subpath' : 'it finds no subpath', async () => {
    const found = await jest(version, makeProject({ 'otp.test.js': SUBPATHS }));
    if (!version.readsExports) return expect(found).toContain("Cannot find module 'otpcore/");
    expect(found).toHaveLength(specifiers.length - 1);
    expect(found.filter((count) => count === 0)).toEqual([]);
  });
});

describe('In the newest Jest', () => {
  const newest = jests.at(-1);
  const modules = () => makeProject({ ...ES_MODULES, 'otp.test.mjs': IMPORTING }, LINKED);

  test('it takes the portable engine in jsdom, which plays a browser', async () => {
    const project = makeProject({ ...BABEL, 'otp.test.js': IMPORTING }, LINKED);
    expect(await jest(newest, project, { options: { env: 'jsdom' } })).toEqual(rightAnswer(0));
  });

  test('a test that is an ES module takes the SIMD engine', async () => {
    expect(await jest(newest, modules(), { flags: [VM_MODULES] })).toEqual(rightAnswer(3));
  });

  test('and in jsdom the portable one', async () => {
    const run = { flags: [VM_MODULES], options: { env: 'jsdom' } };
    expect(await jest(newest, modules(), run)).toEqual(rightAnswer(0));
  });

  test('a broken package is found', async () => {
    const project = makeProject({ 'otp.test.js': REQUIRING });
    project.write('node_modules/otpcore/dist/cjs/index.cjs', 'export {};');
    expect(await jest(newest, project)).toContain('SyntaxError');
  });
});

describe('In Vitest', () => {
  const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

  test('a test may import it without any setting, and it takes the SIMD engine', async () => {
    const project = makeProject({ 'otp.test.mjs': IMPORTING });
    const { code } = await project.node(VITEST, 'run', '--globals', '--no-cache');
    expect(code).toBe(0);
    expect(JSON.parse(project.read('answer.json'))).toEqual(rightAnswer(3));
  });
});
