/**
 * Whether two sets of times differ in their mean: Welch's t, over the whole and over what is left
 * when the slowest are cut off. The way of dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code
 * constant time?", 2017).
 */

/** Mean and spread of a set, updated value by value (Welford). */
interface Moments {
  count: number;
  mean: number;
  squares: number;
}

function newMoments(): Moments {
  return { count: 0, mean: 0, squares: 0 };
}

function add(moments: Moments, value: number): void {
  moments.count++;
  const off = value - moments.mean;
  moments.mean += off / moments.count;
  moments.squares += off * (value - moments.mean);
}

/** Welch's t of two sets; 0 where one has too few values or neither has any spread. */
function welch(a: Moments, b: Moments): number {
  if (a.count < 2 || b.count < 2) return 0;
  const variance = (m: Moments) => m.squares / (m.count - 1) / m.count;
  const error = Math.sqrt(variance(a) + variance(b));
  return error === 0 ? 0 : (a.mean - b.mean) / error;
}

/** The same of two lists; positive if the first one's mean is larger. */
export function welchOf(a: readonly number[], b: readonly number[]): number {
  const [first, second] = [newMoments(), newMoments()];
  for (const value of a) add(first, value);
  for (const value of b) add(second, value);
  return welch(first, second);
}

/** Times in nanoseconds with the class that each is of. */
export interface Samples {
  readonly times: Float64Array;
  readonly classes: Uint8Array;
}

/** One class beside the first: the largest |t| of all cuts. */
export interface Comparison {
  /** Positive if the class took longer than the first. */
  readonly t: number;
  /** By how many nanoseconds, at the same cut. */
  readonly difference: number;
  /** Which cut: the part of all samples that is left; above 1, the squares' (see below). */
  readonly cut: number;
}

const CUTS = 20;

/** dudect's percentiles: close together towards the top, where the tail of interruptions begins. */
function cutsOf(sorted: Float64Array): { part: number; limit: number }[] {
  const cuts = Array.from({ length: CUTS }, (_, i) => {
    const part = 1 - 0.5 ** ((10 * (i + 1)) / CUTS);
    return { part, limit: sorted[Math.floor(part * sorted.length)] as number };
  });
  return [...cuts, { part: 1, limit: Number.POSITIVE_INFINITY }];
}

/** Compares each class with class 0, over all cuts; then the squares of what is off the mean. */
export function compare({ times, classes }: Samples, classCount: number): Comparison[] {
  const best: Comparison[] = Array.from({ length: classCount - 1 }, () => {
    return { t: 0, difference: 0, cut: 0 };
  });
  const keep = (sets: readonly Moments[], cut: number) => {
    for (let other = 1; other < classCount; other++) {
      const [a, b] = [sets[other] as Moments, sets[0] as Moments];
      const t = welch(a, b);
      if (Math.abs(t) > Math.abs(best[other - 1]?.t ?? 0)) {
        best[other - 1] = { t, difference: a.mean - b.mean, cut };
      }
    }
  };
  const cuts = cutsOf(times.slice().sort());
  for (const { part, limit } of cuts)
    keep(momentsBelow({ times, classes }, classCount, limit), part);
  // Second order: a leak that widens the times without moving their mean. Without the far tail,
  // whose squares would drown everything.
  const { limit } = cuts[7] as { limit: number };
  const first = momentsBelow({ times, classes }, classCount, limit);
  keep(momentsOfSquares({ times, classes }, first, limit), 2);
  return best;
}

function momentsBelow(samples: Samples, classCount: number, limit: number): Moments[] {
  const { times, classes } = samples;
  const sets = Array.from({ length: classCount }, newMoments);
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    if (time <= limit) add(sets[classes[i] as number] as Moments, time);
  }
  return sets;
}

function momentsOfSquares(samples: Samples, first: readonly Moments[], limit: number): Moments[] {
  const { times, classes } = samples;
  const sets = first.map(newMoments);
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    const own = classes[i] as number;
    if (time <= limit) add(sets[own] as Moments, (time - (first[own] as Moments).mean) ** 2);
  }
  return sets;
}

/** Half of the times are below this. */
export function median(times: Float64Array): number {
  return times.slice().sort()[times.length >> 1] as number;
}
