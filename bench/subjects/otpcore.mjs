// otpcore itself. A key is kept as the two midstates of HMAC.
import {
  buildOtpauthUri,
  createKey,
  decodeBase32,
  decodeBase32Lenient,
  encodeBase32,
  generateTotp,
  parseOtpauthUri,
  resyncTotp,
  verifyTotp,
  verifyTotpBatch,
} from './library.mjs';

const isValid = (result) => result.valid;

/** Whether an item of a batch may have `secret` in place of `key`. */
const takesSecrets = (() => {
  const item = { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', code: '287082' };
  try {
    return verifyTotpBatch([item], { timestamp: 59_000 }).every(isValid);
  } catch {
    return false;
  }
})();

export const subject = {
  label: 'otpcore',
  keeps: 'HMAC midstates',

  verifier(form, { algorithm, window, timestamp }) {
    const keyOptions = { algorithm };
    const options = { timestamp, window };
    return form === 'text'
      ? {
          load: ({ text }) => text,
          accepts: (text, code) => verifyTotp(createKey(text, keyOptions), code, options).valid,
        }
      : {
          load: ({ secret }) => createKey(secret, keyOptions),
          accepts: (key, code) => verifyTotp(key, code, options).valid,
        };
  },

  /** The array of items is made anew each time, as from a queue of requests. */
  batcher(form, { algorithm, window, timestamp }) {
    const keyOptions = { algorithm };
    const options = { timestamp, window };
    const isSecret = takesSecrets && algorithm === 'SHA1';
    const fromText = isSecret
      ? (secret, code) => ({ secret, code })
      : (text, code) => ({ key: createKey(text, keyOptions), code });
    const itemOf = form === 'text' ? fromText : (key, code) => ({ key, code });
    return {
      load: ({ secret, text }) => (form === 'text' ? text : createKey(secret, keyOptions)),
      countAccepted(loaded, codes) {
        const items = loaded.map((key, i) => itemOf(key, codes[i]));
        return verifyTotpBatch(items, options).filter(isValid).length;
      },
    };
  },

  generator(form, { algorithm, timestamp }) {
    const keyOptions = { algorithm };
    const options = { timestamp };
    return form === 'text'
      ? {
          load: ({ text }) => text,
          code: (text) => generateTotp(createKey(text, keyOptions), options),
        }
      : {
          load: ({ secret }) => createKey(secret, keyOptions),
          code: (key) => generateTotp(key, options),
        };
  },

  resyncer({ algorithm, timestamp, range }) {
    const options = { timestamp, range };
    return {
      load: ({ secret }) => createKey(secret, { algorithm }),
      finds: (key, codes) => resyncTotp(key, codes, options).valid,
    };
  },

  tools: {
    parseUri: parseOtpauthUri,
    secretOf: ({ secret }) => encodeBase32(secret),
    buildUri: ({ issuer, account, secret }) => buildOtpauthUri({ issuer, account, secret }),
    encodeBase32,
    decodeBase32,
    decodeBase32Lenient,
  },
};
