// What a release stands on, checked before anything is built: the tag is the version of package.json
// and of jsr.json, CHANGELOG.md has dated it, and package.json names this very repository, which the
// registry compares with the provenance.
import { readFileSync } from 'node:fs';
import { addressFields } from '../scripts/address.mjs';

const { GITHUB_REF_NAME = '', GITHUB_REPOSITORY = '' } = process.env;
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { version } = manifest;
const jsr = JSON.parse(readFileSync('jsr.json', 'utf8'));
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const heading = changelog.split('\n').find((line) => line.startsWith(`## ${version} `));
const addresses = Object.entries(addressFields(GITHUB_REPOSITORY));

const faults = [
  GITHUB_REF_NAME === `v${version}` ||
    `the tag is ${GITHUB_REF_NAME}, but package.json says ${version}`,
  jsr.version === version || `jsr.json says ${jsr.version}, but package.json says ${version}`,
  /^## \S+ — \d{4}-\d\d-\d\d$/.test(heading ?? '') ||
    `CHANGELOG.md has no line "## ${version} — year-month-day"`,
  ...addresses.map(
    ([field, value]) =>
      JSON.stringify(manifest[field]) === JSON.stringify(value) ||
      `"${field}" of package.json is not of ${GITHUB_REPOSITORY}: node scripts/address.mjs ${GITHUB_REPOSITORY}`,
  ),
].filter((fault) => fault !== true);

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
