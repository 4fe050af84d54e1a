// Packs the built package once for all test files, which get the tarball by `inject('tarball')`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../../scripts/npm.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export default function setup(project) {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-pack-'));
  npm(folder, root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  project.provide('tarball', join(folder, `${name}-${version}.tgz`));
  return () => rmSync(folder, { recursive: true });
}
