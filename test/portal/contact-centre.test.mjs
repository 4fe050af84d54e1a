import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePhone, scan } from './support/browser.mjs';
import { openVisitor, PASSWORD, startPortal } from './support/portal.mjs';

let portal;
let anna;
let phone;
beforeAll(async () => {
  portal = await startPortal();
  anna = await openVisitor(portal);
});
afterAll(() => portal?.stop());
const STEP = 30_000;

describe('A contact centre', () => {
  test('signs an agent without MFA in by name and password', async () => {
    await anna.signIn('anna');
    expect(await anna.heading()).toBe('Welcome, anna');
    await anna.check();
  });

  test('has the MFA settings under My profile', async () => {
    await anna.follow('My profile');
    await anna.page.getByRole('heading', { name: 'MFA settings' }).waitFor();
    expect(await anna.text()).toContain('MFA is not enabled.');
    await anna.check();
  });

  test('shows no QR code for a wrong password', async () => {
    await anna.fill('Password', 'wrong');
    await anna.press('Enable MFA');
    expect(await anna.text()).toContain('The password is wrong.');
    expect(await anna.page.locator('.qr').count()).toBe(0);
    await anna.check();
  });

  test('shows a QR code once the password confirms', async () => {
    await anna.fill('Password', PASSWORD);
    await anna.press('Enable MFA');
    phone = makePhone(await scan(anna.page), portal.clock);
    await anna.picture('contact-centre');
    expect(phone).toMatchObject({ issuer: 'Example Portal', account: 'anna@example.com' });
    await anna.check();
  });

  test('shows the secret in groups beneath the QR code', async () => {
    const secret = await anna.page.locator('.secret').textContent();
    expect(secret).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  });

  test('does not bind the device by a wrong token, and keeps the QR code', async () => {
    const before = await anna.page.locator('.qr').innerHTML();
    await anna.fill('Token', '000000');
    await anna.press('Bind this device');
    expect(await anna.text()).toContain('That code is wrong.');
    expect(await anna.page.locator('.qr').innerHTML()).toBe(before);
    expect(await anna.page.locator('#code').getAttribute('aria-describedby')).toBe('code-error');
    await anna.check();
  });

  test('binds the device by the first token', async () => {
    await anna.fill('Token', phone.code());
    await anna.press('Bind this device');
    expect(await anna.heading()).toBe('Keep your recovery codes');
    expect(await anna.codes()).toHaveLength(10);
    await anna.check();
    await anna.follow('I have kept them');
    expect(await anna.text()).toContain('with a second factor');
  });

  test('asks for name, password and token at the next sign-in', async () => {
    await anna.press('Sign out');
    portal.clock.now += STEP;
    await anna.signIn('anna');
    expect(await anna.heading()).toBe('Type your code');
    const token = anna.page.getByLabel('Token', { exact: true });
    expect(await token.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await token.getAttribute('inputmode')).toBe('numeric');
    expect(await token.evaluate((input) => input === document.activeElement)).toBe(true);
    await anna.check();
    await token.fill(phone.code());
    await anna.press('Continue');
    expect(await anna.heading()).toBe('Welcome, anna');
  });

  test('tells the user by mail', () => {
    const [mail] = portal.mails();
    expect(mail).toContain('To: anna@example.com');
    expect(mail).toContain('authenticator app was added');
    expect(mail).not.toMatch(/\d{6}/);
  });

  test('lets an administrator untick MFA enabled for a user', async () => {
    const boss = await openVisitor(portal);
    await boss.signIn('boss');
    await boss.follow('Users');
    await boss.follow('anna');
    await boss.press('Save');
    expect(await boss.text()).toContain('Switch on a second factor for yourself first.');
    const own = await boss.enableMfa();
    // A code of an hour ago is no proof any more.
    portal.clock.now += 120 * STEP;
    await boss.go('/users');
    await boss.follow('anna');
    await boss.press('Save');
    expect(await boss.heading()).toBe('Confirm that it is you');
    await boss.fill('Code', own.code());
    await boss.press('Continue');
    await boss.check();
    await boss.follow('anna');
    const box = boss.page.getByLabel('MFA enabled', { exact: true });
    expect(await box.isChecked()).toBe(true);
    await box.uncheck();
    await boss.press('Save');
    expect(await box.isChecked()).toBe(false);
    expect(await boss.text()).toMatch(/reset\s+boss/);
    await boss.check();
    await boss.context.close();
  });

  test('signs the user out everywhere by that, and asks for no token at the next sign-in', async () => {
    await anna.go('/profile');
    expect(await anna.heading()).toBe('Sign in');
    await anna.signIn('anna');
    expect(await anna.heading()).toBe('Welcome, anna');
    expect(await anna.text()).toContain('by password');
  });

  test('does not let an agent open the pages of an administrator', async () => {
    expect((await anna.go('/users')).status()).toBe(404);
  });

  test('reports no broken rule of its content policy', () => {
    expect(anna.refusals.filter((text) => /Content Security Policy/i.test(text))).toEqual([]);
  });
});
