// The command line.
import { parseArgs } from 'node:util';

const EVERYTHING = /^/;

const HELP = `Throughput of otpcore beside others, in turn in the same run.

  npm run bench -- [options]         otpcore, the platform's HMAC, and C where there is a compiler
  npm run bench:peers -- [options]   the JavaScript rivals too, installed from bench/package.json

  --quick          mostly the headline rows: under 30 seconds, a little more with the rivals
  --only PATTERN   only rows whose name matches, such as 'SHA1:verify:text' or 'memory'
  --json FILE      writes everything, every round's numbers included
  --svg FILE       writes the bar chart of docs/performance.md
  --cpu            times by the processor's clock, for a machine that others are using as well
  --assert         fails if a measure that must be reached is not
`;

/** The options, or undefined after the help was shown. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      svg: { type: 'string' },
      cpu: { type: 'boolean', default: false },
      assert: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  return { ...values, only: values.only === undefined ? EVERYTHING : new RegExp(values.only, 'i') };
}

/** The command that times the same; where the results are written is left out. */
export function commandOf({ peers, quick, cpu, only }) {
  const flags = Object.entries({ '--quick': quick, '--cpu': cpu }).filter(([, isSet]) => isSet);
  const rest = flags.map(([name]) => name);
  if (only !== EVERYTHING) rest.push('--only', `'${only.source}'`);
  const script = peers ? 'npm run bench:peers' : 'npm run bench';
  return [script, ...(rest.length > 0 ? ['--', ...rest] : [])].join(' ');
}
