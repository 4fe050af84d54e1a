// The portal in this process, over PGlite in memory, with a clock that the test turns.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortal } from '../../../docs/examples/portal/app.mjs';
import { openDatabase } from '../../../docs/examples/portal/database.mjs';
import { listen } from '../../../docs/examples/portal/listen.mjs';
import { PASSWORD } from '../../../docs/examples/portal/sample-users.mjs';
import { readSealingKeys } from '../../../docs/examples/portal/sealing-keys.mjs';
import { expectAccessible, makePhone, scan, startBrowser } from './browser.mjs';

export { PASSWORD };

export async function startPortal() {
  const folder = mkdtempSync(join(tmpdir(), 'otpcore-portal-'));
  const clock = { now: 1_800_000_000_000 };
  const database = await openDatabase(undefined, folder);
  const keys = readSealingKeys('k1:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=', folder);
  const mailFolder = join(folder, 'mails');
  const app = await createPortal({ database, keys, mailFolder, now: () => clock.now });
  const { server, port } = await listen(app, 0);
  const browser = await startBrowser();
  const portal = {
    ...{ app, clock, database, folder, keys, browser, address: `http://127.0.0.1:${port}` },
    /** The mails so far, oldest first. */
    mails: () =>
      readdirSync(mailFolder)
        .sort()
        .map((file) => readFileSync(join(mailFolder, file), 'utf8')),
    async stop() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      await portal.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return portal;
}

/** A browser of one person, with words for what a person does. */
export async function openVisitor(portal, options = {}) {
  const context = await portal.browser.newContext({
    viewport: { width: 1100, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  const refusals = [];
  page.on('console', (message) => message.type() === 'error' && refusals.push(message.text()));
  const visitor = {
    ...{ page, context, refusals },
    go: (path) => page.goto(portal.address + path),
    fill: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    press: (name) => page.getByRole('button', { name, exact: true }).click(),
    follow: (name) => page.getByRole('link', { name, exact: true }).click(),
    heading: () => page.getByRole('heading', { level: 1 }).textContent(),
    text: () => page.locator('main').innerText(),
    async signIn(name, password = PASSWORD) {
      await visitor.go('/sign-in');
      await visitor.fill('Name', name);
      await visitor.fill('Password', password);
      await visitor.press('Sign in');
    },
    /** Binds a phone in the contact centre, after the sign-in; answers the phone. */
    async enableMfa() {
      await visitor.go('/profile');
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Enable MFA');
      const phone = makePhone(await scan(page), portal.clock);
      await visitor.fill('Token', phone.code());
      await visitor.press('Bind this device');
      return phone;
    },
    /** Sets a phone up at the first sign-in of the community; answers the phone. */
    async setUpPhone() {
      await visitor.press('Show the QR code');
      const phone = makePhone(await scan(page), portal.clock);
      await visitor.fill('Code', phone.code());
      await visitor.press('Continue');
      return phone;
    },
    check: () => expectAccessible(page),
    /** Keeps a picture for the guide, if the pictures are to be made anew. */
    async picture(name) {
      if (process.env.PORTAL_SCREENSHOTS !== '1') return;
      await page.screenshot({ path: `docs/images/portal-${name}.png`, animations: 'disabled' });
    },
    /** The recovery codes on the page. */
    codes: () => page.locator('.codes code').allTextContents(),
  };
  return visitor;
}
