// Links of the documents. Those to pages stay; those to other files of the repository, such as a test,
// lead to a copy of the file as text.
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Paths of the linked files and folders, in the repository. */
const sources = new Set();

/** Changes the links of each page as it is read. */
export function linkPages(md, root) {
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') changeLink(token, env, root);
    }
  });
}

function changeLink(token, env, root) {
  const href = token.attrGet('href') ?? '';
  if (href === '' || /^([a-z]+:|[#/])/i.test(href)) return;
  const [path, anchor = ''] = href.split(/(?=#)/);
  // The page's folder in the repository: the rewrites change names, not folders.
  const folder = posix.dirname(env.relativePath);
  const target = posix.join(folder, decodeURI(path)).replace(/\/$/, '');
  if (!existsSync(join(root, target))) throw new Error(`${env.relativePath}: dead link to ${path}`);
  if (path.endsWith('.md')) {
    token.attrSet('href', path.replace(/(^|\/)README\.md$/, '$1index.md') + anchor);
    return;
  }
  sources.add(target);
  token.attrSet('href', `${posix.relative(folder, posix.join('source', target))}.txt`);
  token.attrSet('target', '_self');
}

/** Copies the linked files beside the pages; of a folder, the list of its files. */
export function publishSources(root, outDir) {
  for (const path of sources) {
    const to = join(outDir, 'source', `${path}.txt`);
    mkdirSync(dirname(to), { recursive: true });
    if (statSync(join(root, path)).isDirectory()) {
      writeFileSync(to, `${readdirSync(join(root, path)).sort().join('\n')}\n`);
    } else copyFileSync(join(root, path), to);
  }
}
