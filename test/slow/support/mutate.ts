/** New texts from old ones: cut, doubled, joined, overwritten with what is worth trying. */
import type { Random } from './random.js';

/** Longer ones cost time and show nothing that a length of their own kind does not show. */
const MAX_LENGTH = 400;

/** A text made of one or two of `corpus` by one to four edits, mostly one. */
export function mutate(corpus: readonly string[], bits: readonly string[], random: Random): string {
  let text = random.pick(corpus);
  do {
    text = edit(text, corpus, bits, random);
  } while (random.below(3) === 0);
  return text.length > MAX_LENGTH && random.below(64) > 0 ? text.slice(0, MAX_LENGTH) : text;
}

function edit(
  text: string,
  corpus: readonly string[],
  bits: readonly string[],
  random: Random,
): string {
  const at = random.below(text.length + 1);
  const end = at + random.below(9);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at);
    case 2:
      return text.slice(0, at) + random.pick(bits) + text.slice(at);
    case 3:
      return text.slice(0, at) + random.pick(bits) + text.slice(end);
    case 4:
      return text.slice(0, end) + text.slice(at);
    case 5:
      return text.slice(0, at) + random.pick(corpus).slice(at);
    case 6:
      return text.slice(0, at) + String.fromCharCode(random.below(0x80)) + text.slice(at + 1);
    case 7:
      return text.slice(0, at) + String.fromCharCode(random.below(0x10000)) + text.slice(at + 1);
    default:
      return text.slice(0, at) + flipCase(text.slice(at, end)) + text.slice(end);
  }
}

function flipCase(text: string): string {
  const upper = text.toUpperCase();
  return upper === text ? text.toLowerCase() : upper;
}
