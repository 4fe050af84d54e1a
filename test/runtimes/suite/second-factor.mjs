// The whole second factor over the store in memory: the same answers in every runtime. Secrets are
// sealed by WebCrypto where the runtime has it, and its absence is named where it has not.
import { equal, holds, rejects, throws } from './assert.mjs';
import { fromHex, RFC_SECRET } from './bytes.mjs';

const START = 1_800_000_000_000;
const STEP_MS = 30_000;
const USER = 'user-1';
const SEALING_KEY = fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
const WRITTEN = { state: 'active', sealedWith: ['k1'], events: [] };

/** As of test/second-factor/golden/sealed.json. */
const GOLDEN = {
  about: { userId: 'user-ü🔑', authenticatorId: 'AEBAGBAFAYDQQCIKBMGA2DQPCA' },
  sealed: 'k1.HNhmeNkzg4WPraQJJDSTxt6dqSjV-sqphMqxjEFbrCEEpX-x2sAWWi3YrjyqUkYh',
};
/** As of test/second-factor/golden/recovery-hash.json. */
const GOLDEN_CODE = {
  userId: 'user-ü🔑',
  code: '7Q2D-M4XK-09GT-VB3N-5HRA-8WYE',
  hash: '5c273b550366627dcc10074e5a92bf26f8f6ed0157b150635fa9cb82390e290a',
};

/** Holds the RFC's secret in the open: for runtimes without WebCrypto. */
const openSealer = { isCurrent: () => true, seal: () => 'k1.rfc', open: () => RFC_SECRET };

/** A record as a service with WebCrypto wrote it. */
const PLANTED = {
  v: 1,
  epoch: 1_800_000_000,
  authenticators: [
    {
      ...{ id: 'A', name: 'Phone', sealed: 'k1.rfc', algorithm: 'SHA1', digits: 6, period: 30 },
      ...{ lastStep: -1, drift: 0, addedAt: START, usedAt: START },
    },
  ],
  code: { failures: 0, retryAt: 0, spentUntil: 0 },
  recover: { failures: 0, retryAt: 0 },
  recovery: [],
};

export function secondFactor({ library, check }) {
  const { aesGcmSealer, createKey, createSecondFactor, generateTotp, hashRecoveryCode } = library;
  const { memoryFactorStore } = library;
  const aesSealer = () => aesGcmSealer({ current: 'k1', keys: { k1: SEALING_KEY } });

  /** A service over a store in memory, with a clock of its own. */
  function newWorld(sealer, store = memoryFactorStore()) {
    const world = { now: START, store };
    const now = () => world.now;
    world.second = createSecondFactor({ issuer: 'ACME', store, sealer, now });
    return world;
  }

  function codeOf(key, { now }, steps = 0) {
    return generateTotp(key, { timestamp: now + steps * STEP_MS });
  }

  /** A code that the phone shows at none of the steps around. */
  function wrongCode(key, world) {
    const shown = [-3, -2, -1, 0, 1, 2, 3].map((steps) => codeOf(key, world, steps));
    return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777'].find(
      (code) => !shown.includes(code),
    );
  }

  async function planted() {
    const world = newWorld(openSealer);
    world.store.write(USER, JSON.stringify(PLANTED), undefined, WRITTEN);
    return { ...world, world, key: createKey(RFC_SECRET) };
  }

  check('a record of another service gives the same answers without WebCrypto', async () => {
    const { world, second, key } = await planted();
    const right = codeOf(key, world);
    const wrong = wrongCode(key, world);
    const accepted = { ok: true, authenticatorId: 'A', delta: 0, recoveryCodesLeft: 0 };
    equal(await second.verify(USER, right), { ...accepted, epoch: PLANTED.epoch });
    const open = { ok: false, attemptsLeft: 3, retryAfter: 0 };
    equal(await second.verify(USER, right), { ...open, reason: 'reused' });
    for (const list of [[right], undefined, '12345', '1234567']) {
      equal(await second.verify(USER, list), { ...open, reason: 'malformed' });
    }
    const hint = 'check-clock';
    const missed = { ok: false, reason: 'mismatch', attemptsLeft: 2, retryAfter: 0 };
    equal(await second.verify(USER, wrong), missed);
    equal(await second.verify(USER, wrong), { ...missed, attemptsLeft: 1, hint });
    equal(await second.verify(USER, wrong), { ...missed, attemptsLeft: 0, retryAfter: 4, hint });
    equal(await second.verify(USER, right), { ok: false, reason: 'throttled', retryAfter: 4 });
    equal(await second.verify('another', right), { ok: false, reason: 'not-enrolled' });
  });

  check('a name outside ASCII and a damaged record are told apart', async () => {
    const { store, second } = await planted();
    equal(await second.rename(USER, 'A', 'Teléfono 🔑'), { ok: true });
    equal((await second.status(USER)).authenticators[0].name, 'Teléfono 🔑');
    holds(/^[ -~]+$/.test((await store.read(USER)).record), 'that the record is ASCII');
    const { version } = await store.read(USER);
    equal(await store.write(USER, '{"v":2}', version, WRITTEN), true);
    const unreadable = { type: library.OtpError, code: 'record-unreadable' };
    await rejects(second.verify(USER, '123456'), unreadable);
  });

  check(
    'of 64 sign-ins at once with one code 1 is accepted, and 3 of 64 guesses count',
    async () => {
      const { world, second, key } = await planted();
      const atOnce = (code) =>
        Promise.all(Array.from({ length: 64 }, () => second.verify(USER, code)));
      const right = await atOnce(codeOf(key, world));
      equal(right.filter(({ ok }) => ok).length, 1);
      equal(right.filter(({ reason }) => reason === 'reused').length, 63);
      const wrong = await atOnce(wrongCode(key, world));
      equal(wrong.filter(({ reason }) => reason === 'mismatch').length, 3);
      equal(wrong.filter(({ reason }) => reason === 'throttled').length, 61);
      world.now += 4000;
      equal((await second.verify(USER, codeOf(key, world, 1))).ok, true);
    },
  );

  if (typeof globalThis.crypto?.subtle?.encrypt !== 'function') {
    check('without WebCrypto the sealer says so when it is made', () => {
      throws(aesSealer, { type: TypeError, message: /WebCrypto.*crypto\.subtle.* lacks/ });
    });
    return;
  }

  /** A user with a confirmed phone and a fresh code. */
  async function enrolled() {
    const world = newWorld(aesSealer());
    const offer = await world.second.enroll(USER, { account: 'alice@example.com' });
    equal(offer.ok, true);
    equal(offer.expiresIn, 900);
    const key = createKey(offer.secret);
    const confirmed = await world.second.confirm(USER, offer.enrollmentId, codeOf(key, world));
    world.now += 3 * STEP_MS;
    return { world, second: world.second, key, confirmed, offer };
  }

  check('a phone is enrolled, confirmed and verified, and its code is used up', async () => {
    const { world, second, key, confirmed, offer } = await enrolled();
    const { recoveryCodes, ...rest } = confirmed;
    const { enrollmentId: authenticatorId } = offer;
    equal(rest, { ok: true, authenticatorId, clockOff: 0, epoch: START / 1000 });
    equal(new Set(recoveryCodes).size, 10);
    const right = codeOf(key, world);
    const accepted = await second.verify(USER, right);
    equal([accepted.ok, accepted.recoveryCodesLeft], [true, 10]);
    equal((await second.verify(USER, right)).reason, 'reused');
    const { record } = await world.store.read(USER);
    holds(!record.includes(offer.secret), 'that the secret is not in the record');
  });

  check('a recovery code counts once, in any spelling', async () => {
    const { second, confirmed } = await enrolled();
    const [code] = confirmed.recoveryCodes;
    const spelled = ` ${code.toLowerCase().replace(/-/g, '\u2013')} `;
    const epoch = confirmed.epoch + 1;
    equal(await second.recover(USER, spelled), { ok: true, recoveryCodesLeft: 9, epoch });
    equal((await second.recover(USER, code)).reason, 'reused');
    equal(hashRecoveryCode(GOLDEN_CODE.userId, GOLDEN_CODE.code), GOLDEN_CODE.hash);
  });

  check('a reset takes everything but the epoch', async () => {
    const { world, second, key, confirmed } = await enrolled();
    const epoch = confirmed.epoch + 1;
    equal(await second.reset(USER, { by: 'support' }), { ok: true, epoch });
    const { state, recoveryCodesLeft } = await second.status(USER);
    equal([state, recoveryCodesLeft], ['none', 0]);
    equal((await second.verify(USER, codeOf(key, world))).reason, 'not-enrolled');
    equal((await second.recover(USER, confirmed.recoveryCodes[0])).reason, 'not-enrolled');
  });

  check('a text sealed elsewhere opens here, and in its own place alone', async () => {
    const sealer = aesSealer();
    equal(await sealer.open(GOLDEN.sealed, GOLDEN.about), RFC_SECRET);
    const unreadable = { type: library.OtpError, code: 'secret-unreadable' };
    const otherPlaces = [{ userId: 'user-2' }, { authenticatorId: 'B' }];
    for (const place of otherPlaces) {
      await rejects(sealer.open(GOLDEN.sealed, { ...GOLDEN.about, ...place }), unreadable);
    }
    await rejects(sealer.open(GOLDEN.sealed.replace('H', 'I'), GOLDEN.about), unreadable);
    await rejects(sealer.open(GOLDEN.sealed.replace('k1', 'k2'), GOLDEN.about), unreadable);
    const [one, two] = [
      await sealer.seal(RFC_SECRET, GOLDEN.about),
      await sealer.seal(RFC_SECRET, GOLDEN.about),
    ];
    holds(one !== two, 'that each sealing draws its own nonce');
  });

  check("a secret in another user's row rejects before a code is counted", async () => {
    const { world, second, key } = await enrolled();
    const { record } = await world.store.read(USER);
    await world.store.write('thief', record, undefined, WRITTEN);
    const unreadable = { type: library.OtpError, code: 'secret-unreadable' };
    await rejects(second.verify('thief', codeOf(key, world)), unreadable);
    equal((await world.store.read('thief')).record, record);
  });
}
