// Node itself: what can be imported and required, without a warning, and nothing else.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodes } from './support/nodes.mjs';
import { distFiles, makeProject, manifest, specifiers } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const project = makeProject();

describe.each(nodes)('Node $version', ({ command }) => {
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
    expect(JSON.parse(stdout)).toEqual(rightAnswer(3));
  });

  test('gives the same functions for each subpath, imported or required, and no default', async () => {
    project.write(
      'same.mjs',
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const odd = [];
      for (const path of ${JSON.stringify(specifiers)}) {
        const [imported, required] = [await import(path), require(path)];
        const names = Object.keys(imported);
        const isSame = names.length > 0 && names.every((name) => imported[name] === required[name]);
        if (!isSame || 'default' in imported) odd.push(path);
      }
      console.log(JSON.stringify(odd));`,
    );
    const { stdout, stderr } = await project.run(command, ['same.mjs']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([]);
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

  test('every one that is public is there, as code and as types', () => {
    const { './package.json': own, ...entries } = manifest.exports;
    const targets = Object.values(entries).flatMap(({ types, default: code }) => [types, code]);
    expect(targets).toHaveLength(2 * specifiers.length);
    expect([own, ...targets].filter((path) => !existsSync(join(project.installed, path)))).toEqual(
      [],
    );
  });
});
