// The suite finds what is wrong: each library with a planted fault fails the topic that it concerns,
// and the library itself passes. A check that cannot fail would say nothing of a runtime either.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import * as root from '../../dist/node/index.js';
import * as recoveryCodes from '../../dist/node/recovery-codes.js';
import * as memory from '../../dist/node/second-factor/memory.js';
import * as secondFactor from '../../dist/node/second-factor.js';
import { FAULTS } from './suite/faults.mjs';
import { runSuite, TOPICS } from './suite/index.mjs';

const otpcore = { ...root, ...recoveryCodes, ...secondFactor, ...memory };

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('Every topic has a fault to find, and the document counts them all', () => {
  expect(Object.keys(FAULTS).sort()).toEqual(Object.keys(TOPICS).sort());
  const document = readFileSync(new URL('../../docs/runtimes.md', import.meta.url), 'utf8');
  const count = Object.values(FAULTS).flatMap(Object.keys).length;
  expect(document).toContain(`in Node [${count} faults]`);
});

describe.each(Object.entries(FAULTS))('The topic %s', (topic, faults) => {
  test.each(Object.entries(faults))('fails a library with %s', async (_, plant) => {
    const { failures } = await runSuite(plant(otpcore), [topic]);
    expect(failures.length).toBeGreaterThan(0);
  });

  test('passes one without a fault', async () => {
    expect((await runSuite({ ...otpcore }, [topic])).failures).toEqual([]);
  });
});

test('What lacks a function fails in every topic that needs it, and nothing stops the rest', async () => {
  const { generateHotp: _, ...rest } = otpcore;
  const { passed, failures } = await runSuite(rest);
  const topics = new Set(failures.map(({ title }) => title.split(':')[0]));
  expect([...topics]).toEqual(expect.arrayContaining(['hotp', 'totp', 'digests', 'secret']));
  expect(passed).toBeGreaterThan(150);
});
