// "What it must reach": each measure as a ratio of interleaved rounds, judged by its median. Whatever is
// missed is shown with what is missing; what could not be measured, with the reason.
import { ratios } from './spread.mjs';

/** Which way is better, and so which time is divided by which. */
const AT_LEAST = 'at least';
const AT_MOST = 'at most';

const PREPARED = 'verify:prepared:1:wrong';
const TEXT = 'verify:text:1:wrong';

const isRival = ({ kind }) => kind === 'rival';
/** Our C program: with the SHA instructions, or without where the processor has none. */
const isNative = ({ id }) => id.startsWith('native');
const is = (wanted) => (result) => result.id === wanted;

/** `subject` is ours; of the `others` in the race, the fastest counts. */
const GOALS = [
  {
    name: 'key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 20, aim: 35 },
    race: `SHA1:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'from base32 text: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 12, aim: 25 },
    race: `SHA1:${TEXT}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'from base32 text: time against native C',
    bounds: { direction: AT_MOST, must: 2, aim: 1.2 },
    race: `SHA1:${TEXT}`,
    subject: 'otpcore',
    others: isNative,
  },
  {
    name: 'batch of 1,000 from base32 text: time a user against native C',
    bounds: { direction: AT_MOST, must: 1.4, aim: 0.9 },
    race: 'SHA1:batch:text:1:wrong',
    subject: 'otpcore',
    others: isNative,
  },
  {
    name: 'key prepared: against liboath',
    bounds: { direction: AT_LEAST, must: 3, aim: 6 },
    race: `SHA1:${PREPARED}`,
    subject: 'otpcore',
    others: is('liboath'),
  },
  {
    name: 'SHA-256, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 10, aim: 20 },
    race: `SHA256:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'SHA-512, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 10, aim: 20 },
    race: `SHA512:${PREPARED}`,
    subject: 'otpcore',
    others: isRival,
  },
  {
    name: 'portable engine, key prepared: against the fastest JavaScript rival',
    bounds: { direction: AT_LEAST, must: 6, aim: 12 },
    race: `SHA1:${PREPARED}`,
    subject: 'otpcore-portable',
    others: isRival,
  },
  {
    // Times a user: half the time is twice the throughput.
    name: 'two worker threads against one',
    bounds: { direction: AT_LEAST, must: 1.8, aim: 1.95 },
    race: 'threads',
    subject: 'threads:2',
    others: is('threads:1'),
  },
  {
    name: 'verifyTotpOnce, a million users: time against verifyTotp alone',
    bounds: { direction: AT_MOST, must: 2, aim: 1.4 },
    race: 'once',
    subject: 'once:claim',
    others: is('once:verify'),
  },
  {
    // `createHmac` is no library, but it is what most of them call.
    name: 'for comparison, key prepared: against node:crypto createHmac',
    bounds: { direction: AT_LEAST },
    race: `SHA1:${PREPARED}`,
    subject: 'otpcore',
    others: is('node-crypto'),
  },
  {
    name: 'for comparison, portable engine, key prepared: against the same',
    bounds: { direction: AT_LEAST },
    race: `SHA1:${PREPARED}`,
    subject: 'otpcore-portable',
    others: is('node-crypto'),
  },
];

/** The ratio of the two, or undefined if one of them was not timed. */
function measure({ bounds, subject, others }, race) {
  const results = race?.results ?? [];
  const ours = results.find(is(subject));
  const [other] = results.filter(others).sort((a, b) => a.median - b.median);
  if (ours === undefined || other === undefined) return undefined;
  const isSpeedup = bounds.direction === AT_LEAST;
  const ratio = isSpeedup ? ratios(other.rounds, ours.rounds) : ratios(ours.rounds, other.rounds);
  return { against: other.label, ...ratio };
}

/** By which factor a bound is missed; 1 or less is met. */
function shortfall(direction, median, bound) {
  return direction === AT_LEAST ? bound / median : median / bound;
}

function verdictOf({ direction, must, aim }, { median }) {
  if (must === undefined) return 'for comparison';
  const [toMust, toAim] = [must, aim].map((bound) => shortfall(direction, median, bound));
  if (toMust > 1) return `MISSED by a factor of ${toMust.toFixed(2)}`;
  return toAim > 1 ? `met, the aim missed by ${toAim.toFixed(2)}` : 'met, and the aim';
}

/** Why a measure has no number. */
function reasonOf({ others }, race) {
  if (race === undefined) return 'not run';
  const reasons = race.absent.filter(others).map(({ label, reason }) => `${label}: ${reason}`);
  return reasons.length > 0 ? reasons.join('; ') : 'needs npm run bench:peers';
}

/** All measures, by the races by id. */
export function judge(races) {
  return GOALS.map((goal) => {
    const race = races.get(goal.race);
    const ratio = measure(goal, race);
    const verdict = ratio === undefined ? 'not measured' : verdictOf(goal.bounds, ratio);
    return {
      name: goal.name,
      ...goal.bounds,
      ...ratio,
      verdict,
      reason: ratio === undefined ? reasonOf(goal, race) : undefined,
      isReached: goal.bounds.must === undefined || verdict.startsWith('met'),
    };
  });
}
