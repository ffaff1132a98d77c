/** Offsets in a file's text, in UTF-16 code units, `end` exclusive. Everything below `editor/` speaks in these. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value with the place it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** The smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

/** Whether an offset lies in a span, its end included (a cursor behind the last character still means it). */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
