import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs npm as a person would: with an empty cache, and without the settings of a surrounding npm run.
 *
 * @param {string} work - a folder for the cache
 * @param {string} cwd
 * @param {...string} args
 * @returns {string} its output
 */
export function npm(work, cwd, ...args) {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const npm_config_cache = join(work, '.npm-cache');
  return execFileSync('npm', args, {
    cwd,
    env: { ...Object.fromEntries(env), npm_config_cache },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
