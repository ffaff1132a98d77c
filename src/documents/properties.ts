import { append } from './append';
import { brokerOrController, isDefaultPlacement, locatedText } from './brokerConfigs';
import type { Declaration, PlacementDeclaration } from './declaration';
import { decodedText, type EmbeddedText } from './embedded';
import { isPlacement, mentionsPlacement, readPlacement } from './placementJson';
import type { Found, SourceFile } from './reader';
import type { Located, Span } from './span';
import { guaranteeConfigKeys, placementConfigKey } from './topicResource';

/** One `key=value` of a properties file. */
export interface Property {
  readonly key: string;
  readonly value: EmbeddedText;
  /** From the key's first to the value's last character. */
  readonly span: Span;
}

/** Keys that say something of brokers or placements; a file without any of them is not read. */
const tellingKeys =
  /^[ \t]*(?:broker\.(?:rack|id)|node\.id|process\.roles|confluent\.(?:\w+\.)*placement\.constraints)[ \t]*[=: \t]/m;

const propertiesName = /\.(?:properties|props|cfg|conf|config|ini|env|j2|tmpl|template)$|^[^.]*$/;

/** A properties file of a broker, of topics, or of another program that holds placements. */
export function mayBeProperties({ name, text }: SourceFile): boolean {
  if (!propertiesName.test(name) || /^\ufeff?\s*[{[]/.test(text)) return false;
  return tellingKeys.test(text) || (mentionsPlacement(text) && text.includes('='));
}

/**
 * Format `properties`: a broker's or controller's `server.properties`, or a file of topic configurations that holds a
 * placement (for `kafka-configs --add-config-file`).
 */
export function readPropertiesFile({ name, text }: SourceFile): Found | null {
  const properties = readProperties(text);
  // Of a key that stands twice, Java takes the last.
  const configs = new Map(properties.map(({ key, value }) => [key, value]));
  const declarations: Declaration[] = [];
  const [first, last] = [properties[0], properties.at(-1)];
  if (first !== undefined && last !== undefined) {
    const span = { start: first.span.start, end: last.span.end };
    append(declarations, brokerOrController(name.replace(/\.\w+$/, ''), span, configs));
  }
  append(declarations, topicPlacements(configs));
  return declarations.length === 0 ? null : { declarations, problems: [] };
}

/**
 * The placement of a topic, with what the file configures beside it; and placements under keys that only another program
 * knows, such as what a monitor compares topics with.
 */
function topicPlacements(configs: ReadonlyMap<string, EmbeddedText>): readonly PlacementDeclaration[] {
  return [...configs].flatMap(([key, value]): readonly PlacementDeclaration[] => {
    const own = key === placementConfigKey;
    if (!own && (isDefaultPlacement(key) || !mentionsPlacement(value.text))) return [];
    const placement = readPlacement(value, own ? besides(configs) : null);
    return placement === null || !(own || isPlacement(placement)) ? [] : [placement];
  });
}

/** What a file of topic configurations has beside its placement. */
function besides(configs: ReadonlyMap<string, EmbeddedText>): ReadonlyMap<string, Located<string>> {
  return new Map(
    guaranteeConfigKeys.flatMap((key) => {
      const value = configs.get(key);
      return value === undefined ? [] : [[key, locatedText(value)] as const];
    }),
  );
}

/**
 * Reads Java properties with the places of their characters: comments, escapes, `=`, `:` or blanks behind the key, and
 * lines that `\` continues. Source: `java.util.Properties.load(Reader)`.
 */
export function readProperties(text: string): readonly Property[] {
  const properties: Property[] = [];
  for (let at = 0; at < text.length; ) {
    const line = new LogicalLine(text, at);
    if (line.key.text !== '') properties.push({ key: line.key.text, value: line.value, span: line.span });
    at = line.end;
  }
  return properties;
}

interface Unit {
  readonly text: string;
  readonly offset: number;
  readonly escaped: boolean;
}

/** A line with those that continue it, split into key and value. */
class LogicalLine {
  readonly key: EmbeddedText;
  readonly value: EmbeddedText;
  readonly span: Span;
  /** Where the next line begins. */
  readonly end: number;
  private readonly text: string;

  constructor(text: string, start: number) {
    this.text = text;
    const begin = lineBegin(text, start);
    const units: Unit[] = [];
    const comment = text[begin] === '#' || text[begin] === '!';
    this.end = comment ? lineEnd(text, begin) + 1 : this.gather(begin, units);
    const [keyEnd, valueStart] = separator(units);
    const content = this.contentEnd(units, begin);
    this.key = this.embedded(units.slice(0, keyEnd), begin, units[keyEnd]?.offset ?? content);
    this.value = this.embedded(units.slice(valueStart), units[valueStart]?.offset ?? content, content);
    this.span = { start: begin, end: content };
  }

  /** Takes in the characters of the line and of those that continue it; returns where the next one begins. */
  private gather(from: number, units: Unit[]): number {
    const { text } = this;
    for (let at = from; at < text.length; ) {
      const unit = text.charAt(at);
      if (unit === '\n') return at + 1;
      if (unit === '\r') return text[at + 1] === '\n' ? at + 2 : at + 1;
      if (unit !== '\\') {
        units.push({ text: unit, offset: at, escaped: false });
        at++;
      } else {
        at = this.escape(at, units);
      }
    }
    return text.length;
  }

  private escape(at: number, units: Unit[]): number {
    const { text } = this;
    const next = text.charAt(at + 1);
    if (next === '\n' || next === '\r') return skipBlanks(text, at + (text.startsWith('\r\n', at + 1) ? 3 : 2));
    const digits = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 2, at + 6))?.[0] : undefined;
    if (digits !== undefined) {
      units.push({ text: String.fromCharCode(Number.parseInt(digits, 16)), offset: at, escaped: true });
      return at + 6;
    }
    const meant: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };
    if (next !== '') units.push({ text: meant[next] ?? next, offset: at, escaped: true });
    return Math.min(at + 2, text.length);
  }

  private contentEnd(units: readonly Unit[], begin: number): number {
    const last = units.at(-1);
    if (last === undefined) return begin;
    if (!last.escaped) return last.offset + 1;
    return last.offset + (this.text[last.offset + 1] === 'u' ? 6 : 2);
  }

  private embedded(units: readonly Unit[], start: number, end: number): EmbeddedText {
    const offsets = units.map((unit) => unit.offset);
    return decodedText(
      units.map((unit) => unit.text).join(''),
      [...offsets, end],
      { start, end },
      {
        encode: encodeValue,
        encodePart: encodePart,
      },
    );
  }
}

/** Where the key ends and where the value begins. */
function separator(units: readonly Unit[]): readonly [number, number] {
  const isBlank = (unit: Unit | undefined): boolean => unit !== undefined && !unit.escaped && /[ \t\f]/.test(unit.text);
  const isSign = (unit: Unit | undefined): boolean => unit !== undefined && !unit.escaped && /[=:]/.test(unit.text);
  let keyEnd = 0;
  while (keyEnd < units.length && !isBlank(units[keyEnd]) && !isSign(units[keyEnd])) keyEnd++;
  let start = keyEnd;
  while (isBlank(units[start])) start++;
  if (isSign(units[start])) start++;
  while (isBlank(units[start])) start++;
  return [keyEnd, start];
}

/** Kafka loads properties as ISO 8859-1 (`Utils.loadProps`), so that other characters must be escapes. */
function encodePart(text: string): string {
  const signs: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f' };
  return text.replace(
    /[^\x20-\x5b\x5d-\x7e]/g,
    (unit) => signs[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Blanks before a value are no part of it, unless they are escaped. */
function encodeValue(text: string): string {
  return encodePart(text).replace(/^ /, '\\ ');
}

/** Where a line's content begins: a line of nothing but `\` leaves the next one free to be a comment. */
function lineBegin(text: string, from: number): number {
  let at = skipBlanks(text, from);
  while (text[at] === '\\' && (text[at + 1] === '\n' || text[at + 1] === '\r')) {
    at = skipBlanks(text, at + (text.startsWith('\r\n', at + 1) ? 3 : 2));
  }
  return at;
}

function skipBlanks(text: string, from: number): number {
  // A byte order mark is no blank to Java, but at the start of a file nobody means it as part of a key.
  let at = from === 0 && text.startsWith('\ufeff') ? 1 : from;
  while (at < text.length && /[ \t\f]/.test(text.charAt(at))) at++;
  return at;
}

function lineEnd(text: string, from: number): number {
  const found = /[\r\n]/g;
  found.lastIndex = from;
  return found.exec(text)?.index ?? text.length;
}
