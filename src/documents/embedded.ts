import type { Span } from './span';

/** One replacement in a text: of the decoded text or of the host file, as the name at hand says. */
export interface Splice {
  readonly span: Span;
  readonly newText: string;
}

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
  /** Quotes a replacement for the whole of {@link hostSpan}, so that reading it back gives `text` again. */
  encode(text: string): string;
  /**
   * Quotes a replacement for a part, to stand between the parts that stay as they are. Absent where the host's rules
   * make a part depend on its neighbours (folded YAML): the whole is then encoded anew.
   */
  readonly encodePart?: (text: string) => string;
  /**
   * Edits of the host that make another text of this one, where the host writes its values in a syntax of its own: none where
   * that would lose what a person wrote beside it, `null` where the whole may be encoded anew.
   */
  readonly rewrite?: (text: string) => readonly Splice[] | null;
}

/** A span of the decoded text as a span of the host file. */
export function spanToHost(embedded: EmbeddedText, span: Span): Span {
  return { start: embedded.toHost(span.start), end: embedded.toHost(span.end) };
}

/** A file that is the text itself: offsets are the same on both sides and nothing needs quoting. */
export function wholeDocument(text: string): EmbeddedText {
  return new WholeDocument(text);
}

class WholeDocument implements EmbeddedText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get hostSpan(): Span {
    return { start: 0, end: this.text.length };
  }

  toHost(offset: number): number {
    return Math.max(0, Math.min(offset, this.text.length));
  }

  encode(replacement: string): string {
    return replacement;
  }

  encodePart(replacement: string): string {
    return replacement;
  }
}

/** A part of an embedded text as an embedded text of its own; it is quoted as its surroundings are. */
export function embeddedPart(embedded: EmbeddedText, part: Span): EmbeddedText {
  const text = embedded.text.slice(part.start, part.end);
  const encodePart = embedded.encodePart;
  const toHost = (offset: number): number =>
    embedded.toHost(part.start + Math.max(0, Math.min(offset, part.end - part.start)));
  if (encodePart !== undefined) {
    return { text, hostSpan: spanToHost(embedded, part), toHost, encode: encodePart, encodePart };
  }
  const before = embedded.text.slice(0, part.start);
  const after = embedded.text.slice(part.end);
  return {
    text,
    hostSpan: embedded.hostSpan,
    toHost,
    encode: (replacement) => embedded.encode(before + replacement + after),
  };
}

/** An embedded text whose offsets were noted while it was decoded, one for each UTF-16 unit and one for its end. */
export function decodedText(
  text: string,
  offsets: ArrayLike<number>,
  hostSpan: Span,
  quoting: Pick<EmbeddedText, 'encode' | 'encodePart'>,
): EmbeddedText {
  return {
    text,
    hostSpan,
    toHost: (offset) => offsets[Math.max(0, Math.min(offset, text.length))] ?? hostSpan.end,
    ...quoting,
  };
}

/** Applies replacements that do not overlap. They may come in any order; those at one offset keep theirs. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = splices.toSorted((a, b) => a.span.start - b.span.start);
  let result = '';
  let position = 0;
  for (const splice of ordered) {
    result += text.slice(position, splice.span.start) + splice.newText;
    position = splice.span.end;
  }
  return result + text.slice(position);
}

/**
 * Replacements, and one more in the text that they lead to, as replacements in the text that they began with. What lies between
 * them stays as it is, so that it also stays as it is written in the host.
 */
export function composed(done: readonly Splice[], next: Splice): readonly Splice[] {
  const { start, end } = next.span;
  const before: Splice[] = [];
  const after: Splice[] = [];
  // What the next one replaces in the text that they began with, and what is left of those it overlaps with.
  const span = { start, end };
  let [head, tail] = ['', ''];
  let shift = 0;
  for (const splice of done) {
    const from = splice.span.start + shift;
    const to = from + splice.newText.length;
    if (from > end) {
      after.push(splice);
      continue;
    }
    const growth = splice.newText.length - (splice.span.end - splice.span.start);
    shift += growth;
    span.end -= growth;
    if (to < start) {
      before.push(splice);
      span.start -= growth;
      continue;
    }
    if (from <= start) {
      span.start = splice.span.start;
      head = splice.newText.slice(0, start - from);
    }
    if (to >= end) {
      span.end = splice.span.end;
      tail = splice.newText.slice(end - from);
    }
  }
  return [...before, { span, newText: head + next.newText + tail }, ...after];
}

/** Replacements in the decoded text as replacements in the host file, quoted for it. */
export function splicesToHost(embedded: EmbeddedText, splices: readonly Splice[]): readonly Splice[] {
  const { encodePart, rewrite } = embedded;
  if (encodePart === undefined) {
    const text = applySplices(embedded.text, splices);
    return rewrite?.(text) ?? [{ span: embedded.hostSpan, newText: embedded.encode(text) }];
  }
  return splices.map((splice) => ({ span: spanToHost(embedded, splice.span), newText: encodePart(splice.newText) }));
}
