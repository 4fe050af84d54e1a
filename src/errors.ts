/**
 * The error for text that came from outside the program: a stored secret, a scanned URI.
 *
 * A programmer's mistake is a `TypeError` or a `RangeError`; what a person typed at sign-in is a
 * result value and never an error. `OtpError` is the third channel: stored or scanned text that
 * cannot be read. It says what is wrong and where, and never repeats any of the text, because
 * that text is a secret or holds one.
 */

/** What is wrong with a stored or scanned text. Stable: programs may switch on it. */
export type OtpErrorCode =
  | 'invalid-character'
  | 'invalid-length'
  | 'invalid-padding'
  | 'trailing-bits'
  | 'empty-secret'
  | 'uri-too-long'
  | 'uri-scheme'
  | 'uri-type'
  | 'uri-encoding'
  | 'duplicate-parameter'
  | 'unsupported-parameter'
  | 'missing-secret'
  | 'invalid-secret'
  | 'unsupported-algorithm'
  | 'invalid-digits'
  | 'invalid-period'
  | 'invalid-counter'
  | 'missing-counter'
  | 'invalid-payload'
  | 'record-unreadable'
  | 'secret-unreadable'
  | 'store-conflict';

/**
 * Thrown by the base32 decoders, `createKey` (for text), `parseOtpauthUri` and the second factor.
 *
 * @example
 * ```ts
 * import { decodeBase32, OtpError } from 'otpcore';
 *
 * try {
 *   decodeBase32('MZXW6YT1');
 * } catch (error) {
 *   if (error instanceof OtpError) console.log(error.code, error.position); // → invalid-character 7
 * }
 * ```
 */
export class OtpError extends Error {
  override readonly name: string = 'OtpError';
  /** Which rule the text breaks. */
  readonly code: OtpErrorCode;
  /**
   * Where: an index into the given text, in UTF-16 code units as `String.prototype.at` counts. In a
   * URI, where the label or the value begins that cannot be read; the end, if something is missing.
   */
  readonly position: number;

  constructor(code: OtpErrorCode, position: number, message: string) {
    super(message);
    this.code = code;
    this.position = position;
  }
}
