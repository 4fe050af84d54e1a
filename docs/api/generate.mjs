// Writes the API reference: `npm run docs:api`, after a change of a public signature or comment. With
// `--check` it writes nothing and fails if what stands here is not what it would write.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePages, openingComment, publicNames } from './pages.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const INTRODUCTION = `# API reference

Every public function, interface and type, from the comments in \`src\`: one page a subpath. \`otpcore\` itself leaves out the stores on databases, \`otpcore/testing\`, \`otpcore/otpauth-migration\`, \`otpcore/recovery-codes\`, and \`otpcore/second-factor\` with the subpaths below it.

\`npm run docs:api\` writes these pages. To change a text, change the comment in \`src\`.
`;

/** What the index says of a page: the first sentence of its file. */
function summary(name) {
  const sentence = /^.*?(?=\.(?:\s|$))/s.exec(openingComment(name))?.[0] ?? '';
  return sentence.replaceAll(/\s+/g, ' ');
}

function makeIndex(pages) {
  const rows = publicNames().map((name) => {
    const headings = [...pages.get(`${name}.md`).matchAll(/^### (\w+)/gm)];
    const names = headings.map(([, heading]) => `\`${heading}\``).join(', ');
    return `| [\`otpcore/${name}\`](${name}.md) | ${summary(name)} | ${names} |`;
  });
  return [INTRODUCTION, '| import | what it is | names |', '| --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

/** The pages that stand here, whoever wrote them. */
function presentPages() {
  return ['', 'stores/', 'second-factor/'].flatMap((folder) =>
    readdirSync(here(`./${folder}`))
      .filter((name) => name.endsWith('.md'))
      .map((name) => folder + name),
  );
}

/** What is missing, too many or not as it would be written. */
function findStale(pages) {
  const isStale = (name) =>
    !existsSync(here(name)) || readFileSync(here(name), 'utf8') !== pages.get(name);
  return [...new Set([...pages.keys(), ...presentPages()])].filter(isStale);
}

for (const folder of ['stores', 'second-factor']) mkdirSync(here(folder), { recursive: true });
const pages = await makePages();
pages.set('README.md', makeIndex(pages));
const stale = findStale(pages);
if (process.argv.includes('--check')) {
  const fix = 'not what the sources say; run: npm run docs:api';
  for (const name of stale) process.stderr.write(`docs/api/${name}: ${fix}\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const name of stale) {
    if (!pages.has(name)) throw new Error(`docs/api/${name} is of no subpath: remove it`);
    mkdirSync(dirname(here(name)), { recursive: true });
    writeFileSync(here(name), pages.get(name));
    process.stdout.write(`wrote docs/api/${name}\n`);
  }
}
