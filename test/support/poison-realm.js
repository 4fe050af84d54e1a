// What runs inside a realm whose built-in objects are then replaced one at a time. A classic script,
// because it is evaluated there by node:vm; its last value is what it offers.
//
// Whatever it needs after a poison it has taken before: it calls no method, and reads nothing but
// own properties.

(() => {
  const {
    apply,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
  } = Reflect;

  /** What no global names. */
  const HIDDEN = {
    TypedArray: getPrototypeOf(Uint8Array),
    ArrayIterator: getPrototypeOf([][Symbol.iterator]()),
    StringIterator: getPrototypeOf(''[Symbol.iterator]()),
    MapIterator: getPrototypeOf(new Map().entries()),
    SetIterator: getPrototypeOf(new Set().values()),
    RegExpStringIterator: getPrototypeOf('a'.matchAll(/a/g)),
    GeneratorFunction: getPrototypeOf(function* () {}),
    AsyncFunction: getPrototypeOf(async () => {}),
  };
  /** Not of the language, or the global object itself. */
  const LEFT_OUT = ['globalThis', 'console', 'Intl', 'otpcore'];

  /** Places that hold a built-in function or an accessor, and the globals; each by its shortest name. */
  function findPlaces() {
    const places = [];
    const queue = [];
    for (const key of ownKeys(globalThis)) {
      if (LEFT_OUT.includes(key)) continue;
      const own = getOwnPropertyDescriptor(globalThis, key);
      if (own.configurable) places.push({ place: key, holder: globalThis, key, own });
      queue.push([key, own.value]);
    }
    queue.push(...ownKeys(HIDDEN).map((name) => [name, HIDDEN[name]]));
    const seen = new Set();
    for (const [path, holder] of queue) {
      const isObject = typeof holder === 'object' && holder !== null;
      if (seen.has(holder) || !(isObject || typeof holder === 'function')) continue;
      seen.add(holder);
      for (const key of ownKeys(holder)) {
        const own = getOwnPropertyDescriptor(holder, key);
        const name = typeof key === 'symbol' ? `[${key.description}]` : key;
        const place = `${path}.${name}`;
        const isCalled = !('value' in own) || typeof own.value === 'function';
        if (own.configurable && isCalled) places.push({ place, holder, key, own });
        queue.push([place, own.value]);
      }
      queue.push([`${path}.__proto__`, getPrototypeOf(holder)]);
    }
    return places;
  }

  /** Made before `Error` itself may be replaced. */
  const FAILURE = new Error('poisoned');

  /** What a replaced function does. */
  const MODES = {
    throws: () => {
      throw FAILURE;
    },
    'is gone': undefined,
    'gives undefined': () => {},
    'gives 0': () => 0,
    'gives true': () => true,
    'gives its first argument': (first) => first,
    'gives 1': () => 1,
    'gives false': () => false,
    "gives '000000'": () => '000000',
    'gives this': function () {
      return this;
    },
    'gives an empty object': () => ({}),
    'gives NaN': () => 0 / 0,
  };

  function poison({ holder, key, own }, mode) {
    const does = MODES[mode];
    if (does === undefined) {
      deleteProperty(holder, key);
      return;
    }
    // An ordinary function, which can be called with `new` too.
    const value = function (...args) {
      return apply(does, this, args);
    };
    defineProperty(
      holder,
      key,
      'value' in own
        ? { value, configurable: true, writable: true }
        : { get: value, set: value, configurable: true },
    );
  }

  function restore({ holder, key, own }) {
    defineProperty(holder, key, own);
  }

  const TEXT = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  // RFC 6238's key at 2023-11-14T22:13:20Z, by oathtool.
  const now = { timestamp: 1700000000000 };
  const STEP = 56666666;
  const RIGHT = '921300';
  /** The current code of a key of zeros; the first codes there were; what is no code at all. */
  const WRONG = [
    ...['501315', '000000', '000001', '755224', '287082', '359152', '999999', '111111', ''],
    ...['00000', '0000000', `${RIGHT} `, 'abcdef', undefined, null, 0, 1, true],
  ];
  const WRONG_COUNT = WRONG.length;

  /** What a verification with a wrong code, or a used one, must never say. */
  const OPEN = 'accepts';

  function newProbe(library, usedBefore) {
    const { createKey, decodeBase32, generateHotp, generateTotp, memoryStore, resyncTotp } =
      library;
    const { verifyHotp, verifyTotp, verifyTotpBatch, verifyTotpOnce } = library;
    // A store of the application's own, from before, in nothing but variables.
    const warm = usedBefore
      ? { key: createKey(TEXT), store: memoryStore() }
      : { key: undefined, store: memoryStore() };
    if (usedBefore) {
      generateTotp(warm.key, now);
      verifyTotp(warm.key, RIGHT, now);
      verifyTotpBatch([{ key: warm.key, code: RIGHT }], now);
      warm.store.claim('before', STEP);
    }

    /** 'same', 'throws', 'differs', or OPEN. */
    const tried = (call) => {
      try {
        return call();
      } catch {
        return 'throws';
      }
    };
    const same = (isSame) => (isSame ? 'same' : 'differs');
    const refuses = (verify) => {
      for (let i = 0; i < WRONG_COUNT; i++) {
        let result;
        try {
          result = verify(WRONG[i]);
        } catch {
          continue;
        }
        if (result.valid === true) return OPEN;
      }
      return 'same';
    };

    return (report) => {
      let { key } = warm;
      report.createKey = tried(() => {
        const made = createKey(TEXT);
        key ??= made;
        return same(generateHotp(made, 1) === '287082');
      });
      report.decodeBase32 = tried(() => {
        const bytes = decodeBase32('MZXW6YTB');
        return same(bytes[0] === 0x66 && bytes[1] === 0x6f && bytes[4] === 0x61);
      });
      report['memoryStore, again'] = tried(() => {
        const fresh = tried(() => memoryStore());
        for (let i = 0; i < 2; i++) {
          const store = i === 0 ? warm.store : fresh;
          if (typeof store === 'string') continue;
          const first = tried(() => store.claim('alice', 7));
          const second = tried(() => store.claim('alice', 7));
          const earlier = tried(() => store.claim('alice', 6));
          if (first === true && (second === true || earlier === true)) return OPEN;
          if (first !== true || second !== false || earlier !== false) return 'differs';
        }
        if (usedBefore && warm.store.claim('before', STEP) === true) return OPEN;
        return same(typeof fresh !== 'string');
      });
      if (key === undefined) return;
      report.generateTotp = tried(() => same(generateTotp(key, now) === RIGHT));
      report.generateHotp = tried(() => same(generateHotp(key, 1) === '287082'));
      report['verifyTotp, right'] = tried(() => {
        const result = verifyTotp(key, RIGHT, now);
        return same(result.valid === true && result.step === STEP && result.delta === 0);
      });
      report['verifyTotp, wrong'] = refuses((code) => verifyTotp(key, code, now));
      report['verifyTotp, used'] = tried(() => {
        const used = verifyTotp(key, RIGHT, { timestamp: 1700000000000, lastStep: STEP });
        return used.valid === true ? OPEN : same(used.reason === 'reused');
      });
      report['verifyHotp, right'] = tried(() => {
        const result = verifyHotp(key, '287082', { counter: 0, lookAhead: 2 });
        return same(result.valid === true && result.counter === 1);
      });
      report['verifyHotp, wrong'] = refuses((code) =>
        // Not the counters whose codes are among the wrong.
        verifyHotp(key, code, { counter: 70, lookAhead: 2 }),
      );
      report['verifyTotpBatch, right'] = tried(() =>
        same(verifyTotpBatch([{ key, code: RIGHT }], now)[0].valid === true),
      );
      report['verifyTotpBatch, wrong'] = refuses(
        (code) =>
          verifyTotpBatch(
            [
              { key, code },
              { key, code: RIGHT },
            ],
            now,
          )[0],
      );
      report['resyncTotp, wrong'] = refuses((code) =>
        resyncTotp(key, [code, code], { ...now, range: 5 }),
      );
      const { store } = warm;
      report['verifyTotpOnce, wrong'] = 'throws';
      report['verifyTotpOnce, again'] = 'throws';
      (async () => {
        report['verifyTotpOnce, wrong'] = 'same';
        for (let i = 0; i < WRONG_COUNT; i++) {
          try {
            const result = await verifyTotpOnce(key, WRONG[i], { ...now, store, id: 'carol' });
            if (result.valid === true) report['verifyTotpOnce, wrong'] = OPEN;
          } catch {}
        }
      })();
      (async () => {
        const options = { ...now, store, id: 'bob' };
        try {
          const first = await verifyTotpOnce(key, RIGHT, options);
          report['verifyTotpOnce, again'] = same(first.valid === true);
          const second = await verifyTotpOnce(key, RIGHT, options);
          if (second.valid === true) report['verifyTotpOnce, again'] = OPEN;
        } catch {}
      })();
    };
  }

  return { findPlaces, poison, restore, newProbe, modes: ownKeys(MODES) };
})();
