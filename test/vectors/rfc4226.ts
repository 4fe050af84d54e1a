// HOTP test values: RFC 4226, Appendix D, both tables in one. Secret: ASCII 12345678901234567890.
// `truncatedHex` is as the RFC prints it, without leading zeros.

export interface Rfc4226Case {
  readonly counter: number;
  readonly hmacHex: string;
  readonly truncatedHex: string;
  readonly truncated: number;
  readonly code: string;
}

export interface Rfc4226Vectors {
  readonly source: string;
  readonly secretHex: string;
  readonly digits: 6;
  readonly cases: readonly Rfc4226Case[];
}

export const rfc4226: Rfc4226Vectors = {
  source: 'RFC 4226, Appendix D',
  secretHex: '3132333435363738393031323334353637383930',
  digits: 6,
  cases: [
    { counter: 0, hmacHex: 'cc93cf18508d94934c64b65d8ba7667fb7cde4b0', truncatedHex: '4c93cf18', truncated: 1284755224, code: '755224' },
    { counter: 1, hmacHex: '75a48a19d4cbe100644e8ac1397eea747a2d33ab', truncatedHex: '41397eea', truncated: 1094287082, code: '287082' },
    { counter: 2, hmacHex: '0bacb7fa082fef30782211938bc1c5e70416ff44', truncatedHex: '82fef30', truncated: 137359152, code: '359152' },
    { counter: 3, hmacHex: '66c28227d03a2d5529262ff016a1e6ef76557ece', truncatedHex: '66ef7655', truncated: 1726969429, code: '969429' },
    { counter: 4, hmacHex: 'a904c900a64b35909874b33e61c5938a8e15ed1c', truncatedHex: '61c5938a', truncated: 1640338314, code: '338314' },
    { counter: 5, hmacHex: 'a37e783d7b7233c083d4f62926c7a25f238d0316', truncatedHex: '33c083d4', truncated: 868254676, code: '254676' },
    { counter: 6, hmacHex: 'bc9cd28561042c83f219324d3c607256c03272ae', truncatedHex: '7256c032', truncated: 1918287922, code: '287922' },
    { counter: 7, hmacHex: 'a4fb960c0bc06e1eabb804e5b397cdc4b45596fa', truncatedHex: '4e5b397', truncated: 82162583, code: '162583' },
    { counter: 8, hmacHex: '1b3c89f65e6c9e883012052823443f048b4332db', truncatedHex: '2823443f', truncated: 673399871, code: '399871' },
    { counter: 9, hmacHex: '1637409809a679dc698207310c8c7fc07290d9e5', truncatedHex: '2679dc69', truncated: 645520489, code: '520489' },
  ],
};
