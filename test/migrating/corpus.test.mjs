// The page of the cases by library is the one that the libraries give today.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCases } from '../vectors/run.mjs';
import { base32Cases, LIBRARIES, pageOfLibraries, uriCases } from './support/corpus.mjs';

test('docs/evidence/libraries.md is as written', () => {
  const page = new URL('../../docs/evidence/libraries.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toBe(pageOfLibraries());
});

test('The built library answers every case rightly', () => {
  const answers = runCases([...uriCases, ...base32Cases], LIBRARIES[0]);
  expect(answers.filter(({ answer }) => answer !== 'right')).toEqual([]);
});

test('Every adapter reads the plain cases', () => {
  const plain = uriCases.filter(({ id }) => id === 'shape-1');
  const words = base32Cases.filter(({ input }) => input === 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
  for (const library of LIBRARIES) {
    const cases = [...(library.parseUri ? plain : []), ...(library.decodeBase32 ? words : [])];
    expect(runCases(cases, library).map(({ answer }) => answer)).toEqual(cases.map(() => 'right'));
  }
});
