// notp 2: SHA-1 and bytes only. It reads the clock itself, and stops at the first match.
import notp from 'notp';

/** Why a cell is empty, or undefined. */
function lack(form, { algorithm, window }) {
  if (algorithm !== 'SHA1') return 'SHA-1 only';
  if (form === 'text') return 'no base32';
  return window === 0 ? 'takes window 0 for 50' : undefined;
}

const load = ({ secret }) => Buffer.from(secret);

export const subject = {
  label: 'notp',
  package: 'notp',
  keeps: 'secret bytes',
  readsClock: true,

  verifier(form, setting) {
    const { window } = setting;
    return (
      lack(form, setting) ?? {
        load,
        // It writes into its options, so they are new for each call.
        accepts: (secret, code) => notp.totp.verify(code, secret, { window }) !== null,
      }
    );
  },

  generator(form, { algorithm }) {
    return (
      lack(form, { algorithm, window: 1 }) ?? { load, code: (secret) => notp.totp.gen(secret, {}) }
    );
  },
};
