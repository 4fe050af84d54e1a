// Base32 decode cases, picked by hand; the alphabet is that of RFC 4648, section 6. `strict` and
// `lenient` are the bytes in hex, or null where the decoder rejects. They were computed with
// Python's base64 module.
//
// strict: upper case only; padding absent or exact; a length whole bytes can have; loose bits 0.
// lenient: either case; U+0020 and '-' ignored anywhere; any '=' tail, in which spaces and dashes
// may stand but no character of the alphabet; any length, the bits that make no whole byte dropped.

export interface Base32Case {
  readonly input: string;
  readonly strict: string | null;
  readonly lenient: string | null;
  readonly why: string;
}

export const base32Cases: readonly Base32Case[] = [
  // Canonical text, padded and not.
  { input: '', strict: '', lenient: '', why: 'nothing' },
  { input: 'MY======', strict: '66', lenient: '66', why: '1 byte, exact padding' },
  { input: 'MZXQ====', strict: '666f', lenient: '666f', why: '2 bytes, exact padding' },
  { input: 'MZXW6===', strict: '666f6f', lenient: '666f6f', why: '3 bytes, exact padding' },
  { input: 'MZXW6YQ=', strict: '666f6f62', lenient: '666f6f62', why: '4 bytes, exact padding' },
  {
    input: 'MZXW6YTB',
    strict: '666f6f6261',
    lenient: '666f6f6261',
    why: '5 bytes, no padding to have',
  },
  { input: 'MY', strict: '66', lenient: '66', why: '1 byte, padding absent' },
  { input: 'MZXQ', strict: '666f', lenient: '666f', why: '2 bytes, padding absent' },
  { input: 'MZXW6', strict: '666f6f', lenient: '666f6f', why: '3 bytes, padding absent' },
  { input: 'MZXW6YQ', strict: '666f6f62', lenient: '666f6f62', why: '4 bytes, padding absent' },
  {
    input: 'MZXW6YTBOI======',
    strict: '666f6f626172',
    lenient: '666f6f626172',
    why: '6 bytes, exact padding',
  },
  {
    input: 'MZXW6YTBOI',
    strict: '666f6f626172',
    lenient: '666f6f626172',
    why: '6 bytes, padding absent',
  },
  { input: 'AAAAAAAA', strict: '0000000000', lenient: '0000000000', why: 'all bits zero' },
  { input: '77777777', strict: 'ffffffffff', lenient: 'ffffffffff', why: 'all bits one' },
  {
    input: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
    strict: '00443214c74254b635cf84653a56d7c675be77df',
    lenient: '00443214c74254b635cf84653a56d7c675be77df',
    why: 'the whole alphabet',
  },
  {
    input: 'JBSWY3DPEHPK3PXP',
    strict: '48656c6c6f21deadbeef',
    lenient: '48656c6c6f21deadbeef',
    why: 'an old 10-byte secret',
  },
  {
    input: 'YVT6Z2XF4BQJNBMTD7M6QBQCEM',
    strict: 'c567eceae5e0609685931fd9e8060223',
    lenient: 'c567eceae5e0609685931fd9e8060223',
    why: '26 characters, 16 bytes, loose bits zero',
  },
  {
    input:
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567' +
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGH',
    strict:
      '00443214c74254b635cf84653a56d7c675be77df00443214c74254b635cf8465' +
      '3a56d7c675be77df00443214c74254b635cf84653a56d7c675be77df00443214' +
      'c7',
    lenient:
      '00443214c74254b635cf84653a56d7c675be77df00443214c74254b635cf8465' +
      '3a56d7c675be77df00443214c74254b635cf84653a56d7c675be77df00443214' +
      'c7',
    why: '104 characters, 65 bytes',
  },
  // Case.
  { input: 'my======', strict: null, lenient: '66', why: 'lower case, padded' },
  { input: 'mzxw6ytb', strict: null, lenient: '666f6f6261', why: 'lower case' },
  { input: 'MzXw6YtB', strict: null, lenient: '666f6f6261', why: 'mixed case' },
  {
    input: 'JBSWY3DPEHPK3PXp',
    strict: null,
    lenient: '48656c6c6f21deadbeef',
    why: 'one lower-case letter, the last',
  },
  {
    input: 'abcdefghijklmnopqrstuvwxyz234567',
    strict: null,
    lenient: '00443214c74254b635cf84653a56d7c675be77df',
    why: 'the whole alphabet in lower case',
  },
  // Spaces and dashes.
  {
    input: 'JBSW Y3DP EHPK 3PXP',
    strict: null,
    lenient: '48656c6c6f21deadbeef',
    why: 'groups of four',
  },
  {
    input: 'jbsw y3dp ehpk 3pxp',
    strict: null,
    lenient: '48656c6c6f21deadbeef',
    why: 'groups of four in lower case',
  },
  { input: ' JBSWY3DP', strict: null, lenient: '48656c6c6f', why: 'leading space' },
  { input: 'JBSWY3DP ', strict: null, lenient: '48656c6c6f', why: 'trailing space' },
  { input: 'JBSW  Y3DP', strict: null, lenient: '48656c6c6f', why: 'two spaces' },
  {
    input: 'JBSW-Y3DP-EHPK-3PXP',
    strict: null,
    lenient: '48656c6c6f21deadbeef',
    why: 'dashed groups',
  },
  { input: '-JBSWY3DP', strict: null, lenient: '48656c6c6f', why: 'leading dash' },
  { input: 'JBSWY3DP-', strict: null, lenient: '48656c6c6f', why: 'trailing dash' },
  { input: 'J-B S--W', strict: null, lenient: '4865', why: 'spaces and dashes mixed' },
  { input: ' ', strict: null, lenient: '', why: 'a space alone' },
  { input: '-', strict: null, lenient: '', why: 'a dash alone' },
  // Padding.
  { input: 'MY=', strict: null, lenient: '66', why: 'too few: 1 for 6' },
  { input: 'MY=====', strict: null, lenient: '66', why: 'too few: 5 for 6' },
  { input: 'MY=======', strict: null, lenient: '66', why: 'too many: 7 for 6' },
  { input: 'MZXQ===', strict: null, lenient: '666f', why: 'too few: 3 for 4' },
  { input: 'MZXW6YQ==', strict: null, lenient: '666f6f62', why: 'too many: 2 for 1' },
  { input: 'MZXW6YTB=', strict: null, lenient: '666f6f6261', why: '1 where none is due' },
  { input: 'MZXW6YTB========', strict: null, lenient: '666f6f6261', why: '8 where none is due' },
  { input: 'my=', strict: null, lenient: '66', why: 'lower case and too few' },
  { input: '=', strict: null, lenient: '', why: 'padding alone' },
  { input: '========', strict: null, lenient: '', why: 'a block of padding alone' },
  { input: 'MY ======', strict: null, lenient: '66', why: 'space before the tail' },
  { input: 'MY====== ', strict: null, lenient: '66', why: 'space after the tail' },
  { input: 'MY== ====', strict: null, lenient: '66', why: 'space within the tail' },
  { input: 'MY=-=-=-=-=-=-', strict: null, lenient: '66', why: 'dashes within the tail' },
  { input: '- =', strict: null, lenient: '', why: 'dash, space and padding alone' },
  { input: '=MY=====', strict: null, lenient: null, why: 'padding first' },
  { input: 'M=Y=====', strict: null, lenient: null, why: 'padding between characters' },
  { input: 'MY=====A', strict: null, lenient: null, why: 'character after the tail' },
  { input: 'MY= Y', strict: null, lenient: null, why: 'character after the tail and a space' },
  { input: 'MY======MZXQ====', strict: null, lenient: null, why: 'two padded texts joined' },
  { input: 'MY======\n', strict: null, lenient: null, why: 'newline after the tail' },
  { input: 'MY\uff1d', strict: null, lenient: null, why: 'U+FF1D full-width equals sign' },
  // Loose bits that are not zero.
  { input: 'MZ', strict: null, lenient: '66', why: '2 characters, 2 loose bits' },
  { input: 'MZ======', strict: null, lenient: '66', why: '2 characters, 2 loose bits, padded' },
  {
    input: 'M7',
    strict: null,
    lenient: '67',
    why: '2 characters; the bits above the loose ones count',
  },
  { input: 'MZXR', strict: null, lenient: '666f', why: '4 characters, 4 loose bits' },
  { input: 'MZXR====', strict: null, lenient: '666f', why: '4 characters, 4 loose bits, padded' },
  { input: 'MZXW7', strict: null, lenient: '666f6f', why: '5 characters, 1 loose bit' },
  { input: 'MZXW7===', strict: null, lenient: '666f6f', why: '5 characters, 1 loose bit, padded' },
  { input: 'MZXW6YR', strict: null, lenient: '666f6f62', why: '7 characters, 3 loose bits' },
  {
    input: 'MZXW6YX=',
    strict: null,
    lenient: '666f6f62',
    why: '7 characters, 3 loose bits, padded',
  },
  {
    input: 'S46SQCPPTCNPROMHWYBDCTBZXV',
    strict: null,
    lenient: '973d2809ef989af8b987b602314c39bd',
    why: '26 characters as issued in the wild',
  },
  // Lengths that whole bytes cannot have.
  { input: 'A', strict: null, lenient: '', why: '1 character makes no byte' },
  { input: 'M=======', strict: null, lenient: '', why: '1 character, padded to 8' },
  { input: '7', strict: null, lenient: '', why: '1 character, loose bits one' },
  { input: 'MZX', strict: null, lenient: '66', why: '3 characters make 1 byte' },
  { input: 'MZX=====', strict: null, lenient: '66', why: '3 characters, padded to 8' },
  { input: 'MZXW6Y', strict: null, lenient: '666f6f', why: '6 characters make 3 bytes' },
  { input: 'MZXW6Y==', strict: null, lenient: '666f6f', why: '6 characters, padded to 8' },
  { input: 'MZXW6YTBO', strict: null, lenient: '666f6f6261', why: '9 characters make 5 bytes' },
  { input: '777777', strict: null, lenient: 'ffffff', why: '6 characters, loose bits one' },
  {
    input: 'JDDK4U6G3BJLEQ==',
    strict: null,
    lenient: '48c6ae53c6d852b2',
    why: '14 characters, padded to 16',
  },
  // ASCII outside the alphabet.
  { input: '0', strict: null, lenient: null, why: '0 is not O' },
  { input: '1', strict: null, lenient: null, why: '1 is neither I nor L' },
  { input: '8', strict: null, lenient: null, why: '8 is not B' },
  { input: '9', strict: null, lenient: null, why: '9 alone' },
  { input: 'JBSWY3DPEHPK3PX0', strict: null, lenient: null, why: '0 at the end' },
  { input: 'JBSWY1DPEHPK3PXP', strict: null, lenient: null, why: '1 within' },
  { input: '8BSWY3DPEHPK3PXP', strict: null, lenient: null, why: '8 at the start' },
  { input: 'JBSW9Y3DP', strict: null, lenient: null, why: '9 within' },
  { input: 'JBSW_Y3DP', strict: null, lenient: null, why: 'underscore' },
  { input: 'JBSW.Y3DP', strict: null, lenient: null, why: 'full stop' },
  { input: 'JBSW,Y3DP', strict: null, lenient: null, why: 'comma' },
  { input: 'JBSW+Y3DP', strict: null, lenient: null, why: 'plus' },
  { input: 'JBSW/Y3DP', strict: null, lenient: null, why: 'slash' },
  { input: 'JBSW%20Y3DP', strict: null, lenient: null, why: 'percent-encoded space' },
  { input: 'JBSW@Y3DP', strict: null, lenient: null, why: '@ stands before A' },
  { input: 'JBSW[Y3DP', strict: null, lenient: null, why: '[ stands after Z' },
  { input: 'jbsw`y3dp', strict: null, lenient: null, why: '` stands before a' },
  { input: 'jbsw{y3dp', strict: null, lenient: null, why: '{ stands after z' },
  { input: 'JBSW\tY3DP', strict: null, lenient: null, why: 'tab' },
  { input: 'JBSWY3DP\n', strict: null, lenient: null, why: 'newline' },
  { input: 'JBSW\r\nY3DP', strict: null, lenient: null, why: 'carriage return and newline' },
  { input: 'JBSW\u000bY3DP', strict: null, lenient: null, why: 'vertical tab' },
  { input: 'JBSW\u000cY3DP', strict: null, lenient: null, why: 'form feed' },
  { input: 'JBSW\u0000Y3DP', strict: null, lenient: null, why: 'NUL' },
  { input: 'JBSWY3DP\u007f', strict: null, lenient: null, why: 'DEL' },
  // Spaces and dashes outside ASCII.
  { input: 'JBSW\u0085Y3DP', strict: null, lenient: null, why: 'U+0085 next line' },
  { input: 'JBSW\u00a0Y3DP', strict: null, lenient: null, why: 'U+00A0 no-break space' },
  { input: 'JBSW\u2003Y3DP', strict: null, lenient: null, why: 'U+2003 em space' },
  { input: 'JBSW\u200bY3DP', strict: null, lenient: null, why: 'U+200B zero width space' },
  { input: 'JBSWY3DP\u2028', strict: null, lenient: null, why: 'U+2028 line separator' },
  { input: 'JBSW\u202fY3DP', strict: null, lenient: null, why: 'U+202F narrow no-break space' },
  { input: 'JBSW\u3000Y3DP', strict: null, lenient: null, why: 'U+3000 ideographic space' },
  { input: '\ufeffJBSWY3DP', strict: null, lenient: null, why: 'U+FEFF byte order mark' },
  { input: 'JBSW\u00adY3DP', strict: null, lenient: null, why: 'U+00AD soft hyphen' },
  { input: 'JBSW\u2010Y3DP', strict: null, lenient: null, why: 'U+2010 hyphen' },
  { input: 'JBSW\u2013Y3DP', strict: null, lenient: null, why: 'U+2013 en dash' },
  { input: 'JBSW\u2212Y3DP', strict: null, lenient: null, why: 'U+2212 minus sign' },
  // Letters and digits outside ASCII.
  { input: 'JB\u017fWY3DP', strict: null, lenient: null, why: 'U+017F long s, upper-cases to S' },
  {
    input: 'JBSWY3DPEHP\u212a3PXP',
    strict: null,
    lenient: null,
    why: 'U+212A Kelvin sign, lower-cases to k',
  },
  {
    input: 'JBSWY3D\u0131',
    strict: null,
    lenient: null,
    why: 'U+0131 dotless i, upper-cases to I',
  },
  {
    input: 'JBSWY3D\u0130',
    strict: null,
    lenient: null,
    why: 'U+0130 dotted I, lower-cases to i and a mark',
  },
  { input: '\u00dfA', strict: null, lenient: null, why: 'U+00DF sharp s, upper-cases to SS' },
  { input: '\ufb01AAAAA', strict: null, lenient: null, why: 'U+FB01 ligature, upper-cases to FI' },
  { input: '\uff2a\uff22\uff33\uff37', strict: null, lenient: null, why: 'full-width letters' },
  { input: 'JBSW\uff12', strict: null, lenient: null, why: 'U+FF12 full-width 2' },
  { input: '\u0662BCD', strict: null, lenient: null, why: 'U+0662 Arabic-Indic 2' },
  { input: '\u00b2BCD', strict: null, lenient: null, why: 'U+00B2 superscript 2' },
  { input: '\u{1d400}BCD', strict: null, lenient: null, why: 'U+1D400 mathematical bold A' },
  { input: '\u0410BCD', strict: null, lenient: null, why: 'U+0410 Cyrillic A' },
  { input: '\u0391BCD', strict: null, lenient: null, why: 'U+0391 Greek Alpha' },
  { input: '\u0141BCD', strict: null, lenient: null, why: 'U+0141, whose low byte is that of A' },
  { input: 'JBSW\u0301Y3DP', strict: null, lenient: null, why: 'U+0301 combining acute accent' },
  { input: 'JBSWY3DP\u{1f511}', strict: null, lenient: null, why: 'U+1F511 key emoji' },
  { input: '\ud800AAAA', strict: null, lenient: null, why: 'high surrogate alone' },
  { input: 'AAAA\udc00', strict: null, lenient: null, why: 'low surrogate alone' },
];
