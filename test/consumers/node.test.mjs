// Node itself: what can be imported and required, without a warning, and nothing else.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { nodes } from './support/nodes.mjs';
import { distFiles, makeFolder, makeProject, specifiers, tools } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const project = makeProject();

describe.each(nodes)('Node $version', ({ command, requiresModules }) => {
  test('imports the package, and all works without a word', async () => {
    project.write(
      'import.mjs',
      `import { ${NAMES} } from 'otpcore';${COUNTER}${SUBJECT}console.log(await answer());`,
    );
    const { stdout, stderr } = await project.run(command, ['import.mjs']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(rightAnswer(3));
  });

  test('requires the package, and all works without a word', async () => {
    const script = `const { ${NAMES} } = require('otpcore');${COUNTER}${SUBJECT}answer().then(console.log);`;
    project.write('require.cjs', script);
    const { stdout, stderr } = await project.run(command, ['require.cjs']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(rightAnswer(requiresModules ? 3 : 0));
  });

  test('has the same names for each subpath, imported or required, and no default', async () => {
    project.write(
      'same.mjs',
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const [odd, others] = [[], []];
      for (const path of ${JSON.stringify(specifiers)}) {
        const [imported, required] = [await import(path), require(path)];
        const names = Object.keys(imported);
        if (String(names) !== String(Object.keys(required).sort()) || 'default' in imported) odd.push(path);
        if (names.some((name) => imported[name] !== required[name])) others.push(path);
      }
      console.log(JSON.stringify([odd, others]));`,
    );
    const { stdout, stderr } = await project.run(command, ['same.mjs']);
    expect(stderr).toBe('');
    // One copy where Node requires ES modules, else two.
    expect(JSON.parse(stdout)).toEqual([[], requiresModules ? [] : specifiers]);
  });

  // So that silence is known to mean something.
  test('would be heard if it had a warning', async () => {
    project.write('loud.cjs', "process.emitWarning('heard', 'ExperimentalWarning');");
    const { stderr } = await project.run(command, ['loud.cjs']);
    expect(stderr).toContain('ExperimentalWarning: heard');
  });
});

describe('Of the files in the package', () => {
  const open = specifiers.map((path) => path.slice('otpcore/'.length) || 'index');
  const attempts = distFiles(project).flatMap((name) => [
    { specifier: `otpcore/${name}`, isOpen: open.includes(name) && name !== 'index' },
    ...['dist', 'src'].flatMap((top) =>
      ['', '.js', '.ts', '.d.ts'].map((ending) => {
        return { specifier: `otpcore/${top}/${name}${ending}`, isOpen: false };
      }),
    ),
  ]);

  /** How Node answers each specifier: `open`, or the error's code. */
  async function answers(how) {
    const paths = JSON.stringify(attempts.map(({ specifier }) => specifier));
    const one = how === 'import' ? '(path) => import(path)' : 'async (path) => require(path)';
    const script = `Promise.all(${paths}.map((path) =>
      (${one})(path).then(() => 'open', (error) => error.code))).then((all) =>
        console.log(JSON.stringify(all)));`;
    project.write('closed.cjs', script);
    return JSON.parse((await project.node('closed.cjs')).stdout);
  }

  test.each(['import', 'require'])('only the public ones answer to %s', async (how) => {
    const expected = attempts.map(({ isOpen }) =>
      isOpen ? 'open' : 'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
    expect(expected.filter((answer) => answer === 'open')).toHaveLength(specifiers.length - 1);
    expect(await answers(how)).toEqual(expected);
  });
});

describe('Yarn with Plug’n’Play', () => {
  const YARN = join(tools, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
  const yarn = makeFolder({
    'package.json': '{ "private": true, "dependencies": { "otpcore": "file:./otpcore.tgz" } }',
    'yarn.lock': '',
    'names.cjs': `const counts = ${JSON.stringify(specifiers)}.map((path) => Object.keys(require(path)).length);
      console.log(JSON.stringify(counts));`,
    'import.mjs': `import { ${NAMES} } from 'otpcore';${COUNTER}${SUBJECT}console.log(await answer());`,
  });
  const env = {
    YARN_NODE_LINKER: 'pnp',
    YARN_ENABLE_NETWORK: '0',
    // On a CI server Yarn refuses to write a lockfile by default.
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_GLOBAL_FOLDER: yarn.path('.yarn', 'global'),
  };
  const run = (...args) => yarn.run(process.execPath, [YARN, ...args], { env });

  test('has no folder of packages, and imports and requires every subpath', async () => {
    copyFileSync(inject('tarball'), yarn.path('otpcore.tgz'));
    expect(await run('install')).toMatchObject({ code: 0 });
    expect((await run('node', '--print', "require.resolve('otpcore')")).stdout).toContain('.zip');
    const counts = JSON.parse((await run('node', 'names.cjs')).stdout);
    expect(counts.filter((count) => count > 0)).toHaveLength(specifiers.length);
    expect(JSON.parse((await run('node', 'import.mjs')).stdout)).toEqual(rightAnswer(3));
  });
});
