import { ansiEscapeAt } from './ansiEscapes';

/**
 * A tolerant scanner of the POSIX shell's token grammar (POSIX.1-2017, Shell Command Language, 2.2 Quoting, 2.3 Token
 * Recognition, 2.7.4 Here-Document), with bash's `$'…'`. It never fails: what is not closed ends with the text.
 */

/** How a piece of a word was quoted. It decides how a replacement must be written. */
export type Quoting = 'none' | 'single' | 'double' | 'ansi' | 'heredoc' | 'literal-heredoc';

export type WordPart =
  /** Characters that mean themselves. */
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly start: number;
      readonly end: number;
      /** Where each unit is written and where that ends; `null` where the text stands as it is from `start` on. */
      readonly units: { readonly offsets: readonly number[]; readonly ends: readonly number[] } | null;
      readonly quoting: Quoting;
    }
  /** `$name`, `${name}` or `${name[@]}`. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** Which elements of an array are meant: `$A`, `${A[@]}` or `${A[*]}`. */
      readonly elements: 'first' | 'each' | 'joined';
      readonly start: number;
      readonly end: number;
      readonly quoted: boolean;
    }
  /** Anything else that the shell computes: a command's output, arithmetic, defaults. */
  | { readonly kind: 'computed'; readonly start: number; readonly end: number };

type VariablePart = Extract<WordPart, { readonly kind: 'variable' }>;

export interface Word {
  readonly kind: 'word';
  readonly parts: readonly WordPart[];
  readonly start: number;
  readonly end: number;
}

export interface Heredoc {
  readonly kind: 'heredoc';
  /** The lines between the operator's line and the delimiter's. One part where nothing is computed in them. */
  readonly body: readonly WordPart[];
}

export type ShellToken =
  | Word
  | Heredoc
  /** `;`, `&`, `|`, `(`, `)` and their doubles, or a line break (`\n`). */
  | { readonly kind: 'operator'; readonly text: string }
  /** `>`, `>>`, `<` …; the target is the next word. */
  | { readonly kind: 'redirect'; readonly text: string };

interface PendingHeredoc {
  readonly delimiter: string;
  readonly literal: boolean;
  readonly stripsTabs: boolean;
  readonly body: WordPart[];
}

/** All tokens of a script, in order. Total: any text has some. */
export function scanShell(text: string): readonly ShellToken[] {
  return new ShellScanner(text).scan();
}

/** Gathers characters of one quoting into a part. Most stand as they are; only escapes need a list of places. */
class TextBuffer {
  private text = '';
  private start = 0;
  private end = 0;
  private units: { readonly offsets: number[]; readonly ends: number[] } | null = null;
  private quoting: Quoting = 'none';
  private readonly parts: WordPart[];

  constructor(parts: WordPart[]) {
    this.parts = parts;
  }

  add(text: string, start: number, end: number, quoting: Quoting): void {
    if (quoting !== this.quoting) this.flush();
    this.quoting = quoting;
    if (this.text === '') this.start = this.end = start;
    const verbatim = text.length === end - start;
    if (this.units === null && !(verbatim && start === this.end)) this.units = this.listed();
    if (this.units !== null) {
      for (let index = 0; index < text.length; index++) {
        // Of an escape that yields several units, the first stands for all of it, so that offsets stay in order.
        this.units.offsets.push(verbatim ? start + index : index === 0 ? start : end);
        this.units.ends.push(verbatim ? start + index + 1 : end);
      }
    }
    this.text += text;
    this.end = end;
  }

  flush(): void {
    const { text, start, end, units, quoting } = this;
    if (text.length > 0) this.parts.push({ kind: 'text', text, start, end, units, quoting });
    this.text = '';
    this.units = null;
  }

  private listed(): { readonly offsets: number[]; readonly ends: number[] } {
    const offsets = Array.from({ length: this.text.length }, (_, index) => this.start + index);
    return { offsets, ends: offsets.map((offset) => offset + 1) };
  }
}

/** Characters that mean nothing but themselves in a word, and those that do in double quotes. */
const plainRun = /[\w./:=,+@%^~-]+/y;
const quotedRun = /[^"$`\\]+/y;

const blank = /[ \t]/;
const wordEnd = /[ \t\n;&|()<>]/;
const nameStart = /[A-Za-z_]/;
const nameUnit = /[A-Za-z0-9_]/;

class ShellScanner {
  private readonly text: string;
  private readonly tokens: ShellToken[] = [];
  private readonly pending: PendingHeredoc[] = [];
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  scan(): readonly ShellToken[] {
    while (this.position < this.text.length) this.token();
    this.heredocBodies();
    return this.tokens;
  }

  private token(): void {
    const unit = this.at(0);
    const join = this.lineJoin();
    if (join > 0) this.position += join;
    else if (blank.test(unit) || (unit === '\r' && this.at(1) === '\n')) this.position++;
    else if (unit === '\n') this.lineBreak();
    else if (unit === '#') this.position = this.lineEnd(this.position);
    else if (unit === '<' || unit === '>') this.redirect();
    else if (/\d/.test(unit) && this.isDescriptor()) this.position++;
    else if (/[;&|()]/.test(unit)) this.operator(unit);
    else this.tokens.push(this.word());
  }

  private lineBreak(): void {
    this.position++;
    this.tokens.push({ kind: 'operator', text: '\n' });
    this.heredocBodies();
  }

  private operator(unit: string): void {
    const double = unit === this.at(1) && unit !== '(' && unit !== ')';
    this.position += double ? 2 : 1;
    if (unit === '&' && this.at(0) === '>') return;
    this.tokens.push({ kind: 'operator', text: double ? unit + unit : unit });
  }

  /** The digit of `2>` belongs to the redirection, not to the command. */
  private isDescriptor(): boolean {
    return this.at(1) === '<' || this.at(1) === '>';
  }

  private redirect(): void {
    const operator =
      /^(?:<<<|<<-|<<|<&|<>|>>|>&|>\||[<>])/.exec(this.text.slice(this.position, this.position + 3))?.[0] ?? '<';
    this.position += operator.length;
    if (operator === '<<' || operator === '<<-') this.heredoc(operator === '<<-');
    else this.tokens.push({ kind: 'redirect', text: operator });
  }

  private heredoc(stripsTabs: boolean): void {
    while (blank.test(this.at(0))) this.position++;
    const delimiter = this.word();
    const literal = /['"\\]/.test(this.text.slice(delimiter.start, delimiter.end));
    const name = delimiter.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const body: WordPart[] = [];
    this.tokens.push({ kind: 'heredoc', body });
    this.pending.push({ delimiter: name, literal, stripsTabs, body });
  }

  /** Behind a line break, the bodies of the here-documents that the line announced. */
  private heredocBodies(): void {
    for (const heredoc of this.pending.splice(0)) {
      const buffer = new TextBuffer(heredoc.body);
      while (this.position < this.text.length) {
        const end = this.lineEnd(this.position);
        let start = this.position;
        if (heredoc.stripsTabs) while (this.text[start] === '\t') start++;
        this.position = Math.min(end + 1, this.text.length);
        if (this.text.slice(start, end).replace(/\r$/, '') === heredoc.delimiter) break;
        this.heredocLine(heredoc, start, this.position, buffer);
      }
      buffer.flush();
    }
  }

  private heredocLine(heredoc: PendingHeredoc, start: number, end: number, buffer: TextBuffer): void {
    if (heredoc.literal) {
      buffer.add(this.text.slice(start, end), start, end, 'literal-heredoc');
      return;
    }
    for (let at = start; at < end; ) {
      const unit = this.text.charAt(at);
      if (unit === '\\' && /[\\$`\n]/.test(this.text.charAt(at + 1))) {
        if (this.text[at + 1] !== '\n') buffer.add(this.text.charAt(at + 1), at, at + 2, 'heredoc');
        at += 2;
      } else if (unit === '`' || (unit === '$' && /[A-Za-z_{(0-9@*#?$!-]/.test(this.text.charAt(at + 1)))) {
        buffer.flush();
        heredoc.body.push({ kind: 'computed', start: at, end: at + 1 });
        at++;
      } else {
        buffer.add(unit, at, at + 1, 'heredoc');
        at++;
      }
    }
  }

  private word(): Word {
    const start = this.position;
    const parts: WordPart[] = [];
    const buffer = new TextBuffer(parts);
    while (this.position < this.text.length && !this.isWordEnd()) {
      const join = this.lineJoin();
      if (join > 0) this.position += join;
      else this.wordPart(parts, buffer);
    }
    buffer.flush();
    return { kind: 'word', parts, start, end: this.position };
  }

  private isWordEnd(): boolean {
    return wordEnd.test(this.at(0)) || (this.at(0) === '\r' && this.at(1) === '\n');
  }

  private wordPart(parts: WordPart[], buffer: TextBuffer): void {
    const unit = this.at(0);
    if (unit === "'") this.singleQuotes(buffer);
    else if (unit === '"') this.doubleQuotes(parts, buffer);
    else if (unit === '$' || unit === '`') this.dollar(parts, buffer, false);
    else if (unit === '\\') {
      buffer.add(this.at(1), this.position, Math.min(this.position + 2, this.text.length), 'none');
      this.position = Math.min(this.position + 2, this.text.length);
    } else {
      this.run(plainRun, buffer, 'none');
    }
  }

  private singleQuotes(buffer: TextBuffer): void {
    const close = this.text.indexOf("'", this.position + 1);
    const end = close === -1 ? this.text.length : close;
    if (end > this.position + 1) buffer.add(this.text.slice(this.position + 1, end), this.position + 1, end, 'single');
    this.position = Math.min(end + 1, this.text.length);
  }

  private doubleQuotes(parts: WordPart[], buffer: TextBuffer): void {
    this.position++;
    while (this.position < this.text.length) {
      const unit = this.at(0);
      const join = this.lineJoin();
      if (join > 0) this.position += join;
      else if (unit === '"') break;
      else if (unit === '$' || unit === '`') this.dollar(parts, buffer, true);
      else if (unit === '\\' && /[$`"\\]/.test(this.at(1))) {
        buffer.add(this.at(1), this.position, this.position + 2, 'double');
        this.position += 2;
      } else {
        this.run(quotedRun, buffer, 'double');
      }
    }
    this.position = Math.min(this.position + 1, this.text.length);
  }

  /** Takes in as many characters of a kind as stand here, one at least. */
  private run(kind: RegExp, buffer: TextBuffer, quoting: Quoting): void {
    kind.lastIndex = this.position;
    const text = kind.exec(this.text)?.[0] ?? this.at(0);
    buffer.add(text, this.position, this.position + text.length, quoting);
    this.position += text.length;
  }

  private dollar(parts: WordPart[], buffer: TextBuffer, quoted: boolean): void {
    const start = this.position;
    const next = this.at(1);
    if (this.at(0) === '`') this.computed(parts, buffer, this.closingBackquote(start + 1));
    else if (next === "'" && !quoted) this.ansiQuotes(buffer);
    // Bash's $"…" is a text to be translated: the same as in double quotes.
    else if (next === '"' && !quoted) this.position++;
    else if (next === '(') this.computed(parts, buffer, this.closing(start + 2, ')'));
    else if (next === '{') this.braces(parts, buffer, quoted);
    else if (nameStart.test(next)) {
      let end = start + 1;
      while (nameUnit.test(this.text.charAt(end))) end++;
      this.variable(parts, buffer, { name: this.text.slice(start + 1, end), elements: 'first', end, quoted });
    } else if (/[0-9@*#?$!-]/.test(next)) this.computed(parts, buffer, start + 2);
    else {
      buffer.add('$', start, start + 1, quoted ? 'double' : 'none');
      this.position++;
    }
  }

  private braces(parts: WordPart[], buffer: TextBuffer, quoted: boolean): void {
    const end = this.closing(this.position + 2, '}');
    const [, name, index] =
      /^([A-Za-z_]\w*)(\[[@*]\])?$/.exec(this.text.slice(this.position + 2, Math.min(end - 1, this.position + 130))) ??
      [];
    const elements = index === undefined ? 'first' : index === '[@]' ? 'each' : 'joined';
    if (name === undefined) this.computed(parts, buffer, end);
    else this.variable(parts, buffer, { name, elements, end, quoted });
  }

  private variable(parts: WordPart[], buffer: TextBuffer, variable: Omit<VariablePart, 'kind' | 'start'>): void {
    buffer.flush();
    parts.push({ kind: 'variable', start: this.position, ...variable });
    this.position = variable.end;
  }

  private computed(parts: WordPart[], buffer: TextBuffer, end: number): void {
    buffer.flush();
    parts.push({ kind: 'computed', start: this.position, end });
    this.position = end;
  }

  /** Bash's `$'…'`. */
  private ansiQuotes(buffer: TextBuffer): void {
    this.position += 2;
    while (this.position < this.text.length && this.at(0) !== "'") {
      const escaped = this.at(0) === '\\' ? ansiEscapeAt(this.text, this.position) : null;
      const length = escaped?.length ?? 1;
      buffer.add(escaped?.meant ?? this.at(0), this.position, this.position + length, 'ansi');
      this.position += length;
    }
    this.position = Math.min(this.position + 1, this.text.length);
  }

  private closingBackquote(from: number): number {
    let at = from;
    while (at < this.text.length && this.text[at] !== '`') at += this.text[at] === '\\' ? 2 : 1;
    return Math.min(at + 1, this.text.length);
  }

  /** Behind the bracket that closes, over quotes and further brackets; at the end of the text if none does. */
  private closing(from: number, bracket: ')' | '}'): number {
    const open: string[] = [bracket];
    let at = from;
    while (at < this.text.length) {
      const unit = this.text.charAt(at);
      const inner = open.at(-1);
      if (unit === '\\') at++;
      else if (unit === inner) {
        open.pop();
        if (open.length === 0) return at + 1;
      } else if (unit === '$' && /[({]/.test(this.text.charAt(at + 1))) {
        open.push(this.text[at + 1] === '(' ? ')' : '}');
        at++;
      } else if (inner !== '"') {
        if (unit === '"') open.push('"');
        else if (unit === '(' && inner === ')') open.push(')');
        else if (unit === "'") {
          const close = this.text.indexOf("'", at + 1);
          at = close === -1 ? this.text.length : close;
        }
      }
      at++;
    }
    return this.text.length;
  }

  /** Length of a joined line's break (`\` and a line break), else 0. */
  private lineJoin(): number {
    if (this.at(0) !== '\\') return 0;
    if (this.at(1) === '\n') return 2;
    return this.at(1) === '\r' && this.at(2) === '\n' ? 3 : 0;
  }

  private lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end === -1 ? this.text.length : end;
  }

  private at(ahead: number): string {
    return this.text.charAt(this.position + ahead);
  }
}
