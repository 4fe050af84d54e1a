// Planted faults in the making and judging of codes; see faults.mjs.

const REUSED = { valid: false, reason: 'reused' };

/** A code that is `by` more in its last digit. */
function withLastDigit(code, by) {
  return code.slice(0, -1) + ((Number(code.slice(-1)) + by) % 10);
}

const withHotp = (library, change) => ({
  ...library,
  generateHotp: (key, counter, options) => change(library.generateHotp(key, counter, options)),
});

const withVerify = (library, change) => ({
  ...library,
  verifyTotp: (key, code, options = {}) => change(code, options, key),
});

const given = (options, extra) => ({ ...options, ...extra });

export const FAULTS_IN_CODES = {
  hotp: {
    'a wrong last digit': (library) => withHotp(library, (code) => withLastDigit(code, 1)),

    'leading zeros dropped': (library) => withHotp(library, (code) => String(Number(code))),

    'one digit too few': (library) => withHotp(library, (code) => code.slice(1)),

    'a counter cut to 32 bits': (library) => ({
      ...library,
      generateHotp: (key, counter, options) =>
        library.generateHotp(key, counter > 0xffffffff ? counter % 2 ** 32 : counter, options),
    }),

    'a look-ahead one too far': (library) => ({
      ...library,
      verifyHotp: (key, code, options) =>
        library.verifyHotp(
          key,
          code,
          options?.lookAhead > 0 && options.lookAhead < 100
            ? given(options, { lookAhead: options.lookAhead + 1 })
            : options,
        ),
    }),

    'a counter gone by that counts': (library) => ({
      ...library,
      verifyHotp: (key, code, options) => {
        const result = library.verifyHotp(key, code, options);
        if (result.valid || !(options.counter > 0)) return result;
        return library.verifyHotp(key, code, given(options, { counter: options.counter - 1 }));
      },
    }),
  },

  totp: {
    'the lowest match taken': (library) =>
      withVerify(library, (code, options, key) => {
        const result = library.verifyTotp(key, code, options);
        if (!result.valid || result.delta <= 0) return result;
        const lower = library.verifyTotp(
          key,
          code,
          given(options, { window: { past: 0, future: 0 } }),
        );
        return lower.valid ? lower : result;
      }),

    'a window one step too wide': (library) =>
      withVerify(library, (code, options, key) => {
        const { window = 1 } = options ?? {};
        const wider =
          typeof window === 'number' && window >= 0 && window < 50 ? window + 1 : window;
        return library.verifyTotp(key, code, given(options, { window: wider }));
      }),

    'a window of the past alone': (library) =>
      withVerify(library, (code, options, key) => {
        const { window = 1 } = options ?? {};
        const sides = typeof window === 'number' ? { past: window, future: 0 } : window;
        return library.verifyTotp(key, code, given(options, { window: sides }));
      }),

    'drift ignored': (library) =>
      withVerify(library, (code, options, key) =>
        library.verifyTotp(key, code, given(options, { drift: options?.drift === 0.5 ? 0.5 : 0 })),
      ),

    'the last step ignored': (library) =>
      withVerify(library, (code, options, key) =>
        library.verifyTotp(key, code, given(options, { lastStep: undefined })),
      ),

    'the last step itself good again': (library) =>
      withVerify(library, (code, options, key) => {
        const { lastStep } = options ?? {};
        return library.verifyTotp(
          key,
          code,
          lastStep > 0 ? given(options, { lastStep: lastStep - 1 }) : options,
        );
      }),

    'a delta of the wrong sign': (library) =>
      withVerify(library, (code, options, key) => {
        const result = library.verifyTotp(key, code, options);
        return result.valid ? { ...result, delta: 0 - result.delta } : result;
      }),

    'a step rounded instead of cut': (library) => ({
      ...library,
      timeStep: (options = {}) =>
        Math.round(library.timeStep(options) + ((options.timestamp ?? 0) % 30_000) / 30_001),
    }),

    'the epoch ignored': (library) => ({
      ...library,
      timeStep: (options) => library.timeStep(given(options, { epoch: 0 })),
    }),

    'seconds remaining rounded down': (library) => ({
      ...library,
      secondsRemaining: (options) => library.secondsRemaining(options) - 1,
    }),
  },

  digests: {
    'SHA-512 computed as SHA-256': (library) => ({
      ...library,
      createKey: (secret, options = {}) =>
        library.createKey(
          secret,
          options?.algorithm === 'SHA512' ? { algorithm: 'SHA256' } : options,
        ),
    }),

    'keys cut at 64 bytes': (library) => ({
      ...library,
      createKey: (secret, options) =>
        library.createKey(secret instanceof Uint8Array ? secret.slice(0, 64) : secret, options),
    }),
  },

  batch: {
    'a batch that knows one last step': (library) => ({
      ...library,
      verifyTotpBatch: (items, options) =>
        library.verifyTotpBatch(
          Array.isArray(items)
            ? items.map((item) => item && given(item, { lastStep: items[0].lastStep }))
            : items,
          options,
        ),
    }),

    'a batch that stops at twelve': (library) => ({
      ...library,
      verifyTotpBatch: (items, options) =>
        library.verifyTotpBatch(items, options).map((result, i) => (i < 12 ? result : REUSED)),
    }),
  },

  resync: {
    'one code enough for a resynchronisation': (library) => ({
      ...library,
      resyncHotp: (key, codes, options) =>
        codes?.length === 1
          ? library.verifyHotp(key, codes[0], options)
          : library.resyncHotp(key, codes, options),
    }),

    'a drift of the wrong sign': (library) => ({
      ...library,
      resyncTotp: (...args) => {
        const result = library.resyncTotp(...args);
        return result.valid ? { ...result, drift: 0 - result.drift } : result;
      },
    }),

    'a resynchronisation that claims nothing': (library) => ({
      ...library,
      resyncTotpOnce: async (key, codes, options) => library.resyncTotp(key, codes, options),
    }),

    'a resynchronisation that claims its last code alone': (library) => ({
      ...library,
      resyncTotpOnce: async (key, codes, options) => {
        const result = library.resyncTotp(key, codes, options);
        if (!result.valid) return result;
        return (await options.store.claim(options.id, result.step)) ? result : REUSED;
      },
    }),
  },

  otherLibraries: {
    'full-width digits folded': (library) =>
      withVerify(library, (code, options, key) =>
        library.verifyTotp(
          key,
          typeof code === 'string' && code.length < 100 ? code.normalize('NFKC') : code,
          options,
        ),
      ),
  },

  hostile: {
    'spaces stripped in verification': (library) =>
      withVerify(library, (code, options, key) =>
        library.verifyTotp(key, typeof code === 'string' ? code.trim() : code, options),
      ),

    'a number taken for a code': (library) =>
      withVerify(library, (code, options, key) =>
        library.verifyTotp(key, typeof code === 'number' ? String(code) : code, options),
      ),

    'what is typed converted to text': (library) =>
      withVerify(library, (code, options, key) => library.verifyTotp(key, `${code}`, options)),

    'a stripping of spaces and hyphens alone': (library) => ({
      ...library,
      normalizeCode: (text) => (typeof text === 'string' ? text.replace(/[ -]/g, '') : ''),
    }),
  },
};
