// @better-auth/utils: SHA-1 only, by the platform's Web Crypto, so every call is awaited, one after the
// other. It reads the clock itself, and compares all candidates.
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';

const SHA1_ONLY = 'SHA-1 only';

export const subject = {
  label: '@better-auth/utils',
  package: '@better-auth/utils',
  keeps: 'secret bytes',
  readsClock: true,
  isAsync: true,

  verifier(form, { algorithm, window }) {
    if (algorithm !== 'SHA1') return SHA1_ONLY;
    const options = { window };
    return form === 'text'
      ? {
          load: ({ text }) => text,
          accepts: (text, code) => createOTP(base32.decode(text)).verify(code, options),
        }
      : {
          load: ({ secret }) => createOTP(secret),
          accepts: (otp, code) => otp.verify(code, options),
        };
  },

  generator(form, { algorithm }) {
    if (algorithm !== 'SHA1') return SHA1_ONLY;
    return form === 'text'
      ? { load: ({ text }) => text, code: (text) => createOTP(base32.decode(text)).totp() }
      : { load: ({ secret }) => createOTP(secret), code: (otp) => otp.totp() };
  },

  tools: {
    buildUri: ({ issuer, account, secret }) => createOTP(secret).url(issuer, account),
    encodeBase32: (bytes) => base32.encode(bytes, { padding: false }),
    decodeBase32: (text) => base32.decode(text),
  },
};
