// The pages of the API reference as Markdown, one a subpath: what TypeDoc makes of the sources, under
// the comment that the file itself opens with.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, CommentTag, Converter, ReflectionKind } from 'typedoc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

/** Types that no subpath exports: where a public one names them, what they stand for is written. */
const INLINED = ['FieldFault', 'NameFault', 'SpellingFault', 'TotpRefusal'];

const OPTIONS = {
  tsconfig: join(root, 'tsconfig.json'),
  plugin: ['typedoc-plugin-markdown'],
  router: 'module',
  name: 'otpcore',
  readme: 'none',
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Type Aliases'],
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  hidePageTitle: true,
  expandObjects: true,
  interfacePropertiesFormat: 'table',
  parametersFormat: 'table',
  propertyMembersFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true },
  preservedTypeAnnotationTags: ['@throws'],
  // Warns of a type that is named and not written down, and of a link that leads nowhere.
  validation: { notExported: true, invalidLink: true },
  logLevel: 'Warn',
};

/** The public files, by their subpaths; `index` only repeats their names. */
export function publicNames() {
  return Object.keys(JSON.parse(read('package.json')).exports)
    .filter((path) => path !== '.' && path !== './package.json')
    .map((path) => path.slice('./'.length));
}

/** The paragraphs that a source file opens with; a name in `{@link …}` is set as code. */
export function openingComment(name) {
  const comment = /^\/\*\*(.*?)\*\//s.exec(read(`src/${name}.ts`))?.[1];
  if (!comment) throw new Error(`src/${name}.ts does not open with a comment`);
  const lines = comment.split('\n').map((line) => line.replace(/^ *\* ?/, '').trimEnd());
  return lines
    .join('\n')
    .trim()
    .replaceAll(/\{@link (\w+)\}/g, '`$1`');
}

/** One list of all errors, each with its class, in the place of one chapter for each. */
function listErrors(comment) {
  const first = comment.blockTags.findIndex(({ tag }) => tag === '@throws');
  if (first === -1) return;
  const content = comment.getTags('@throws').flatMap(({ typeAnnotation = '', content }) => {
    const classes = typeAnnotation.match(/\w+/g) ?? [];
    const names = classes.map((name) => `\`${name}\``).join(' or ');
    return [
      { kind: 'text', text: `\n- ${names} `.trimEnd() },
      { kind: 'text', text: ' ' },
      ...content,
    ];
  });
  comment.removeTags('@throws');
  comment.blockTags.splice(first, 0, new CommentTag('@throws', content));
}

/** Leaves out what names a type that is not public, or only says where else a thing is. */
function tidy(project) {
  for (const reflection of project.getReflectionsByKind(ReflectionKind.All)) {
    if (reflection.comment) listErrors(reflection.comment);
    delete reflection.extendedBy;
    delete reflection.inheritedFrom;
    delete reflection.overwrites;
    const bases = reflection.extendedTypes?.filter(
      (type) => type.reflection || type.package === 'typescript',
    );
    if (bases) reflection.extendedTypes = bases.length > 0 ? bases : undefined;
  }
}

/** @throws {Error} if anything is amiss; the warnings above it say what */
async function writeMarkdown(folder) {
  const entryPoints = publicNames().map((name) => join(root, 'src', `${name}.ts`));
  const app = await Application.bootstrapWithPlugins({ ...OPTIONS, entryPoints });
  app.converter.on(Converter.EVENT_BEGIN, (context) => {
    for (const name of INLINED) context.inlineType.add(name);
  });
  // Before TypeDoc draws a tree of who extends whom.
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => tidy(context.project), 1000);
  const project = await app.convert();
  if (!project) throw new Error('the sources do not compile');
  app.validate(project);
  await app.outputs.writeOutput({ name: 'markdown', path: folder }, project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('the reference has gaps; see the warnings');
  }
}

/** Without what stands in the way of a reader: anchors that nothing links to, headings that say nothing. */
function plain(markdown) {
  return markdown
    .replaceAll(/<a id="[^"]+"><\/a> /g, '')
    .replaceAll(/^##### Type Literal\n\n/gm, '')
    .trim();
}

/** Every page's text, by its path in this folder. */
export async function makePages() {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-api-'));
  try {
    await writeMarkdown(folder);
    return new Map(
      publicNames().map((name) => {
        const body = plain(readFileSync(join(folder, `${name}.md`), 'utf8'));
        const title = `# otpcore/${name}`;
        return [`${name}.md`, `${[title, openingComment(name), body].join('\n\n')}\n`];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
