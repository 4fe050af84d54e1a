// What goes in: the signature of every public function, and every options object, readonly and to
// the last name. Type-checked only; compile.test.ts holds it.
import { expectTypeOf, test } from 'vitest';
import type * as otpcore from '../../src/index.js';
import type {
  Algorithm,
  BuildHotpUriOptions,
  BuildOtpauthUriOptions,
  BuildTotpUriOptions,
  Bytes,
  CreateKeyOptions,
  GenerateHotpOptions,
  GenerateTotpOptions,
  HotpOnceResult,
  HotpResult,
  MemoryStoreOptions,
  OtpauthFields,
  OtpauthLint,
  OtpKey,
  ResyncHotpOnceOptions,
  ResyncHotpOptions,
  ResyncTotpOnceOptions,
  ResyncTotpOptions,
  ResyncTotpResult,
  SingleUseStore,
  TimeOptions,
  TotpBatchItem,
  TotpResult,
  VerifyHotpOnceOptions,
  VerifyHotpOptions,
  VerifyTotpBatchOptions,
  VerifyTotpOnceOptions,
  VerifyTotpOptions,
  WindowSides,
} from '../../src/index.js';

type Functions = {
  decodeBase32: (text: string) => Bytes;
  decodeBase32Lenient: (text: string) => Bytes;
  encodeBase32: (bytes: Uint8Array) => string;
  generateSecret: (byteLength?: number) => Bytes;
  createKey: (secret: Uint8Array | string, options?: CreateKeyOptions) => OtpKey;
  generateHotp: (key: OtpKey, counter: number, options?: GenerateHotpOptions) => string;
  verifyHotp: (key: OtpKey, code: unknown, options: VerifyHotpOptions) => HotpResult;
  truncatedHmac: (key: OtpKey, counter: number) => number;
  resyncHotp: (key: OtpKey, codes: readonly unknown[], options: ResyncHotpOptions) => HotpResult;
  generateTotp: (key: OtpKey, options?: GenerateTotpOptions) => string;
  verifyTotp: (key: OtpKey, code: unknown, options?: VerifyTotpOptions) => TotpResult;
  verifyTotpBatch: (
    items: readonly TotpBatchItem[],
    options?: VerifyTotpBatchOptions,
  ) => TotpResult[];
  resyncTotp: (
    key: OtpKey,
    codes: readonly unknown[],
    options?: ResyncTotpOptions,
  ) => ResyncTotpResult;
  normalizeCode: (typed: unknown) => string;
  timeStep: (options?: TimeOptions) => number;
  secondsRemaining: (options?: TimeOptions) => number;
  buildOtpauthUri: (params: BuildOtpauthUriOptions) => string;
  createSha1Key: (secret: Uint8Array) => OtpKey;
  parseOtpauthUri: (text: string) => OtpauthFields;
  lintOtpauthUri: (subject: string | BuildOtpauthUriOptions | OtpauthFields) => OtpauthLint[];
  memoryStore: (options?: MemoryStoreOptions) => SingleUseStore;
  verifyTotpOnce: (
    key: OtpKey,
    code: unknown,
    options: VerifyTotpOnceOptions,
  ) => Promise<TotpResult>;
  verifyHotpOnce: (
    key: OtpKey,
    code: unknown,
    options: VerifyHotpOnceOptions,
  ) => Promise<HotpOnceResult>;
  resyncTotpOnce: (
    key: OtpKey,
    codes: readonly unknown[],
    options: ResyncTotpOnceOptions,
  ) => Promise<ResyncTotpResult>;
  resyncHotpOnce: (
    key: OtpKey,
    codes: readonly unknown[],
    options: ResyncHotpOnceOptions,
  ) => Promise<HotpOnceResult>;
  checkStore: (store: SingleUseStore) => Promise<void>;
};

test('The package has exactly these functions, and the class of its error', () => {
  expectTypeOf<{ [K in keyof Functions]: (typeof otpcore)[K] }>().toEqualTypeOf<Functions>();
  expectTypeOf<keyof typeof otpcore>().toEqualTypeOf<keyof Functions | 'OtpError'>();
});

/** One object type of what is spread over several; identical only to its equal, to the last modifier. */
type Flat<T> = { [K in keyof T]: T[K] };

type Digits = { readonly digits?: number | undefined };
type Time = {
  readonly timestamp?: number | undefined;
  readonly period?: number | undefined;
  readonly epoch?: number | undefined;
};
type User = { readonly drift?: number | undefined; readonly lastStep?: number | undefined };
type Window = { readonly window?: number | WindowSides | undefined };
type Claim = { readonly store: SingleUseStore; readonly id: string };
type Hotp = Digits & { readonly counter: number; readonly lookAhead?: number | undefined };
type Range = { readonly range?: number | undefined };

test('The options of a key are the algorithm alone', () => {
  expectTypeOf<CreateKeyOptions>().toEqualTypeOf<{ readonly algorithm?: Algorithm | undefined }>();
  expectTypeOf<Algorithm>().toEqualTypeOf<'SHA1' | 'SHA256' | 'SHA512'>();
});

test('The options of HOTP are readonly and these', () => {
  expectTypeOf<GenerateHotpOptions>().toEqualTypeOf<Digits>();
  expectTypeOf<Flat<VerifyHotpOptions>>().toEqualTypeOf<Flat<Hotp>>();
  expectTypeOf<Flat<VerifyHotpOnceOptions>>().toEqualTypeOf<Flat<Hotp & Claim>>();
  expectTypeOf<Flat<ResyncHotpOptions>>().toEqualTypeOf<
    Flat<Digits & Range & { readonly counter: number }>
  >();
});

test('The options of TOTP are readonly and these', () => {
  expectTypeOf<TimeOptions>().toEqualTypeOf<Time>();
  expectTypeOf<WindowSides>().toEqualTypeOf<{ readonly past: number; readonly future: number }>();
  expectTypeOf<Flat<GenerateTotpOptions>>().toEqualTypeOf<Flat<Time & Digits>>();
  expectTypeOf<Flat<VerifyTotpBatchOptions>>().toEqualTypeOf<
    Flat<Time & Digits & Window & { readonly algorithm?: Algorithm | undefined }>
  >();
  expectTypeOf<Flat<VerifyTotpOptions>>().toEqualTypeOf<Flat<Time & Digits & Window & User>>();
  expectTypeOf<Flat<VerifyTotpOnceOptions>>().toEqualTypeOf<
    Flat<Time & Digits & Window & User & Claim>
  >();
  expectTypeOf<Flat<ResyncTotpOptions>>().toEqualTypeOf<
    Flat<Time & Digits & Range & { readonly lastStep?: number | undefined }>
  >();
  expectTypeOf<Flat<TotpBatchItem>>().toEqualTypeOf<
    | Flat<User & { readonly key: OtpKey; readonly secret?: undefined; readonly code: unknown }>
    | Flat<
        User & {
          readonly secret: Uint8Array | string;
          readonly key?: undefined;
          readonly code: unknown;
        }
      >
  >();
});

test('The parameters of a URI are readonly and these, told apart by the type', () => {
  type Common = Digits & {
    readonly issuer: string;
    readonly account: string;
    readonly secret: Uint8Array | string;
    readonly algorithm?: Algorithm | undefined;
    readonly image?: string | undefined;
    readonly labelIssuer?: string | undefined;
  };
  expectTypeOf<BuildOtpauthUriOptions>().toEqualTypeOf<BuildTotpUriOptions | BuildHotpUriOptions>();
  expectTypeOf<Flat<BuildTotpUriOptions>>().toEqualTypeOf<
    Flat<
      Common & {
        readonly type?: 'totp' | undefined;
        readonly period?: number | undefined;
        readonly counter?: undefined;
      }
    >
  >();
  expectTypeOf<Flat<BuildHotpUriOptions>>().toEqualTypeOf<
    Flat<Common & { readonly type: 'hotp'; readonly counter: number; readonly period?: undefined }>
  >();
});

/** An object that spells every optional name of another, with undefined. */
type Unset<T> = { [K in keyof T as undefined extends T[K] ? K : never]: undefined };

test('An option that is undefined is as good as left out, even where the two are told apart', () => {
  expectTypeOf<Unset<CreateKeyOptions>>().toExtend<CreateKeyOptions>();
  expectTypeOf<Unset<VerifyHotpOptions>>().toExtend<Partial<VerifyHotpOptions>>();
  expectTypeOf<Unset<ResyncHotpOptions>>().toExtend<Partial<ResyncHotpOptions>>();
  expectTypeOf<Unset<VerifyTotpOptions>>().toExtend<VerifyTotpOptions>();
  expectTypeOf<Unset<ResyncTotpOptions>>().toExtend<ResyncTotpOptions>();
  expectTypeOf<Unset<BuildTotpUriOptions>>().toExtend<Partial<BuildTotpUriOptions>>();
  expectTypeOf<Unset<BuildHotpUriOptions>>().toExtend<Partial<BuildHotpUriOptions>>();
  expectTypeOf<Unset<MemoryStoreOptions>>().toExtend<MemoryStoreOptions>();
  expectTypeOf<keyof Unset<VerifyTotpOptions>>().toEqualTypeOf<keyof VerifyTotpOptions>();
});

test('A store is one method, which may answer at once or later', () => {
  expectTypeOf<MemoryStoreOptions>().toEqualTypeOf<{ readonly maxIds?: number | undefined }>();
  expectTypeOf<SingleUseStore>().toEqualTypeOf<{
    claim(id: string, step: number): boolean | Promise<boolean>;
  }>();
  expectTypeOf<{ claim: () => true }>().toExtend<SingleUseStore>();
  expectTypeOf<{ claim: (id: string) => Promise<boolean> }>().toExtend<SingleUseStore>();
});

test('A key shows its algorithm, and nothing that merely looks like it is a key', () => {
  expectTypeOf<keyof OtpKey>().toEqualTypeOf<'algorithm'>();
  expectTypeOf<OtpKey['algorithm']>().toEqualTypeOf<Algorithm>();
  expectTypeOf<{ readonly algorithm: Algorithm }>().not.toExtend<OtpKey>();
  expectTypeOf<Pick<OtpKey, 'algorithm'>>().not.toExtend<OtpKey>();
});
