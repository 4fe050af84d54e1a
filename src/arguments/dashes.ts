/**
 * Dashes that people type or paste between characters: Unicode's dashes (Pd), the soft hyphen, the
 * hyphen bullet and the minus sign. Written out, because Hermes lacks \p{…}.
 */
export const DASHES: RegExp =
  /[-\u00ad\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d]|\ud803[\udd6e\udead]/g;
