// The package with no setting at all: the root is found by every tool, and each subpath by those that
// read `exports`. The table of docs/evidence/packaging.md is what came out here.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { jests } from './support/jests.mjs';
import { packagers } from './support/packagers.mjs';
import { makeProject, specifiers } from './support/project.mjs';
import { COUNTER, NAMES, rightAnswer, SUBJECT } from './support/subject.mjs';

const FILES = {
  'imported.js': `import { ${NAMES} } from 'otpcore';\n${SUBJECT}globalThis.answer = answer;`,
  'required.js': `const { ${NAMES} } = require('otpcore');\n${SUBJECT}globalThis.answer = answer;`,
  'subpaths.js': `${specifiers.map((path, i) => `import * as m${i} from '${path}';`).join('\n')}
globalThis.answer = () => JSON.stringify([${specifiers.map((_, i) => `Object.keys(m${i}).length`)}]);`,
};

/** Runs a script where there is nothing but the language, random bytes and a window. */
async function runInWindow(text) {
  const crypto = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  const context = createContext({ crypto });
  runInContext('var window = globalThis, self = globalThis, global = globalThis;', context);
  runInContext(COUNTER, context);
  runInContext(text, context);
  return JSON.parse(await runInContext('answer()', context));
}

describe.each(packagers)('$name', ({ pack, readsExports, requires = true }) => {
  const project = makeProject(FILES);

  test.each(requires ? ['imported', 'required'] : ['imported'])(
    'takes the root, %s, with the portable engine',
    async (how) => {
      expect(await runInWindow(await pack(project, `${how}.js`))).toEqual(rightAnswer(0));
    },
  );

  test(`${readsExports ? 'finds every subpath' : 'finds no subpath'}`, async () => {
    const packing = pack(project, 'subpaths.js').then(runInWindow);
    if (!readsExports) return expect(packing).rejects.toThrow(/otpcore\/base32|resolve/);
    const counts = await packing;
    expect(counts).toHaveLength(specifiers.length);
    expect(counts.filter((count) => count === 0)).toEqual([]);
  });
});

test('The document says so of these, of Jest, and of those that have a test of their own', () => {
  const text = readFileSync(new URL('../../docs/evidence/packaging.md', import.meta.url), 'utf8');
  const others = ['Yarn Plug’n’Play', 'Next.js', 'a browser, from a raw file address'];
  const tools = [...jests, ...packagers, ...others.map((name) => ({ name, readsExports: true }))];
  const rows = tools.map(
    ({ name, readsExports }) => `| ${name} | yes | ${readsExports ? 'yes' : 'no'} |`,
  );
  const [head] = text.match(/^\| tool \|.*\n.*\n/m);
  expect(text).toContain(`${head}${rows.sort().join('\n')}\n\n`);
});
