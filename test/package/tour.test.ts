// `npm start`: the tour comes out as it says, and ends with 1 when a scene does not. `--try` binds a
// phone by typed codes.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, generateTotp } from '../../src/index.js';
import { parseOtpauthUri } from '../../src/otpauth-uri.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = join(root, 'docs/examples/tour.mjs');
const source = readFileSync(path, 'utf8');
const withoutSpeed = ['  speed();\n', ''] as const;

let work: string;

beforeAll(() => {
  // Below the root, so that a copy of the tour can import the package by name.
  mkdirSync(join(root, '.tmp'), { recursive: true });
  work = mkdtempSync(join(root, '.tmp', 'tour-'));
});
afterAll(() => rmSync(work, { recursive: true }));

/** Runs a tour; `type` is told what has been printed so far, and returns the next line to type. */
function run(file: string, args: string[], env: object, type?: (printed: string) => string) {
  return new Promise<{ code: number | null; printed: string }>((resolve) => {
    const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
    const child = spawn(process.execPath, [file, ...args], { env: { ...rest, ...env } });
    let printed = '';
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (type && /: $/.test(printed)) child.stdin.write(`${type(printed)}\n`);
    });
    child.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    child.on('close', (code) => resolve({ code, printed: printed.replaceAll('\x1b', '␛') }));
    if (!type) child.stdin.end();
  });
}

/** A copy of the tour with a text replaced. */
function changed(name: string, ...changes: (readonly [string, string])[]) {
  let text = source;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const file = join(work, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

/** The URI in a QR code that was drawn with colours. */
function readQr(printed: string): string {
  const rows: boolean[][] = [];
  for (const line of printed.split('\n').filter((one) => one.includes('▀'))) {
    const pairs = [...line.matchAll(/␛\[(30|97);(40|107|49)m▀/g)];
    rows.push(pairs.map(([, ink]) => ink === '30'));
    if (pairs[0]?.[2] !== '49') rows.push(pairs.map(([, , below]) => below === '40'));
  }
  const scale = 4;
  const size = rows.length * scale;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) {
    const isDark = rows[Math.floor(i / size / scale)]?.[Math.floor((i % size) / scale)];
    if (isDark) data.fill(0, 4 * i, 4 * i + 3);
  }
  return decodeQR({ width: size, height: size, data });
}

test('The tour ends with 0, without colours where NO_COLOR asks for none', async () => {
  const { code, printed } = await run(path, [], { NO_COLOR: '1', FORCE_COLOR: '1' });
  expect(printed).toMatch(/Every check passed\./);
  expect(printed.match(/^\d\. /gm)).toHaveLength(5);
  expect(printed).not.toMatch(/␛|FAIL/);
  expect(code).toBe(0);
});

describe('The tour ends with 1 when a scene does not come out:', () => {
  test.each<[string, string, string]>([
    [
      'enrol',
      'second.confirm(USER, enrolled.enrollmentId, code)',
      "second.confirm(USER, enrolled.enrollmentId, 'wrong')",
    ],
    ['once', 'clock += 10 * PERIOD;', ''],
    ['drift', 'clock - 240_000', 'clock - 2_400_000'],
    ['lint', ", algorithm: 'SHA256' };", ' };'],
  ])('%s', async (name, from, to) => {
    const { code, printed } = await run(changed(name, withoutSpeed, [from, to]), [], {});
    expect(printed).toContain('FAIL');
    expect(code, printed).toBe(1);
  });

  test('speed', async () => {
    const file = changed('speed', ['total: 1_000_000', 'total: 1_000']);
    const { code, printed } = await run(file, [], {});
    expect(printed).toContain('FAIL right codes accepted by otpcore');
    expect(code).toBe(1);
  });
});

test('Its QR code, in colours, holds a URI that can be read, and ends without a dark bar', async () => {
  const { printed } = await run(changed('qr', withoutSpeed), [], { FORCE_COLOR: '1' });
  const { issuer, secret } = parseOtpauthUri(readQr(printed));
  expect([issuer, secret.length]).toEqual(['Example', 20]);
  const last = printed.split('\n').findLast((line) => line.includes('▀'));
  expect(last).toMatch(/^ {3}(?:␛\[97;49m▀␛\[0m)+$/);
});

describe('With --try', () => {
  /** What an app shows that was given the secret of the screen. */
  const shown = (printed: string, timestamp = Date.now()) => {
    const [, secret = ''] = /or type ([A-Z2-7]{32})/.exec(printed) ?? [];
    return generateTotp(createKey(secret), { timestamp });
  };

  test('a typed code binds the phone, after a wrong one too', async () => {
    const lines = [() => 'wrong', shown];
    const type = (printed: string) => lines.shift()?.(printed) ?? '';
    const { code, printed } = await run(path, ['--try'], {}, type);
    expect(printed).toMatch(/Refused: malformed[\s\S]*ok .*again: "reused"/);
    expect(code, printed).toBe(0);
  });

  test('a phone an hour slow is asked for its next code', async () => {
    const hour = 3_600_000;
    const lines = [-hour, -hour + 30_000].map(
      (off) => (printed: string) => shown(printed, Date.now() + off),
    );
    const { code, printed } = await run(path, ['--try'], {}, (text) => lines.shift()?.(text) ?? '');
    expect(printed).toMatch(/clock is off by -36[03]0 s/);
    expect(code, printed).toBe(0);
  });

  test('wrong codes and an input that ends bind no phone', async () => {
    const wrong = await run(path, ['--try'], {}, () => 'wrong');
    expect(wrong.printed).toContain('No phone was bound.');
    expect([wrong.code, (await run(path, ['--try'], {})).code]).toEqual([1, 1]);
  });
});
