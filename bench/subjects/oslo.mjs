// @oslojs/otp 1: SHA-1 only, in JavaScript. Its window is a grace period in seconds; it reads the clock
// itself, and stops at the first match. Base32 is its sister package @oslojs/encoding.
import { decodeBase32, encodeBase32NoPadding } from '@oslojs/encoding';
import { createTOTPKeyURI, generateTOTP, verifyTOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';

const SHA1_ONLY = 'SHA-1 only';
const load = (form) => (form === 'text' ? ({ text }) => text : ({ secret }) => secret);

export const subject = {
  label: '@oslojs/otp',
  package: '@oslojs/otp',
  keeps: 'secret bytes',
  readsClock: true,

  verifier(form, { algorithm, window }) {
    if (algorithm !== 'SHA1') return SHA1_ONLY;
    const accepts =
      window === 0
        ? (secret, code) => verifyTOTP(secret, 30, 6, code)
        : (secret, code) => verifyTOTPWithGracePeriod(secret, 30, 6, code, 30 * window);
    return {
      load: load(form),
      accepts: form === 'text' ? (text, code) => accepts(decodeBase32(text), code) : accepts,
    };
  },

  generator(form, { algorithm }) {
    if (algorithm !== 'SHA1') return SHA1_ONLY;
    const code = (secret) => generateTOTP(secret, 30, 6);
    return {
      load: load(form),
      code: form === 'text' ? (text) => code(decodeBase32(text)) : code,
    };
  },

  tools: {
    buildUri: ({ issuer, account, secret }) => createTOTPKeyURI(issuer, account, secret, 30, 6),
    encodeBase32: encodeBase32NoPadding,
    decodeBase32,
  },
};
