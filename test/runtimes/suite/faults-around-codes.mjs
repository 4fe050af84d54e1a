// Planted faults in what is around codes: texts, URIs, claims, errors and new secrets; see faults.mjs.

const REUSED = { valid: false, reason: 'reused' };

export const FAULTS_AROUND_CODES = {
  base32: {
    'base32 with padding': (library) => ({
      ...library,
      encodeBase32: (bytes) => {
        const text = library.encodeBase32(bytes);
        return text + '='.repeat((8 - (text.length % 8)) % 8);
      },
    }),

    'zero read as the letter O': (library) => ({
      ...library,
      decodeBase32Lenient: (text) =>
        library.decodeBase32Lenient(typeof text === 'string' ? text.replace(/0/g, 'O') : text),
    }),

    'letters outside ASCII folded': (library) => ({
      ...library,
      decodeBase32Lenient: (text) =>
        library.decodeBase32Lenient(typeof text === 'string' ? text.toUpperCase() : text),
    }),

    'strict base32 that is lenient': (library) => ({
      ...library,
      decodeBase32: library.decodeBase32Lenient,
    }),

    'a caller’s secret wiped': (library) => ({
      ...library,
      createKey: (secret, options) => {
        const key = library.createKey(secret, options);
        // The suite's own secret stays whole, for the libraries that come after this one.
        if (secret instanceof Uint8Array && secret.length < 16) secret.fill(0);
        return key;
      },
    }),
  },

  uris: {
    'a position that is off by one': (library) => ({
      ...library,
      parseOtpauthUri: (text) => {
        try {
          return library.parseOtpauthUri(text);
        } catch (error) {
          if (!(error instanceof library.OtpError)) throw error;
          throw new library.OtpError(error.code, error.position + 1, error.message);
        }
      },
    }),

    'the runtime’s own error for a broken escape': (library) => ({
      ...library,
      parseOtpauthUri: (text) => {
        if (typeof text === 'string' && text.length < 9000) decodeURIComponent(text);
        return library.parseOtpauthUri(text);
      },
    }),

    'a plus that stays a plus': (library) => ({
      ...library,
      parseOtpauthUri: (text) =>
        library.parseOtpauthUri(typeof text === 'string' ? text.replace(/\+/g, '%2B') : text),
    }),

    'an unknown algorithm taken for SHA-1': (library) => ({
      ...library,
      parseOtpauthUri: (text) =>
        library.parseOtpauthUri(
          typeof text === 'string'
            ? text.replace(/algorithm=(?:MD5|SHA224)/i, 'algorithm=SHA1')
            : text,
        ),
    }),

    'a space written as a plus': (library) => ({
      ...library,
      buildOtpauthUri: (params) => library.buildOtpauthUri(params).replace(/%20/g, '+'),
    }),

    'a linter that is silent': (library) => ({ ...library, lintOtpauthUri: () => [] }),
  },

  singleUse: {
    'a claim that nobody keeps': (library) => ({
      ...library,
      verifyTotpOnce: async (key, code, options) => library.verifyTotp(key, code, options),
    }),

    'a gap between looking and claiming': (library) => ({
      ...library,
      memoryStore: () => {
        const steps = new Map();
        return {
          async claim(id, step) {
            const last = steps.get(id) ?? -1;
            await undefined;
            if (step <= last) return false;
            steps.set(id, step);
            return true;
          },
        };
      },
    }),

    'a store that grants the same step again': (library) => ({
      ...library,
      memoryStore: (options) => {
        const store = library.memoryStore(options);
        return { claim: (id, step) => store.claim(id, step) || (step === 0 && id !== 'hotp:d') };
      },
    }),

    'a store that folds case': (library) => ({
      ...library,
      memoryStore: (options) => {
        const store = library.memoryStore(options);
        const fold = (id) => (typeof id === 'string' ? id.toLowerCase() : id);
        return { claim: (id, step) => store.claim(fold(id), step) };
      },
    }),

    'a failing store taken for a grant': (library) => ({
      ...library,
      verifyTotpOnce: (key, code, options) =>
        library
          .verifyTotpOnce(key, code, options)
          .catch(() => library.verifyTotp(key, code, { timestamp: options.timestamp })),
    }),

    'one id for TOTP and HOTP': (library) => ({
      ...library,
      verifyHotpOnce: async (key, code, options) => {
        const result = library.verifyHotp(key, code, options);
        if (!result.valid) return result;
        return (await options.store.claim(options.id, result.counter)) ? result : REUSED;
      },
    }),
  },

  errors: {
    'an error that repeats the URI': (library) => ({
      ...library,
      parseOtpauthUri: (text) => {
        try {
          return library.parseOtpauthUri(text);
        } catch (error) {
          if (!(error instanceof library.OtpError)) throw error;
          throw new library.OtpError(
            error.code,
            error.position,
            `cannot read ${text.slice(0, 99)}`,
          );
        }
      },
    }),

    'a key that shows its secret': (library) => ({
      ...library,
      createKey: (secret, options) => Object.assign(library.createKey(secret, options), { secret }),
    }),

    'options from the prototype of all objects': (library) => ({
      ...library,
      generateTotp: (key, options) =>
        library.generateTotp(
          key,
          // An object literal alone, so that what is no options at all is still refused.
          options?.constructor === Object ? { ...options, digits: options.digits } : options,
        ),
    }),

    'a range that is a TypeError': (library) => ({
      ...library,
      generateHotp: (key, counter, options) => {
        if (counter > Number.MAX_SAFE_INTEGER) throw new TypeError('"counter" is too large');
        return library.generateHotp(key, counter, options);
      },
    }),
  },

  secret: {
    'a secret that is always the same': (library) => ({
      ...library,
      generateSecret: (length) => library.generateSecret(length).fill(7),
    }),

    'a secret of letters': (library) => ({
      ...library,
      generateSecret: (length) => library.generateSecret(length).map((byte) => 65 + (byte % 26)),
    }),

    'a secret of 15 bytes': (library) => ({
      ...library,
      generateSecret: (length = 20) =>
        length === 15 ? new Uint8Array(15) : library.generateSecret(length),
    }),
  },
};
