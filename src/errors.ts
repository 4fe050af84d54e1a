/**
 * The error for text from outside the program: a stored secret, a scanned URI.
 *
 * A programmer's mistake is a `TypeError` or a `RangeError`. User input at sign-in gives a result and
 * never an error. `OtpError` is the third channel, for unreadable stored or scanned text. It names
 * the fault and its position. It never repeats any of the text, because the text holds a secret.
 */

/** The fault of a stored or scanned text. Stable: programs may switch on it. */
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
  /** The rule broken by the text. */
  readonly code: OtpErrorCode;
  /**
   * The fault's index in the text, in UTF-16 code units as `String.prototype.at` counts. In a URI, it
   * is the start of the unreadable label or value. If a part is missing, it is the end of the text.
   */
  readonly position: number;

  constructor(code: OtpErrorCode, position: number, message: string) {
    super(message);
    this.code = code;
    this.position = position;
  }
}
