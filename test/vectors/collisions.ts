// Pairs of neighbouring steps that share a 6-digit SHA-1 code under RFC 6238's 20-byte key, ASCII
// 12345678901234567890 (RFC 6238, Appendix B). Found by search and checked with node:crypto; no RFC
// lists them. The first two pairs are one step apart, the other three are two apart.

export interface CodeCollision {
  readonly lower: number;
  readonly higher: number;
  readonly code: string;
}

export const collisions: readonly CodeCollision[] = [
  { lower: 50424280, higher: 50424281, code: '070562' },
  { lower: 910737, higher: 910738, code: '911617' },
  { lower: 153567, higher: 153569, code: '468457' },
  { lower: 679858, higher: 679860, code: '038755' },
  { lower: 863070, higher: 863072, code: '241341' },
];
