import type { Declaration, ReaderProblem } from './declaration';
import { wholeDocument } from './embedded';
import { type JsonReading, readJson } from './jsonText';
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
  /** The last part of the address, in lower case. */
  readonly name: string;
  /** The text as strict JSON, read once for all readers that ask in turn whether it is theirs. */
  readonly json: () => JsonReading;
}

/** A text ready to be read. */
export function sourceFile(uri: string, text: string): SourceFile {
  let json: JsonReading | null = null;
  const readJsonOnce = (): JsonReading => {
    json ??= readJson(wholeDocument(text), { dialect: 'strict' });
    return json;
  };
  return { uri, text, name: baseName(uri), json: readJsonOnce };
}

/**
 * Reads one format. `null` means: not this format after all; the next one is asked. A reader is total: whatever the
 * text, it returns, and every span lies in the text.
 */
export type Reader = (file: SourceFile) => Found | null;

/** A reader whose files may be large: it yields after each small piece. */
export type SteppingReader = (file: SourceFile) => Generator<void, Found | null>;

/** Says that a text is nested too deep to be read. */
export function nestingProblem(span: Span, found: number): ReaderProblem {
  return { kind: 'limit', span, limit: 'nesting', found, bound: limits.nestingMax };
}

/** The last part of a path or an address, in lower case. */
function baseName(uri: string): string {
  const end = uri.search(/[?#]/);
  const path = end < 0 ? uri : uri.slice(0, end);
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
}
