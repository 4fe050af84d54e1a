// The command line.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const EVERYTHING = /^/;

const HELP = `Verifications a second on this machine: otpcore, and the rivals that are installed.

  npm run bench -- [options]         one screen, in under 20 seconds
  npm run bench:peers -- [options]   installs the rivals of bench/package.json first

  --all            every row: hashes, batch, memory, first answer, URIs, base32, C where it compiles
  --only PATTERN   of those, the rows whose name matches: 'SHA1:verify:text', 'start', 'memory'
  --targets        the rows that the project's targets judge, with the verdicts
  --json FILE      writes everything that was measured, every round's numbers included
  --chart FILE     writes the bar chart of docs/evidence/performance.md (with --all or --targets)
  --cpu            times by the processor's clock, for a machine that others are using as well
  --publish        runs everything and writes the results file, the chart and the pages' figures
  --pages          writes the chart and the pages' figures from the results that are kept
`;

const rivals = new URL('node_modules/otpauth/', import.meta.url);

/** The options, or undefined after the help was shown. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      targets: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
      pages: { type: 'boolean', default: false },
      json: { type: 'string' },
      chart: { type: 'string' },
      cpu: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  const { all, only, targets, publish } = values;
  const isAll = all || publish || only !== undefined;
  return {
    ...values,
    mode: isAll ? 'all' : targets ? 'targets' : 'first',
    only: only === undefined ? EVERYTHING : new RegExp(only, 'i'),
  };
}

/** Whether the rivals are installed. */
export const hasRivals = () => existsSync(rivals);

/** The command that times the same; the places that results are written to are left out. */
export function commandOf({ peers, all, targets, publish, cpu, only }) {
  if (publish) return `npm run bench:publish${cpu ? ' -- --cpu' : ''}`;
  const flags = { '--all': all, '--targets': targets, '--cpu': cpu };
  const rest = Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : []));
  if (only !== EVERYTHING) rest.push('--only', `'${only.source}'`);
  const script = peers ? 'npm run bench:peers' : 'npm run bench';
  return [script, ...(rest.length > 0 ? ['--', ...rest] : [])].join(' ');
}
