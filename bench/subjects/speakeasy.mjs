// speakeasy 2. A Buffer is not in its documentation, but it is the form that costs it least. It stops
// at the first match.
import speakeasy from 'speakeasy';

/** What all its calls share. */
function optionsOf(form, { algorithm, timestamp }) {
  const encoding = form === 'text' ? 'base32' : 'ascii';
  return { encoding, algorithm: algorithm.toLowerCase(), time: timestamp / 1000 };
}
const load = (form) => (form === 'text' ? ({ text }) => text : ({ secret }) => Buffer.from(secret));

export const subject = {
  label: 'speakeasy',
  package: 'speakeasy',
  keeps: 'secret bytes',

  verifier(form, setting) {
    const { encoding, algorithm, time } = optionsOf(form, setting);
    const { window } = setting;
    return {
      load: load(form),
      accepts: (secret, token) =>
        speakeasy.totp.verify({ secret, token, encoding, algorithm, time, window }),
    };
  },

  generator(form, setting) {
    const { encoding, algorithm, time } = optionsOf(form, setting);
    return {
      load: load(form),
      code: (secret) => speakeasy.totp({ secret, encoding, algorithm, time }),
    };
  },

  tools: {
    buildUri: ({ issuer, account, text }) =>
      speakeasy.otpauthURL({ secret: text, encoding: 'base32', label: account, issuer }),
  },
};
