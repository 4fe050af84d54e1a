// TypeScript in the versions that consumers have, asked by the words of a tsconfig.json.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tools } from './project.mjs';

const requireFromRoot = createRequire(new URL('../../../package.json', import.meta.url));

/** From the oldest that can read the package to the newest; each under the name it has in tables. */
export const compilers = [
  makeApi(join(tools, 'typescript-4.7')),
  makeApi(requireFromRoot.resolve('typescript')),
  makeApi(join(tools, 'typescript-6.0')),
  makeCommand(join(tools, 'typescript-7.0')),
];

/**
 * A compiler in this process: answers the errors of one file, as `TS2345:12` with the line, or
 * without where they are about the settings. With `outDir` among these it writes the code too.
 */
function makeApi(path) {
  const ts = requireFromRoot(path);
  // The language's own declarations are the same for all, and cost the most to read.
  const cache = new Map();
  const diagnose = async (project, file, settings) => {
    const converted = ts.convertCompilerOptionsFromJson(settings, project.folder);
    if (converted.errors.length > 0) return converted.errors.map(({ code }) => `TS${code}`);
    const host = ts.createCompilerHost(converted.options);
    const { getSourceFile } = host;
    host.getCurrentDirectory = () => project.folder;
    host.getSourceFile = (name, ...rest) => {
      if (!/[\\/]lib\.[^\\/]*d\.ts$/.test(name)) return getSourceFile(name, ...rest);
      if (!cache.has(name)) cache.set(name, getSourceFile(name, ...rest));
      return cache.get(name);
    };
    const program = ts.createProgram([project.path(file)], converted.options, host);
    if (settings.outDir !== undefined) program.emit();
    return ts.getPreEmitDiagnostics(program).map(({ code, file: where, start }) => {
      if (where === undefined) return `TS${code}`;
      return `TS${code}:${1 + where.getLineAndCharacterOfPosition(start).line}`;
    });
  };
  return { name: ts.versionMajorMinor, diagnose };
}

/** The same from the compiler that is a program of its own and has no such interface. */
function makeCommand(path) {
  const { version } = requireFromRoot(join(path, 'package.json'));
  const diagnose = async (project, file, settings) => {
    const config = `tsconfig.${file.replace(/\W/g, '-')}.json`;
    project.write(config, JSON.stringify({ compilerOptions: settings, files: [file] }));
    const { stdout } = await project.node(join(path, 'bin', 'tsc'), '--project', config);
    return [...stdout.matchAll(/^(\S+?)(?:\((\d+),\d+\))?: error (TS\d+)/gm)].map(
      ([, where, line, code]) => (where === config ? code : `${code}:${line}`),
    );
  };
  return { name: version.replace(/\.\d+$/, ''), diagnose };
}
