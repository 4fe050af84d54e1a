// The source maps, used as debuggers and editors use them: what is thrown in dist is shown in src,
// and each declaration leads to its function.
import { readdirSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeProject } from './support/project.mjs';

const project = makeProject();
const PACKAGE = 'node_modules/otpcore';

/** Where each named declaration of a file stands: `{ name, line, column }`, from 0. */
function declarationsIn(text) {
  const words = /\b(?:function|class|interface) +(?<name>[A-Za-z_$][\w$]*)/g;
  return text.split('\n').flatMap((code, line) => {
    if (/^\s*(?:\*|\/\*|\/\/)/.test(code)) return [];
    return [...code.matchAll(words)].map(({ index, 0: whole, groups: { name } }) => {
      return { name, line, column: index + whole.length - name.length };
    });
  });
}

/** The declarations of a file whose place in the source, by its map, does not hold their name. */
function lostDeclarations(file, map = JSON.parse(project.read(`${file}.map`))) {
  const sourceMap = new SourceMap(map);
  return declarationsIn(project.read(file)).filter(({ name, line, column }) => {
    const entry = sourceMap.findEntry(line, column);
    if (entry.originalSource === undefined) return true;
    const source = resolve(project.folder, dirname(file), entry.originalSource);
    if (!source.startsWith(join(project.installed, 'src'))) return true;
    const text = project.read(relative(project.folder, source)).split('\n')[entry.originalLine];
    // In a bundle the second of a name has a number behind it.
    return !text.includes(name) && !text.includes(name.replace(/\d$/, ''));
  });
}

/** Files of dist that have a map; stubs and lists of exports have none, or an empty one. */
const MAPPED = readdirSync(join(project.installed, 'dist'), { recursive: true })
  .filter((file) => file.endsWith('.map'))
  .map((file) => `${PACKAGE}/dist/${file.replace(/\.map$/, '')}`)
  .sort();

describe.each(['dist/[^c].*.js', 'dist/node/index.js', 'dist/cjs/index.cjs', '.d.cts'])(
  'Each declaration in %s',
  (pattern) => {
    const files = MAPPED.filter((file) => new RegExp(`${pattern}$`).test(file));

    test('is found in its source by the map', () => {
      const lost = files.flatMap((file) =>
        lostDeclarations(file).map(({ name }) => `${file}: ${name}`),
      );
      expect(lost).toEqual([]);
      const count = files.reduce((sum, file) => sum + declarationsIn(project.read(file)).length, 0);
      expect(count).toBeGreaterThan(files.length);
    });

    test('is not found by a map that is empty', () => {
      const file = files.find((name) => declarationsIn(project.read(name)).length > 0);
      const map = JSON.parse(project.read(`${file}.map`));
      expect(lostDeclarations(file, { ...map, mappings: '' })).not.toEqual([]);
    });
  },
);

describe('Node with --enable-source-maps', () => {
  const CALLS = {
    'a wrong key': "verifyTotp('GEZDGNBV', '287082')",
    'a wrong text': "decodeBase32('MZXW6YT1')",
    'a wrong URI': "parseOtpauthUri('https://example.com')",
  };

  /** The frames of the error of a call that stand in the package, as `{ path, line }`. */
  async function framesOf(call, ...flags) {
    project.write(
      'throw.mjs',
      `import * as otpcore from 'otpcore';
      const { decodeBase32, parseOtpauthUri, verifyTotp } = otpcore;
      try { ${call}; } catch (error) { console.log(error.stack); }`,
    );
    const { stdout } = await project.node(...flags, 'throw.mjs');
    const frames = stdout.matchAll(/otpcore[\\/]((?:src|dist)[\\/][^:]+):(\d+):\d+/g);
    return [...frames].map(([, path, line]) => ({
      path: path.replaceAll('\\', '/'),
      line: Number(line),
    }));
  }

  test.each(Object.entries(CALLS))(
    'shows the line of the source that throws for %s',
    async (_, call) => {
      const frames = await framesOf(call, '--enable-source-maps');
      expect(frames.length).toBeGreaterThan(1);
      expect(frames.filter(({ path }) => !/^src\/.*\.ts$/.test(path))).toEqual([]);
      const [{ path, line }] = frames;
      expect(project.read(`${PACKAGE}/${path}`).split('\n')[line - 1]).toMatch(
        /\bthrow new \w*Error\(/,
      );
    },
  );

  test('shows another without', async () => {
    const frames = await framesOf(CALLS['a wrong key']);
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.filter(({ path }) => !/^dist\/.*\.js$/.test(path))).toEqual([]);
  });
});
