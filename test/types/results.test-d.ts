// What comes back: each result is a closed union that `valid` splits, with exactly the reasons its
// function can give. Type-checked only; compile.test.ts holds it.
import { expectTypeOf, test } from 'vitest';
import {
  type Algorithm,
  type Bytes,
  type HotpFields,
  type HotpOnceResult,
  type HotpResult,
  lintOtpauthUri,
  type OtpauthFields,
  type OtpauthLint,
  type OtpauthLintCode,
  OtpError,
  type OtpErrorCode,
  type OtpKey,
  parseOtpauthUri,
  type ResyncTotpResult,
  resyncHotp,
  resyncTotp,
  type TotpFields,
  type TotpResult,
  verifyHotp,
  verifyHotpOnce,
  verifyTotp,
  verifyTotpBatch,
  verifyTotpOnce,
} from '../../src/index.js';

declare const key: OtpKey;
declare const options: Parameters<typeof verifyHotpOnce>[2];

type HotpAccepted = {
  readonly valid: true;
  readonly counter: number;
  readonly nextCounter: number;
};
type Refused<Reason extends string> = { readonly valid: false; readonly reason: Reason };

test('An HOTP result is a counter, or malformed or mismatch', () => {
  expectTypeOf<HotpResult>().toEqualTypeOf<HotpAccepted | Refused<'malformed' | 'mismatch'>>();
  const result = verifyHotp(key, '287082', { counter: 0 });
  if (result.valid) {
    expectTypeOf(result.counter).toEqualTypeOf<number>();
    expectTypeOf(result.nextCounter).toEqualTypeOf<number>();
  } else expectTypeOf(result.reason).toEqualTypeOf<'malformed' | 'mismatch'>();
});

test('A single-use HOTP result may also be reused', async () => {
  const result = await verifyHotpOnce(key, '287082', options);
  expectTypeOf(result).toEqualTypeOf<HotpOnceResult>();
  if (result.valid) expectTypeOf(result).toEqualTypeOf<HotpAccepted>();
  else expectTypeOf(result.reason).toEqualTypeOf<'malformed' | 'mismatch' | 'reused'>();
});

test('A resynchronised counter is an HOTP result', () => {
  const result = resyncHotp(key, ['162583', '399871'], { counter: 0 });
  expectTypeOf(result).toEqualTypeOf<HotpResult>();
});

test('A TOTP result is a step and a delta, or malformed, mismatch or reused', () => {
  expectTypeOf<TotpResult>().toEqualTypeOf<
    | { readonly valid: true; readonly step: number; readonly delta: number }
    | Refused<'malformed' | 'mismatch' | 'reused'>
  >();
  const result = verifyTotp(key, '287082');
  if (result.valid) {
    expectTypeOf(result.step).toEqualTypeOf<number>();
    expectTypeOf(result.delta).toEqualTypeOf<number>();
  } else expectTypeOf(result.reason).toEqualTypeOf<'malformed' | 'mismatch' | 'reused'>();
});

test('A batch and a single use give TOTP results', () => {
  expectTypeOf(verifyTotpBatch).returns.toEqualTypeOf<TotpResult[]>();
  expectTypeOf(verifyTotpOnce).returns.toEqualTypeOf<Promise<TotpResult>>();
});

test('A resynchronised clock is a step and a drift, or malformed, mismatch or reused', () => {
  expectTypeOf<ResyncTotpResult>().toEqualTypeOf<
    | { readonly valid: true; readonly step: number; readonly drift: number }
    | Refused<'malformed' | 'mismatch' | 'reused'>
  >();
  const result = resyncTotp(key, ['162583', '399871']);
  if (result.valid) expectTypeOf(result.drift).toEqualTypeOf<number>();
  else expectTypeOf(result.reason).toEqualTypeOf<'malformed' | 'mismatch' | 'reused'>();
});

test('A switch over the reasons is exhaustive', () => {
  expectTypeOf((result: TotpResult): string => {
    if (result.valid) return 'welcome';
    switch (result.reason) {
      case 'malformed':
        return 'six digits, please';
      case 'mismatch':
        return 'wrong code';
      case 'reused':
        return 'wait for the next code';
    }
  }).returns.toEqualTypeOf<string>();
});

/** One object type of what is spread over several; identical only to its equal, to the last modifier. */
type Flat<T> = { [K in keyof T]: T[K] };

interface CommonFields {
  readonly issuer?: string;
  readonly labelIssuer?: string;
  readonly account: string;
  readonly secret: Bytes;
  readonly algorithm: Algorithm;
  readonly digits: number;
  readonly image?: string;
}

test('A parsed URI is told apart by its type, and only one type has a period', () => {
  expectTypeOf<Flat<TotpFields>>().toEqualTypeOf<
    Flat<CommonFields & { readonly type: 'totp'; readonly period: number }>
  >();
  expectTypeOf<Flat<HotpFields>>().toEqualTypeOf<
    Flat<CommonFields & { readonly type: 'hotp'; readonly counter: number }>
  >();
  const uri = parseOtpauthUri('');
  expectTypeOf(uri).toEqualTypeOf<OtpauthFields>();
  expectTypeOf(uri.type).toEqualTypeOf<'totp' | 'hotp'>();
  if (uri.type === 'totp') expectTypeOf(uri).toEqualTypeOf<TotpFields>();
  else expectTypeOf(uri).toEqualTypeOf<HotpFields>();
});

test('A finding is a code of a closed list and a message', () => {
  expectTypeOf(lintOtpauthUri).returns.toEqualTypeOf<OtpauthLint[]>();
  expectTypeOf<OtpauthLint>().toEqualTypeOf<{
    readonly code: OtpauthLintCode;
    readonly message: string;
  }>();
  expectTypeOf<OtpauthLintCode>().toEqualTypeOf<
    | 'unreadable'
    | 'colon-in-name'
    | 'untrimmed-name'
    | 'unsafe-character'
    | 'missing-issuer'
    | 'empty-account'
    | 'short-secret'
    | 'long-secret'
    | 'algorithm-ignored'
    | 'digits-ignored'
    | 'period-ignored'
    | 'hotp-unsupported'
    | 'hotp-first-counter'
    | 'not-exchangeable'
    | 'steam-issuer'
    | 'placeholder-name'
    | 'delimiter-in-name'
    | 'plus-in-name'
    | 'encoded-twice'
    | 'period-in-name'
    | 'long-name'
    | 'too-long-for-yubikey'
    | 'issuer-mismatch'
    | 'issuer-not-in-both'
    | 'escaped-separator'
    | 'raw-plus'
    | 'raw-character'
    | 'raw-delimiter'
    | 'space-around-name'
    | 'dot-segment'
    | 'fragment'
    | 'letter-case'
    | 'secret-padding'
    | 'secret-spelling'
    | 'algorithm-spelling'
    | 'repeated-parameter'
    | 'stray-parameter'
    | 'unknown-parameter'
    | 'long-uri'
    | 'too-long-for-qr'
  >();
});

test('An OtpError has a code of a closed list and a position', () => {
  expectTypeOf<OtpError>().toExtend<Error>();
  expectTypeOf<OtpError['position']>().toEqualTypeOf<number>();
  expectTypeOf<OtpError['code']>().toEqualTypeOf<OtpErrorCode>();
  expectTypeOf<OtpErrorCode>().toEqualTypeOf<
    | 'invalid-character'
    | 'invalid-length'
    | 'invalid-padding'
    | 'trailing-bits'
    | 'empty-secret'
    | 'uri-too-long'
    | 'uri-scheme'
    | 'uri-type'
    | 'uri-encoding'
    | 'duplicate-parameter'
    | 'unsupported-parameter'
    | 'missing-secret'
    | 'invalid-secret'
    | 'unsupported-algorithm'
    | 'invalid-digits'
    | 'invalid-period'
    | 'invalid-counter'
    | 'missing-counter'
    | 'invalid-payload'
    | 'record-unreadable'
    | 'secret-unreadable'
    | 'store-conflict'
  >();
});

test('A caught error becomes an OtpError by instanceof', () => {
  const caught: unknown = undefined;
  if (caught instanceof OtpError) expectTypeOf(caught.code).toEqualTypeOf<OtpErrorCode>();
});
