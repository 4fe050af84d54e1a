// Verification facts from the test suites of other OTP libraries, retyped; each was recomputed with
// node:crypto. `source` names the library. The algorithm is RFC 4226, section 5.3, and RFC 6238,
// section 4.
//
// The centre is floor(timeSeconds / period) for 'totp' and `counter` for 'hotp-window'. A code is
// valid if it is exactly that of one of the steps centre - past to centre + future, of which those
// below 0 do not exist. `delta` is the matched step less the centre; null where no step matched, or
// where the source names none and it lies within ten steps. Windows reach 100, as the sources have them. The one full-width code is
// invalid here, though pyotp, whose test it is, folds it to ASCII and accepts it. Of identical
// cases one is kept.

export interface LiftedVerifyCase {
  readonly source: string;
  readonly kind: 'totp' | 'hotp-window';
  readonly secretHex: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  /** Seconds; null for 'hotp-window'. */
  readonly period: number | null;
  /** Null for 'hotp-window'. */
  readonly timeSeconds: number | null;
  /** Null for 'totp'. */
  readonly counter: number | null;
  readonly code: string;
  readonly past: number;
  readonly future: number;
  readonly valid: boolean;
  readonly delta: number | null;
}

const otpauthSecret0 = 'f3ad8ba2df81307df185b88577e68180e68b8657e99eabf192a6ade69cadc686e992aaeb90baddbbd983e3b79039f0b1b7802cf3969f9ff28db882c490e8acb4f0b69495e18b984ed4b5f29db7b4f180b594d3bc';
const otpauthSecret1 = '26cebe2c76e2b2bde6bd8bed97a5f09f9495d8a12de1a3a4f2be9596c880f2a9b39231c693f3b1a599f0be82ab26c294e8af91f1b8aa94e4a087f092b7b96244d7b5deb5d1abeabbb1c6b6e7b9b0';
const otpauthSecret2 = 'f3a9ab85ed8cb331dd92e7aaa4f2a298b5ec84a979e8adacf1bc8bafe38b8fefbfbde9a9a9ddace2938cc2bde39583f487b882ecb097f3bcb491f19f8486d2aff09c9097f09f9a9f42f0949ca8f1b499a7d9bce991b2f3b883a8eb96baf28b8389';
const otpauthSecret3 = '747cee869ac887e7bc89f383a5aadd95e99fad2cf2a5b68fefbfbdccba76cbb1e4a5bae2afb6e8afabe7b083f1bbbc892d2dd798e5978ef186ad80f387a5bbe38fb7e8898e20f3a99788d5a7f3a39c9be297a3';
const otpauthSecret4 = 'c8bc71e4b581cfa9d98ef0abbcbef1a9adb0c6a7f1b491b9e2b6bbd585d6a9ee888be0a492c880d695e3bda3e7b189d78dc6aacf9be6abba21f283acbc36c9bbeb80b961c586f0aba5a5deb532';
const otpauthSecret5 = '26daad5fe5b4b6e6a7a17cf3b28fb0d8acd18c75f0bab888f1ab85a5e887aee7938b5eeb9c9d33f2b68fb0f1afb3aa2bd4acf189b98ff0b2bb9bf092b094ef88a2db86f189a283e287b7e397ad38e58695f2a4988a';
const otpauthSecret6 = 'f3b78c92dab5f2a98c9fd896c5a6c493efbe9f5be380abe68d90f483858fecb7ab44e4aa9f55cbb5f1858892f0a59885e0a1a2e8b8acf483b8b550f3a8a491e89ba9e1a59252ecbfacceb5efbfbdf0a782bb256a';
const otpauthSecret7 = 'f09d8c83e5888ac4b3d886f38784a64ee9ae8beb8783c7bcca9063e6a98deab3b42a52e98baced8590ce96dc97f3b991a0f0ac81a6e8bba866c6b7daa8e69bb072c48df195ada9e6ad90f2ba97b0eca388';
const otpauthSecret8 = '7cebb3a66bf2b1bb84e7988b41ea83a1f38ca9a52df199bf99efbfbdc3955fe3b399ed8c89e3bc89d987ef9f9c67d7b423efbfbde1b6aff3b582acf189ad94e399bfe3b594d48bdebaefbfbdf19f859df2b2a596';
const otpauthSecret9 = '7dd9bfe98dace18484e1aea1dda5f3a4afa0d299d6a2562ec7a0f1938d8ec2905bf29282a8f29a94b653f0bb8cbbe592a5d6b623f3aca5bc73f0958780f182a7a7eaa3b8323f4bf1b7b1be47';
const otpauthSecret10 = 'e1a486c7ad43d48edfbbcd82d790cb85c2812367c59fe5a1adc89a2dc39c5d7bd88ae4a5b178ed9299f0958cafd2b3d491e8a29ed0a56cc5b131eeac97cf83';
const otpauthSecret11 = 'c398f3bfbb8cdfb9f2b5a5b6f09ca692f3b285b1efb58365e58098f38c939e4ee6aaa92843d59f52e58ea2cdb8e397aeccbac49bc586d2b1f0b4b59bd282e894aff18a81a2ecb4a7ee8c9b36e594a538';
const otpauthSecret12 = 'c3aef0b891bcf1a183a8eeab8ddb8ff48a8a99cea0dbb1c598c89546e4b5a4f097aa87e88b93da9cc89422e5809ef2b7bc9fcdbfd9a0dc99f19cbbb66ff091ab9cf29b80a4ca857648314cc58b';
const rfcSecret = '3132333435363738393031323334353637383930';
const pyotpSecret0 = 'b45bb7c2fda42f0ab611';
const pyotpSecret1 = '00443214c7';
const rotpSecret0 = '48656c6c6f21deadbeef';
const rotpSecret1 = '0000000000000000000000000000000000000000';
const otphpSecret = '48c6ae53c6d852b267f8';
const androidSecret = 'ffffffffffffffffffff';
const libpamSecret = 'd48fbaecc3b7f2d61b04';
const djangoSecret = '2a2bbba1092ffdd25a328ad1a0a5f5d61d7aacc4';
const speakeasySecret = '724e4f4e48526e693642416b37793254694b7276';
const oslojsSecret = '63078706e4891b0785ba42bd23acdd09e4693363befa25a41346ee0bdab0724ca08f8d26630eb56ca3fdce6cc00ef8656d1febc7359287163d113420007a181c';

export const liftedVerify: readonly LiftedVerifyCase[] = [
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret0, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '147664', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret0, algorithm: 'SHA1', digits: 6, period: 5, timeSeconds: 1451606395, counter: null, code: '757316', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret1, algorithm: 'SHA256', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '789391', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret1, algorithm: 'SHA256', digits: 6, period: 10, timeSeconds: 1451606410, counter: null, code: '043840', past: 1, future: 1, valid: true, delta: -1 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret2, algorithm: 'SHA512', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '363952', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret2, algorithm: 'SHA512', digits: 6, period: 15, timeSeconds: 1451606385, counter: null, code: '665593', past: 0, future: 0, valid: false, delta: null },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret3, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 0, code: '361593', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret3, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '329537', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret4, algorithm: 'SHA1', digits: 7, period: null, timeSeconds: null, counter: 0, code: '8319983', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret4, algorithm: 'SHA1', digits: 7, period: 30, timeSeconds: 0, counter: null, code: '0565981', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret5, algorithm: 'SHA1', digits: 8, period: null, timeSeconds: null, counter: 0, code: '94726517', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret5, algorithm: 'SHA1', digits: 8, period: 30, timeSeconds: 0, counter: null, code: '29100432', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret6, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 10000000001, code: '606594', past: 1, future: 1, valid: true, delta: -1 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret6, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1451603700, counter: null, code: '724410', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret7, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 9999999999, code: '290910', past: 0, future: 0, valid: false, delta: null },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret7, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1451603700, counter: null, code: '003038', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret8, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 10000000000, code: '851410', past: 1, future: 1, valid: true, delta: 0 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret8, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1451603700, counter: null, code: '218265', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret9, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 10000000002, code: '591041', past: 1, future: 1, valid: false, delta: null },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret9, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1451606400, counter: null, code: '514422', past: 1, future: 1, valid: true, delta: 0 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret10, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '717279', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret10, algorithm: 'SHA1', digits: 6, period: 5, timeSeconds: 1451606395, counter: null, code: '245126', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret11, algorithm: 'SHA256', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '247580', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret11, algorithm: 'SHA256', digits: 6, period: 5, timeSeconds: 1451606395, counter: null, code: '723212', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'otpauth', kind: 'hotp-window', secretHex: otpauthSecret12, algorithm: 'SHA512', digits: 6, period: null, timeSeconds: null, counter: 9999999910, code: '319863', past: 100, future: 100, valid: true, delta: 90 },
  { source: 'otpauth', kind: 'totp', secretHex: otpauthSecret12, algorithm: 'SHA512', digits: 6, period: 5, timeSeconds: 1451606395, counter: null, code: '912745', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'pyotp', kind: 'hotp-window', secretHex: rfcSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 9, code: '520489', past: 0, future: 0, valid: true, delta: 0 },
  { source: 'pyotp', kind: 'hotp-window', secretHex: rfcSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 10, code: '520489', past: 0, future: 0, valid: false, delta: null },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret0, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1297553958, counter: null, code: '102705', past: 0, future: 0, valid: true, delta: 0 },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret0, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1297553988, counter: null, code: '102705', past: 0, future: 0, valid: false, delta: null },
  { source: 'pyotp', kind: 'totp', secretHex: rfcSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1111111111, counter: null, code: '050471', past: 0, future: 0, valid: true, delta: 0 },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret1, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 200, counter: null, code: '451564', past: 1, future: 1, valid: true, delta: -1 },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret1, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 200, counter: null, code: '028307', past: 1, future: 1, valid: true, delta: 0 },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret1, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 200, counter: null, code: '681610', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret1, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 200, counter: null, code: '195979', past: 1, future: 1, valid: false, delta: null },
  { source: 'pyotp', kind: 'totp', secretHex: pyotpSecret1, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 200, counter: null, code: '\uff10\uff12\uff18\uff13\uff10\uff17', past: 0, future: 0, valid: false, delta: null },
  { source: 'rotp', kind: 'totp', secretHex: rotpSecret0, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1474621200, counter: null, code: '82630', past: 0, future: 0, valid: false, delta: null },
  { source: 'rotp', kind: 'totp', secretHex: rotpSecret0, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1474621200, counter: null, code: '082630', past: 0, future: 0, valid: true, delta: 0 },
  { source: 'rotp', kind: 'hotp-window', secretHex: rotpSecret1, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1223, code: '161024', past: 0, future: 10, valid: false, delta: null },
  { source: 'rotp', kind: 'hotp-window', secretHex: rotpSecret1, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1224, code: '161024', past: 0, future: 10, valid: true, delta: 10 },
  { source: 'rotp', kind: 'hotp-window', secretHex: rotpSecret1, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1224, code: '161024', past: 0, future: 11, valid: true, delta: 10 },
  { source: 'rotp', kind: 'hotp-window', secretHex: rotpSecret1, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1235, code: '161024', past: 0, future: 3, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '0', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '00', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '000', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '0000', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 0, counter: null, code: '00000', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1301012137, counter: null, code: '139664', past: 0, future: 0, valid: true, delta: 0 },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1301012107, counter: null, code: '139664', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1301012167, counter: null, code: '139664', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'totp', secretHex: otphpSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 1301012197, counter: null, code: '139664', past: 0, future: 0, valid: false, delta: null },
  { source: 'otphp', kind: 'hotp-window', secretHex: otphpSecret, algorithm: 'SHA1', digits: 8, period: null, timeSeconds: null, counter: 1000, code: '59647237', past: 0, future: 50, valid: true, delta: 50 },
  { source: 'otphp', kind: 'hotp-window', secretHex: otphpSecret, algorithm: 'SHA1', digits: 8, period: null, timeSeconds: null, counter: 100, code: '98449994', past: 0, future: 0, valid: false, delta: null },
  { source: 'pquerna', kind: 'totp', secretHex: rfcSecret, algorithm: 'SHA1', digits: 8, period: 30, timeSeconds: 29, counter: null, code: '94287082', past: 1, future: 1, valid: true, delta: 1 },
  { source: 'pquerna', kind: 'totp', secretHex: rfcSecret, algorithm: 'SHA1', digits: 8, period: 30, timeSeconds: 59, counter: null, code: '94287082', past: 1, future: 1, valid: true, delta: 0 },
  { source: 'pquerna', kind: 'totp', secretHex: rfcSecret, algorithm: 'SHA1', digits: 8, period: 30, timeSeconds: 61, counter: null, code: '94287082', past: 1, future: 1, valid: true, delta: -1 },
  { source: 'pquerna', kind: 'hotp-window', secretHex: rfcSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 11, code: 'foo', past: 0, future: 0, valid: false, delta: null },
  { source: 'pquerna', kind: 'hotp-window', secretHex: rfcSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 11, code: '000000', past: 0, future: 0, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '607007', past: 1, future: 1, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '972746', past: 1, future: 1, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '083501', past: 1, future: 1, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '628381', past: 1, future: 1, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '706552', past: 2, future: 2, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '628381', past: 2, future: 2, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '342936', past: 2, future: 2, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '706552', past: 2, future: 1, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '628381', past: 2, future: 1, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '972746', past: 0, future: 0, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '083501', past: 0, future: 0, valid: false, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '607007', past: 0, future: 0, valid: true, delta: null },
  { source: 'google-authenticator-android', kind: 'hotp-window', secretHex: androidSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1234, code: '000000', past: 2, future: 2, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 299940, counter: null, code: '050548', past: 1, future: 1, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 299970, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300030, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300060, counter: null, code: '050548', past: 1, future: 1, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 299880, counter: null, code: '050548', past: 2, future: 3, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 299910, counter: null, code: '050548', past: 2, future: 3, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300060, counter: null, code: '050548', past: 2, future: 3, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300090, counter: null, code: '050548', past: 2, future: 3, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '050548', past: 2, future: 3, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '50548', past: 0, future: 0, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '0050548', past: 0, future: 0, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '00050548', past: 0, future: 0, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 30, timeSeconds: 300000, counter: null, code: '', past: 0, future: 0, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 60, timeSeconds: 599880, counter: null, code: '050548', past: 1, future: 1, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 60, timeSeconds: 599940, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 60, timeSeconds: 600060, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 60, timeSeconds: 600120, counter: null, code: '050548', past: 1, future: 1, valid: false, delta: null },
  { source: 'libpam', kind: 'totp', secretHex: libpamSecret, algorithm: 'SHA1', digits: 6, period: 60, timeSeconds: 600000, counter: null, code: '050548', past: 1, future: 1, valid: true, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '179225', past: 1, future: 1, valid: false, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '656163', past: 1, future: 1, valid: false, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '839400', past: 1, future: 1, valid: true, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '154567', past: 1, future: 1, valid: true, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '346912', past: 1, future: 1, valid: true, delta: null },
  { source: 'django-otp', kind: 'hotp-window', secretHex: djangoSecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '471576', past: 1, future: 1, valid: false, delta: null },
  { source: 'speakeasy', kind: 'hotp-window', secretHex: speakeasySecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1, code: '663640', past: 2, future: 2, valid: true, delta: 2 },
  { source: 'speakeasy', kind: 'hotp-window', secretHex: speakeasySecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 1, code: '663640', past: 1, future: 1, valid: false, delta: null },
  { source: 'speakeasy', kind: 'hotp-window', secretHex: speakeasySecret, algorithm: 'SHA1', digits: 6, period: null, timeSeconds: null, counter: 3, code: '314097', past: 2, future: 2, valid: true, delta: -2 },
  { source: '@oslojs/otp', kind: 'hotp-window', secretHex: oslojsSecret, algorithm: 'SHA1', digits: 8, period: null, timeSeconds: null, counter: 0, code: '173573', past: 0, future: 0, valid: false, delta: null },
];
