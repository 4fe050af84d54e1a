// The wall around the second factor: it imports doors of the library alone, and nothing imports it.
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));
const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));

/** What a source imports, as paths inside src. */
function importsOf(path: string, text: string): string[] {
  // Examples in comments import the package by its name.
  const code = text.replace(/^ \*.*$/gm, '');
  const found = code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, specifier = '']) =>
    specifier.startsWith('.')
      ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')
      : specifier,
  );
}

const isInside = (path: string) => path === 'second-factor.ts' || path.startsWith('second-factor/');

/** What breaks the wall in one source. */
function breaches(path: string, text: string): string[] {
  return importsOf(path, text).filter((target) => {
    if (!isInside(path)) return isInside(target);
    // A door is a file of src itself; the index would bring everything.
    const isDoor = /^[^/#:]+\.ts$/.test(target) && target !== 'index.ts';
    return !isInside(target) && !isDoor;
  });
}

describe('The wall', () => {
  test('holds: doors alone are imported, and nothing imports the second factor', () => {
    const inside = paths.filter(isInside);
    expect(inside.length).toBeGreaterThan(10);
    const found = paths.flatMap((path) =>
      breaches(path, readFileSync(`${root}/${path}`, 'utf8')).map((target) => `${path}: ${target}`),
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['second-factor.ts', "import { a } from './engine/sha256.js';", ['engine/sha256.ts']],
    [
      'second-factor/decide.ts',
      "import type { A } from '../stores/memory.js';",
      ['stores/memory.ts'],
    ],
    ['second-factor/decide.ts', "import '#engine';", ['#engine']],
    ['second-factor/shell.ts', "export * from '../index.js';", ['index.ts']],
    ['second-factor/shell.ts', "import { a } from '../totp.js'; import './decide.js';", []],
    ['second-factor/shell.ts', "import { a } from 'node:crypto';", ['node:crypto']],
    ['totp.ts', "import { a } from './second-factor.js';", ['second-factor.ts']],
    [
      'stores/memory.ts',
      "const a = await import('../second-factor/memory.js');",
      ['second-factor/memory.ts'],
    ],
    ['key.ts', "import { a } from './engine/hash.js';", []],
  ])('is checked in %s: %s', (path, text, found) => {
    expect(breaches(path, text)).toEqual(found);
  });

  test('keeps the client recognition of each store behind it, and the core free of stores', () => {
    for (const path of paths.filter((name) =>
      /^second-factor\/(?:decide|shell|attempt)/.test(name),
    )) {
      const text = readFileSync(`${root}/${path}`, 'utf8');
      expect(
        importsOf(path, text).filter((to) => /memory|postgres|sqlite|mysql|testing/.test(to)),
      ).toEqual([]);
    }
  });
});
