/**
 * The code in documents: found, type-checked against the built package, run, and compared with
 * what its comments say it prints.
 *
 * A fence that opens with ```` ```ts ```` is a whole module and stands on its own; one that opens
 * with ```` ```ts no-run ```` is type-checked and not run. Each call of `console.log` is answered by
 * one comment `// → text`, at the end of that line or on a line below, in the order of printing.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

export interface Fence {
  /** The document's path from the project's root. */
  readonly document: string;
  /** Where its first line of code stands in the document, from 1. */
  readonly line: number;
  readonly code: string;
  /** False if it is only type-checked. */
  readonly runs: boolean;
  /** What its comments say it prints, one entry a call. */
  readonly prints: readonly string[];
}

/** What a fence printed, one entry a call; or why it did not run through. */
export type Outcome = { readonly printed: readonly string[] } | { readonly error: string };

/** The project's root, which a fence must lie under so that it can import the package by name. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OPENING = /^( *)(`{3,})(.*)$/;
const ARROW = /\/\/ →(.*)$/;

/** What a fence can be written in, and the other names for it, which would slip by. */
const LANGUAGES = {
  ts: /^ *(?:ts|typescript|mts|tsx)\b/i,
  js: /^ *(?:js|javascript|mjs|cjs|jsx)\b/i,
};
type Language = keyof typeof LANGUAGES;

/**
 * The TypeScript fences of a Markdown document, or of the doc comments of a source file; or the
 * JavaScript ones.
 *
 * @throws {Error} if a fence is never closed, or is of that language by a name that is not known
 *   here, so that none slips by
 */
export function readFences(document: string, text: string, language: Language = 'ts'): Fence[] {
  const lines = text.split('\n').map((line) => (document.endsWith('.ts') ? docLine(line) : line));
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', ticks, info = ''] = OPENING.exec(lines[at] ?? '') ?? [];
    if (ticks === undefined) continue;
    const start = at + 1;
    do at++;
    while (at < lines.length && lines[at]?.trim() !== ticks);
    if (at === lines.length) throw new Error(`${document}:${start}: the fence is never closed`);
    if (!isIn(language, info, `${document}:${start}`)) continue;
    const code = lines.slice(start, at).map((line) => line.slice(indent.length));
    const prints = code.flatMap((line) => ARROW.exec(line)?.[1]?.trim() ?? []);
    const runs = info === language;
    fences.push({ document, line: start + 1, code: code.join('\n'), runs, prints });
  }
  return fences;
}

/** A line of a doc comment without its star; any other line is empty. */
function docLine(line: string): string {
  return /^ *\* ?(.*)$/.exec(line)?.[1] ?? '';
}

function isIn(language: Language, info: string, where: string): boolean {
  if (info === language || info === `${language} no-run`) return true;
  if (LANGUAGES[language].test(info)) {
    throw new Error(`${where}: write \`\`\`${language} or \`\`\`${language} no-run`);
  }
  return false;
}

// Types --------------------------------------------------------------------------------------------

const sourceFiles = new Map<string, ts.SourceFile | undefined>();

/**
 * Type-checks fences in one program, as strictly as the sources and against the declarations in
 * dist.
 *
 * @returns each fence's errors, as `line of the document: message`
 */
export function typeErrors(fences: readonly Fence[]): string[][] {
  const files = fences.map((_, i) => join(ROOT, '.tmp', `fence-${i}.mts`));
  const texts = new Map(files.map((file, i) => [file, fences[i]?.code ?? '']));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, version, true);
    if (!sourceFiles.has(file)) sourceFiles.set(file, getSourceFile(file, version, ...rest));
    return sourceFiles.get(file);
  };
  const program = ts.createProgram(files, options, host);
  return files.map((file, i) => {
    const source = program.getSourceFile(file);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${(fences[i]?.line ?? 0) + line}: ${message}`;
    });
  });
}

/** Those of the sources, without what concerns only a library, and with Node's own types. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const own = {
    types: ['node'],
    paths: {},
    isolatedDeclarations: false,
    declaration: false,
    noUnusedLocals: false,
  };
  const compilerOptions = { ...config.compilerOptions, ...own };
  return ts.parseJsonConfigFileContent({ compilerOptions, files: [] }, ts.sys, ROOT).options;
}

// Running ------------------------------------------------------------------------------------------

/** Runs modules one after another, and writes a line with the output of each. */
const RUNNER = `
const write = process.stdout.write.bind(process.stdout);
const globals = Object.getOwnPropertyDescriptors(globalThis);
for (const file of process.argv.slice(1)) {
  const printed = [];
  process.stdout.write = (text) => printed.push(String(text)) > 0;
  let outcome = { printed };
  try {
    await import(file);
    // A promise that was left alone and rejected ends the process here, with the fence it is of.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    outcome = { error: String(error?.stack ?? error) };
  }
  // A fence may have replaced a global, and the next one starts afresh.
  Object.defineProperties(globalThis, globals);
  write(JSON.stringify(outcome) + '\\n');
}`;

/**
 * Runs fences, in their order, in one Node process.
 *
 * @param base - the folder whose packages they import by name
 */
export async function runFences(fences: readonly Fence[], base: string = ROOT): Promise<Outcome[]> {
  mkdirSync(join(base, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(base, '.tmp', 'fences-'));
  try {
    const files = fences.map((fence, i) => {
      const file = join(folder, `${i}-line-${fence.line}.mjs`);
      writeFileSync(file, withoutTypes(fence.code));
      return pathToFileURL(file).href;
    });
    const { stdout, stderr } = await node(['--input-type=module', '--eval', RUNNER, ...files]);
    const outcomes = stdout.split('\n').filter(Boolean).map(readOutcome);
    return fences.map((_, i) => outcomes[i] ?? { error: `the process ended early: ${stderr}` });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function withoutTypes(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}

/** What a Node process printed, and with which code it ended. */
export function node(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  // Colours would get into what is compared.
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...env } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...env, NO_COLOR: '1' }, timeout: 60_000 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

/** One call's output is one entry: where it took several lines, they are joined by single spaces. */
function readOutcome(line: string): Outcome {
  const outcome = JSON.parse(line) as Outcome;
  if ('error' in outcome) return outcome;
  return {
    printed: outcome.printed.map((text) => {
      const printed = text.trim();
      return printed.includes('\n') ? printed.replace(/\s+/g, ' ') : printed;
    }),
  };
}
