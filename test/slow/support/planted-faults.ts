/** Faults that released libraries have or had; the fuzzer has to find each. */
import type * as Library from '../../../src/index.js';

type Api = typeof Library;

export const PLANTED = {
  'a broken escape comes through as URIError': ({ parseOtpauthUri }: Api) => ({
    parseOtpauthUri: (text: string) => {
      decodeURIComponent(text.slice(0, text.indexOf('?')));
      return parseOtpauthUri(text);
    },
  }),
  'the linter throws on what it cannot read': ({ parseOtpauthUri, lintOtpauthUri }: Api) => ({
    lintOtpauthUri: (subject: string | Library.OtpauthFields) => {
      if (typeof subject === 'string') parseOtpauthUri(subject);
      return lintOtpauthUri(subject);
    },
  }),
  'a zero is taken for the letter O': ({ decodeBase32Lenient }: Api) => ({
    decodeBase32Lenient: (text: string) => decodeBase32Lenient(text.replaceAll('0', 'O')),
  }),
  'letters outside ASCII are folded': ({ createKey }: Api) => ({
    createKey: (secret: string | Uint8Array, options?: Library.CreateKeyOptions) =>
      createKey(typeof secret === 'string' ? secret.toUpperCase() : secret, options),
  }),
  'loose bits are accepted': ({ decodeBase32, decodeBase32Lenient }: Api) => ({
    decodeBase32: (text: string) => {
      try {
        return decodeBase32(text);
      } catch (error) {
        if ((error as Library.OtpError).code !== 'trailing-bits') throw error;
        return decodeBase32Lenient(text);
      }
    },
  }),
  'an error repeats its input': ({ decodeBase32, OtpError }: Api) => ({
    decodeBase32: (text: string) => {
      try {
        return decodeBase32(text);
      } catch (error) {
        const { code, position } = error as Library.OtpError;
        throw new OtpError(code, position, `cannot read ${text}`);
      }
    },
  }),
  'a position lies behind the end': ({ parseOtpauthUri, OtpError }: Api) => ({
    parseOtpauthUri: (text: string) => {
      try {
        return parseOtpauthUri(text);
      } catch (error) {
        const { code, position, message } = error as Library.OtpError;
        throw new OtpError(code, position + (code === 'missing-secret' ? 1 : 0), message);
      }
    },
  }),
  'a code may have spaces': ({ verifyTotp, normalizeCode }: Api) => ({
    verifyTotp: (key: Library.OtpKey, code: string, options?: Library.VerifyTotpOptions) =>
      verifyTotp(key, normalizeCode(code), options),
  }),
  'a code is compared as a number': ({ verifyTotp }: Api) => ({
    verifyTotp: (key: Library.OtpKey, code: string, options?: Library.VerifyTotpOptions) => {
      const digits = options?.digits ?? 6;
      const isText = typeof code === 'string' && code.trim() !== '';
      const number = isText && code.length <= digits ? Number(code) : Number.NaN;
      const text = Number.isNaN(number) ? code : String(number).padStart(digits, '0');
      return verifyTotp(key, text, options);
    },
  }),
  'the lowest matching counter is taken': ({ verifyHotp }: Api) => ({
    verifyHotp: (key: Library.OtpKey, code: string, options: Library.VerifyHotpOptions) =>
      verifyHotp(key, code, { ...options, lookAhead: Math.min(1, options.lookAhead ?? 0) }),
  }),
  'plus stays a plus when built': ({ buildOtpauthUri }: Api) => ({
    buildOtpauthUri: (params: Library.BuildOtpauthUriOptions) =>
      buildOtpauthUri(params).replaceAll('%20', '+'),
  }),
} as const satisfies Record<string, (library: Api) => object>;

export type PlantedFault = keyof typeof PLANTED;
