/** A call that fails because the stack ends in the midst of it leaves nothing in a kernel's memory. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../support/stack-end.mjs', import.meta.url));

describe.each(['SHA1', 'SHA256', 'SHA512'])('Under %s nothing stays of', (algorithm) => {
  test.each([
    ['a secret given as bytes', 'bytes'],
    ['a secret given as text', 'text'],
    ['a key that generates', 'generate'],
    ['a key that verifies', 'verify'],
    ['the keys of a batch', 'batch'],
  ])('%s', async (_, operation) => {
    // Uncompiled, a function takes the same room each time, so that the end stays where it is.
    const flags = ['--no-opt', '--no-sparkplug', '--stack-size=200'];
    const input = [...flags, script, algorithm, operation];
    const { stdout } = await promisify(execFile)(process.execPath, input);
    const { failed, left, isSeen } = JSON.parse(stdout);
    expect(failed).toBeGreaterThan(100);
    expect({ left, isSeen }).toEqual({ left: 0, isSeen: true });
  });
});
