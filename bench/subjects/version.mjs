// The version of an installed rival.
import { readFileSync } from 'node:fs';

/** The label and version of a subject, for reports. */
export function aboutOf({ label, keeps, package: name }) {
  if (name === undefined) return { label, keeps };
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return { label, keeps, version: JSON.parse(readFileSync(file, 'utf8')).version };
}
