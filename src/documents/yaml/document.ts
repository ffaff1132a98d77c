import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Parser,
  type Scalar,
  visit,
} from 'yaml';
import type { ReaderProblem } from '../declaration';
import type { EmbeddedText } from '../embedded';
import { limits } from '../limits';
import { nestingProblem, type Reader, type SourceFile, type SteppingReader } from '../reader';
import type { Located, Span } from '../span';
import { allSteps } from '../steps';
import { yamlNesting } from './nesting';
import { flowScalarValue, type ScalarStyle, scalarText } from './scalar';
import { joinUnderIndented } from './underIndented';

/** How many entries are looked at in one file: aliases of aliases can make a small text stand for billions. */
const visitedMax = 200_000;
/** Aliases and merge keys inside one another. */
const aliasDepthMax = 20;

export interface YamlEntry {
  readonly key: Located<string>;
  readonly value: YamlNode;
}

export type YamlReading = YamlDocuments | { readonly problem: ReaderProblem | null };

export interface YamlDocuments {
  readonly documents: readonly YamlNode[];
  /** What the bounds on aliases and merges kept from being read so far. */
  readonly limitsHit: () => readonly ReaderProblem[];
}

const readings = new WeakMap<SourceFile, YamlReading>();

/**
 * Reads what a YAML file holds, or says why it cannot, once for all readers that ask in turn whether it is theirs.
 * Broken documents are read as far as they go.
 */
export function readYaml(file: SourceFile): YamlReading {
  return allSteps(readYamlInSteps(file));
}

/** The same, one `---` document at a time. */
export function* readYamlInSteps(file: SourceFile): Generator<void, YamlReading> {
  const known = readings.get(file);
  if (known !== undefined) return known;
  const reading = yield* parseYaml(file.text);
  readings.set(file, reading);
  return reading;
}

/** A reader that finds its file parsed already, in steps. */
export function onceParsed(read: Reader): SteppingReader {
  return function* (file) {
    yield* readYamlInSteps(file);
    return read(file);
  };
}

function* parseYaml(text: string): Generator<void, YamlReading> {
  const whole = { start: 0, end: text.length };
  const nesting = yamlNesting(text);
  if (nesting > limits.nestingMax) return { problem: nestingProblem(whole, nesting) };
  try {
    const { documents, joined } = yield* parseTolerantly(text);
    const starts = new Set(joined.map(({ start }) => start));
    const budget: Budget = { left: visitedMax, tooDeep: false };
    return {
      documents: documents.flatMap((document) => {
        const source: YamlSource = { text, joined: starts, anchors: anchorsOf(document.contents), budget };
        return document.contents === null ? [] : [new YamlNode(document.contents, source, 0)];
      }),
      limitsHit: () => limitsHit(budget, whole),
    };
  } catch {
    // The library is meant to gather errors, not to throw; where it does throw, nothing can be said of the file.
    return { problem: null };
  }
}

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly joined: readonly Span[];
}

function* parseTolerantly(text: string): Generator<void, Parsed> {
  const documents = yield* parseDocuments(text);
  const isOpen = documents.some(({ errors }) => errors.some(({ code }) => code === 'MISSING_CHAR'));
  const joined = isOpen ? joinUnderIndented(text) : null;
  return joined === null
    ? { documents, joined: [] }
    : { documents: yield* parseDocuments(joined.text), joined: joined.spans };
}

/** As the library's `parseAllDocuments`, which takes no pause: lexing, parsing and composing are lazy, so a step is a document. */
function* parseDocuments(text: string): Generator<void, readonly Document.Parsed[]> {
  const composer = new Composer({
    uniqueKeys: false,
    logLevel: 'silent',
    strict: false,
    // Nobody reads the library's messages, and writing one takes as long as the text before it.
    prettyErrors: false,
  });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(new Parser().parse(text))) {
    documents.push(document);
    yield;
  }
  return documents;
}

/** What may still be looked at in a file, and whether aliases inside aliases went beyond what is followed. */
interface Budget {
  left: number;
  tooDeep: boolean;
}

function limitsHit({ left, tooDeep }: Budget, { start }: Span): readonly ReaderProblem[] {
  const span = { start, end: start };
  if (left <= 0) return [{ kind: 'limit', span, limit: 'yaml-entries', found: visitedMax - left, bound: visitedMax }];
  return tooDeep ? [{ kind: 'limit', span, limit: 'nesting', found: aliasDepthMax + 1, bound: aliasDepthMax }] : [];
}

interface YamlSource {
  readonly text: string;
  /** Where quotes begin that were joined before the library read them. */
  readonly joined: ReadonlySet<number>;
  readonly anchors: ReadonlyMap<string, readonly Node[]>;
  readonly budget: Budget;
}

function anchorsOf(contents: Node | null): ReadonlyMap<string, readonly Node[]> {
  const anchors = new Map<string, Node[]>();
  visit(contents, {
    Node(_, node) {
      if (!isAlias(node) && 'anchor' in node && typeof node.anchor === 'string') {
        anchors.set(node.anchor, [...(anchors.get(node.anchor) ?? []), node]);
      }
    },
  });
  return anchors;
}

/** A node with aliases followed, merge keys merged and duplicate keys settled (the last one wins, as in Compose). */
export class YamlNode {
  readonly span: Span;
  private readonly node: Node;
  private readonly source: YamlSource;
  private readonly aliasDepth: number;
  private gathered: ReadonlyMap<string, YamlEntry> | undefined;

  constructor(node: Node, source: YamlSource, aliasDepth: number) {
    const target = isAlias(node) ? anchored(node.source, node, source) : node;
    this.node = target;
    this.source = source;
    this.aliasDepth = target === node ? aliasDepth : aliasDepth + 1;
    this.span = spanOf(target);
  }

  /** The entries of a map, in the order of the text, merged ones behind. Empty for anything but a map. */
  entries(): readonly YamlEntry[] {
    return [...this.byKey().values()];
  }

  get(key: string): YamlNode | undefined {
    return this.byKey().get(key)?.value;
  }

  /** A value further down. */
  at(...path: readonly string[]): YamlNode | undefined {
    return path.reduce<YamlNode | undefined>((node, key) => node?.get(key), this);
  }

  /** The items of a sequence. Empty for anything else. */
  items(): readonly YamlNode[] {
    if (!isSeq(this.node) || !this.spend(this.node.items.length)) return [];
    return this.node.items.flatMap((item) => (isNode(item) ? [this.child(item)] : []));
  }

  isMap(): boolean {
    return isMap(this.node);
  }

  isSequence(): boolean {
    return isSeq(this.node);
  }

  /** A scalar as the text that a program would be given: `1` is `"1"`. */
  scalar(): Located<string> | null {
    if (!isScalar(this.node)) return null;
    const value = this.value(this.node);
    return value === null ? null : { value, span: contentSpan(this.node, this.span) };
  }

  /** A scalar as a text to read on, with the offset of each of its characters. */
  embedded(): EmbeddedText | null {
    if (!isScalar(this.node)) return null;
    const value = this.value(this.node);
    if (value === null) return null;
    return scalarText({ style: styleOf(this.node), text: this.source.text, ...this.span, value });
  }

  private value(node: Scalar): string | null {
    const { text, joined } = this.source;
    if (!joined.has(this.span.start)) return scalarValue(node);
    return flowScalarValue({ style: styleOf(node), text, ...this.span });
  }

  private byKey(): ReadonlyMap<string, YamlEntry> {
    this.gathered ??= this.gather();
    return this.gathered;
  }

  private gather(): ReadonlyMap<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    if (!isMap(this.node) || !this.spend(this.node.items.length)) return entries;
    const merged: YamlNode[] = [];
    for (const { key, value } of this.node.items) {
      const name = isNode(key) ? this.child(key).scalar() : null;
      if (name === null || !isNode(value)) continue;
      const child = this.child(value);
      if (name.value !== '<<') entries.set(name.value, { key: name, value: child });
      else if (child.isSequence()) for (const item of child.items()) merged.push(item);
      else merged.push(child);
    }
    // Own keys win over merged ones, earlier merged maps over later ones: yaml.org/type/merge.html.
    for (const map of merged) {
      const inherited = map.byKey();
      if (!this.spend(inherited.size)) break;
      for (const [key, entry] of inherited) if (!entries.has(key)) entries.set(key, entry);
    }
    return entries;
  }

  private child(node: Node): YamlNode {
    return new YamlNode(node, this.source, this.aliasDepth);
  }

  private spend(count: number): boolean {
    const { budget } = this.source;
    budget.left -= count + 1;
    budget.tooDeep ||= this.aliasDepth >= aliasDepthMax;
    return budget.left > 0 && this.aliasDepth < aliasDepthMax;
  }
}

/** The node that an alias stands for: the last one of that name before it. The alias itself where there is none. */
function anchored(name: string, alias: Node, { anchors }: YamlSource): Node {
  const before = startOf(alias);
  return anchors.get(name)?.findLast((node) => startOf(node) < before) ?? alias;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0, 0];
  return { start, end };
}

function scalarValue(node: Scalar): string | null {
  if (node.value === null || node.value === undefined) return null;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** Without its quotes. */
function contentSpan(node: Scalar, span: Span): Span {
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  return quoted && span.end - span.start >= 2 ? { start: span.start + 1, end: span.end - 1 } : span;
}

function styleOf(node: Scalar): ScalarStyle {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}
