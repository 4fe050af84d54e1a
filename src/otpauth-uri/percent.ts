/** Percent-encoding of one URI component. RFC 3986 §2.1, over UTF-8. */

/**
 * Encodes all but RFC 3986's unreserved characters; a space becomes `%20`, never `+`.
 *
 * @param text - without unpaired surrogates: UTF-8 has no bytes for them
 */
export function percentEncode(text: string): string {
  // RFC 3986 reserves these five; encodeURIComponent leaves them alone.
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes a component once; undefined if an escape is broken or its bytes are not UTF-8. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** How many bytes a text has in UTF-8; an unpaired surrogate counts as two. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) bytes += 1;
    // Each half of a surrogate pair is two of the pair's four bytes.
    if (code >= 0x800 && (code < 0xd800 || code > 0xdfff)) bytes += 1;
  }
  return bytes;
}
