// The built files: every link and anchor leads somewhere, and no page loads from another host.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { githubSlug } from '../build/headings.mjs';
import { linkPages } from '../build/links.mjs';
import { SITE } from '../build/serve.mjs';
import { sidebarOf } from '../build/sidebar.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const names = readdirSync(SITE, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
const pages = new Map(
  names
    .filter((name) => name.endsWith('.html') && name !== '404.html')
    .map((name) => [name, readFileSync(join(SITE, name), 'utf8')]),
);

/** The local links of a page that lead to no file, or to no element of the page they lead to. */
function deadLinks(name, html) {
  const links = [...html.matchAll(/<a[^>]*?\shref="([^"]+)"/g)].map(([, href]) => href);
  return links.filter((href) => !/^[a-z]+:/.test(href) && !leadsSomewhere(name, href));
}

function leadsSomewhere(name, href) {
  const { pathname, hash } = new URL(href.replaceAll('&amp;', '&'), `http://site/${name}`);
  const path = decodeURI(pathname.slice(1)).replace(/(^|\/)$/, '$1index.html');
  const target = [path, `${path}.html`].find((file) => file === name || names.includes(file));
  if (target === undefined || hash === '') return target !== undefined;
  return (pages.get(target) ?? '').includes(`id="${decodeURIComponent(hash.slice(1))}"`);
}

test('Each document of the repository is a page, and the README is the first', () => {
  expect(pages.get('index.html')).toContain('<title>otpcore</title>');
  for (const page of [
    'docs/index',
    'docs/getting-started',
    'docs/api/totp',
    'CHANGELOG',
    'SECURITY',
  ]) {
    expect(pages.has(`${page}.html`), page).toBe(true);
  }
  expect(pages.has('docs/migrating/index.html')).toBe(true);
});

test.each([...pages])('Every link and anchor of %s leads somewhere', (name, html) => {
  expect(deadLinks(name, html)).toEqual([]);
});

test('A link to a missing page or heading is found', () => {
  const link = (href) => deadLinks('docs/index.html', `<a class="x" href="${href}">`);
  expect(link('./getting-started.html')).toEqual([]);
  expect(link('./missing.html')).toEqual(['./missing.html']);
  expect(link('./getting-started.html#missing')).toEqual(['./getting-started.html#missing']);
});

test('The sidebar has every guide that docs/README.md lists', () => {
  const readme = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const listed = [...readme.matchAll(/\]\(((?!\.\.)[^):#]+)\.md\)/g)].map(([, path]) => path);
  const links = sidebarOf(root).flatMap(({ items = [] }) => items.map(({ link }) => link));
  expect(links).toEqual(
    expect.arrayContaining(listed.map((path) => `/docs/${path.replace(/README$/, '')}`)),
  );
  expect(listed.length).toBeGreaterThan(15);
});

test.each([...pages])('%s refuses other hosts by its policy', (_, html) => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining(["default-src 'none'", "connect-src 'none'", "form-action 'none'"]),
  );
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
  expect(html).not.toMatch(/<(?:script|img|iframe|source)[^>]*\ssrc="(?:https?:)?\/\//);
  expect(html).not.toMatch(/<link[^>]*\shref="(?:https?:)?\/\//);
});

test('The styles load no file of another host', () => {
  const styles = names.filter((name) => name.endsWith('.css'));
  expect(styles.length).toBeGreaterThan(0);
  for (const name of styles) {
    expect(readFileSync(join(SITE, name), 'utf8'), name).not.toMatch(
      /(?:url\(|@import )["']?(?:https?:)?\/\//,
    );
  }
});

test('A file that a document links to is published as text', () => {
  expect(existsSync(join(SITE, 'source/docs/examples/tour.mjs.txt'))).toBe(true);
});

/** A link's address after the change, on the page docs/index.md. */
function changed(href) {
  let rule;
  const push = (_, added) => {
    rule = added;
  };
  linkPages({ linkify: { set() {} }, core: { ruler: { push } } }, root);
  const attributes = { href };
  const token = {
    type: 'link_open',
    attrGet: (name) => attributes[name],
    attrSet: (name, value) => Object.assign(attributes, { [name]: value }),
  };
  rule({ tokens: [{ children: [token] }], env: { relativePath: 'docs/index.md' } });
  return attributes.href;
}

test('A link to a page stays, one to a file leads to its text, and a dead one ends the build', () => {
  expect(changed('stores.md#postgresql')).toBe('stores.md#postgresql');
  expect(changed('../README.md#why')).toBe('../index.md#why');
  expect(changed('../test/docs.test.ts')).toBe('../source/test/docs.test.ts.txt');
  expect(() => changed('../test/missing.test.ts')).toThrow('dead link');
  expect(() => changed('missing.md')).toThrow('dead link');
});

describe('An anchor', () => {
  test.each([
    ['buildOtpauthUri()', 'buildotpauthuri'],
    ['Units & defaults: a, b', 'units--defaults-a-b'],
  ])('of "%s" is "%s", as on GitHub', (text, slug) => {
    expect(githubSlug(text)).toBe(slug);
  });
});
