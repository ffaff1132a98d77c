import type { Declaration, ReaderProblem } from './declaration';
import { limits } from './limits';
import type { Span } from './span';

/** What a reader found in a file of its format. */
export interface Found {
  readonly declarations: readonly Declaration[];
  readonly problems: readonly ReaderProblem[];
}

/** A text and where it is from. Readers judge by the text; the name only settles what the text leaves open. */
export interface SourceFile {
  readonly uri: string;
  readonly text: string;
}

/**
 * Reads one format. `null` means: not this format after all; the next one is asked. A reader is total: whatever the
 * text, it returns, and every span lies in the text.
 */
export type Reader = (file: SourceFile) => Found | null;

/** Says that a text is nested too deep to be read. */
export function nestingProblem(span: Span, found: number): ReaderProblem {
  return { kind: 'limit', span, limit: 'nesting', found, bound: limits.nestingMax };
}

/** The last part of a path or an address, in lower case. */
export function baseName(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? '';
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
}
