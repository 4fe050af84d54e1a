// What no browser would send, and what a reviewer of sign-in code looks for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../docs/examples/portal/database.mjs';
import { openSealer } from '../../docs/examples/portal/sealing-keys.mjs';
import { openVisitor, PASSWORD, startPortal } from './support/portal.mjs';

let portal;
let anna;
let phone;
beforeAll(async () => {
  portal = await startPortal();
  anna = await openVisitor(portal);
  await anna.signIn('anna');
  phone = await anna.enableMfa();
  portal.clock.now += 30_000;
});
afterAll(() => portal?.stop());

const post = (path, fields, headers = {}) =>
  portal.app.request(portal.address + path, {
    ...{ method: 'POST', body: new URLSearchParams(fields) },
    headers: { origin: portal.address, ...headers },
  });
const cookieOf = async (visitor) =>
  (await visitor.context.cookies()).find(({ name }) => name === 'session');

describe('A session', () => {
  test('has a new id at each step of trust, and the former one is worthless', async () => {
    const visitor = await openVisitor(portal);
    await visitor.signIn('anna');
    const before = await cookieOf(visitor);
    await visitor.fill('Token', phone.code());
    await visitor.press('Continue');
    const after = await cookieOf(visitor);
    expect(after.value).not.toBe(before.value);
    const answer = await portal.app.request(`${portal.address}/second-factor`, {
      headers: { cookie: `session=${before.value}` },
    });
    expect(answer.headers.get('location')).toBe('/sign-in');
    await visitor.context.close();
  });

  test('is in a cookie that no script reads and no other site sends', async () => {
    expect(await cookieOf(anna)).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    const secure = await portal.app.request('https://portal.example/sign-in', {
      ...{ method: 'POST', body: new URLSearchParams({ name: 'carl', password: PASSWORD }) },
      headers: { origin: 'https://portal.example' },
    });
    expect(secure.headers.get('set-cookie')).toMatch(/^__Host-session=.*Secure/);
  });

  test('is stored as a hash', async () => {
    const { value } = await cookieOf(anna);
    const { rows } = await portal.database.query('SELECT * FROM sessions');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(value);
  });

  test('that has given a password alone reaches no page and no enrolment', async () => {
    portal.clock.now += 30_000;
    const visitor = await openVisitor(portal);
    await visitor.signIn('anna');
    for (const path of ['/', '/profile', '/users', '/identity', '/set-up']) {
      await visitor.go(path);
      expect(await visitor.heading()).toBe('Type your code');
    }
    const cookie = `session=${(await cookieOf(visitor)).value}`;
    for (const path of ['/profile/mfa', '/security/add', '/enrolment', '/identity']) {
      const answer = await post(path, { password: PASSWORD, code: phone.code() }, { cookie });
      expect([303, 404]).toContain(answer.status);
      expect(await answer.text()).not.toContain('class="qr"');
    }
    await visitor.context.close();
  });
});

describe('A request', () => {
  test.each(['https://evil.example', 'null'])(
    'from the origin %s changes nothing',
    async (origin) => {
      const cookie = `session=${(await cookieOf(anna)).value}`;
      for (const path of ['/sign-out', '/profile/mfa', '/sign-in']) {
        expect((await post(path, { password: PASSWORD }, { cookie, origin })).status).toBe(403);
      }
    },
  );

  test('with lists, files and huge fields in place of texts is refused and lets nobody in', async () => {
    const visitor = await openVisitor(portal);
    await visitor.signIn('anna');
    const cookie = `session=${(await cookieOf(visitor)).value}`;
    const body = new FormData();
    body.append('code', new File([phone.code()], 'code.txt'));
    const bodies = [body, 'code=1&code=2', `code=${'1'.repeat(10_000)}`, 'code[]=1', '', '%'];
    for (const sent of bodies) {
      const headers = { cookie, origin: portal.address };
      if (typeof sent === 'string') headers['content-type'] = 'application/x-www-form-urlencoded';
      const answer = await portal.app.request(`${portal.address}/second-factor`, {
        ...{ method: 'POST', headers, body: sent },
      });
      expect(answer.status).toBe(422);
    }
    const long = await post('/second-factor', { code: '1'.repeat(100_000) }, { cookie });
    expect(long.status).toBe(413);
    await visitor.context.close();
  });

  test.each(['/', '/sign-in', '/nowhere'])(
    'for %s is answered with a strict policy, and is not stored',
    async (path) => {
      const { headers } = await portal.app.request(portal.address + path);
      expect(headers.get('cache-control')).toBe('no-store');
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe/);
    },
  );
});

describe('A page', () => {
  test.each(['/sign-in', '/idp?state=x', '/nowhere'])(
    '%s is accessible, in the dark as well',
    async (path) => {
      const visitor = await openVisitor(portal, { colorScheme: 'dark' });
      await visitor.go(path);
      await visitor.check();
      await visitor.context.close();
    },
  );

  test.each(['three-codes', 'clock', 'recovery'])(
    '/second-factor/%s is accessible, in the dark as well',
    async (name) => {
      const visitor = await openVisitor(portal, { colorScheme: 'dark' });
      await visitor.signIn('anna');
      await visitor.go(`/second-factor/${name}`);
      await visitor.check();
      await visitor.context.close();
    },
  );

  test('of an enrolment that was tampered with begins anew, and binds no phone', async () => {
    const visitor = await openVisitor(portal);
    await visitor.signIn('carl');
    await visitor.go('/account');
    await visitor.press('Change account security');
    await visitor.page.locator('[name=sealed]').evaluate((input) => {
      input.value = `${input.value.slice(0, -2)}AA`;
    });
    await visitor.fill('Code', '000000');
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Save');
    expect(await visitor.heading()).toBe('Begin again');
    await visitor.context.close();
  });
});

describe('A wrong password', () => {
  test('waits after the fifth, for the right one too, and says for how long', async () => {
    const statuses = [];
    for (let i = 0; i < 7; i++) {
      statuses.push((await post('/sign-in', { name: 'boss', password: `wrong ${i}` })).status);
    }
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(401));
    const answer = await post('/sign-in', { name: 'boss', password: PASSWORD });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    portal.clock.now += 60_000;
    expect((await post('/sign-in', { name: 'boss', password: PASSWORD })).status).toBe(303);
  });

  test('makes no right one fail that comes at the same time', async () => {
    const sent = () => post('/sign-in', { name: 'sam', password: PASSWORD });
    const answers = await Promise.all(Array.from({ length: 4 }, sent));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  });

  test('of a stranger at another address shuts no user out', async () => {
    for (let i = 0; i < 7; i++) await post('/sign-in', { name: 'dora', password: 'x' });
    expect((await post('/sign-in', { name: 'dora', password: PASSWORD })).status).toBe(429);
    const dora = await openVisitor(portal);
    await dora.signIn('dora');
    expect(await dora.heading()).toBe('Set up your authenticator');
    await dora.context.close();
  });

  test('waits for an unknown name as for a known one', async () => {
    const statuses = [];
    for (let i = 0; i < 6; i++) {
      statuses.push((await post('/sign-in', { name: 'nobody at all', password: 'x' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('waits on the page of an enrolment too', async () => {
    const carl = await openVisitor(portal, { colorScheme: 'dark' });
    await carl.signIn('carl');
    await carl.go('/account');
    await carl.check();
    await carl.press('Change account security');
    await carl.check();
    let answer;
    for (let i = 0; i < 6; i++) {
      await carl.fill('Code', '000000');
      await carl.fill('Password', `wrong ${i}`);
      [answer] = await Promise.all([
        carl.page.waitForResponse((response) => response.request().method() === 'POST'),
        carl.press('Save'),
      ]);
    }
    expect(answer.status()).toBe(429);
    expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
    await carl.check();
    portal.clock.now += 60_000;
    await carl.context.close();
  });

  test('is told in the same words as an unknown name', async () => {
    const texts = await Promise.all(
      ['carl', 'nobody'].map(async (name) =>
        (await post('/sign-in', { name, password: 'x' })).text(),
      ),
    );
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('The sealing key', () => {
  test('of another name or value is a clear error at the start', async () => {
    const keys = { current: 'k2', keys: { k2: new Uint8Array(32).fill(9) } };
    await expect(openSealer(portal.database.query, keys)).rejects.toThrow('lacks the key "k1"');
    const wrong = { current: 'k1', keys: { k1: new Uint8Array(32).fill(9) } };
    await expect(openSealer(portal.database.query, wrong)).rejects.toThrow('another by its name');
  });

  test('that was lost later lets nobody in, and the page says why', async () => {
    const visitor = await openVisitor(portal);
    await visitor.signIn('anna');
    const sql = "UPDATE otp_factors SET record = replace(record, 'k1.', 'k9.')";
    await portal.database.query(sql);
    await visitor.fill('Token', phone.code());
    await visitor.press('Continue');
    expect(await visitor.text()).toContain(
      'The key that seals the second factor is missing or wrong.',
    );
    await portal.database.query(sql.replace("'k1.', 'k9.'", "'k9.', 'k1.'"));
    await visitor.context.close();
  });

  test('is made on the first start without one, and kept', async () => {
    const { readSealingKeys } = await import('../../docs/examples/portal/sealing-keys.mjs');
    const made = readSealingKeys(undefined, portal.folder);
    expect(made.keys.k1).toHaveLength(32);
    expect(readSealingKeys(undefined, portal.folder)).toEqual(made);
  });
});

test('A lost record does not read as no factor', async () => {
  await portal.database.query(
    "DELETE FROM otp_factors WHERE user_id IN (SELECT id FROM users WHERE name = 'anna')",
  );
  const visitor = await openVisitor(portal);
  await visitor.signIn('anna');
  expect(await visitor.heading()).toBe('Type your code');
  await visitor.fill('Token', phone.code());
  await visitor.press('Continue');
  expect(await visitor.text()).toContain('This account has no authenticator. Ask support.');
});

test('A flag that was lost in a failure is set again by the next sign-in with a code', async () => {
  const sam = await openVisitor(portal);
  await sam.signIn('sam');
  const own = await sam.setUpPhone();
  await portal.database.query("UPDATE users SET mfa_enabled = false WHERE name = 'sam'");
  portal.clock.now += 30_000;
  await sam.signIn('sam');
  await sam.fill('Code', own.code());
  await sam.press('Continue');
  const { rows } = await portal.database.query("SELECT mfa_enabled FROM users WHERE name = 'sam'");
  expect(rows[0].mfa_enabled).toBe(true);
  await sam.context.close();
});

test('Behind TLS that ends at a proxy, cookies are secure and forms of that origin pass', async () => {
  const origin = 'https://portal.example';
  const { createPortal } = await import('../../docs/examples/portal/app.mjs');
  const { database, keys, folder } = portal;
  const app = await createPortal({ database, keys, origin, mailFolder: folder });
  const send = (from) =>
    app.request('http://10.0.0.7/sign-in', {
      ...{ method: 'POST', body: new URLSearchParams({ name: 'carl', password: PASSWORD }) },
      headers: { origin: from },
    });
  expect((await send(origin)).headers.get('set-cookie')).toMatch(/^__Host-session=.*Secure/);
  expect((await send('http://10.0.0.7')).status).toBe(403);
});

test('A second opening of the database adds no user and loses none', async () => {
  const count = 'SELECT count(*)::int AS count FROM users';
  const before = (await portal.database.query(count)).rows;
  await portal.database.close();
  portal.database = await openDatabase(undefined, portal.folder);
  expect((await portal.database.query(count)).rows).toEqual(before);
});
