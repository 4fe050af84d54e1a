// The package under Jest, with the settings that docs/packaging.md gives, read from there; and
// without them, where it says that they are needed. Under Vitest, which needs none.
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeOfRequiringJest } from './support/nodes.mjs';
import { makeProject, tools } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const JEST = join(tools, 'jest', 'bin', 'jest.js');
const LINKED = ['@babel/plugin-transform-modules-commonjs', 'jest-environment-jsdom'];
const VM_MODULES = '--experimental-vm-modules';

/** The configuration files that the document shows, by the heading that they stand under. */
const SETTINGS = Object.fromEntries(
  readFileSync(new URL('../../docs/packaging.md', import.meta.url), 'utf8')
    .split(/^#+ /m)
    .map((section) => {
      const fences = section.matchAll(/^```js\n\/\/ (\S+\.config\.cjs)\n([\s\S]*?)^```$/gm);
      return [
        section.split('\n', 1)[0],
        Object.fromEntries([...fences].map(([, name, text]) => [name, text])),
      ];
    }),
);
const TRANSFORMED = SETTINGS['Jest with a transformer'];
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

/** Runs Jest on one test; answers what the subject answered, or what Jest said. */
async function jest(project, { flags = [], command = process.execPath, options = {} }) {
  const config = project.path('jest.config.cjs');
  const args = [JEST, '--runInBand', '--config', config, '--cacheDirectory', project.path('cache')];
  const more = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const { code, stderr } = await project.run(command, [...flags, ...args, ...more]);
  return code === 0 ? JSON.parse(project.read('answer.json')) : stderr;
}

const transformed = (test) => makeProject({ ...TRANSFORMED, 'otp.test.js': test }, LINKED);
const modules = (test) => makeProject({ ...ES_MODULES, ...test }, LINKED);

describe('In Jest with a transformer', () => {
  test.each([
    { what: 'require', text: REQUIRING },
    { what: 'import', text: IMPORTING },
  ])('a test may $what it, and it takes the SIMD engine', async ({ text }) => {
    expect(await jest(transformed(text), {})).toEqual(rightAnswer(3));
  });

  test('it takes the portable engine in jsdom, which plays a browser', async () => {
    const project = transformed(IMPORTING);
    expect(await jest(project, { options: { env: 'jsdom' } })).toEqual(rightAnswer(0));
  });

  test('and the SIMD engine in jsdom that is told to be Node', async () => {
    const testEnvironmentOptions = JSON.stringify({ customExportConditions: ['node', 'require'] });
    const options = { env: 'jsdom', testEnvironmentOptions };
    expect(await jest(transformed(IMPORTING), { options })).toEqual(rightAnswer(3));
  });

  test('it is found where pnpm puts it', async () => {
    const project = transformed(REQUIRING);
    const store = project.path('node_modules', '.pnpm', 'otpcore@1.0.0', 'node_modules');
    mkdirSync(store, { recursive: true });
    renameSync(project.installed, join(store, 'otpcore'));
    symlinkSync(join(store, 'otpcore'), project.installed, 'junction');
    expect(await jest(project, {})).toEqual(rightAnswer(3));
  });

  test('but it is not, where the pattern is left out', async () => {
    const project = transformed(REQUIRING);
    project.write('jest.config.cjs', 'module.exports = {};');
    expect(await jest(project, {})).toContain('Must use import to load ES Module');
  });
});

describe('In Jest with ES modules', () => {
  test('a test may import it, and it takes the SIMD engine', async () => {
    const project = modules({ 'otp.test.mjs': IMPORTING });
    expect(await jest(project, { flags: [VM_MODULES] })).toEqual(rightAnswer(3));
  });

  test('it takes the portable engine in jsdom, which plays a browser', async () => {
    const project = modules({ 'otp.test.mjs': IMPORTING });
    const run = { flags: [VM_MODULES], options: { env: 'jsdom' } };
    expect(await jest(project, run)).toEqual(rightAnswer(0));
  });

  test('a test may not import it without the flag', async () => {
    const project = modules({ 'otp.test.mjs': IMPORTING });
    expect(await jest(project, {})).toContain('Must use import to load ES Module');
  });

  test.runIf(nodeOfRequiringJest)('a test on Node 24.9 may require it too', async () => {
    const run = { flags: [VM_MODULES], command: nodeOfRequiringJest?.command };
    expect(await jest(modules({ 'otp.test.js': REQUIRING }), run)).toEqual(rightAnswer(3));
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
