/**
 * Any code point of Unicode but halves of surrogate pairs, as a unit of texts. As fast-check's own
 * `binary`, which first lists all of them: a second in every process that uses it.
 */
import fc from 'fast-check';

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;

function upTo(last: number): fc.Arbitrary<string> {
  return fc
    .nat(last - SURROGATES)
    .map((place) => String.fromCodePoint(place < FIRST_SURROGATE ? place : place + SURROGATES));
}

export const anyCharacter: fc.Arbitrary<string> = fc.oneof(
  fc.nat(0x7f).map((place) => String.fromCodePoint(place)),
  upTo(0xffff),
  upTo(0x10ffff),
);
