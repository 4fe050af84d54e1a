// otpauth URIs and the right answer to each: uris.json, one case a line; README.md says what its fields
// are. The shapes are those of issuers, apps and the test suites of other OTP libraries, and of public
// reports about them. Secrets in hex were decoded with Python.
import cases from './uris.json' with { type: 'json' };

/** The fields of a URI. */
export interface SaidFields {
  readonly type: 'totp' | 'hotp';
  readonly issuer?: string;
  readonly labelIssuer?: string;
  readonly account: string;
  readonly secretHex: string;
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  readonly period?: number;
  readonly counter?: number;
  readonly image?: string;
}

interface UriCase {
  readonly id: string;
  readonly why: string;
  /** The report or the test suite that it comes from. */
  readonly source?: string;
  /** Whether apps or libraries in use answer otherwise. */
  readonly disputed?: true;
  readonly uri: string;
}

/** A URI that can be read: its fields, and the findings of this library's linter. */
export interface ReadableUri extends UriCase {
  readonly says: SaidFields;
  readonly lint: readonly string[];
}

/** A URI that is refused: the error's code, and where the fault lies. */
export interface RefusedUri extends UriCase {
  readonly code: string;
  readonly position: number;
}

export const keyHex = '3132333435363738393031323334353637383930';

const uriCases = cases as unknown as readonly (ReadableUri | RefusedUri)[];
export const readableUris: readonly ReadableUri[] = uriCases.filter((row) => 'says' in row);
export const refusedUris: readonly RefusedUri[] = uriCases.filter((row) => 'code' in row);

/** Secrets of every length seen in the wild: the bytes 0, 1, 2 …, so many of them. */
export const secretLengths: readonly {
  readonly characters: number;
  readonly byteLength: number;
  readonly base32: string;
}[] = [
  { characters: 16, byteLength: 10, base32: 'AAAQEAYEAUDAOCAJ' },
  { characters: 26, byteLength: 16, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4' },
  { characters: 32, byteLength: 20, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT' },
  { characters: 52, byteLength: 32, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ' },
  { characters: 64, byteLength: 40, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRH' },
  { characters: 80, byteLength: 50, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBR' },
  { characters: 103, byteLength: 64, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBRGIZTINJWG44DSOR3HQ6T4PY' },
  { characters: 205, byteLength: 128, base32: 'AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPSAIJCEMSCKJRHFAUSUKZMFUXC6MBRGIZTINJWG44DSOR3HQ6T4P2AIFBEGRCFIZDUQSKKJNGE2TSPKBIVEU2UKVLFOWCZLJNVYXK6L5QGCYTDMRSWMZ3INFVGW3DNNZXXA4LSON2HK5TXPB4XU634PV7H6' },
];
