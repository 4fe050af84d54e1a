// Digests of the FIPS 180 example messages, each under SHA-1, SHA-256 and SHA-512: the worked
// examples of FIPS 180-2, Appendices A to C (FIPS 180-4 refers to NIST's web pages for them). Where
// `source` is 'computed' the appendices have no such pair, and node:crypto gave the digest.

export interface DigestCase {
  readonly source: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  /** The message is this ASCII text, `repeat` times over. */
  readonly unit: string;
  readonly repeat: number;
  readonly digestHex: string;
}

const message448 = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';
const message896 = 'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu';

export const fips180: readonly DigestCase[] = [
  { source: 'computed', algorithm: 'SHA1', unit: '', repeat: 1, digestHex: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' },
  { source: 'FIPS 180-2, Appendix A.1', algorithm: 'SHA1', unit: 'abc', repeat: 1, digestHex: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
  { source: 'FIPS 180-2, Appendix A.2', algorithm: 'SHA1', unit: message448, repeat: 1, digestHex: '84983e441c3bd26ebaae4aa1f95129e5e54670f1' },
  { source: 'computed', algorithm: 'SHA1', unit: message896, repeat: 1, digestHex: 'a49b2446a02c645bf419f995b67091253a04a259' },
  { source: 'FIPS 180-2, Appendix A.3', algorithm: 'SHA1', unit: 'a', repeat: 1000000, digestHex: '34aa973cd4c4daa4f61eeb2bdbad27316534016f' },
  { source: 'computed', algorithm: 'SHA256', unit: '', repeat: 1, digestHex: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  { source: 'FIPS 180-2, Appendix B.1', algorithm: 'SHA256', unit: 'abc', repeat: 1, digestHex: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  { source: 'FIPS 180-2, Appendix B.2', algorithm: 'SHA256', unit: message448, repeat: 1, digestHex: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1' },
  { source: 'computed', algorithm: 'SHA256', unit: message896, repeat: 1, digestHex: 'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1' },
  { source: 'FIPS 180-2, Appendix B.3', algorithm: 'SHA256', unit: 'a', repeat: 1000000, digestHex: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0' },
  { source: 'computed', algorithm: 'SHA512', unit: '', repeat: 1, digestHex: 'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e' },
  { source: 'FIPS 180-2, Appendix C.1', algorithm: 'SHA512', unit: 'abc', repeat: 1, digestHex: 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f' },
  { source: 'computed', algorithm: 'SHA512', unit: message448, repeat: 1, digestHex: '204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445' },
  { source: 'FIPS 180-2, Appendix C.2', algorithm: 'SHA512', unit: message896, repeat: 1, digestHex: '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909' },
  { source: 'FIPS 180-2, Appendix C.3', algorithm: 'SHA512', unit: 'a', repeat: 1000000, digestHex: 'e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b' },
];
