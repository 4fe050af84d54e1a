// Base32 decode cases, picked by hand; the alphabet is that of RFC 4648, section 6. `strict` and
// `lenient` are the bytes in hex, or null where the decoder rejects. They were computed with
// Python's base64 module.
//
// strict: upper case only; padding absent or exact; a length whole bytes can have; loose bits 0.
// lenient: either case; white space and dashes of any kind ignored anywhere; any '=' tail, in which they
// may stand but no character of the alphabet; any length, the bits that make no whole byte dropped.
import cases from './base32.json' with { type: 'json' };

export interface Base32Case {
  readonly id: string;
  readonly input: string;
  readonly strict: string | null;
  readonly lenient: string | null;
  readonly why: string;
}

export const base32Cases: readonly Base32Case[] = cases;
