// Runs the compiler over the *.test-d.ts files beside this one. A `@ts-expect-error` there carries
// the number of the message it expects; here the directives are taken away, and what the compiler
// then says must be exactly what they announced.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('./', import.meta.url));
const DIRECTIVE = /^ *\/\/ @ts-expect-error (\d+)$/;

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test-d.ts'))
  .map((name) => ({ name, text: readFileSync(folder + name, 'utf8') }));

const snippets = [
  { name: 'announced.test-d.ts', text: "// @ts-expect-error 2322\nexport const n: number = '';" },
  { name: 'unannounced.test-d.ts', text: "\nexport const n: number = '';" },
  { name: 'other.test-d.ts', text: '// @ts-expect-error 2322\nexport const n: number = m;' },
  { name: 'needless.test-d.ts', text: '// @ts-expect-error 2322\nexport const n: number = 1;' },
];

const program = programOf([...files, ...snippets]);

/** A program over texts that stand, or might stand, in this folder; without their directives. */
function programOf(texts: readonly { name: string; text: string }[]): ts.Program {
  const { config } = ts.readConfigFile(`${root}test/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [] },
    ts.sys,
    `${root}test`,
  );
  const virtual = new Map(
    texts.map(({ name, text }) => [
      folder + name,
      text.replaceAll('@ts-expect-error', 'expected:'),
    ]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.readFile = (file) => virtual.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = virtual.get(file);
    return text === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, text, version, true);
  };
  return ts.createProgram([...virtual.keys()], options, host);
}

/** What the compiler says of a file. */
function diagnosticsOf(name: string): readonly ts.Diagnostic[] {
  const file = program.getSourceFile(folder + name);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
}

/** Each as its line and number. */
function found(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ file, start = 0, code }) => {
    const line = file?.getLineAndCharacterOfPosition(start).line ?? -1;
    return `${line + 1}: ${code}`;
  });
}

/** The same, as a text's directives expect it of the line below each. */
function announced(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const code = DIRECTIVE.exec(line)?.[1];
    return code === undefined ? [] : [`${index + 2}: ${code}`];
  });
}

test.each(files)('$name has exactly the errors that it announces', ({ name, text }) => {
  const diagnostics = diagnosticsOf(name);
  const said = diagnostics.map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, ' '),
  );
  expect(found(diagnostics), said.join('\n')).toEqual(announced(text));
});

test('Every directive names the message that it expects', () => {
  const directives = files.flatMap(({ text }) => text.match(/.*@ts-expect-error.*/g) ?? []);
  expect(directives.length).toBeGreaterThan(40);
  expect(directives.filter((line) => !DIRECTIVE.test(line))).toEqual([]);
});

test.each([
  { name: 'announced.test-d.ts', says: ['2: 2322'], expects: ['2: 2322'] },
  { name: 'unannounced.test-d.ts', says: ['2: 2322'], expects: [] },
  { name: 'other.test-d.ts', says: ['2: 2304'], expects: ['2: 2322'] },
  { name: 'needless.test-d.ts', says: [], expects: ['2: 2322'] },
])('In $name the compiler finds $says where $expects is expected', ({ name, says, expects }) => {
  const text = snippets.find((snippet) => snippet.name === name)?.text ?? '';
  expect(found(diagnosticsOf(name))).toEqual(says);
  expect(announced(text)).toEqual(expects);
});
