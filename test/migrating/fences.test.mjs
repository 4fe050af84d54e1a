// The JavaScript fences of docs/migrating run against the libraries that people come from, and print
// what they say. The TypeScript ones are run by test/docs.test.ts, as those of all documents.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { readFences, runFences } from '../support/fences.js';

const root = new URL('../../', import.meta.url);
// Its packages are those of the old libraries.
const bench = fileURLToPath(new URL('bench/', root));
const folder = new URL('docs/migrating/', root);
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** Both otplibs are installed beside each other, under names with their major version. */
const VERSIONS = { 'otplib-12.md': 'otplib-12', 'otplib-13.md': 'otplib-13' };

/** Points a fence's imports to where the packages are. */
function resolved(fence, page) {
  const names = { otplib: VERSIONS[page], otpcore: new URL('dist/node/index.js', root).href };
  const code = fence.code.replace(/(from |require\()'(\w+)(?=['/])/g, (whole, before, name) =>
    names[name] === undefined ? whole : `${before}'${names[name]}`,
  );
  return { ...fence, code };
}

function fencesOf(page, text = readFileSync(new URL(page, folder), 'utf8')) {
  return readFences(`docs/migrating/${page}`, text, 'js').map((fence) => resolved(fence, page));
}

describe('The old code on', () => {
  for (const page of pages) {
    const fences = fencesOf(page).filter(({ runs }) => runs);
    if (fences.length === 0) continue;

    describe(page, () => {
      const outcomes = new Map();
      beforeAll(async () => {
        const ran = await runFences(fences, bench);
        for (const [i, fence] of fences.entries()) outcomes.set(fence, ran[i]);
      });

      test.each(fences)('prints what it says: line $line', (fence) => {
        expect(outcomes.get(fence)).toEqual({ printed: fence.prints });
      });
    });
  }
});

/** These have no calls side by side. */
const OTHER_PAGES = ['README.md', 'better-auth.md', 'wordpress-keycloak.md'];

test('Each page on a library shows old code that runs, and new code', () => {
  expect(pages).toHaveLength(9);
  for (const page of pages.filter((name) => !OTHER_PAGES.includes(name))) {
    const text = readFileSync(new URL(page, folder), 'utf8');
    expect(fencesOf(page, text).filter(({ runs }) => runs).length).toBeGreaterThan(3);
    expect(readFences(page, text).filter(({ runs }) => runs).length).toBeGreaterThan(3);
  }
});

describe('Old code is held to what it says', () => {
  const fence = (page, ...code) => fencesOf(page, ['```js', ...code, '```'].join('\n'));

  test('A wrong arrow is found', async () => {
    const code = "console.log(s.hotp({ secret: '12345678901234567890', counter: 0 })); // → 755225";
    const sample = fence('speakeasy.md', "import s from 'speakeasy';", code);
    const [outcome] = await runFences(sample, bench);
    expect(outcome).toEqual({ printed: ['755224'] });
    expect(sample[0].prints).not.toEqual(outcome.printed);
  });

  test('otplib is the version of the page', async () => {
    const code = ["import * as otplib from 'otplib';", 'console.log(typeof otplib.generateSync);'];
    const fences = [...fence('otplib-12.md', ...code), ...fence('otplib-13.md', ...code)];
    const outcomes = await runFences(fences, bench);
    expect(outcomes.map(({ printed }) => printed)).toEqual([['undefined'], ['function']]);
  });

  test.each(['```javascript\n```', '```mjs\n```', '```js norun\n```'])(
    'A fence that would slip by is refused: %j',
    (text) => {
      expect(() => fencesOf('speakeasy.md', text)).toThrow('speakeasy.md:1');
    },
  );
});
