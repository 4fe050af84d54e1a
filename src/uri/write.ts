/** Writing an otpauth URI in the one spelling that every known app reads alike. */
import { encodeBase32 } from '../base32.js';
import { DEFAULT_ALGORITHM } from '../internal/algorithm.js';
import { DEFAULT_DIGITS } from '../internal/decimal.js';
import { percentEncode } from '../internal/percent.js';
import { DEFAULT_PERIOD_SECONDS } from '../internal/steps.js';
import type { OtpauthUri } from './fields.js';

/**
 * The URI of checked fields, all ASCII. The issuer stands in the label and in a parameter, because
 * apps read one or the other; values at their default are left out, because apps agree on those
 * and a shorter text makes a coarser QR code.
 */
export function writeUri(uri: OtpauthUri): string {
  const { type, issuer, account, algorithm, digits, image } = uri;
  const label =
    issuer === undefined
      ? percentEncode(account)
      : `${percentEncode(issuer)}:${percentEncode(account)}`;
  const parameters = [`secret=${encodeBase32(uri.secret)}`];
  if (issuer !== undefined) parameters.push(`issuer=${percentEncode(issuer)}`);
  if (algorithm !== DEFAULT_ALGORITHM) parameters.push(`algorithm=${algorithm}`);
  if (digits !== DEFAULT_DIGITS) parameters.push(`digits=${digits}`);
  if (uri.type === 'hotp') parameters.push(`counter=${uri.counter}`);
  else if (uri.period !== DEFAULT_PERIOD_SECONDS) parameters.push(`period=${uri.period}`);
  if (image !== undefined) parameters.push(`image=${percentEncode(image)}`);
  return `otpauth://${type}/${label}?${parameters.join('&')}`;
}
