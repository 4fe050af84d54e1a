/** Claims made at once: of equal ones a single one is granted, and granted steps rise. */
import {
  type Claim,
  expectClaim,
  newRun,
  prepare,
  requireBoolean,
  type Subject,
  type Tests,
} from './claims.js';

/** How many claims are made at once. */
const RACERS = 64;
/** How often each of them claims, one time after the other. */
const LAPS = 4;

/** A claim in a race; `sent` and `answered` count all that is sent and answered. */
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
        // New, known, and new again twice: the first race may be slowed by connections being opened.
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
        // The steps of a lap in no order, each of them twice, and half of them those of the lap before.
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
        // One more than race, and before them, so that a cache of as many has no room for it.
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

/** Lets all racers claim at once, each as often as there are laps, one claim after the other. */
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
 * Whether there is an order that explains all answers: none granted after an answer that granted as
 * much or more, and none refused but for one that was on its way.
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
