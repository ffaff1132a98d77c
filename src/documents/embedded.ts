import type { Span } from './span';

/**
 * A text that stands inside another file, perhaps quoted: a placement in a YAML scalar, a shell heredoc, a properties
 * value. Findings and edits are computed on the decoded text and carried back through this.
 */
export interface EmbeddedText {
  /** What the program that reads the host file sees. */
  readonly text: string;
  /** Where the text, with its quotes, stands in the host file. */
  readonly hostSpan: Span;
  /** Offset in `text` → offset in the host file. Defined for 0 … `text.length`, never decreasing. */
  toHost(offset: number): number;
  /** Quotes a replacement of the whole decoded text for the host, so that reading it back gives `text` again. */
  encode(text: string): string;
}

/** A span of the decoded text as a span of the host file. */
export function spanToHost(embedded: EmbeddedText, span: Span): Span {
  return { start: embedded.toHost(span.start), end: embedded.toHost(span.end) };
}

/** A file that is the text itself: offsets are the same on both sides and nothing needs quoting. */
export function wholeDocument(text: string): EmbeddedText {
  return {
    text,
    hostSpan: { start: 0, end: text.length },
    toHost: (offset) => Math.max(0, Math.min(offset, text.length)),
    encode: (replacement) => replacement,
  };
}
