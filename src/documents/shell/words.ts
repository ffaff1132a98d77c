import { decodedText, type EmbeddedText } from '../embedded';
import type { Located, Span } from '../span';
import type { Quoting, Word, WordPart } from './scanner';

/**
 * Characters of the shell after expansion, each with where in the host file it is written. A value that came through a
 * variable points at the variable's assignment. What the shell would compute stays as written and is marked unknown.
 */
export interface ShellText {
  readonly text: string;
  /** The word itself, as it stands in the command. */
  readonly span: Span;
  /** Whether the shell would put something else in place of a part of it. */
  readonly known: boolean;
  /** Where its characters stand. Worked out when asked for: of most words only the text matters. */
  readonly units: () => ShellUnits;
}

export interface ShellUnits {
  /** For each unit, where it is written and where that ends. */
  readonly offsets: readonly number[];
  readonly ends: readonly number[];
  /** For each unit, how it is quoted; `unknown` where the shell would put something else. */
  readonly quotings: readonly (Quoting | 'unknown')[];
}

/** Variables may hold themselves twice over, again and again; what grows beyond these is taken as unknown. */
const textLengthMax = 10_000;
const wordCountMax = 10_000;

/** Variables that are known, each with the words it stands for (an array has several). */
export type Variables = ReadonlyMap<string, readonly ShellText[]>;

/** Escapes, between parts that stay, for each quoting. POSIX.1-2017, Shell Command Language, 2.2. */
const encoders: Readonly<Record<Quoting, (text: string) => string>> = {
  none: (text) => (/^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`),
  single: (text) => text.replaceAll("'", `'\\''`),
  double: (text) => text.replace(/[\\"$`]/g, '\\$&'),
  ansi: (text) =>
    text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t'),
  heredoc: (text) => text.replace(/[\\$`]/g, '\\$&'),
  'literal-heredoc': (text) => text,
};

/**
 * The words that a word becomes: one, or several where an unquoted variable holds blanks or an array.
 * POSIX.1-2017, Shell Command Language, 2.6.2 and 2.6.5; arrays: Bash Reference Manual, 6.7.
 */
export function expandWord(word: Word, host: EmbeddedText, variables: Variables): readonly ShellText[] {
  const span = { start: host.toHost(word.start), end: host.toHost(word.end) };
  if (!word.parts.some((part) => isSplit(part, variables))) return [expandParts(word.parts, span, host, variables)];
  const fields = new Fields();
  for (const part of word.parts) {
    const values = part.kind === 'variable' ? valuesOf(part, variables) : undefined;
    if (values === undefined || values.length > wordCountMax) fields.add(partText(part, host));
    else if (part.kind === 'variable' && !part.quoted) fields.split(values);
    else fields.each(values);
  }
  return fields.done().map((pieces) => joined(pieces, span));
}

/** Whether a variable can make several words of one, or none. */
function isSplit(part: WordPart, variables: Variables): boolean {
  if (part.kind !== 'variable') return false;
  const values = valuesOf(part, variables);
  if (values === undefined) return false;
  if (part.quoted) return values.length !== 1;
  return values.length !== 1 || values.some(({ text }) => text === '' || /\s/.test(text));
}

/** The elements that are meant; `undefined` where they are not known. */
function valuesOf(
  { name, elements, quoted }: Extract<WordPart, { readonly kind: 'variable' }>,
  variables: Variables,
): readonly ShellText[] | undefined {
  const values = variables.get(name);
  const [first] = values ?? [];
  if (values === undefined || values.length === 1 || elements === 'each' || (elements === 'joined' && !quoted))
    return values;
  if (elements === 'first') return first === undefined ? undefined : [first];
  const blank = first === undefined ? [] : [{ ...slice(first, 0, 0), text: ' ', known: false }];
  const list = values.flatMap((value, index) => (index === 0 ? [value] : [...blank, value]));
  return first === undefined ? undefined : [joined(list, first.span)];
}

/** The words that come of one, piece by piece. */
class Fields {
  private readonly fields: (readonly ShellText[])[] = [];
  /** `null` between words. */
  private current: ShellText[] | null = null;

  add(piece: ShellText): void {
    this.current ??= [];
    this.current.push(piece);
  }

  /** Each value a word, the first and the last joined with what stands around them. */
  each(values: readonly ShellText[]): void {
    for (const [index, value] of values.entries()) {
      if (index > 0) this.end();
      this.add(value);
    }
  }

  /** The same for what is not quoted: blanks separate words too, and nothing makes no word. */
  split(values: readonly ShellText[]): void {
    for (const [index, value] of values.entries()) {
      if (index > 0 || /^\s/.test(value.text)) this.end();
      this.each(splitAtBlanks(value));
      if (/\S\s+$/.test(value.text)) this.end();
    }
  }

  done(): readonly (readonly ShellText[])[] {
    this.end();
    return this.fields;
  }

  private end(): void {
    if (this.current !== null) this.fields.push(this.current);
    this.current = null;
  }
}

/** Parts as one text, as in double quotes or an assignment. */
export function expandParts(
  parts: readonly WordPart[],
  span: Span,
  host: EmbeddedText,
  variables: Variables,
): ShellText {
  const [first] = parts;
  if (first?.kind === 'text' && parts.length === 1) return { ...partText(first, host), span };
  const pieces = parts.flatMap((part): readonly ShellText[] => {
    const value = part.kind === 'variable' ? valuesOf(part, variables) : undefined;
    const length = value?.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
    return value === undefined || length > textLengthMax ? [partText(part, host)] : value;
  });
  return joined(pieces, span);
}

function joined(pieces: readonly ShellText[], span: Span): ShellText {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return { ...only, span };
  return {
    text: pieces.map((piece) => piece.text).join(''),
    span,
    known: pieces.every((piece) => piece.known),
    units: once(() => ({
      offsets: pieces.flatMap((piece) => piece.units().offsets),
      ends: pieces.flatMap((piece) => piece.units().ends),
      quotings: pieces.flatMap((piece) => piece.units().quotings),
    })),
  };
}

function partText(part: WordPart, host: EmbeddedText): ShellText {
  if (part.kind === 'text') {
    const span = { start: host.toHost(part.start), end: host.toHost(part.end) };
    const units = once(() => {
      const offsets = part.units?.offsets ?? Array.from({ length: part.text.length }, (_, index) => part.start + index);
      const ends = part.units?.ends ?? offsets.map((offset) => offset + 1);
      return {
        offsets: offsets.map((offset) => host.toHost(offset)),
        ends: ends.map((end) => host.toHost(end)),
        quotings: offsets.map(() => part.quoting),
      };
    });
    return { text: part.text, span, known: true, units };
  }
  const { start, end } = part;
  const units = once(() => {
    const offsets = Array.from({ length: end - start }, (_, index) => host.toHost(start + index));
    const ends = offsets.map((_, index) => host.toHost(start + index + 1));
    return { offsets, ends, quotings: offsets.map(() => 'unknown' as const) };
  });
  const span = { start: host.toHost(start), end: host.toHost(end) };
  return { text: host.text.slice(start, end), span, known: false, units };
}

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function splitAtBlanks(value: ShellText): readonly ShellText[] {
  return [...value.text.matchAll(/\S+/g)].map((found) => slice(value, found.index, found.index + found[0].length));
}

/** A part of a text, each character with its place; offsets count UTF-16 units. */
export function slice(value: ShellText, start: number, end = value.text.length): ShellText {
  const units = once(() => {
    const { offsets, ends, quotings } = value.units();
    return { offsets: offsets.slice(start, end), ends: ends.slice(start, end), quotings: quotings.slice(start, end) };
  });
  const known = value.known || !value.units().quotings.slice(start, end).includes('unknown');
  return { text: value.text.slice(start, end), span: value.span, known, units };
}

/** The text with the place it is written at: the characters themselves if they stand together, else the word. */
export function located(value: ShellText): Located<string> {
  const units = value.units();
  const start = units.offsets[0];
  const end = units.ends.at(-1);
  const together = start !== undefined && end !== undefined && standTogether(units);
  return { value: value.text, span: together ? { start, end } : value.span };
}

/** Gaps of a few characters are quotes and joined lines; larger ones come from variables. */
const gapMax = 4;

function standTogether({ offsets, ends }: ShellUnits): boolean {
  return offsets.every((offset, index) => {
    const gap = index === 0 ? 0 : offset - (ends[index - 1] ?? offset);
    return gap >= 0 && gap <= gapMax;
  });
}

/** A value as a text to read on, or `null` where it is computed, or pieced together of parts quoted in several ways. */
export function embeddedIn(value: ShellText, host: EmbeddedText): EmbeddedText | null {
  const units = value.units();
  const quoting = units.quotings[0];
  const start = units.offsets[0];
  const end = units.ends.at(-1);
  const encodePart = host.encodePart;
  if (quoting === undefined || quoting === 'unknown' || start === undefined || end === undefined) return null;
  if (encodePart === undefined || !standTogether(units)) return null;
  const offsets: number[] = [];
  for (const [index, other] of units.quotings.entries()) {
    const escapedQuote = quoting === 'single' && other === 'none' && value.text[index] === "'";
    if (other !== quoting && !escapedQuote) return null;
    // In single quotes, a quote is written '\'': its place begins where the quotes are closed for it.
    offsets.push((escapedQuote ? units.ends[index - 1] : units.offsets[index]) ?? start);
  }
  const encode = (text: string): string => encodePart(encoders[quoting](text));
  return decodedText(value.text, [...offsets, end], { start, end }, { encode, encodePart: encode });
}

/**
 * A value as commands to read on, even where parts of it are computed or came through variables: the places of those
 * are drawn into the word, so that offsets stay in order. Only what is quoted in one way can be edited.
 */
export function nestedText(value: ShellText, host: EmbeddedText): EmbeddedText {
  const embedded = embeddedIn(value, host);
  if (embedded !== null) return embedded;
  let position = value.span.start;
  const offsets = value.units().offsets.map((offset) => {
    if (offset > position && offset <= value.span.end) position = offset;
    return position;
  });
  return decodedText(value.text, [...offsets, value.span.end], value.span, { encode: encoders.none });
}
