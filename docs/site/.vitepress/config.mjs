// The site: the repository's Markdown as it stands, and the playground.
import { fileURLToPath } from 'node:url';
import { doorsOf } from '../build/doors.mjs';
import { githubSlug, headingText } from '../build/headings.mjs';
import { linkPages, publishSources } from '../build/links.mjs';
import { withPolicy } from '../build/policy.mjs';
import { sidebarOf } from '../build/sidebar.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A key hole, within the page itself: no browser asks for a file. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" rx="2" fill="#3451b2"/><path d="M4 1.5a1.4 1.4 0 0 1 .6 2.7L5 6.5H3l.4-2.3A1.4 1.4 0 0 1 4 1.5" fill="#fff"/></svg>',
)}`;

export default {
  title: 'otpcore',
  description: 'One-time passwords for JavaScript, each code accepted once',
  lang: 'en',
  head: [['link', { rel: 'icon', href: ICON }]],
  // GitHub Pages serves a project below its name: SITE_BASE=/otpcore/.
  base: process.env.SITE_BASE ?? '/',
  srcDir: root,
  srcExclude: ['.*/**', 'coverage/**', 'src/**', 'scripts/**'],
  outDir: './dist',
  cacheDir: './node_modules/.vitepress',
  cleanUrls: false,
  rewrites: (path) =>
    path
      .replace(/(^|\/)README\.md$/, '$1index.md')
      .replace('docs/site/playground.md', 'playground.md'),
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/docs/', activeMatch: '^/docs/(?!api/)' },
      { text: 'API', link: '/docs/api/' },
      { text: 'Playground', link: '/playground' },
    ],
    sidebar: sidebarOf(root),
    outline: [2, 3],
    search: { provider: 'local' },
    externalLinkIcon: true,
  },
  markdown: {
    anchor: { slugify: githubSlug, getTokensText: headingText },
    toc: { slugify: githubSlug },
    config: (md) => linkPages(md, root),
    // As GitHub links: full addresses only.
    linkify: true,
  },
  transformHtml: withPolicy,
  buildEnd: ({ outDir }) => publishSources(root, outDir),
  vite: {
    resolve: { alias: doorsOf(root) },
    // The copy of the library is the one just built, so it is not cached.
    optimizeDeps: { exclude: ['otpcore'] },
    build: { chunkSizeWarningLimit: 1500 },
  },
};
