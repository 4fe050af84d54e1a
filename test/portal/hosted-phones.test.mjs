import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePhone, scan } from './support/browser.mjs';
import { openVisitor, PASSWORD, startPortal } from './support/portal.mjs';

let portal;
let carl;
let phone;
beforeAll(async () => {
  portal = await startPortal();
  // This customer switched JavaScript off, and looks at a phone's narrow screen.
  carl = await openVisitor(portal, {
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
});
afterAll(() => portal?.stop());

describe('A hosted-phone portal, with JavaScript switched off', () => {
  test('has Change account security under My account, Profile', async () => {
    await carl.signIn('carl');
    await carl.follow('My account');
    await carl.page.getByRole('heading', { name: 'Profile' }).waitFor();
    await carl.press('Change account security');
    expect(await carl.heading()).toBe('Change account security');
  });

  test('has the QR code, the code and the password on one page', async () => {
    phone = makePhone(await scan(carl.page), portal.clock);
    expect(await carl.page.getByLabel('Code', { exact: true }).isVisible()).toBe(true);
    expect(await carl.page.getByLabel('Password', { exact: true }).isVisible()).toBe(true);
  });

  test('fits the narrow screen', async () => {
    const { width } = await carl.page.locator('main').boundingBox();
    expect(width).toBeLessThanOrEqual(360);
    expect((await carl.page.locator('.qr').boundingBox()).width).toBeLessThanOrEqual(330);
  });

  test('does not save with a right code and a wrong password', async () => {
    await carl.fill('Code', phone.code());
    await carl.fill('Password', 'wrong');
    await carl.press('Save');
    expect(await carl.text()).toContain('The password is wrong.');
    expect(await carl.page.locator('#password').getAttribute('aria-describedby')).toBe(
      'password-error',
    );
  });

  test('saves with both', async () => {
    await carl.fill('Code', phone.code());
    await carl.fill('Password', PASSWORD);
    await carl.press('Save');
    expect(await carl.codes()).toHaveLength(10);
  });

  test('asks for the code at the next sign-in', async () => {
    await carl.press('Sign out');
    portal.clock.now += 30_000;
    await carl.signIn('carl');
    expect(await carl.heading()).toBe('Type your code');
    const code = phone.code();
    await carl.fill('Code', `${code.slice(0, 3)} ${code.slice(3)}`);
    await carl.press('Continue');
    expect(await carl.heading()).toBe('Welcome, carl');
    await carl.press('Sign out');
  });

  test('lets a user by single sign-on bypass it', async () => {
    await carl.go('/sign-in');
    await carl.follow('Sign in with single sign-on');
    await carl.fill('Company name', 'carl');
    await carl.press('Continue');
    expect(await carl.heading()).toBe('Welcome, carl');
    expect(await carl.text()).toContain('by single sign-on');
  });

  test('believes no assertion that the provider did not sign, nor one of another browser', async () => {
    const stranger = await openVisitor(portal);
    const forged = Buffer.from(JSON.stringify({ name: 'carl', until: 9e15 })).toString('base64url');
    for (const assertion of ['', '.', `${forged}.`, `${forged}.${'A'.repeat(43)}`]) {
      expect((await stranger.go(`/sso/return?assertion=${assertion}`)).status()).toBe(401);
    }
    const signed = await fetch(`${portal.address}/idp`, {
      ...{ method: 'POST', redirect: 'manual', headers: { origin: portal.address } },
      body: new URLSearchParams({ name: 'carl', state: 'somebody-else' }),
    });
    expect((await stranger.go(signed.headers.get('location'))).status()).toBe(401);
    // The right browser, a second time.
    const state = 'sso-state=once';
    const own = await fetch(`${portal.address}/idp`, {
      ...{ method: 'POST', redirect: 'manual', headers: { origin: portal.address } },
      body: new URLSearchParams({ name: 'carl', state: 'once' }),
    });
    const statuses = [];
    for (let i = 0; i < 2; i++) {
      const place = portal.address + own.headers.get('location');
      statuses.push(
        (await fetch(place, { redirect: 'manual', headers: { cookie: state } })).status,
      );
    }
    expect(statuses).toEqual([303, 401]);
    await stranger.context.close();
  });
});
