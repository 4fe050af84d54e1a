// otplib 12, the release before the rewrite and still the most used: `totp` over a secret in hex,
// `authenticator` over base32 text. It stops at the first match.
import otplib from 'otplib-12';

const { authenticator, totp } = otplib;
const load = (form) =>
  form === 'text' ? ({ text }) => text : ({ secret }) => Buffer.from(secret).toString('hex');

/** A configured copy, kept: both read their options again at every call. */
function configured(form, { algorithm: upper, window, timestamp: epoch }) {
  const algorithm = upper.toLowerCase();
  return form === 'text'
    ? authenticator.clone({ algorithm, window, epoch })
    : totp.clone({ algorithm, window, epoch, encoding: 'hex' });
}

export const subject = {
  label: 'otplib 12',
  package: 'otplib-12',
  keeps: 'secret as hex text',

  verifier(form, setting) {
    const otp = configured(form, setting);
    return { load: load(form), accepts: (secret, token) => otp.verify({ token, secret }) };
  },

  generator(form, setting) {
    const otp = configured(form, setting);
    return { load: load(form), code: (secret) => otp.generate(secret) };
  },

  tools: {
    buildUri: ({ issuer, account, text }) => authenticator.keyuri(account, issuer, text),
  },
};
