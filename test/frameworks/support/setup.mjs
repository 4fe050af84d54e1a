// Before all test files: puts the packed package beside the examples, and starts PostgreSQL. Each file
// gets the server's address by `inject('postgres')`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../../scripts/npm.mjs';
import { startPostgres } from '../../servers/support/postgres.mjs';
import { work } from './project.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export default async function setup(project) {
  rmSync(work, { recursive: true, force: true });
  const installed = join(work, 'node_modules', 'otpcore');
  mkdirSync(installed, { recursive: true });
  const packed = npm(work, root, 'pack', '--ignore-scripts', '--pack-destination', work);
  const tarball = join(work, packed.trim().split('\n').at(-1));
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const postgres = await startPostgres();
  project.provide('postgres', postgres.address);
  return async () => {
    await postgres.stop();
    rmSync(work, { recursive: true, force: true });
  };
}
