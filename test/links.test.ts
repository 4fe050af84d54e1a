// Every relative link in the documents leads to an existing file, and to a heading in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'bench', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  ),
].sort();

/** The text without its fences, in which brackets and hashes are code. */
function prose(text: string): string {
  return text.replace(/^ *```.*?^ *```$/gms, '');
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** The dead links of a document. */
function deadLinks(document: string, text: string): string[] {
  const links = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(document, text, link));
}

function leadsSomewhere(document: string, text: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = join(root, normalize(join(dirname(document), path)));
  if (path !== '' && !existsSync(target)) return false;
  if (anchor === undefined) return true;
  const targetText = path === '' ? text : readFileSync(target, 'utf8');
  const headings = [...prose(targetText).matchAll(/^#+ (.*)$/gm)];
  return headings.some(([, heading = '']) => anchorOf(heading) === anchor);
}

test('Documents are found in every folder', () => {
  expect(documents).toContain('README.md');
  expect(documents.filter((name) => name.startsWith('docs/')).length).toBeGreaterThan(5);
});

test.each(documents)('Every link of %s leads somewhere', (document) => {
  expect(deadLinks(document, readFileSync(join(root, document), 'utf8'))).toEqual([]);
});

describe('A link', () => {
  const sample = (link: string) => deadLinks('docs/sample.md', `# A \`b\`, c\n\n[x](${link})\n`);

  test.each(['stores.md', '../README.md', '#a-b-c', 'stores.md#redis', 'https://example.com'])(
    'to %s is good',
    (link) => expect(sample(link)).toEqual([]),
  );

  test.each(['nowhere.md', 'README.mdx', '#a-b', 'stores.md#nowhere', '/docs/nowhere.md'])(
    'to %s is found to be dead',
    (link) => expect(sample(link)).toEqual([link]),
  );
});
