// The libraries that people come from, in the versions that bench/package.json pins, and this one as
// it is built.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export * as otpcore from '../../../dist/node/index.js';

const manifest = new URL('../../../bench/package.json', import.meta.url);
const require = createRequire(manifest);

export const speakeasy = require('speakeasy');
export const notp = require('notp');
export const otpauth = require('otpauth');
export const otplib12 = require('otplib-12');
export const otplib12Core = require('otplib-12/core');
export const otplib13 = require('otplib-13');
export const otplib13Totp = require('@otplib/totp');
export const otplib13Uri = require('@otplib/uri');
/** For what else is installed with them. */
export const requireLibrary = require;
// Shipped as modules only.
const modules = pathToFileURL(require.resolve('@oslojs/otp')).href;
export const oslo = await import(/* @vite-ignore */ modules);

/** A library's exact version, by its name in bench/package.json. */
export function pinnedVersion(name) {
  return /[\d.]+$/.exec(JSON.parse(readFileSync(manifest, 'utf8')).dependencies[name])[0];
}

/** A file of a library, as text. */
export function sourceOf(path) {
  return readFileSync(new URL(`./node_modules/${path}`, manifest), 'utf8');
}

/** Runs something with what it writes to `console.warn` kept back; answers that, too. */
export function quietly(run) {
  const { warn } = console;
  const warned = [];
  console.warn = (...args) => warned.push(args.join(' '));
  try {
    return { value: run(), warned };
  } finally {
    console.warn = warn;
  }
}
