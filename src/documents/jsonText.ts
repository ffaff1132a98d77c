import { createScanner, type JSONScanner } from 'jsonc-parser';
import type { SyntaxProblem } from './declaration';
import { type EmbeddedText, spanToHost } from './embedded';
import type { JsonArray, JsonMember, JsonNode, JsonObject } from './json';
import { limits } from './limits';
import type { Located, Span } from './span';

/** What a JSON text holds. Half of a broken text that parses is still there. */
export interface JsonReading {
  /** The outermost value, in offsets of the host file. */
  readonly root: JsonNode | undefined;
  readonly errors: readonly SyntaxProblem[];
  /** How deep brackets stand inside one another. Above `limits.nestingMax` there is no root. */
  readonly nesting: number;
}

export interface JsonOptions {
  /** A broker reads placements strictly; our own files may carry comments and trailing commas. */
  readonly dialect: 'strict' | 'with-comments';
}

/** jsonc-parser's `SyntaxKind`, whose declaration (an ambient `const enum`) an isolated module cannot use. */
const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  unknown: 16,
  end: 17,
} as const;

/** jsonc-parser's `ScanError`, as far as it is told apart here. */
const scanError = {
  none: 0,
  unexpectedEndOfString: 2,
  invalidUnicode: 4,
  invalidEscape: 5,
  invalidCharacter: 6,
} as const;

/** An object or array that is still open. */
type Frame =
  | {
      readonly type: 'object';
      readonly start: number;
      readonly members: JsonMember[];
      /** The key whose value is awaited. */
      key: Located<string> | undefined;
      expects: 'key' | 'colon' | 'value' | 'comma';
      /** The comma read last, if nothing followed it yet. */
      comma: Span | undefined;
    }
  | {
      readonly type: 'array';
      readonly start: number;
      readonly items: JsonNode[];
      expects: 'value' | 'comma';
      comma: Span | undefined;
    };

/**
 * Reads JSON tolerantly with an explicit stack, so that no text, however deep, can overflow the real one. Errors are
 * told in a person's words: what is wrong, and what would be right. Duplicate keys are kept.
 */
export function readJson(embedded: EmbeddedText, options: JsonOptions): JsonReading {
  return new JsonTextReader(embedded, options).read();
}

class JsonTextReader {
  private readonly scanner: JSONScanner;
  private readonly embedded: EmbeddedText;
  private readonly dialect: JsonOptions['dialect'];
  private readonly stack: Frame[] = [];
  private readonly errors: SyntaxProblem[] = [];
  private root: JsonNode | undefined;
  private saidTrailing = false;

  constructor(embedded: EmbeddedText, options: JsonOptions) {
    this.embedded = embedded;
    this.dialect = options.dialect;
    this.scanner = createScanner(embedded.text, false);
    // A byte order mark is no part of the text: Jackson, which the broker reads with, skips it too.
    if (embedded.text.charCodeAt(0) === 0xfeff) this.scanner.setPosition(1);
  }

  read(): JsonReading {
    let nesting = 0;
    for (let kind = this.scan(); kind !== token.end; kind = this.scan()) {
      this.take(kind);
      nesting = Math.max(nesting, this.stack.length);
      if (nesting > limits.nestingMax) return { root: undefined, errors: [], nesting: this.measureNesting() };
    }
    this.closeAll();
    if (this.root === undefined && this.errors.length === 0) {
      this.error({ start: 0, end: this.embedded.text.length }, 'Nothing is written here; a JSON value is expected.');
    }
    return { root: this.root, errors: this.errors, nesting };
  }

  /** The next token that is neither blank nor a comment. */
  private scan(): number {
    for (;;) {
      this.skipBlanks();
      const kind: number = this.scanner.scan();
      if (kind !== token.lineComment && kind !== token.blockComment) return kind;
      if (this.dialect === 'strict') {
        this.error(this.span(), 'JSON has no comments, and a broker refuses them: delete this one.');
      }
    }
  }

  /** The scanner would gather blanks one by one into tokens; in indented texts they are most of the characters. */
  private skipBlanks(): void {
    const { text } = this.embedded;
    let at = this.scanner.getPosition();
    while (isBlank(text.charCodeAt(at))) at++;
    this.scanner.setPosition(at);
  }

  private take(kind: number): void {
    switch (kind) {
      case token.openBrace:
        this.open({
          type: 'object',
          start: this.span().start,
          members: [],
          key: undefined,
          expects: 'key',
          comma: undefined,
        });
        return;
      case token.openBracket:
        this.open({ type: 'array', start: this.span().start, items: [], expects: 'value', comma: undefined });
        return;
      case token.closeBrace:
        this.close('object');
        return;
      case token.closeBracket:
        this.close('array');
        return;
      case token.comma:
        this.comma();
        return;
      case token.colon:
        this.colon();
        return;
      default:
        this.scalar(kind);
    }
  }

  private open(frame: Frame): void {
    this.beginValue();
    this.stack.push(frame);
  }

  private scalar(kind: number): void {
    const frame = this.stack.at(-1);
    if (frame?.type === 'object' && (frame.expects === 'key' || frame.expects === 'comma')) {
      this.key(frame, kind);
      return;
    }
    this.beginValue();
    this.accept(this.literal(kind));
  }

  private key(frame: Frame & { readonly type: 'object' }, kind: number): void {
    if (frame.expects === 'comma') this.error(this.span(), `A comma is missing before ${this.shown()}.`);
    else if (kind !== token.string)
      this.error(this.span(), `A name must be in double quotes: write ${quoted(this.scanner.getTokenValue())}.`);
    if (kind === token.string) this.checkString();
    const value = kind === token.string ? this.scanner.getTokenValue() : unquoted(this.scanner.getTokenValue());
    frame.key = { value, span: this.hostSpan() };
    frame.expects = 'colon';
    frame.comma = undefined;
  }

  private literal(kind: number): JsonNode {
    const host = this.hostSpan();
    const text = this.scanner.getTokenValue();
    switch (kind) {
      case token.string:
        this.checkString();
        return { type: 'string', span: host, value: text };
      case token.number:
        this.checkNumber(text);
        return { type: 'number', span: host, value: Number(text) };
      case token.true:
      case token.false:
        return { type: 'boolean', span: host, value: kind === token.true };
      case token.null:
        return { type: 'null', span: host };
      default:
        this.error(this.span(), `${text} is no JSON value; a string must be in double quotes: ${quoted(text)}.`);
        return { type: 'string', span: host, value: unquoted(text) };
    }
  }

  private checkString(): void {
    const problem = this.scanner.getTokenError();
    if (problem !== scanError.none) this.error(this.span(), stringProblem(problem));
  }

  private checkNumber(text: string): void {
    const valid =
      this.scanner.getTokenError() === scanError.none && /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text);
    if (!valid) this.error(this.span(), `${text} is not a number that JSON knows.`);
  }

  /** Says what is missing before a value that begins here. */
  private beginValue(): void {
    const frame = this.stack.at(-1);
    if (frame === undefined) {
      if (this.root === undefined || this.saidTrailing) return;
      this.error(this.span(), 'Nothing may follow the end of the JSON value: delete this.');
      this.saidTrailing = true;
      return;
    }
    if (frame.type === 'object' && frame.key === undefined) {
      this.error(this.span(), `A name and a colon are missing before ${this.shown()}.`);
    } else if (frame.expects === 'colon' || frame.expects === 'comma') {
      this.error(this.span(), `A ${frame.expects} is missing before ${this.shown()}.`);
    }
    frame.comma = undefined;
  }

  /** Puts a finished value where it belongs; one behind the end of the text or without a name belongs nowhere. */
  private accept(node: JsonNode): void {
    const frame = this.stack.at(-1);
    if (frame === undefined) {
      this.root ??= node;
      return;
    }
    if (frame.type === 'array') frame.items.push(node);
    else if (frame.key !== undefined) {
      frame.members.push({ key: frame.key, value: node });
      frame.key = undefined;
    }
    frame.expects = 'comma';
  }

  private comma(): void {
    const frame = this.stack.at(-1);
    if (frame === undefined || (frame.type === 'object' && frame.key !== undefined)) {
      this.error(
        this.span(),
        frame === undefined ? 'This comma separates nothing: delete it.' : 'A value is missing before this comma.',
      );
      if (frame?.type === 'object') this.giveUpKey(frame);
    } else if (frame.expects !== 'comma') {
      this.error(this.span(), 'This comma separates nothing: delete it.');
    }
    if (frame === undefined) return;
    frame.expects = frame.type === 'object' ? 'key' : 'value';
    frame.comma = this.span();
  }

  private colon(): void {
    const frame = this.stack.at(-1);
    if (frame?.type === 'object' && frame.expects === 'colon') frame.expects = 'value';
    else this.error(this.span(), 'A colon stands only between a name and its value: delete it.');
  }

  private close(type: Frame['type']): void {
    const bracket = type === 'object' ? '}' : ']';
    if (!this.stack.some((frame) => frame.type === type)) {
      this.error(this.span(), `Nothing is open that this ${bracket} could close: delete it.`);
      return;
    }
    while (this.stack.at(-1)?.type !== type) {
      this.error(this.span(), `Before this ${bracket}, a ${type === 'object' ? ']' : '}'} is missing.`);
      this.pop(this.span().start);
    }
    this.pop(this.span().end);
  }

  private closeAll(): void {
    while (this.stack.length > 0) {
      const frame = this.stack.at(-1);
      if (frame === undefined) return;
      const [open, close] = frame.type === 'object' ? ['{', '}'] : ['[', ']'];
      this.error({ start: frame.start, end: frame.start + 1 }, `This ${open} is never closed: add ${close}.`);
      this.pop(this.embedded.text.trimEnd().length);
    }
  }

  /** Takes the innermost frame as finished at `end`. */
  private pop(end: number): void {
    const frame = this.stack.pop();
    if (frame === undefined) return;
    if (frame.comma !== undefined && this.dialect === 'strict') {
      this.error(frame.comma, 'Nothing follows this comma: delete it.');
    }
    if (frame.type === 'object' && frame.key !== undefined) {
      const missing = frame.expects === 'colon' ? 'A colon and a value are' : 'A value is';
      this.hostError(frame.key.span, `${missing} missing after this name.`);
      this.giveUpKey(frame);
    }
    const span = { start: this.embedded.toHost(frame.start), end: this.embedded.toHost(end) };
    const node: JsonObject | JsonArray =
      frame.type === 'object'
        ? { type: 'object', span, members: frame.members }
        : { type: 'array', span, items: frame.items };
    this.accept(node);
  }

  /** Keeps a key that has no value, since a person may be about to type it. */
  private giveUpKey(frame: Frame & { readonly type: 'object' }): void {
    if (frame.key !== undefined) frame.members.push({ key: frame.key, value: undefined });
    frame.key = undefined;
  }

  /** Follows the brackets of the rest, to say how deep it goes. */
  private measureNesting(): number {
    let depth = this.stack.length;
    let deepest = depth;
    for (let kind: number = this.scanner.scan(); kind !== token.end; kind = this.scanner.scan()) {
      if (kind === token.openBrace || kind === token.openBracket) deepest = Math.max(deepest, ++depth);
      else if (kind === token.closeBrace || kind === token.closeBracket) depth--;
    }
    return deepest;
  }

  private span(): Span {
    const start = this.scanner.getTokenOffset();
    return { start, end: start + this.scanner.getTokenLength() };
  }

  /** The current token, where it stands in the host file. */
  private hostSpan(): Span {
    const start = this.scanner.getTokenOffset();
    return { start: this.embedded.toHost(start), end: this.embedded.toHost(start + this.scanner.getTokenLength()) };
  }

  /** The current token as it is written, cut to what a message can bear. */
  private shown(): string {
    const { start, end } = this.span();
    const text = this.embedded.text.slice(start, Math.min(end, start + 40));
    return end - start > 40 ? `${text}…` : text;
  }

  private error(span: Span, message: string): void {
    this.hostError(spanToHost(this.embedded, span), message);
  }

  private hostError(span: Span, message: string): void {
    if (this.errors.length < limits.syntaxErrorCountMax) this.errors.push({ span, message });
  }
}

/** What is wrong with a string, and what would be right. */
function stringProblem(problem: number): string {
  switch (problem) {
    case scanError.unexpectedEndOfString:
      return 'This string is not closed on its line: add a double quote.';
    case scanError.invalidEscape:
    case scanError.invalidUnicode:
      return 'A backslash here starts no escape that JSON knows: write two backslashes to mean one.';
    case scanError.invalidCharacter:
      return 'A control character stands in this string: write it as an escape, such as \\t.';
    default:
      return 'This string is not valid JSON.';
  }
}

/** JSON's white space, by its UTF-16 unit. */
export function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** What a person meant who wrote a string without quotes or in single ones. */
function unquoted(text: string): string {
  return text.replace(/^['‘“]|['’”]$/g, '');
}

function quoted(text: string): string {
  return JSON.stringify(unquoted(text).slice(0, 40));
}
