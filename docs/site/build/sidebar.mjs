// The sidebar, from the lists of docs/README.md and docs/api/README.md: a guide listed there is on the
// site, and no second list is kept.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The sidebar's groups: the playground, each part of the guides, the API. */
export function sidebarOf(root) {
  return [
    { text: 'Playground', link: '/playground' },
    ...groupsOf(root, 'docs/README.md', 'Guides'),
    ...groupsOf(root, 'docs/api/README.md', 'API', true),
    { text: 'Changelog', link: '/CHANGELOG' },
  ].filter(({ items }) => items === undefined || items.length > 0);
}

/** A heading, or the words before a colon that open a line: "For special cases:". */
const TITLE = /^##+ (.*)|^([A-Z][a-z ]+):/;

/** A group for each title, with the links to pages below it, each page once. */
function groupsOf(root, file, title, collapsed = false) {
  const group = (text) => ({ text, collapsed, items: [] });
  const groups = [group(title)];
  const seen = new Set();
  for (const line of readFileSync(join(root, file), 'utf8').split('\n')) {
    const [, heading, words = heading] = TITLE.exec(line) ?? [];
    if (words !== undefined) groups.push(group(words));
    for (const [, text, target] of line.matchAll(/\[([^\]]+)\]\(([^):#]+\.md)\)/g)) {
      const link = pageOf(posix.join(posix.dirname(file), target));
      if (seen.has(link)) continue;
      seen.add(link);
      groups.at(-1).items.push({ text: nameOf(text), link });
    }
  }
  return groups.filter(({ items }) => items.length > 0);
}

function pageOf(path) {
  return `/${path.replace(/\.md$/, '').replace(/README$/, '')}`;
}

/** A link's text without marks of code, and with a capital unless it names a module or a scheme. */
function nameOf(text) {
  const plain = text.replaceAll('`', '');
  return /\/|^otpauth/.test(plain) ? plain : plain[0].toUpperCase() + plain.slice(1);
}
