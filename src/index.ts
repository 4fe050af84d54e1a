/** All of otpcore, by name. Each file named here is also a subpath, such as `otpcore/totp`. */
export { type Bytes, decodeBase32, decodeBase32Lenient, encodeBase32 } from './base32.js';
export { normalizeCode } from './code.js';
export { OtpError, type OtpErrorCode } from './errors.js';
export {
  type GenerateHotpOptions,
  generateHotp,
  type HotpResult,
  type ResyncHotpOptions,
  resyncHotp,
  truncatedHmac,
  type VerifyHotpOptions,
  verifyHotp,
} from './hotp.js';
export {
  type Algorithm,
  type CreateKeyOptions,
  createKey,
  createSha1Key,
  type OtpKey,
} from './key.js';
export {
  type BuildHotpUriOptions,
  type BuildOtpauthUriOptions,
  type BuildTotpUriOptions,
  buildOtpauthUri,
  type HotpFields,
  lintOtpauthUri,
  type OtpauthFields,
  type OtpauthLint,
  type OtpauthLintCode,
  parseOtpauthUri,
  type TotpFields,
} from './otpauth-uri.js';
export { generateSecret } from './secret.js';
export {
  checkStore,
  type HotpOnceResult,
  type ResyncHotpOnceOptions,
  type ResyncTotpOnceOptions,
  resyncHotpOnce,
  resyncTotpOnce,
  type SingleUseStore,
  type VerifyHotpOnceOptions,
  type VerifyTotpOnceOptions,
  verifyHotpOnce,
  verifyTotpOnce,
} from './single-use.js';
export { secondsRemaining, type TimeOptions, timeStep, type WindowSides } from './step.js';
export { type MemoryStoreOptions, memoryStore } from './stores/memory.js';
export {
  type GenerateTotpOptions,
  generateTotp,
  type KeyBatchItem,
  type ResyncTotpOptions,
  type ResyncTotpResult,
  resyncTotp,
  type SecretBatchItem,
  type TotpBatchItem,
  type TotpResult,
  type UserOptions,
  type VerifyTotpBatchOptions,
  type VerifyTotpOptions,
  verifyTotp,
  verifyTotpBatch,
  type WindowOptions,
} from './totp.js';
