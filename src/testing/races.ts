/** Concurrent claims: of equal claims exactly one is granted, and granted steps rise. */
import {
  type Claim,
  expectClaim,
  newRun,
  prepare,
  requireBoolean,
  type Subject,
  type Tests,
} from './claims.js';

/** The number of concurrent claims. */
const RACERS = 64;
/** The number of consecutive claims by each racer. */
const LAPS = 4;

/** A claim in a race; `sent` and `answered` are positions in the sequence of all events. */
interface Lap {
  readonly step: number;
  readonly isGranted: boolean;
  readonly sent: number;
  readonly answered: number;
}

export function raceTests(subject: Subject): Tests {
  return [
    [
      `Of ${RACERS} claims of one step at once, one is granted`,
      async () => {
        const id = await prepare(subject, newRun());
        // A new id, a known one, then two new ones: opening connections may slow the first race.
        const claims = [
          { id, step: 0 },
          { id, step: 1 },
          { id: await prepare(subject, newRun()), step: 0 },
          { id: await prepare(subject, newRun()), step: 7 },
        ];
        for (const claim of claims) {
          requireOneGranted(await race(subject, 1, () => claim), claim.step);
        }
      },
    ],
    [
      `Steps claimed ${RACERS} at a time rise as they are granted, to the highest`,
      async () => {
        const id = await prepare(subject, newRun());
        // Each lap's steps are shuffled and come twice; half of them repeat the previous lap.
        const laps = await race(subject, LAPS, (racer, lap) => ({
          id,
          step: lap * (RACERS / 4) + Math.floor(((racer * 37) % RACERS) / 2),
        }));
        requireRising(laps);
        requireOneGranted(laps, Math.max(...laps.map(({ step }) => step)));
      },
    ],
    [
      `Of ${RACERS} ids at once, each is granted its step, and no claim so far is forgotten`,
      async () => {
        const run = newRun();
        const ids = Array.from({ length: RACERS }, (_, racer) => `${run}${racer}`);
        for (const id of ids) await prepare(subject, id);
        // One extra id, claimed before the race, overflows a cache of 64 entries.
        await expectClaim(subject, await prepare(subject, run), 0, true);
        const laps = await race(subject, 1, (racer) => ({ id: ids[racer] ?? run, step: racer }));
        for (const { step } of laps) requireOneGranted(laps, step);
        const claimed = [{ id: run, step: 0 }, ...ids.map((id, step) => ({ id, step }))];
        for (const { id, step } of [...subject.claimed, ...claimed]) {
          await expectClaim(subject, id, step, false);
        }
      },
    ],
  ];
}

/** Runs all racers concurrently; each makes one claim per lap, in sequence. */
async function race(
  { store }: Subject,
  lapCount: number,
  claimOf: (racer: number, lap: number) => Claim,
): Promise<Lap[]> {
  const laps: Lap[] = [];
  let events = 0;
  const run = async (racer: number): Promise<void> => {
    for (let lap = 0; lap < lapCount; lap++) {
      const { id, step } = claimOf(racer, lap);
      const sent = events++;
      const isGranted = requireBoolean(await store.claim(id, step));
      laps.push({ step, isGranted, sent, answered: events++ });
    }
  };
  await Promise.all(Array.from({ length: RACERS }, (_, racer) => run(racer)));
  return laps;
}

function requireOneGranted(laps: readonly Lap[], step: number): void {
  const granted = laps.filter((lap) => lap.isGranted && lap.step === step).length;
  if (granted !== 1) throw new Error(`step ${step} was granted ${granted} times`);
}

/**
 * Requires an order of claims consistent with all answers. A step is granted only if every earlier
 * granted answer was lower. It is refused only if a granted claim as high was already sent.
 */
function requireRising(laps: readonly Lap[]): void {
  const granted = laps.filter(({ isGranted }) => isGranted);
  for (const { step, isGranted, sent, answered } of laps) {
    if (isGranted) {
      requireOneGranted(granted, step);
      const above = granted.find((other) => other.answered < sent && other.step > step);
      if (above) throw new Error(`step ${step} was granted after step ${above.step}`);
    } else if (!granted.some((other) => other.sent < answered && other.step >= step)) {
      throw new Error(`step ${step} was refused before any as high was claimed`);
    }
  }
}
