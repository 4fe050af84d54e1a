import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePhone, scan } from './support/browser.mjs';
import { openVisitor, startPortal } from './support/portal.mjs';

let portal;
let dora;
let uri;
let phone;
let recoveryCodes;
beforeAll(async () => {
  portal = await startPortal();
  dora = await openVisitor(portal);
});
afterAll(() => portal?.stop());

const later = (steps = 1) => {
  portal.clock.now += 30_000 * steps;
};
async function typeCode(code) {
  await dora.fill('Code', code);
  await dora.press('Continue');
}
/** Signs out, and in again with the next code. */
async function signInAgain() {
  await dora.context.clearCookies();
  later();
  await dora.signIn('dora');
  await typeCode(phone.code());
}

describe('The first sign-in of a community', () => {
  test('leads to the set-up of a phone', async () => {
    await dora.signIn('dora');
    expect(await dora.heading()).toBe('Set up your authenticator');
    await dora.check();
  });

  test('lets no other page open before', async () => {
    for (const path of ['/', '/security', '/users']) {
      await dora.go(path);
      expect(await dora.heading()).toBe('Set up your authenticator');
    }
  });

  test('shows the QR code on the desktop while the phone scans it', async () => {
    await dora.press('Show the QR code');
    await dora.check();
    uri = await scan(dora.page);
    phone = makePhone(uri, portal.clock, -240);
  });

  test('asks a phone with a wrong clock for a second, consecutive code', async () => {
    await typeCode(phone.code());
    expect(await dora.text()).toContain('Your phone is about 4 minutes slow');
    await dora.check();
    later();
    await dora.fill('The next code', phone.code());
    await dora.press('Continue');
    recoveryCodes = await dora.codes();
    expect(recoveryCodes).toHaveLength(10);
    expect(await dora.text()).toContain('switch on automatic date and time');
    await dora.check();
  });
});

describe('A code of a community', () => {
  test('counts with the drift that was found', async () => {
    await signInAgain();
    expect(await dora.heading()).toBe('Welcome, dora');
  });

  test('works once', async () => {
    const code = phone.code();
    const thief = await openVisitor(portal);
    await thief.signIn('dora');
    await thief.fill('Code', code);
    await thief.press('Continue');
    expect(await thief.text()).toContain('That code was used already. Wait for the next one.');
    await thief.check();
    await thief.context.close();
  });

  test('is time-limited', async () => {
    later();
    const old = phone.code();
    later(3);
    await dora.context.clearCookies();
    await dora.signIn('dora');
    await typeCode(old);
    expect(await dora.text()).toContain('That code is wrong.');
    await typeCode(phone.code());
    expect(await dora.heading()).toBe('Welcome, dora');
  });
});

describe('Codes that keep being rejected', () => {
  test('lead to the page about the clock after the second', async () => {
    await dora.context.clearCookies();
    later(20);
    phone = makePhone(uri, portal.clock, -480);
    await dora.signIn('dora');
    for (let i = 0; i < 2; i++) await typeCode(phone.code());
    await dora.follow('Find out with two codes');
    expect(await dora.heading()).toBe('Is the clock of your phone right?');
    await dora.check();
  });

  test('of a drifted clock are found by two codes, and the page says by how much', async () => {
    await dora.fill('First code', phone.code());
    await dora.fill('Second code', phone.code(1));
    await dora.press('Continue');
    expect(await dora.text()).toContain(
      'Your phone is about 8 minutes slow: switch on automatic date and time.',
    );
    await dora.go('/');
    expect(await dora.text()).not.toContain('minutes slow');
  });

  test('make the next ones wait, and say for how long to people and programs', async () => {
    await dora.context.clearCookies();
    later(20);
    await dora.signIn('dora');
    for (let i = 0; i < 3; i++) await typeCode('000000');
    const [answer] = await Promise.all([
      dora.page.waitForResponse((response) => response.request().method() === 'POST'),
      typeCode(phone.code()),
    ]);
    expect(answer.status()).toBe(429);
    expect(answer.headers()['retry-after']).toMatch(/^[1-9]$/);
    await dora.picture('throttled');
    expect(await dora.text()).toMatch(/Try again in \d seconds, or type three codes in a row/);
    await dora.check();
  });

  test('wait no longer for a user with three codes in a row', async () => {
    await dora.page.getByText('Trouble with your code?').click();
    await dora.follow('I do not want to wait');
    for (const [i, place] of ['First', 'Second', 'Third'].entries()) {
      await dora.fill(`${place} code`, phone.code(i - 1));
    }
    await dora.press('Continue');
    expect(await dora.heading()).toBe('Welcome, dora');
  });
});

describe('A new phone', () => {
  let next;
  test('is set up while the old one still works', async () => {
    later(4);
    await dora.follow('Security');
    await dora.picture('community');
    await dora.check();
    await dora.press('Move to a new phone');
    next = makePhone(await scan(dora.page), portal.clock);
    const other = await openVisitor(portal);
    await other.signIn('dora');
    await other.fill('Code', phone.code());
    await other.press('Continue');
    expect(await other.heading()).toBe('Welcome, dora');
    await typeCode(next.code());
    // The other session passed a factor that is gone.
    await other.go('/security');
    expect(await other.heading()).toBe('Sign in');
    await other.context.close();
  });

  test('takes the place of the old one at its first code', async () => {
    await dora.context.clearCookies();
    later();
    await dora.signIn('dora');
    await typeCode(phone.code());
    expect(await dora.text()).toContain('That code is wrong.');
    phone = next;
    await typeCode(phone.code());
    expect(await dora.heading()).toBe('Welcome, dora');
  });

  test('needs a fresh code once the last one is 15 minutes old', async () => {
    later(40);
    await dora.go('/security');
    await dora.press('Move to a new phone');
    expect(await dora.heading()).toBe('Confirm that it is you');
    await dora.check();
    await typeCode(phone.code());
    expect(await dora.heading()).toBe('Security');
  });
});

describe('The entry that the app shows', () => {
  test('is renamed without disruption, by a new entry beside the old one', async () => {
    await dora.page.getByText('Rename the entry in the app').click();
    await dora.fill('New name of the entry', 'Dora at work');
    await dora.press('Rename');
    const renamed = makePhone(await scan(dora.page), portal.clock);
    expect(renamed.account).toBe('Dora at work');
    later();
    const other = await openVisitor(portal);
    await other.signIn('dora');
    await other.fill('Code', phone.code());
    await other.press('Continue');
    expect(await other.heading()).toBe('Welcome, dora');
    await other.context.close();
    await typeCode(renamed.code());
    // Codes that belonged to the old entry alone end with it.
    recoveryCodes = await dora.codes();
    phone = renamed;
    await signInAgain();
    expect(await dora.heading()).toBe('Welcome, dora');
  });
});

describe('A lost phone', () => {
  const typeRecoveryCode = async (code) => {
    await dora.context.clearCookies();
    await dora.signIn('dora');
    await dora.page.getByText('Trouble with your code?').click();
    await dora.follow('I lost my phone');
    await dora.fill('Recovery code', code);
    await dora.press('Continue');
  };

  test('is told from a guess', async () => {
    await typeRecoveryCode('AAAA BBBB CCCC DDDD EEEE FFFF');
    expect(await dora.text()).toContain('That is not one of your recovery codes.');
    await dora.check();
  });

  test('is replaced by a recovery code, and then a new enrolment before anything else', async () => {
    await typeRecoveryCode(recoveryCodes[0].toLowerCase().replaceAll('-', ' '));
    expect(await dora.heading()).toBe('Set up your authenticator');
    await dora.go('/security');
    expect(await dora.heading()).toBe('Set up your authenticator');
    const lost = phone;
    await dora.press('Show the QR code');
    phone = makePhone(await scan(dora.page), portal.clock);
    await typeCode(phone.code());
    recoveryCodes = await dora.codes();
    expect(recoveryCodes).toHaveLength(10);
    await dora.context.clearCookies();
    later();
    await dora.signIn('dora');
    await typeCode(lost.code());
    expect(await dora.text()).toContain('That code is wrong.');
    await typeCode(phone.code());
    expect(await dora.heading()).toBe('Welcome, dora');
  });

  test('without recovery codes ends in a reset by support, and a new enrolment', async () => {
    const support = await openVisitor(portal);
    await support.signIn('sam');
    await support.setUpPhone();
    await support.follow('I have kept them');
    await support.follow('Users');
    await support.follow('dora');
    await support.press('Reset second factor');
    expect(await support.text()).toMatch(/reset\s+sam/);
    await support.check();
    await support.context.close();
    await dora.go('/security');
    expect(await dora.heading()).toBe('Sign in');
    await dora.signIn('dora');
    expect(await dora.heading()).toBe('Set up your authenticator');
    expect(portal.mails().some((mail) => mail.includes('Support switched off'))).toBe(true);
  });
});
