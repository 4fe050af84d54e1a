// Runs inside a realm, by itself: every public function with as few options as it can do
// with, while `Object.prototype` has a property that it might take for one.

(() => {
  const TEXT = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  Date.now = () => 59000;

  /** What each call answers, or the kind of error that it throws, in the order of the calls. */
  function newSurvey(library) {
    const key = library.createKey(TEXT);
    const secret = library.decodeBase32(TEXT);
    const uri = `otpauth://totp/ACME:alice?secret=${TEXT}&issuer=ACME`;
    const names = { issuer: 'ACME', account: 'alice' };
    const codes = ['755224', '287082'];
    const code = '287082';
    const claim = () => ({ store: library.memoryStore(), id: 'alice' });
    const both = { past: 1, future: 1 };

    const calls = {
      'createKey of a text': () => library.generateHotp(library.createKey(TEXT), 1),
      'createKey of bytes': () => library.generateHotp(library.createKey(secret, {}), 1),
      generateSecret: () => typeof library.generateSecret,
      generateHotp: () => library.generateHotp(key, 1),
      'generateHotp with {}': () => library.generateHotp(key, 1, {}),
      verifyHotp: () => library.verifyHotp(key, code, { counter: 0 }),
      'verifyHotp without a counter': () => library.verifyHotp(key, code, {}),
      resyncHotp: () => library.resyncHotp(key, codes, { counter: 0 }),
      'resyncHotp without a counter': () => library.resyncHotp(key, codes, {}),
      generateTotp: () => library.generateTotp(key),
      'generateTotp with {}': () => library.generateTotp(key, {}),
      verifyTotp: () => library.verifyTotp(key, code),
      'verifyTotp with {}': () => library.verifyTotp(key, code, {}),
      'verifyTotp with a window': () => library.verifyTotp(key, code, { window: both }),
      'verifyTotp with half a window': () => library.verifyTotp(key, code, { window: { past: 1 } }),
      'verifyTotp of a far step': () => library.verifyTotp(key, '969429', {}),
      verifyTotpBatch: () => library.verifyTotpBatch([{ key, code }]),
      'verifyTotpBatch with {}': () => library.verifyTotpBatch([{ key, code }], {}),
      'verifyTotpBatch without a code': () => library.verifyTotpBatch([{ key }], {}),
      'verifyTotpBatch without a key': () => library.verifyTotpBatch([{ code }], {}),
      resyncTotp: () => library.resyncTotp(key, codes),
      'resyncTotp with {}': () => library.resyncTotp(key, codes, {}),
      timeStep: () => library.timeStep(),
      'timeStep with {}': () => library.timeStep({}),
      secondsRemaining: () => library.secondsRemaining({}),
      buildOtpauthUri: () => library.buildOtpauthUri({ ...names, secret }),
      'buildOtpauthUri of type hotp': () =>
        library.buildOtpauthUri({ ...names, secret, type: 'hotp', counter: 5 }),
      'buildOtpauthUri of type hotp without a counter': () =>
        library.buildOtpauthUri({ ...names, secret, type: 'hotp' }),
      'buildOtpauthUri without a secret': () => library.buildOtpauthUri(names),
      'buildOtpauthUri without an account': () => library.buildOtpauthUri({ issuer: 'A', secret }),
      'buildOtpauthUri without an issuer': () => library.buildOtpauthUri({ account: 'a', secret }),
      'lintOtpauthUri of fields': () => library.lintOtpauthUri({ ...names, secret }),
      'lintOtpauthUri of a text': () => library.lintOtpauthUri(uri),
      parseOtpauthUri: () => library.parseOtpauthUri(uri),
      memoryStore: () => library.memoryStore().claim('alice', 7),
      'memoryStore with {}': () => {
        const store = library.memoryStore({});
        return [store.claim('alice', 7), store.claim('bob', 8), store.claim('alice', 7)];
      },
      verifyTotpOnce: () => library.verifyTotpOnce(key, code, claim()),
      'verifyTotpOnce without a store': () => library.verifyTotpOnce(key, code, { id: 'alice' }),
      'verifyTotpOnce without an id': () =>
        library.verifyTotpOnce(key, code, { store: library.memoryStore() }),
      verifyHotpOnce: () => library.verifyHotpOnce(key, code, { ...claim(), counter: 0 }),
      'verifyHotpOnce without a counter': () => library.verifyHotpOnce(key, code, claim()),
      resyncTotpOnce: () => library.resyncTotpOnce(key, codes, claim()),
      resyncHotpOnce: () => library.resyncHotpOnce(key, codes, { ...claim(), counter: 0 }),
    };

    return (answers) => {
      for (const name of Object.keys(calls)) {
        const fail = (error) => {
          answers[name] = error instanceof Error ? error.constructor.name : 'no error';
        };
        try {
          const answer = calls[name]();
          if (answer instanceof Promise) {
            answers[name] = 'never settled';
            answer.then((settled) => {
              answers[name] = settled;
            }, fail);
          } else {
            answers[name] = answer;
          }
        } catch (error) {
          fail(error);
        }
      }
    };
  }

  /** How a property may come to be there. */
  const WAYS = {
    'a value': (value) => ({ value, writable: true, enumerable: true }),
    'a fixed value': (value) => ({ value, writable: false, enumerable: false }),
    'a getter': (value) => ({ get: () => value, set() {}, enumerable: true }),
  };

  function pollute(name, way, value) {
    Object.defineProperty(Object.prototype, name, { ...WAYS[way](value), configurable: true });
  }

  function clean(name) {
    Reflect.deleteProperty(Object.prototype, name);
  }

  return { newSurvey, pollute, clean, ways: Object.keys(WAYS) };
})();
