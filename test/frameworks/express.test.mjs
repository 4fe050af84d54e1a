// Express with express-session, over a pool of pg.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresFactorStore } from '../../dist/second-factor/postgres.js';
import { openBrowser, openPhone } from './support/browser.mjs';
import { createDatabase, serve } from './support/databases.mjs';
import { makeProject } from './support/project.mjs';
import { testSignIn } from './support/sign-in.mjs';

describe('On Express', () => {
  let database;
  let server;
  beforeAll(async () => {
    database = await createDatabase('express');
    const project = makeProject('express', {
      'app.mjs': 'express.mjs',
      'second-factor.mjs': 'second-factor.mjs',
      'users.mjs': 'users.mjs',
    });
    server = await serve(project, () => ['app.mjs'], { DATABASE_URL: database.url });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.end();
  });

  testSignIn(() => ({ send: server.send, store: postgresFactorStore(database.pool) }));

  const open = async () => {
    const browser = openBrowser((...request) => server.send(...request));
    await browser.post('/sign-in', { name: 'erin', password: 'correct horse' });
    return browser;
  };
  async function enrol(browser) {
    const { enrollmentId, secret } = await browser.post('/enrol');
    const phone = openPhone(secret);
    const answer = await browser.post('/enrol/confirm', { enrollmentId, code: phone.code() });
    return { phone, ...answer };
  }

  test('A recovery code opens the enrolment alone, and the new phone replaces the lost one', async () => {
    const lost = await enrol(await open());
    const browser = await open();
    const wrong = await browser.post('/sign-in/recovery', { recoveryCode: 'A'.repeat(24) });
    expect(wrong).toMatchObject({ status: 422, reason: 'mismatch' });
    const [recoveryCode] = lost.recoveryCodes;
    expect(await browser.post('/sign-in/recovery', { recoveryCode })).toMatchObject({
      status: 200,
    });
    expect((await browser.get('/me')).status).toBe(403);
    const { phone } = await enrol(browser);
    expect((await browser.get('/me')).id).toBe('erin');
    const thief = await open();
    const answer = await thief.post('/sign-in/code', { code: lost.phone.code(1) });
    expect(answer).toMatchObject({ status: 422, reason: 'mismatch' });
    const again = await open();
    expect((await again.post('/sign-in/code', { code: phone.code(1) })).status).toBe(200);
    expect((await again.post('/sign-in/recovery', { recoveryCode })).status).toBe(401);
  });
});
