/** npm as a person would run it, in a folder of a test's. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs npm with nothing of a surrounding npm run, and with a cache that is empty; what it printed. */
export function npm(work: string, cwd: string, ...args: string[]): string {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const npm_config_cache = join(work, '.npm-cache');
  return execFileSync('npm', args, {
    cwd,
    env: { ...Object.fromEntries(env), npm_config_cache },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
