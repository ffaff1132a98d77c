import type { Located, Span } from '../span';

/**
 * As much of HCL's native syntax as declarations of topics need: blocks, attributes, strings, lists, objects and calls.
 * What is computed is kept as the span it takes. Source: HashiCorp, "HCL Native Syntax Specification".
 */
export type HclValue =
  /** A string; `template` if an interpolation or a directive makes it unknown. */
  | { readonly kind: 'string'; readonly span: Span; readonly units: readonly HclUnit[]; readonly template: boolean }
  /** A number, `true`, `false` or `null`. */
  | { readonly kind: 'literal'; readonly span: Span; readonly text: string }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly HclValue[] }
  | { readonly kind: 'object'; readonly span: Span; readonly entries: readonly HclEntry[] }
  | {
      readonly kind: 'call';
      readonly span: Span;
      readonly name: string;
      readonly arguments: readonly HclValue[];
      readonly inside: Span;
    }
  /** Anything else that Terraform computes. */
  | { readonly kind: 'computed'; readonly span: Span };

/** One character of a string with where it, or its escape, stands. */
export interface HclUnit {
  readonly text: string;
  readonly offset: number;
}

export interface HclEntry {
  readonly key: Located<string>;
  readonly value: HclValue;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly span: Span;
  readonly attributes: readonly HclEntry[];
}

/** Values inside one another; a placement has six. */
const depthMax = 50;

/** The blocks at the top of a file, with their own attributes. Blocks inside blocks are stepped over. */
export function parseHcl(text: string): readonly HclBlock[] {
  return new HclParser(text).blocks();
}

/** What a string of HCL says, its escapes resolved. */
export function stringText(units: readonly HclUnit[]): string {
  return units.map((unit) => unit.text).join('');
}

const identifier = /[\w-]/;

class HclParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  blocks(): readonly HclBlock[] {
    const blocks: HclBlock[] = [];
    while (this.skipToContent(true)) {
      const start = this.at;
      const type = this.word();
      const labels = type === '' ? null : this.labels();
      if (labels !== null && this.text[this.at] === '{') blocks.push(this.block(type, labels, start));
      else this.skipValue();
      if (this.at === start) this.at++;
    }
    return blocks;
  }

  private labels(): readonly string[] | null {
    const labels: string[] = [];
    for (;;) {
      this.skipToContent(false);
      const unit = this.text[this.at];
      if (unit === '{') return labels;
      if (unit === '"') {
        const label = this.quoted();
        labels.push(label.kind === 'string' ? stringText(label.units) : '');
      } else if (unit !== undefined && identifier.test(unit)) labels.push(this.word());
      else return null;
    }
  }

  private block(type: string, labels: readonly string[], start: number): HclBlock {
    this.at++;
    const attributes: HclEntry[] = [];
    while (this.skipToContent(true) && this.text[this.at] !== '}') {
      const begin = this.at;
      const key = this.word();
      const span = { start: begin, end: this.at };
      this.skipToContent(false);
      if (key !== '' && this.text[this.at] === '=' && this.text[this.at + 1] !== '=') {
        this.at++;
        attributes.push({ key: { value: key, span }, value: this.value(0) });
      } else {
        this.skipValue();
      }
      if (this.at === begin) this.at++;
    }
    this.at = Math.min(this.at + 1, this.text.length);
    return { type, labels, span: { start, end: this.at }, attributes };
  }

  private value(depth: number): HclValue {
    this.skipToContent(false);
    const start = this.at;
    const plain = depth < depthMax ? this.plainValue(depth) : null;
    const end = this.at;
    // A value followed by an operator, an index or the like is computed as a whole.
    if (plain !== null && this.endsValue()) return plain;
    this.at = end;
    this.skipValue();
    return { kind: 'computed', span: { start, end: this.trimmed(start) } };
  }

  private plainValue(depth: number): HclValue | null {
    const unit = this.text.charAt(this.at);
    if (unit === '"') return this.quoted();
    if (unit === '<' && this.text[this.at + 1] === '<') return this.heredoc();
    if (unit === '[') return this.list(depth);
    if (unit === '{') return this.object(depth);
    const start = this.at;
    const number = /^-?\d+(?:\.\d+)?/.exec(this.text.slice(start, start + 40))?.[0];
    if (number !== undefined) {
      this.at += number.length;
      return { kind: 'literal', span: { start, end: this.at }, text: number };
    }
    const word = this.word();
    if (word === 'true' || word === 'false' || word === 'null') {
      return { kind: 'literal', span: { start, end: this.at }, text: word };
    }
    return word !== '' && this.text[this.at] === '(' ? this.call(word, start, depth) : null;
  }

  private list(depth: number): HclValue | null {
    const start = this.at++;
    const items: HclValue[] = [];
    while (this.skipToContent(true) && this.text[this.at] !== ']') {
      const begin = this.at;
      items.push(this.value(depth + 1));
      this.skipToContent(true);
      if (this.text[this.at] === ',') this.at++;
      if (this.at === begin) return null;
    }
    this.at = Math.min(this.at + 1, this.text.length);
    return { kind: 'list', span: { start, end: this.at }, items };
  }

  private object(depth: number): HclValue | null {
    const start = this.at++;
    const entries: HclEntry[] = [];
    while (this.skipToContent(true) && this.text[this.at] !== '}') {
      const key = this.key();
      this.skipToContent(false);
      if (key === null || !/[=:]/.test(this.text.charAt(this.at))) return null;
      this.at++;
      entries.push({ key, value: this.value(depth + 1) });
      this.skipToContent(true);
      if (this.text[this.at] === ',') this.at++;
    }
    this.at = Math.min(this.at + 1, this.text.length);
    return { kind: 'object', span: { start, end: this.at }, entries };
  }

  /** `key`, `"key"` or `("key")`. */
  private key(): Located<string> | null {
    const wrapped = this.text[this.at] === '(';
    if (wrapped) this.at++;
    const start = this.at;
    const value = this.text[this.at] === '"' ? this.quoted() : null;
    const text = value === null ? this.word() : value.kind === 'string' ? stringText(value.units) : '';
    const span = { start, end: this.at };
    if (wrapped && this.text[this.at] === ')') this.at++;
    return text === '' ? null : { value: text, span };
  }

  private call(name: string, start: number, depth: number): HclValue | null {
    this.at++;
    const inside = this.at;
    const values: HclValue[] = [];
    while (this.skipToContent(true) && this.text[this.at] !== ')') {
      const begin = this.at;
      values.push(this.value(depth + 1));
      this.skipToContent(true);
      if (this.text[this.at] === ',') this.at++;
      if (this.at === begin) return null;
    }
    const end = this.at;
    this.at = Math.min(end + 1, this.text.length);
    return { kind: 'call', span: { start, end: this.at }, name, arguments: values, inside: { start: inside, end } };
  }

  private quoted(): HclValue {
    const start = this.at++;
    const units: HclUnit[] = [];
    let template = false;
    while (this.at < this.text.length && this.text[this.at] !== '"' && this.text[this.at] !== '\n') {
      const unit = this.text.charAt(this.at);
      const next = this.text.charAt(this.at + 1);
      if (unit === '\\') this.escape(units);
      else if ((unit === '$' || unit === '%') && next === unit && this.text[this.at + 2] === '{') {
        units.push({ text: unit, offset: this.at }, { text: '{', offset: this.at + 2 });
        this.at += 3;
      } else if ((unit === '$' || unit === '%') && next === '{') {
        template = true;
        this.interpolation(units);
      } else {
        units.push({ text: unit, offset: this.at });
        this.at++;
      }
    }
    if (this.text[this.at] === '"') this.at++;
    return { kind: 'string', span: { start, end: this.at }, units, template };
  }

  private escape(units: HclUnit[]): void {
    const offset = this.at;
    const next = this.text.charAt(offset + 1);
    const length = next === 'u' ? 4 : next === 'U' ? 8 : 0;
    const code = Number.parseInt(this.text.slice(offset + 2, offset + 2 + length), 16);
    const meant: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
    const text = length > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (meant[next] ?? next);
    for (const unit of text.split('')) units.push({ text: unit, offset });
    this.at = Math.min(offset + 2 + length, this.text.length);
  }

  /** `${…}` stays as written; strings inside may hold brackets of their own. */
  private interpolation(units: HclUnit[]): void {
    const end = this.closing(this.at + 1);
    for (; this.at < end; this.at++) units.push({ text: this.text.charAt(this.at), offset: this.at });
  }

  /** `<<EOT` and, with the common indentation taken away, `<<-EOT`. */
  private heredoc(): HclValue | null {
    const header = /^<<(-?)([\w.-]+)[ \t]*\r?\n/.exec(this.text.slice(this.at, this.at + 200));
    const [, dash, delimiter] = header ?? [];
    if (header === null || delimiter === undefined) return null;
    const start = this.at;
    const lines: Span[] = [];
    let next = start + header[0].length;
    while (next < this.text.length) {
      const found = this.text.indexOf('\n', next);
      const end = found === -1 ? this.text.length : found + 1;
      const line = { start: next, end };
      next = end;
      if (this.text.slice(line.start, line.end).trim() === delimiter) break;
      lines.push(line);
    }
    const indents = lines.flatMap((line) => this.indentation(line) ?? []);
    const indent = dash === '-' ? indents.reduce((least, length) => Math.min(least, length), depthMax * 10) : 0;
    const units: HclUnit[] = [];
    let template = false;
    for (const line of lines) template = this.heredocLine(line, indent, units) || template;
    this.at = next > start && this.text[next - 1] === '\n' ? next - 1 : next;
    return { kind: 'string', span: { start, end: this.at }, units, template };
  }

  /** How far a line is indented; `null` for a blank one, which does not count and is left as it is. */
  private indentation({ start, end }: Span): number | null {
    const line = this.text.slice(start, end);
    return line.trim() === '' ? null : line.length - line.trimStart().length;
  }

  /** Backslashes mean themselves here; only `$${` and `%%{` are escapes. Returns whether something is interpolated. */
  private heredocLine(line: Span, indent: number, units: HclUnit[]): boolean {
    let template = false;
    const blanks = this.indentation(line) === null ? 0 : indent;
    for (let at = Math.min(line.start + blanks, line.end); at < line.end; at++) {
      const unit = this.text.charAt(at);
      units.push({ text: unit, offset: at });
      if (unit !== '$' && unit !== '%') continue;
      if (this.text.startsWith(`${unit}{`, at + 1)) at++;
      else if (this.text[at + 1] === '{') template = true;
    }
    return template;
  }

  /** Whether nothing but the end of the value follows on its line. */
  private endsValue(): boolean {
    const after = this.at;
    this.skipToContent(false);
    const ends = this.at >= this.text.length || /[\n\r,\]})]/.test(this.text.charAt(this.at));
    this.at = after;
    return ends;
  }

  /** Steps over the rest of an expression: to the end of its line, or to what closes around it. */
  private skipValue(): void {
    while (this.at < this.text.length) {
      const unit = this.text.charAt(this.at);
      if (/[\n,\]})]/.test(unit)) return;
      if (unit === '"') this.quoted();
      else if (/[[{(]/.test(unit)) this.at = this.closing(this.at);
      else if (this.isComment()) this.skipToContent(false);
      else this.at++;
    }
  }

  /** Behind the bracket that closes the one at an offset, over strings; the end of the text if none does. */
  private closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.text.length; at++) {
      const unit = this.text.charAt(at);
      if (/[[{(]/.test(unit)) depth++;
      else if (/[\]})]/.test(unit) && --depth === 0) return at + 1;
      else if (unit === '"') at = this.closingQuote(at);
    }
    return this.text.length;
  }

  private closingQuote(open: number): number {
    let at = open + 1;
    while (at < this.text.length && this.text[at] !== '"' && this.text[at] !== '\n')
      at += this.text[at] === '\\' ? 2 : 1;
    return Math.min(at, this.text.length);
  }

  /** Over blanks and comments, and over line breaks if asked. False at the end of the text. */
  private skipToContent(overLines: boolean): boolean {
    while (this.at < this.text.length) {
      const unit = this.text.charAt(this.at);
      if (/[ \t\ufeff]/.test(unit) || (overLines && /[\n\r]/.test(unit))) this.at++;
      else if (this.isComment()) this.skipComment();
      else return true;
    }
    return false;
  }

  private isComment(): boolean {
    return this.text[this.at] === '#' || this.text.startsWith('//', this.at) || this.text.startsWith('/*', this.at);
  }

  private skipComment(): void {
    const block = this.text.startsWith('/*', this.at);
    const end = this.text.indexOf(block ? '*/' : '\n', this.at);
    this.at = end === -1 ? this.text.length : block ? end + 2 : end;
  }

  private word(): string {
    const start = this.at;
    while (this.at < this.text.length && identifier.test(this.text.charAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  private trimmed(start: number): number {
    return Math.max(start, start + this.text.slice(start, this.at).trimEnd().length);
  }
}
