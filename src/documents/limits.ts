/**
 * The bounds of what is read. A file beyond one of them is left alone, and that is said once; nothing is cut silently.
 */
export const limits = {
  /** Characters of a file. Real placement files have a few hundred, generated scripts some hundred thousand. */
  fileLengthMax: 5_000_000,
  /** Characters of a line: beyond it stands generated data, on which editors themselves stop working. */
  lineLengthMax: 100_000,
  /** Brackets or indentations inside one another. A placement has 4. */
  nestingMax: 200,
  /** Declarations of a file. */
  declarationCountMax: 20_000,
  /** Syntax errors that are reported of one text; the first ones matter, the later ones mostly follow from them. */
  syntaxErrorCountMax: 20,
} as const;

/** The first line that is longer than the bound, or `null`. Jumps from line break to line break. */
export function overlongLine(text: string, lengthMax: number): { readonly start: number; readonly end: number } | null {
  let start = 0;
  while (start + lengthMax < text.length) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    if (end - start > lengthMax) return { start, end };
    start = end + 1;
  }
  return null;
}
