/** What the library adds to a bundle: the budgets of bench/size.ts, and the README's figures. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundle, compressedSize, PARTS, type Part, report, sizeOf } from '../../bench/size.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const decoder = new TextDecoder();

/** The README's figure: in the row that begins with these imports, or in the line below the table. */
function figureOf(name: string): string | undefined {
  if (name.endsWith('on a server'))
    return /Everything is ([\d.]+) in a bundle for Node\./.exec(readme)?.[1];
  const cell = name
    .split(', ')
    .map((part) => part.replace(/^\S+/, '`$&`'))
    .join(', ');
  const row = readme.split('\n').find((line) => line.startsWith(`| ${cell} |`));
  return row?.split('|').at(-2)?.trim();
}

/** Rounded to 100 bytes, with a few bytes' room for another version of the compressor. */
function isFigureOf(figure: string | undefined, size: number): boolean {
  return Math.abs(1000 * Number(figure) - size) <= 60;
}

test.each(PARTS)('$name is within its budget, and the README says its size', async (part: Part) => {
  const size = await sizeOf(part);
  expect(size).toBeLessThanOrEqual(part.budget);
  const figure = figureOf(part.name);
  expect({ figure, size, isRight: isFigureOf(figure, size) }).toMatchObject({ isRight: true });
  expect(isFigureOf(figure, size + 121)).toBe(false);
});

test('The first claim of a size is that of the table', () => {
  const [, smallest, everything] =
    /\*\*([\d.]+) kB\*\* in a browser.* ([\d.]+) for everything/.exec(readme) as unknown as [
      string,
      string,
      string,
    ];
  expect(smallest).toBe(figureOf('otpcore/key, createSha1Key alone'));
  expect(everything).toBe(figureOf('otpcore'));
});

describe('An import drags in nothing that it does not need:', () => {
  /** What betrays each part in a bundle: constants and texts that no minifier changes. */
  const SIGNS: Readonly<Record<string, RegExp>> = {
    sha1: /1518500249|0x5a827999/,
    'SHA-2': /1116352408|0x428a2f98/,
    base32: /is not A-Z/,
    WebAssembly: /WebAssembly/,
    'the linter': /otplib rejects/,
    'single use': /"claim"|\.claim\b/,
  };
  const held = async (code: string, condition: 'browser' | 'node' = 'browser') => {
    const text = decoder.decode(await bundle(code, condition));
    return Object.keys(SIGNS).filter((name) => SIGNS[name]?.test(text));
  };
  const everything = "export * from 'otpcore';";

  test('everything has every sign, so that each can be missed', async () => {
    expect(await held(everything, 'node')).toEqual(Object.keys(SIGNS));
    expect(await held(everything)).toEqual(
      Object.keys(SIGNS).filter((name) => name !== 'WebAssembly'),
    );
  });

  test.each([
    {
      what: 'generateTotp and verifyTotp with a key of SHA-1: the other hash functions, base32',
      code: "export { createSha1Key, generateTotp, verifyTotp } from 'otpcore';",
      holds: ['sha1'],
    },
    {
      what: 'verifyTotp without a key: any hash function, since the key brings its own',
      code: "export { verifyTotp } from 'otpcore';",
      holds: [],
    },
    {
      // `algorithm` is a text that is known when the program runs.
      what: 'createKey: the linter and single use, though all three hash functions',
      code: "export { createKey } from 'otpcore';",
      holds: ['sha1', 'SHA-2', 'base32'],
    },
    {
      what: 'base32: any hash function',
      code: "export * from 'otpcore/base32';",
      holds: ['base32'],
    },
    {
      what: 'parseOtpauthUri: the linter',
      code: "export { parseOtpauthUri } from 'otpcore';",
      holds: ['base32'],
    },
    { what: 'an import that is not used: anything', code: "import 'otpcore';", holds: [] },
  ])('$what', async ({ code, holds }) => {
    expect(await held(code)).toEqual(holds);
  });
});

test('The report has a row for each part, and fails above a budget', async () => {
  const lines: string[] = [];
  expect(await report((line) => lines.push(line))).toBe(true);
  expect(lines).toHaveLength(PARTS.length);
  expect(compressedSize(new Uint8Array(10_000))).toBeLessThan(100);
});
