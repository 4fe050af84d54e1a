// otpauth 9: a TOTP object holds the secret's bytes, and HMAC is set up for every code. From text, its
// static call on a fresh Secret is the faster of its two ways. It stops at the first match.
import { Secret, TOTP, URI } from 'otpauth';

export const subject = {
  label: 'otpauth',
  package: 'otpauth',
  keeps: 'a TOTP object with the secret bytes',

  verifier(form, { algorithm, window, timestamp }) {
    return form === 'text'
      ? {
          load: ({ text }) => text,
          accepts(text, token) {
            const secret = Secret.fromBase32(text);
            return TOTP.validate({ token, secret, algorithm, window, timestamp }) !== null;
          },
        }
      : {
          load: ({ text }) => new TOTP({ secret: text, algorithm }),
          accepts: (totp, token) => totp.validate({ token, window, timestamp }) !== null,
        };
  },

  generator(form, { algorithm, timestamp }) {
    return form === 'text'
      ? {
          load: ({ text }) => text,
          code: (text) => TOTP.generate({ secret: Secret.fromBase32(text), algorithm, timestamp }),
        }
      : {
          load: ({ text }) => new TOTP({ secret: text, algorithm }),
          code: (totp) => totp.generate({ timestamp }),
        };
  },

  tools: {
    parseUri: (text) => URI.parse(text),
    secretOf: ({ secret }) => secret.base32,
    buildUri({ issuer, account, secret }) {
      const totp = new TOTP({
        issuer,
        label: account,
        secret: new Secret({ buffer: secret.buffer }),
      });
      return totp.toString();
    },
    encodeBase32: (bytes) => new Secret({ buffer: bytes.buffer }).base32,
    decodeBase32: (text) => Secret.fromBase32(text).bytes,
  },
};
