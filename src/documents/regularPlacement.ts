import {
  type ObserverPromotionPolicy,
  observerPromotionPolicies,
  type Placement,
  type ReplicaConstraint,
} from '../kafka/placement';
import type { ConstraintDeclaration, PlacementDeclaration } from './declaration';
import type { EmbeddedText } from './embedded';
import type { JsonNode } from './json';
import { isBlank, readJson } from './jsonText';
import type { Located, Span } from './span';

/** A topic's replicas are counted in 16 bits: `replicationFactor` of the CreateTopics request is an `int16`. */
export const replicationFactorMax = 32_767;

/** Real placements have a few hundred characters. */
const lengthMax = 20_000;

/**
 * Reads a placement that is just as the docs have it, in a third of the time that the tolerant reader takes: known names, each
 * once, values of their types and within bounds. The platform's own parser says what such a text holds, and
 * where its parts stand follows from its quotes. `null` for any other text, which is the tolerant reader's matter; a test holds
 * the two to the same answer.
 * @param beside what the file configures beside it, see {@link PlacementDeclaration.beside}
 */
export function readRegularPlacement(
  embedded: EmbeddedText,
  beside: PlacementDeclaration['beside'] = null,
): PlacementDeclaration | null {
  const { text } = embedded;
  if (text.length > lengthMax) return null;
  const root = parsed(text);
  return isRecord(root) ? new RegularReader(embedded).read(root, beside) : null;
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** A byte order mark is no part of the text: Jackson, which the broker reads with, skips it too. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type ListName = ConstraintDeclaration['list'];

/** Walks through what a text holds and through its quotes together: each string stands between two that are not escaped. */
class RegularReader {
  private readonly embedded: EmbeddedText;
  private readonly quotes: number[] = [];
  private next = 0;
  private version: Located<1 | 2> | null = null;
  private policy: Located<ObserverPromotionPolicy> | null = null;
  private readonly constraints: ConstraintDeclaration[] = [];
  private readonly placed: Record<ListName, ReplicaConstraint[]> = { replicas: [], observers: [] };
  private readonly listNames: Record<ListName, Span | null> = { replicas: null, observers: null };

  constructor(embedded: EmbeddedText) {
    this.embedded = embedded;
    const { text } = embedded;
    const hasEscapes = text.includes('\\');
    for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
      if (!hasEscapes || !isEscaped(text, at)) this.quotes.push(at);
    }
  }

  read(root: JsonRecord, beside: PlacementDeclaration['beside']): PlacementDeclaration | null {
    for (const name of Object.keys(root)) if (!this.field(name, root[name])) return null;
    // Of a name that stands twice the parser tells the last value only: the quotes of the other one are left over.
    const { version, policy, placed, embedded } = this;
    if (this.next !== this.quotes.length || version === null || placed.replicas.length === 0) return null;
    const placement = { version: version.value, replicas: placed.replicas, observers: placed.observers };
    return new RegularPlacement({
      span: this.toHost(embedded.text.indexOf('{'), embedded.text.lastIndexOf('}') + 1),
      embedded,
      placement: policy === null ? placement : { ...placement, observerPromotionPolicy: policy.value },
      version,
      policy,
      constraints: this.constraints,
      listNames: this.listNames,
      beside,
    });
  }

  /** One member of the whole. False where it is not as it should be. */
  private field(name: string, value: unknown): boolean {
    const key = this.literal();
    switch (name) {
      case 'version':
        if (value !== 1 && value !== 2) return false;
        this.version = { value, span: this.number(key) };
        return true;
      case 'observerPromotionPolicy': {
        const policy = observerPromotionPolicies.find((known) => known === value);
        if (policy === undefined) return false;
        this.policy = { value: policy, span: this.hostSpan(this.literal()) };
        return true;
      }
      case 'replicas':
      case 'observers':
        this.listNames[name] = this.hostSpan(key);
        return Array.isArray(value) && value.every((item, index) => this.constraint(name, index, item));
      default:
        return false;
    }
  }

  /** `{ "count": 2, "constraints": { "rack": "west" } }`, in either order. */
  private constraint(list: ListName, index: number, item: unknown): boolean {
    if (!isRecord(item)) return false;
    const names = Object.keys(item);
    const { count, constraints } = item;
    if (names.length !== 2 || !isCount(count) || !isRecord(constraints)) return false;
    const { rack } = constraints;
    if (Object.keys(constraints).length !== 1 || typeof rack !== 'string' || rack.trim() === '') return false;
    // Nothing but blanks stands between the brace and the first name.
    const start = this.embedded.text.lastIndexOf('{', this.quotes[this.next]);
    let [countSpan, rackSpan]: [Span | null, Span | null] = [null, null];
    let end = start;
    for (const name of names) {
      const key = this.literal();
      if (name === 'count') {
        countSpan = this.number(key);
        end = this.quoteAt(key + 1);
      } else {
        this.literal();
        const value = this.literal();
        rackSpan = this.hostSpan(value);
        end = this.after('}', this.quoteAt(value + 1));
      }
    }
    if (countSpan === null || rackSpan === null) return false;
    this.placed[list].push({ count, rack });
    const span = this.toHost(start, this.after('}', end));
    this.constraints.push({
      list,
      index,
      span,
      count: { value: count, span: countSpan },
      rack: { value: rack, span: rackSpan },
    });
    return true;
  }

  /** Takes the next string and says which it is: the number of its first quote. */
  private literal(): number {
    const first = this.next;
    this.next += 2;
    return first;
  }

  private hostSpan(literal: number): Span {
    return this.toHost(this.quoteAt(literal), this.quoteAt(literal + 1) + 1);
  }

  /** The number behind a name. */
  private number(key: number): Span {
    const { text } = this.embedded;
    let start = this.after(':', this.quoteAt(key + 1));
    while (isBlank(text.charCodeAt(start))) start++;
    let end = start;
    while (isOfNumber(text.charCodeAt(end))) end++;
    return this.toHost(start, end);
  }

  /** Where the next such character ends. No string stands in between, so that it is not part of one. */
  private after(character: string, from: number): number {
    return this.embedded.text.indexOf(character, from) + 1;
  }

  private quoteAt(index: number): number {
    return this.quotes[index] ?? this.embedded.text.length;
  }

  private toHost(start: number, end: number): Span {
    return { start: this.embedded.toHost(start), end: this.embedded.toHost(end) };
  }
}

/** Whether an odd number of backslashes stands before a character. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === '\\') before--;
  return (at - before) % 2 === 0;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= replicationFactorMax;
}

/** Digits, signs, the point and the exponent. */
function isOfNumber(unit: number): boolean {
  return (
    (unit >= 0x30 && unit <= 0x39) || unit === 0x2b || unit === 0x2d || unit === 0x2e || unit === 0x45 || unit === 0x65
  );
}

const noErrors: PlacementDeclaration['syntaxErrors'] = [];

/**
 * A placement that is as it should be. Hardly anybody asks for its JSON, and that is most of what a placement takes in memory, of
 * which a workspace may hold thousands: so it is not kept but read when it is asked for.
 */
class RegularPlacement implements PlacementDeclaration {
  readonly kind = 'placement';
  readonly regular = true;
  readonly syntaxErrors = noErrors;
  readonly span: Span;
  readonly embedded: EmbeddedText;
  readonly placement: Placement;
  readonly version: Located<number>;
  readonly policy: Located<string> | null;
  readonly constraints: readonly ConstraintDeclaration[];
  readonly listNames: PlacementDeclaration['listNames'];
  readonly beside: PlacementDeclaration['beside'];

  constructor(parts: Omit<RegularPlacement, 'kind' | 'regular' | 'syntaxErrors' | 'json'>) {
    this.span = parts.span;
    this.embedded = parts.embedded;
    this.placement = parts.placement;
    this.version = parts.version;
    this.policy = parts.policy;
    this.constraints = parts.constraints;
    this.listNames = parts.listNames;
    this.beside = parts.beside;
  }

  get json(): JsonNode {
    const { root } = readJson(this.embedded, { dialect: 'strict' });
    return root ?? { type: 'null', span: this.span };
  }
}
