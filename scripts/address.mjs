/**
 * Writes the repository's address into package.json, in its three fields:
 * `node scripts/address.mjs OWNER/NAME`. A release is stopped until they are there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The fields of package.json that hold an address.
 *
 * @param {string} repository - as GitHub names it, `OWNER/NAME`
 */
export function addressFields(repository) {
  const page = `https://github.com/${repository}`;
  return {
    homepage: `${page}#readme`,
    bugs: { url: `${page}/issues` },
    repository: { type: 'git', url: `git+${page}.git` },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , repository = ''] = process.argv;
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) throw new Error('name the repository: OWNER/NAME');
  const { name, version, description, keywords, ...rest } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const head = { name, version, description, keywords };
  const fields = { ...head, ...addressFields(repository), ...withoutAddress(rest) };
  writeFileSync('package.json', `${JSON.stringify(fields, null, 2)}\n`);
}

/** @param {Record<string, unknown>} fields */
function withoutAddress({ homepage: _, bugs: __, repository: ___, ...rest }) {
  return rest;
}
