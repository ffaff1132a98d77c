import type { Span } from '../span';

/** A text in which quoted JSON stands on one line, in as many characters as before. */
export interface Joined {
  readonly text: string;
  /** Where quotes were joined. What they hold is told from the text as it was. */
  readonly spans: readonly Span[];
}

/** A value that begins with quoted JSON: behind its key or dash, and perhaps an anchor or a tag. */
const opening = /[:-][ \t]+(?:[&!][^\s]{0,200}[ \t]+){0,2}(['"])[ \t\r\n]*\{/g;

/**
 * People paste JSON between quotes as it is, its last line further left than the key. YAML 1.2 does not allow that, and
 * the library then loses the rest of the file; but the parsers of Docker Compose and Ansible take it. Here the line
 * breaks in such quotes become blanks, so that the library can read on. `null` if there are none.
 */
export function joinUnderIndented(text: string): Joined | null {
  const spans: Span[] = [];
  opening.lastIndex = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const quote = found[1] ?? '';
    const start = found.index + found[0].indexOf(quote);
    const end = closingQuote(text, start + 1, quote);
    if (end === -1) break;
    if (isUnderIndented(text, start, end)) spans.push({ start, end: end + 1 });
    opening.lastIndex = end + 1;
  }
  if (spans.length === 0) return null;
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    pieces.push(text.slice(at, start), text.slice(start, end).replace(/[\r\n]/g, ' '));
    at = end;
  }
  return { text: pieces.join('') + text.slice(at), spans };
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    const unit = text[at];
    if (unit === '\\' && quote === '"') at++;
    else if (unit === quote && quote === "'" && text[at + 1] === quote) at++;
    else if (unit === quote) return at;
  }
  return -1;
}

/** Whether a line of the quotes begins no further right than the line that opens them. */
function isUnderIndented(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const indentation = blanksAt(text, lineStart);
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    const blanks = blanksAt(text, at + 1);
    const isEmpty = /[\r\n]/.test(text.charAt(at + 1 + blanks));
    if (blanks <= indentation && !isEmpty) return true;
  }
  return false;
}

function blanksAt(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at - from;
}
