// Headless Chromium, and a phone that scans what it shows.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { expect } from 'vitest';
import { createKey, generateTotp, parseOtpauthUri } from '../../../dist/node/index.js';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function startBrowser() {
  if (!existsSync(CHROMIUM)) throw new Error(`no ${CHROMIUM}: apt-get install chromium`);
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** Reads the QR code of a page from its pixels, as a phone does. */
export async function scan(page) {
  const picture = await page.locator('.qr').screenshot();
  const blank = await page.context().browser().newPage();
  const image = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: [...data], width, height };
  }, picture.toString('base64'));
  await blank.close();
  return decodeQR({ ...image, data: Uint8Array.from(image.data) });
}

/** A phone whose clock may be off. */
export function makePhone(uri, clock, offSeconds = 0) {
  const { secret, issuer, account } = parseOtpauthUri(uri);
  const key = createKey(secret);
  return {
    issuer,
    account,
    code: (stepsAhead = 0) =>
      generateTotp(key, { timestamp: clock.now + 1000 * (offSeconds + 30 * stepsAhead) }),
  };
}

/** Fails if axe finds anything serious on the page. */
export async function expectAccessible(page) {
  // The page's policy forbids inline scripts, so that axe comes through the debugger.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate('axe.run()');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}
