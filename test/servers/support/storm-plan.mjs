// What a storm claims: 20 ids, 500 rising steps each, in bursts of ten steps.
export const STORM_PROCESSES = 8;
export const STORM_STEPS = 500;
const BURST_STEPS = 10;
export const STORM_BURSTS = STORM_STEPS / BURST_STEPS;

/** Some of them alike but for case, a space or the form of a letter. */
export const STORM_IDS = Array.from(
  { length: 20 },
  (_, i) => ['user', 'User', 'user ', 'us\u00e9r', 'use\u0301r 🙂'][i % 5] + Math.floor(i / 5),
);

/** The steps of a burst, from 0; over all bursts 1 to 500. */
export function stepsOfBurst(number) {
  return Array.from({ length: BURST_STEPS }, (_, i) => number * BURST_STEPS + i + 1);
}
