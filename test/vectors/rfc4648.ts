// Base32 test vectors: RFC 4648, section 10 (alphabet of section 6). The RFC prints the padded
// form; `unpadded` is the same without its '=' tail (section 3.2).

export interface Rfc4648Case {
  readonly bytesHex: string;
  /** The bytes as ASCII. */
  readonly text: string;
  readonly padded: string;
  readonly unpadded: string;
}

export const rfc4648: readonly Rfc4648Case[] = [
  { bytesHex: '', text: '', padded: '', unpadded: '' },
  { bytesHex: '66', text: 'f', padded: 'MY======', unpadded: 'MY' },
  { bytesHex: '666f', text: 'fo', padded: 'MZXQ====', unpadded: 'MZXQ' },
  { bytesHex: '666f6f', text: 'foo', padded: 'MZXW6===', unpadded: 'MZXW6' },
  { bytesHex: '666f6f62', text: 'foob', padded: 'MZXW6YQ=', unpadded: 'MZXW6YQ' },
  { bytesHex: '666f6f6261', text: 'fooba', padded: 'MZXW6YTB', unpadded: 'MZXW6YTB' },
  { bytesHex: '666f6f626172', text: 'foobar', padded: 'MZXW6YTBOI======', unpadded: 'MZXW6YTBOI' },
];
