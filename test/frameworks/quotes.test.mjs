// Each block of code in docs/frameworks.md stands in the example that is named above it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

/** The blocks of a page, each with the example that was linked last. */
function quotesOf(text) {
  const quotes = [];
  let file;
  for (const [, link, code] of text.matchAll(/\]\((examples\/[^)]+)\)|^```\w+\n(.*?)^```$/gms)) {
    file = link ?? file;
    if (code !== undefined) quotes.push({ file, code });
  }
  return quotes;
}

const quotes = quotesOf(readFileSync(join(docs, 'frameworks.md'), 'utf8'));

test('The page quotes an example of each kind', () => {
  const files = new Set(quotes.map(({ file }) => file.replace('examples/frameworks/', '')));
  expect([...files].map((file) => file.split(/[/.]/)[0]).sort()).toEqual(
    expect.arrayContaining([
      ...['drizzle', 'dynamodb', 'express', 'hono', 'next', 'prisma', 'second-factor'],
      'workers-d1',
    ]),
  );
});

test.each(quotes)('A block of the page stands in $file', ({ file, code }) => {
  expect(readFileSync(join(docs, file), 'utf8')).toContain(code);
});

test('A block is told from one with a changed line', () => {
  const [quote] = quotesOf('[a](examples/tour.mjs)\n\n```js\nconst changed = 1;\n```\n');
  expect(quote).toEqual({ file: 'examples/tour.mjs', code: 'const changed = 1;\n' });
  expect(readFileSync(join(docs, quote.file), 'utf8')).not.toContain(quote.code);
});
