// Many rounds in three numbers: minimum, median and maximum.

const ascending = (numbers) => [...numbers].sort((a, b) => a - b);

/** Of an even number of rounds, the median is the upper of the two in the middle. */
export function spread(numbers) {
  const sorted = ascending(numbers);
  return { min: sorted[0], median: sorted[sorted.length >> 1], max: sorted[sorted.length - 1] };
}

/** How many times `others` is `base`, round by round: the same round of each lies close in time. */
export function ratios(others, base) {
  return spread(others.map((other, i) => other / base[i]));
}
