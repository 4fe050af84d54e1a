/** Writing an otpauth URI, in the spelling with the fewest differences between apps. */

import { lengthOf } from '../arguments/guards.js';
import { encodeSymbols } from '../base32/symbols.js';
import { DEFAULT_DIGITS } from '../code/digits.js';
import { DEFAULT_ALGORITHM } from '../key/algorithm.js';
import { DEFAULT_PERIOD_SECONDS } from '../step/clock.js';
import { type FlatFields, MAX_URI_BYTES } from './fields.js';
import { percentEncode } from './percent.js';

/**
 * The URI of checked fields, all ASCII. The issuer stands in the label and in a parameter, because
 * apps read one or the other; values at their default are left out, because apps agree on those
 * and a shorter text makes a coarser QR code.
 */
export function writeUri(fields: FlatFields): string {
  const { type, issuer, account, secret, algorithm, digits, period, counter, image } = fields;
  const prefix = issuer === undefined ? '' : `${percentEncode(issuer)}:`;
  // Of a longer secret this much is too long already, and refused by its length.
  const parameters = [`secret=${encodeSymbols(secret, Math.min(lengthOf(secret), MAX_URI_BYTES))}`];
  if (issuer !== undefined) parameters.push(`issuer=${percentEncode(issuer)}`);
  if (algorithm !== DEFAULT_ALGORITHM) parameters.push(`algorithm=${algorithm}`);
  if (digits !== DEFAULT_DIGITS) parameters.push(`digits=${digits}`);
  if ((period ?? DEFAULT_PERIOD_SECONDS) !== DEFAULT_PERIOD_SECONDS) {
    parameters.push(`period=${period}`);
  }
  if (counter !== undefined) parameters.push(`counter=${counter}`);
  if (image !== undefined) parameters.push(`image=${percentEncode(image)}`);
  return `otpauth://${type}/${prefix}${percentEncode(account)}?${parameters.join('&')}`;
}
