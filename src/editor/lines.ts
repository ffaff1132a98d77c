/**
 * Where the lines of a text start, as VS Code's own text model counts them: after `\r\n`, `\n` or a lone `\r`. Pure, so
 * that labels such as `create-topics.sh:12` can be made and tested without an editor.
 */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === lineFeed || (unit === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) starts.push(at + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  /** Line and column from 0, in UTF-16 code units. An offset outside the text becomes its nearest end. */
  locate(offset: number): { readonly line: number; readonly character: number } {
    const inside = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: inside - (this.#starts[low] ?? 0) };
  }

  /** The inverse of {@link locate}; a line that is not there becomes the nearest one. */
  offsetOf(line: number, character: number): number {
    const known = Math.max(0, Math.min(line, this.#starts.length - 1));
    return Math.min((this.#starts[known] ?? 0) + Math.max(0, character), this.#length);
  }
}

const lineFeed = 10;
const carriageReturn = 13;
