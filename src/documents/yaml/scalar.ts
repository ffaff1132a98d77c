import { decodedText, type EmbeddedText } from '../embedded';

/** How a scalar is written. YAML 1.2.2, chapters 7.3 (flow styles) and 8.1 (block styles). */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarSource {
  readonly style: ScalarStyle;
  /** The whole file. */
  readonly text: string;
  /** Where the scalar stands: quotes, or a block scalar's header, included. */
  readonly start: number;
  readonly end: number;
  /** What the YAML library read. What is decoded here must be the same, or offsets would lie. */
  readonly value: string;
}

/**
 * A scalar as embedded text. Where the offsets of its characters cannot be told for sure, all of them point at the
 * scalar as a whole: a finding then underlines all of it, and an edit writes all of it anew.
 */
export function scalarText(source: ScalarSource): EmbeddedText {
  const { start, end, style, value } = source;
  const decoded = style === 'literal' || style === 'folded' ? decodeBlock(source) : decodeFlow(source);
  const hostSpan = { start, end };
  if (decoded.text === value) return decodedText(value, decoded.offsets, hostSpan, quotingOf(source, decoded));
  const offsets = Array.from({ length: value.length + 1 }, (_, index) => (index === 0 ? start : end));
  return decodedText(value, offsets, hostSpan, { encode: doubleQuoted });
}

/** What a plain or quoted scalar holds, told without the library. */
export function flowScalarValue(source: Omit<ScalarSource, 'value'>): string {
  return decodeFlow(source).text;
}

/** Characters with the offset of each and, last, of their end. */
class Decoded {
  readonly offsets: number[] = [];
  /** The blanks that a block scalar's lines begin with. */
  indentation = '';
  private readonly units: string[] = [];

  get length(): number {
    return this.units.length;
  }

  get text(): string {
    return this.units.join('');
  }

  add(text: string, offset: number): void {
    for (let index = 0; index < text.length; index++) {
      this.offsets.push(offset);
      this.units.push(text.charAt(index));
    }
  }

  /** The length without the last characters of a kind, no less than `lengthMin`. */
  lengthWithout(kind: RegExp, lengthMin: number): number {
    let length = this.units.length;
    while (length > lengthMin && kind.test(this.units[length - 1] ?? '')) length--;
    return length;
  }

  /** Forgets what stands behind a length. */
  cut(length: number): void {
    this.units.length = Math.min(this.units.length, length);
    this.offsets.length = this.units.length;
  }

  finish(end: number): this {
    this.offsets.push(end);
    return this;
  }
}

/** Plain and quoted scalars: escapes, and line breaks that fold to blanks. YAML 1.2.2, 6.5 (line folding). */
function decodeFlow({ style, text, start, end }: Omit<ScalarSource, 'value'>): Decoded {
  const decoded = new Decoded();
  const quoted = style !== 'plain';
  const closed = quoted && end - start >= 2 && text[end - 1] === text[start];
  const last = closed ? end - 1 : end;
  // Blanks that were escaped are content; only those typed before a line break fold away.
  let firm = 0;
  for (let at = start + (quoted ? 1 : 0); at < last; ) {
    const unit = text.charAt(at);
    if (unit === '\n' || (unit === '\r' && text[at + 1] === '\n')) {
      at = foldBreaks(decoded, text, at, last, firm);
      firm = decoded.length;
    } else if (style === 'single' && unit === "'" && text[at + 1] === "'") {
      decoded.add("'", at);
      at += 2;
    } else if (style === 'double' && unit === '\\') {
      at = doubleQuotedEscape(decoded, text, at, last);
      firm = decoded.length;
    } else {
      decoded.add(unit, at);
      at++;
    }
  }
  return decoded.finish(last);
}

/** One line break is a blank, more are one fewer; blanks around them go. Returns where the next line's text begins. */
function foldBreaks(decoded: Decoded, text: string, from: number, last: number, firm: number): number {
  decoded.cut(decoded.lengthWithout(/[ \t]/, firm));
  let breaks = 0;
  let at = from;
  for (; at < last && /[ \t\r\n]/.test(text.charAt(at)); at++) if (text[at] === '\n') breaks++;
  decoded.add(breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), from);
  return at;
}

/** YAML 1.2.2, 5.7: escaped characters. */
const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

function doubleQuotedEscape(decoded: Decoded, text: string, at: number, last: number): number {
  const unit = text.charAt(at + 1);
  const digits = unit === 'x' ? 2 : unit === 'u' ? 4 : unit === 'U' ? 8 : 0;
  if (digits > 0) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    decoded.add(code <= 0x10ffff ? String.fromCodePoint(code) : '', at);
    return at + 2 + digits;
  }
  if (unit === '\n' || unit === '\r') {
    let next = at + (unit === '\r' ? 3 : 2);
    while (next < last && /[ \t]/.test(text.charAt(next))) next++;
    return next;
  }
  decoded.add(escapes[unit] ?? unit, at);
  return at + 2;
}

/** Literal and folded block scalars. YAML 1.2.2, 8.1. */
function decodeBlock(source: ScalarSource): Decoded {
  const { style, text, start, end } = source;
  const decoded = new Decoded();
  const headerEnd = text.indexOf('\n', start);
  if (headerEnd === -1 || headerEnd >= end) return decoded.finish(end);
  const chomping = /^[|>]\d?([-+])?/.exec(text.slice(start, headerEnd))?.[1] ?? 'clip';
  const lines = blockLines(text, headerEnd + 1, end);
  const indentation = indentationOf(source, headerEnd, lines);
  decoded.indentation = ' '.repeat(indentation);
  addLines(decoded, text, lines, indentation, style === 'folded');
  const content = decoded.lengthWithout(/\n/, 0);
  // Clipping keeps one line break if there is content.
  if (chomping === '-') decoded.cut(content);
  else if (chomping === 'clip') decoded.cut(content === 0 ? 0 : content + 1);
  return decoded.finish(decoded.offsets.length === 0 ? end : endOfContent(text, decoded, end));
}

interface Line {
  readonly start: number;
  readonly end: number;
}

function blockLines(text: string, from: number, end: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = from; start < end; ) {
    const lineBreak = text.indexOf('\n', start);
    const next = lineBreak === -1 || lineBreak >= end ? end : lineBreak;
    lines.push({ start, end: text[next - 1] === '\r' && next > start ? next - 1 : next });
    start = next + 1;
  }
  return lines;
}

/** The header may state it, relative to the parent; else the first line with content has it. */
function indentationOf({ text, start, value }: ScalarSource, headerEnd: number, lines: readonly Line[]): number {
  const blanks = lines.map((line) => /^ */.exec(text.slice(line.start, line.end))?.[0].length ?? 0);
  const first = lines.findIndex((line, index) => line.end - line.start > (blanks[index] ?? 0));
  const stated = /^[|>][-+]?(\d)/.exec(text.slice(start, headerEnd))?.[1];
  const shown = blanks[first] ?? blanks.reduce((most, length) => Math.max(most, length), 0);
  if (stated === undefined) return shown;
  // Relative to a parent that is not known here; but what was read shows how many of the first line's blanks are content.
  const kept = /^\n*( *)/.exec(value)?.[1]?.length ?? 0;
  return Math.max(0, shown - kept);
}

function addLines(decoded: Decoded, text: string, lines: readonly Line[], indentation: number, folded: boolean): void {
  let before: string | null = null;
  let breaks: number[] = [];
  for (const line of lines) {
    const start = Math.min(line.start + indentation, line.end);
    const content = text.slice(start, line.end);
    if (content === '') {
      breaks.push(line.end);
      continue;
    }
    if (before === null) for (const at of breaks) decoded.add('\n', at);
    else addBreaks(decoded, breaks, folded && !/^[ \t]/.test(before) && !/^[ \t]/.test(content));
    for (let index = 0; index < content.length; index++) decoded.add(content.charAt(index), start + index);
    before = content;
    breaks = [line.end];
  }
  for (const at of breaks) decoded.add('\n', at);
}

/** Between lines that are not indented further, the first break folds: to a blank, or to nothing before empty lines. */
function addBreaks(decoded: Decoded, breaks: readonly number[], fold: boolean): void {
  const [first, ...others] = breaks;
  if (first === undefined) return;
  if (!fold) decoded.add('\n', first);
  else if (others.length === 0) decoded.add(' ', first);
  for (const at of others) decoded.add('\n', at);
}

function endOfContent(text: string, decoded: Decoded, end: number): number {
  const last = decoded.offsets.at(-1) ?? end;
  return Math.min(end, text.startsWith('\r\n', last) ? last + 2 : last + 1);
}

type Quotings = Pick<EmbeddedText, 'encode' | 'encodePart'>;

function quotingOf({ style, text, start, end }: ScalarSource, decoded: Decoded): Quotings {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  switch (style) {
    case 'plain':
      // A plain scalar must not come to hold `: ` or ` #`, so it is quoted as a whole.
      return { encode: singleQuoted };
    case 'single':
      // Line breaks would fold here: a blank is the same to JSON, which is what is edited.
      return { encode: singleQuoted, encodePart: (part) => part.replaceAll("'", "''").replace(/[\t\r\n]+/g, ' ') };
    case 'double':
      return { encode: doubleQuoted, encodePart: (part) => doubleQuoted(part).slice(1, -1) };
    case 'literal':
    case 'folded': {
      const header = text.slice(start, text.indexOf('\n', start)).replace(/\r$/, '');
      const closing = /\n$/.test(text.slice(start, end)) ? lineBreak : '';
      const indent = (part: string): string => part.replaceAll('\n', lineBreak + decoded.indentation);
      // In folded scalars a break between lines may become a blank: to JSON, which is what is edited, that is the same.
      const encode = (whole: string): string =>
        blockHeader(header, whole) + lineBreak + decoded.indentation + indent(whole.replace(/\n$/, '')) + closing;
      return decoded.indentation === '' ? { encode: doubleQuoted } : { encode, encodePart: indent };
    }
  }
}

/** A whole text is written literally: folding could not be undone for every text. */
function blockHeader(header: string, whole: string): string {
  const chomping = whole.endsWith('\n') ? '' : '-';
  return header.replace(/^[|>]\d?[-+]?\d?/, `|${chomping}`);
}

/** YAML 1.2.2, 7.3.2. Line breaks and control characters cannot stand in single quotes as themselves. */
function singleQuoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that need the other quotes.
  return /[\u0000-\u001f\u007f-\u009f]/.test(text) ? doubleQuoted(text) : `'${text.replaceAll("'", "''")}'`;
}

/** YAML 1.2.2, 7.3.1: JSON's strings are YAML's double-quoted scalars. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text);
}
