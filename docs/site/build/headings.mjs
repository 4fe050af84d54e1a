// Anchors of headings as GitHub makes them, since the documents link to those.

/** The text of a heading's tokens, code included. */
export function headingText(tokens) {
  return tokens
    .filter(({ type }) => type === 'text' || type === 'code_inline' || type === 'text_special')
    .map(({ content }) => content)
    .join('');
}

/** GitHub's anchor of a heading's text. */
export function githubSlug(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}
