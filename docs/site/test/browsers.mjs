// Chromium and Firefox behind one small interface. Debian's Firefox speaks WebDriver BiDi, which
// puppeteer drives and playwright does not.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const CHROMIUM_FLAGS = [
  // The sandbox wants a user other than root, or rights that a container does not give.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function firstOf(programs) {
  return programs.find((program) => existsSync(program));
}

/** The installed browsers; the gate demands both by BROWSERS=required. */
export const browsers = [
  { name: 'Chromium', program: firstOf(CHROMIUM), open: openChromium },
  { name: 'Firefox', program: firstOf(FIREFOX), open: openFirefox },
].filter(({ name, program }) => {
  if (program === undefined && process.env.BROWSERS === 'required') {
    throw new Error(`${name} is not installed: apt-get install chromium firefox-esr`);
  }
  return program !== undefined;
});

async function openChromium(executablePath) {
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  return {
    close: () => browser.close(),
    async newPage({ width = 1280, setUp, argument }) {
      const context = await browser.newContext({ viewport: { width, height: 800 } });
      const page = await context.newPage();
      await page.addInitScript(setUp, argument);
      return interfaceOf(page, {
        fill: (selector, text) => page.fill(selector, text),
        close: () => context.close(),
      });
    },
  };
}

async function openFirefox(executablePath) {
  const extraPrefsFirefox = {
    'browser.aboutwelcome.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  const options = { browser: 'firefox', headless: true, executablePath, extraPrefsFirefox };
  const browser = await puppeteer.launch(options);
  return {
    close: () => browser.close(),
    async newPage({ width = 1280, setUp, argument }) {
      const page = await browser.newPage();
      await page.setViewport({ width, height: 800 });
      await page.evaluateOnNewDocument(setUp, argument);
      return interfaceOf(page, {
        fill: (selector, text) => page.locator(selector).fill(text),
        close: () => page.close(),
      });
    },
  };
}

/** The calls that both drivers spell alike, with the requests of the page. */
function interfaceOf(page, { fill, close }) {
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  return {
    requests,
    fill,
    close,
    goto: (address) => page.goto(address, { waitUntil: 'load' }),
    click: (selector) => page.click(selector),
    evaluate: (call, argument) => page.evaluate(call, argument),
    waitFor: (selector) => page.waitForSelector(selector),
    page,
  };
}
