// The jobs: one for each kind of row, with the checks that run before it is timed. A job is
// `{ call, left, right, usersACall, check }`: `call(left[i], right[i])` gives the number of users
// accepted. Where a subject has no such call, the job is the reason, a string.
import assert from 'node:assert/strict';
import { rfcVectors, SIDE_STEPS, TIMESTAMP } from './users.mjs';

/** Users checked one by one beforehand; all thousand are in every timed round, whose count is checked. */
const CHECKED_USERS = 100;
/** Users whose window is also checked at its two edges, and just outside. */
const EDGE_USERS = 20;

const JOBS = { verify, batch, generate, resync, parse, build, encode, decode };

/** The job of a row such as `verify:prepared:1:wrong`. */
export function jobOf(row, subject, algorithm, users) {
  const [kind, ...rest] = row.split(':');
  const setting = { algorithm, window: 0, timestamp: TIMESTAMP };
  return JOBS[kind]({ subject, users, setting }, ...rest);
}

function verify({ subject, users, setting: shared }, form, window, which) {
  const setting = { ...shared, window: Number(window) };
  const verifier = subject.verifier(form, setting);
  if (typeof verifier === 'string') return verifier;
  const { load, accepts } = verifier;
  return {
    call: subject.isAsync
      ? async (key, code) => ((await accepts(key, code)) ? 1 : 0)
      : (key, code) => (accepts(key, code) ? 1 : 0),
    left: users.map(load),
    right: users.map((user) => user[which]),
    usersACall: 1,
    async check(setClock) {
      await checkVectors(subject, form, setting, setClock);
      setClock(TIMESTAMP);
      for (const user of users.slice(0, CHECKED_USERS)) {
        assert.equal(await accepts(load(user), user.right), true, 'the right code is accepted');
        assert.equal(await accepts(load(user), user.wrong), false, 'a wrong code is refused');
      }
      for (const user of users.slice(0, EDGE_USERS)) {
        for (let offset = -SIDE_STEPS; offset <= SIDE_STEPS; offset++) {
          const accepted = await accepts(load(user), user.codes[SIDE_STEPS + offset]);
          assert.equal(accepted, Math.abs(offset) <= setting.window, `${offset} steps away`);
        }
      }
    },
  };
}

/** Steps below 0 do not exist, so a moment counts where the whole window lies above. */
async function checkVectors(subject, form, setting, setClock) {
  const { user, vectors } = rfcVectors(setting.algorithm);
  for (const { timestamp, step, code } of vectors.filter(({ step }) => step >= setting.window)) {
    setClock(timestamp);
    const { load, accepts } = subject.verifier(form, { ...setting, timestamp });
    assert.equal(await accepts(load(user), code), true, `RFC 6238's code of step ${step}`);
  }
}

function batch({ subject, users, setting: shared }, form, window, which) {
  const setting = { ...shared, window: Number(window) };
  const batcher = subject.batcher?.(form, setting);
  if (batcher === undefined) return 'no call for many users';
  const codes = users.map((user) => user[which]);
  return {
    call: batcher.countAccepted,
    left: [users.map(batcher.load)],
    right: [codes],
    usersACall: users.length,
    check() {
      const loaded = users.map(batcher.load);
      const rights = users.map((user) => user.right);
      assert.equal(batcher.countAccepted(loaded, rights), users.length, 'right codes are accepted');
      assert.equal(batcher.countAccepted(loaded, codes), which === 'right' ? users.length : 0);
    },
  };
}

function generate({ subject, users, setting }, form) {
  const generator = subject.generator(form, setting);
  if (typeof generator === 'string') return generator;
  const { load, code } = generator;
  return {
    call: subject.isAsync
      ? async (key, expected) => ((await code(key)) === expected ? 1 : 0)
      : (key, expected) => (code(key) === expected ? 1 : 0),
    left: users.map(load),
    right: users.map(({ right }) => right),
    usersACall: 1,
    async check(setClock) {
      setClock(TIMESTAMP);
      for (const user of users.slice(0, CHECKED_USERS)) {
        assert.equal(await code(load(user)), user.right);
      }
    },
  };
}

/** The first of two codes is right and the second wrong, so that the whole range is searched. */
function resync({ subject, users, setting }, range) {
  const resyncer = subject.resyncer?.({ ...setting, range: Number(range) });
  if (resyncer === undefined) return 'no search for a drifted clock';
  const keys = users.slice(0, 20).map(resyncer.load);
  const typed = (user) => [user.codes[SIDE_STEPS], user.wrong];
  return {
    call: (key, codes) => (resyncer.finds(key, codes) ? 0 : 1),
    left: keys,
    right: users.slice(0, 20).map(typed),
    usersACall: 1,
    check() {
      const [{ codes }] = users;
      assert.equal(
        resyncer.finds(keys[0], codes.slice(0, 2)),
        true,
        'two codes in a row are found',
      );
      assert.equal(resyncer.finds(keys[0], typed(users[0])), false);
    },
  };
}

/** A job of one call a user that is right if `isRight` says so, and cheaply so if `isAnswer` does. */
function toolJob(users, call, inputs, isRight, isAnswer) {
  if (call === undefined) return 'not offered';
  return {
    call: (input, user) => (isAnswer(call(input), user) ? 1 : 0),
    left: inputs,
    right: users,
    usersACall: 1,
    check() {
      for (const [i, user] of users.entries()) assert.ok(isRight(call(inputs[i]), user), user.text);
    },
  };
}

const isSameBytes = (bytes, user) => Buffer.compare(bytes, user.secret) === 0;

function parse({ subject, users }) {
  const { parseUri, secretOf } = subject.tools ?? {};
  const uris = users.map(
    ({ account, text }) =>
      `otpauth://totp/ACME%20Co:${encodeURIComponent(account)}?secret=${text}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30`,
  );
  const isRight = (parsed, user) => secretOf(parsed) === user.text;
  return toolJob(
    users,
    parseUri,
    uris,
    isRight,
    (parsed) => typeof parsed === 'object' && parsed !== null,
  );
}

function build({ subject, users }) {
  const isRight = (uri, { text, account }) => {
    const { pathname, searchParams } = new URL(uri);
    const secret = searchParams.get('secret').replace(/=+$/, '');
    return secret === text && decodeURIComponent(pathname).endsWith(account);
  };
  return toolJob(users, subject.tools?.buildUri, users, isRight, (uri) => uri.length > 0);
}

function encode({ subject, users }) {
  const secrets = users.map(({ secret }) => secret);
  const isRight = (text, user) => text === user.text;
  const isAnswer = (text, user) => text.length === user.text.length;
  return toolJob(users, subject.tools?.encodeBase32, secrets, isRight, isAnswer);
}

function decode({ subject, users }, kind) {
  const { decodeBase32, decodeBase32Lenient } = subject.tools ?? {};
  const texts = users.map(({ text }) => text);
  const call = kind === 'lenient' ? decodeBase32Lenient : decodeBase32;
  const isAnswer = (bytes, user) => bytes.length === user.secret.length;
  return toolJob(users, call, texts, isSameBytes, isAnswer);
}
