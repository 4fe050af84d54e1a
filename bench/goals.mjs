// The targets: each is a median of interleaved rounds, with a bound that must be met and one to aim at.
// Only `--targets` prints them.
import { ratios } from './worker/spread.mjs';

/** The direction that is better, and so the time that is divided by the other. */
const AT_LEAST = 'at least';
const AT_MOST = 'at most';

const PREPARED = 'verify:prepared:1:wrong';
const TEXT = 'verify:text:1:wrong';

const isRival = ({ kind }) => kind === 'rival';
/** Our C program: with the SHA instructions, or without where the processor has none. */
const isNative = ({ id }) => id.startsWith('native');
const is = (wanted) => (result) => result.id === wanted;

/** `subject` is ours; of the `others` in the row, the fastest counts. Without `others`, the time does. */
const GOALS = [
  {
    name: 'import and first answer of a fresh process, ms',
    bounds: { direction: AT_MOST, must: 5.5 },
    row: 'start',
    subject: 'otpcore',
    value: ({ total }) => total,
  },
  {
    name: 'the same: time against otpauth in turn',
    bounds: { direction: AT_MOST, must: 1, aim: 0.9 },
    row: 'start',
    subject: 'otpcore',
    others: is('otpauth'),
    times: ({ rounds }) => rounds.map(([imported, first]) => imported + first),
  },
  {
    name: 'first use of a kernel, ms',
    bounds: { direction: AT_MOST, must: 1.4, aim: 1 },
    row: 'start',
    subject: 'otpcore',
    value: ({ first }) => first,
  },
  {
    name: 'the recommended path: against the fastest bare verification of a rival, from text',
    bounds: { direction: AT_LEAST, must: 11, aim: 13 },
    row: `SHA1:${TEXT}`,
    subject: 'otpcore-once',
    others: isRival,
  },
  {
    name: 'key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 20, aim: 24 },
    row: `SHA1:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'from base32 text: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 13, aim: 16 },
    row: `SHA1:${TEXT}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'from base32 text: time against native C, one stream',
    bounds: { direction: AT_MOST, must: 2.2, aim: 1.9 },
    row: `SHA1:${TEXT}`,
    subject: 'otpcore',
    others: isNative,
  },
  {
    name: 'batch of 1,000 from base32 text: time a user against native C',
    bounds: { direction: AT_MOST, must: 1.45, aim: 1.25 },
    row: 'SHA1:batch:text:1:wrong',
    subject: 'otpcore',
    others: isNative,
  },
  {
    name: 'SHA-256, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 10, aim: 12 },
    row: `SHA256:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'SHA-512, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 9, aim: 11 },
    row: `SHA512:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'portable engine, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 10, aim: 12 },
    row: `SHA1:${PREPARED}`,
    subject: 'otpcore-portable',
    others: isRival,
  },
  {
    name: 'a claim among a million ids: time against get and set on a bare Map',
    bounds: { direction: AT_MOST, must: 1.3, aim: 1.1 },
    row: 'SHA1:claim',
    subject: 'claim-store',
    others: is('claim-map'),
  },
];

/** The time or ratio of a goal, or undefined if it was not timed. */
function measure({ bounds, subject, others, value, times = ({ rounds }) => rounds }, results) {
  const ours = results.find(is(subject));
  if (ours === undefined) return undefined;
  if (value !== undefined) return value(ours);
  const [other] = results.filter(others).sort((a, b) => a.median - b.median);
  if (other === undefined) return undefined;
  const [mine, theirs] = [times(ours), times(other)];
  const ratio = bounds.direction === AT_LEAST ? ratios(theirs, mine) : ratios(mine, theirs);
  return { against: other.label, ...ratio };
}

/** The factor by which a bound is missed; 1 or less is met. */
function shortfall(direction, median, bound) {
  return direction === AT_LEAST ? bound / median : median / bound;
}

function verdictOf({ direction, must, aim = must }, { median }) {
  const [toMust, toAim] = [must, aim].map((bound) => shortfall(direction, median, bound));
  if (toMust > 1) return `missed by a factor of ${toMust.toFixed(2)}`;
  return toAim > 1 ? `met, the aim missed by ${toAim.toFixed(2)}` : 'met, and the aim';
}

/** The reason why a goal has no number. */
function reasonOf({ others = () => false }, row) {
  if (row === undefined) return 'not run';
  const reasons = (row.absent ?? [])
    .filter(others)
    .map(({ label, reason }) => `${label}: ${reason}`);
  return reasons.length > 0 ? reasons.join('; ') : 'needs npm run bench:peers';
}

/** All goals, judged by the rows by id. */
export function judge(rows) {
  return GOALS.map((goal) => {
    const row = rows.get(goal.row);
    const measured = row && measure(goal, row.results);
    return {
      name: goal.name,
      ...goal.bounds,
      ...measured,
      verdict: measured === undefined ? 'not measured' : verdictOf(goal.bounds, measured),
      reason: measured === undefined ? reasonOf(goal, row) : undefined,
    };
  });
}
