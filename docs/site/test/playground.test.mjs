// The playground in each browser, with the clock stopped: codes by the RFC's vectors and oathtool's,
// windows, drift, findings, exports, and a page that sends and keeps nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveSite } from '../build/serve.mjs';
import { browsers } from './browsers.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
/** RFC 6238, appendix B: its third moment. */
const NOW = 1_111_111_109_000;
const uriWith = (query) => `otpauth://totp/ACME:alice?secret=${SECRET}&issuer=ACME${query}`;
const EXPORT =
  'otpauth-migration://offline?data=CiYKCkhlbGxvId6tvu8SDUV4YW1wbGU6YWxpY2UaB0V4YW1wbGUwAhAB';

/** `oathtool --totp --base32 --window=4 --now='2005-03-18 01:57:29 UTC' GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ` */
const OATHTOOL_CODES = ['150727', '731029', '081804', '050471', '266759'];

let site;
beforeAll(async () => {
  site = await serveSite();
});
afterAll(() => site?.close());

const byTest = (name) => `[data-test="${name}"]`;

describe.each(browsers)('In $name', ({ name, program, open }) => {
  let browser;
  let page;
  beforeAll(async () => {
    browser = await open(program);
    page = await openPlayground();
  });
  afterAll(() => browser?.close());

  async function openPlayground(options = {}) {
    const setUp = (now) => {
      Date.now = () => now;
    };
    const opened = await browser.newPage({ ...options, setUp, argument: NOW });
    await opened.goto(`${site.address}playground.html`);
    await opened.waitFor(byTest('current'));
    return opened;
  }

  const text = (selector, from = page) =>
    from.evaluate((css) => document.querySelector(css)?.textContent.trim() ?? '', selector);
  /** Types into the first field, emptied first so that no used step remains. */
  async function show(value, from = page) {
    await from.fill(byTest('text'), '');
    await settle(from);
    await from.fill(byTest('text'), value);
    await settle(from);
  }
  async function press(control) {
    await page.click(byTest(control));
    await settle(page);
  }
  const settle = (from) => from.evaluate(() => new Promise((done) => setTimeout(done, 50)));
  /** Sets a field that no driver types into, such as a slider. */
  async function setField(control, value, from = page) {
    await from.evaluate(
      ([css, wanted]) => {
        const field = document.querySelector(css);
        field.value = wanted;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      },
      [byTest(control), value],
    );
    await settle(from);
  }
  const digitsOf = (shown) => shown.replaceAll(' ', '');

  test.each([
    ['SHA1', SECRET, '07081804'],
    ['SHA256', `${SECRET}GEZDGNBVGY3TQOJQGEZA====`, '68084774'],
  ])('the code of %s is that of RFC 6238', async (algorithm, secret, code) => {
    await show(
      `otpauth://totp/ACME:alice?secret=${secret.replaceAll('=', '')}&issuer=ACME&digits=8&algorithm=${algorithm}`,
    );
    expect(digitsOf(await text(byTest('current')))).toBe(code);
    expect(await text(byTest('seconds-left'))).toBe('1');
  });

  test('codes by a counter are those of RFC 4226', async () => {
    await show(`otpauth://hotp/ACME:alice?secret=${SECRET}&issuer=ACME&counter=0`);
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll('.counters .code')].map(({ textContent }) => textContent),
    );
    expect(shown.map(digitsOf)).toEqual(['755224', '287082', '359152', '969429', '338314']);
    expect(await text(byTest('current'))).toBe('');
  });

  test('the time line has the codes that oathtool prints, and its band is the window', async () => {
    await show(SECRET);
    const steps = await page.evaluate(() =>
      [...document.querySelectorAll('.steps li')].map((item) => [
        item.querySelector('button').textContent.replaceAll(' ', ''),
        item.classList.contains('accepted'),
      ]),
    );
    const since = new Date(NOW - 60_000).toISOString().replace('T', ' ').slice(0, 19);
    const args = ['--totp', '--base32', '--window=4', `--now=${since} UTC`, SECRET];
    const { stdout, error } = spawnSync('oathtool', args, { encoding: 'utf8' });
    // Without oathtool, its output as it was.
    const codes = error ? OATHTOOL_CODES : stdout.trim().split('\n');
    expect(codes).toEqual(OATHTOOL_CODES);
    expect(steps.map(([code]) => code)).toEqual(codes);
    expect(steps.map(([, accepted]) => accepted)).toEqual([false, true, true, true, false]);
  });

  test('a code is accepted once, inside the window only, and drift moves the window', async () => {
    await show(SECRET);
    const answerTo = async (code) => {
      await page.fill(byTest('code'), code);
      await press('verify');
      return text(byTest('answer'));
    };
    expect(await answerTo('12')).toBe('refused: malformed');
    expect(await answerTo(OATHTOOL_CODES[4])).toBe('refused: mismatch');
    expect(await answerTo(OATHTOOL_CODES[2])).toBe('valid: step 37037036, delta 0');
    expect(await answerTo(OATHTOOL_CODES[2])).toBe('refused: reused');
    await setField('drift', '2');
    expect(await answerTo(OATHTOOL_CODES[4])).toBe('valid: step 37037038, delta 2');
  });

  test('a phone with a wrong clock is found by two codes, or refused out of range', async () => {
    await show(SECRET);
    await setField('phone-clock', '-7');
    await press('phone-try');
    await press('verify');
    expect(await text(byTest('answer'))).toBe('refused: mismatch');
    await press('resync');
    expect(await text(byTest('resync-answer'))).toContain('drift -7, step 37037029');
    await press('use-drift');
    await press('verify');
    expect(await text(byTest('answer'))).toBe('valid: step 37037029, delta -7');
    await setField('phone-clock', '25');
    await press('resync');
    expect(await text(byTest('resync-answer'))).toContain('refused, mismatch');
  });

  test('findings are listed by app, and a clean URI has none', async () => {
    await show(uriWith('&digits=8'));
    const apps = () =>
      page.evaluate(() => [...document.querySelectorAll('.app')].map((app) => app.textContent));
    expect(await apps()).toEqual(['Google', 'Microsoft', 'Authy', 'Duo', 'LastPass']);
    expect(await text(byTest('findings'))).toContain('digits-ignored');
    await show(uriWith(''));
    expect(await apps()).toEqual([]);
    expect(await text(byTest('lint-clean'))).toContain('No app');
  });

  test('errors are the words of the library, and no code is shown beside them', async () => {
    for (const wrong of [
      'GEZD!',
      'otpauth://totp/ACME:alice',
      'otpauth-migration://offline?data=A',
      'https://example.com',
    ]) {
      await show(wrong);
      expect(await text(byTest('error')), wrong).toMatch(
        /^(?:base32 text|the URI|the text|the export)/i,
      );
      expect(await text(byTest('current'))).toBe('');
    }
  });

  test('an export shows its accounts, and opens one', async () => {
    await show(EXPORT);
    expect(await text(byTest('batch'))).toBe('Picture 1 of 1, with 1 account.');
    expect(await text('.entries')).toContain('Example alice');
    await press('open-entry');
    expect(await page.evaluate((css) => document.querySelector(css).value, byTest('text'))).toBe(
      'otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP&issuer=Example',
    );
  });

  test('the QR code, read back as a picture, is the URI', async () => {
    const uri = uriWith('&period=60');
    await show(uri);
    await page.evaluate(async (css) => {
      const svg = document.querySelector('.qr');
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"'))}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 400 });
      canvas.getContext('2d').drawImage(image, 0, 0);
      const blob = await new Promise((done) => canvas.toBlob(done));
      const files = new DataTransfer();
      files.items.add(new File([blob], 'code.png', { type: 'image/png' }));
      document.querySelector('[data-test="text"]').value = '';
      const field = document.querySelector(css);
      field.files = files.files;
      field.dispatchEvent(new Event('change'));
    }, byTest('picture'));
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1500)));
    expect(await text(byTest('error'))).toBe('');
    expect(await page.evaluate(() => document.querySelector('.uri').textContent)).toBe(uri);
  });

  test('using the page sends no request, and keeps nothing in storage or address', async () => {
    const fresh = await openPlayground();
    await fresh.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
    const before = [...fresh.requests];
    for (const value of [SECRET, uriWith('&image=https://example.com/a.png'), EXPORT]) {
      await show(value, fresh);
    }
    await setField('text', SECRET, fresh);
    await setField('phone-clock', '9', fresh);
    await fresh.click(byTest('resync'));
    await fresh.evaluate(() => new Promise((done) => setTimeout(done, 600)));
    expect(before).toContain(`${site.address}playground.html`);
    expect(fresh.requests).toEqual(before);
    expect(
      before.filter((url) => !url.startsWith(site.address) && !url.startsWith('data:')),
    ).toEqual([]);
    const kept = await fresh.evaluate(() =>
      [JSON.stringify({ ...localStorage, ...sessionStorage }), document.cookie, location.href].join(
        '\n',
      ),
    );
    expect(kept).not.toMatch(/GEZD|secret|otpauth/i);
    expect(
      await fresh.evaluate(() =>
        fetch('/').then(
          () => 'sent',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
    await fresh.close();
  });

  test('the search finds a guide, without a request to another host', async () => {
    const own = await openPlayground();
    await own.click('#local-search button');
    await own.waitFor('#localsearch-input');
    await own.fill('#localsearch-input', 'drift');
    await own.waitFor('.VPLocalSearchBox .result[href*="clocks-and-drift"]');
    expect(
      own.requests.filter((url) => !/^data:/.test(url) && !url.startsWith(site.address)),
    ).toEqual([]);
    await own.close();
  });

  test.each([
    [1280, false],
    [360, true],
  ])(
    'at a width of %i, dark: %s, the page fits and axe finds nothing serious',
    async (width, dark) => {
      const own = await openPlayground({ width });
      await own.evaluate((on) => document.documentElement.classList.toggle('dark', on), dark);
      await show(uriWith('&digits=8'), own);
      await own.click(byTest('resync'));
      expect(await own.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
      await own.evaluate(AXE);
      const found = await own.evaluate(() =>
        axe.run('main').then(({ violations }) =>
          violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(
              ({ id, nodes }) =>
                `${id}: ${nodes
                  .map(({ html }) => html)
                  .join(' ')
                  .slice(0, 300)}`,
            ),
        ),
      );
      expect(found, name).toEqual([]);
      await own.close();
    },
  );
});
