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
import { isRecord, type JsonRecord, parsedJson } from './platformJson';
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
  // A byte order mark is no part of the text: Jackson, which the broker reads with, skips it too.
  const root = parsedJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  return isRecord(root) ? new RegularReader(embedded).read(root, beside) : null;
}

type ListName = ConstraintDeclaration['list'];

/** Walks through what a text holds and through its strings together: names and racks stand between quotes, in the same order. */
class RegularReader {
  private readonly embedded: EmbeddedText;
  private readonly text: string;
  private readonly hasEscapes: boolean;
  /** The string that was taken last, with its quotes. */
  private start = 0;
  private end = 0;
  private version: Located<1 | 2> | null = null;
  private policy: Located<ObserverPromotionPolicy> | null = null;
  private readonly constraints: ConstraintDeclaration[] = [];
  private readonly placed: Record<ListName, readonly ReplicaConstraint[]> = { replicas: [], observers: [] };
  private readonly listNames: Record<ListName, Span | null> = { replicas: null, observers: null };

  constructor(embedded: EmbeddedText) {
    this.embedded = embedded;
    this.text = embedded.text;
    this.hasEscapes = this.text.includes('\\');
  }

  read(root: JsonRecord, beside: PlacementDeclaration['beside']): PlacementDeclaration | null {
    for (const name of Object.keys(root)) if (!this.field(name, root[name])) return null;
    // Of a name that stands twice the parser tells the last value only: the quotes of the other one are left over.
    const { version, policy, placed, embedded } = this;
    if (this.nextQuote() >= 0 || version === null || placed.replicas.length === 0) return null;
    const placement = { version: version.value, replicas: placed.replicas, observers: placed.observers };
    return new RegularPlacement({
      span: this.toHost(embedded.text.indexOf('{'), embedded.text.lastIndexOf('}') + 1),
      embedded,
      placement: policy === null ? placement : { ...placement, observerPromotionPolicy: policy.value },
      version,
      policy,
      // A copy has no room for more: thousands of placements are kept.
      constraints: this.constraints.slice(),
      listNames: this.listNames,
      beside,
    });
  }

  /** One member of the whole. False where it is not as it should be. */
  private field(name: string, value: unknown): boolean {
    this.takeString();
    switch (name) {
      case 'version':
        if (value !== 1 && value !== 2) return false;
        this.version = { value, span: this.number() };
        return true;
      case 'observerPromotionPolicy': {
        const policy = observerPromotionPolicies.find((known) => known === value);
        if (policy === undefined) return false;
        this.takeString();
        this.policy = { value: policy, span: this.string() };
        return true;
      }
      case 'replicas':
      case 'observers':
        this.listNames[name] = this.string();
        return Array.isArray(value) && this.list(name, value);
      default:
        return false;
    }
  }

  private list(name: ListName, items: readonly unknown[]): boolean {
    const placed: ReplicaConstraint[] = [];
    for (const [index, item] of items.entries()) {
      const constraint = this.constraint(name, index, item);
      if (constraint === null) return false;
      placed.push(constraint);
    }
    this.placed[name] = placed.slice();
    return true;
  }

  /** `{ "count": 2, "constraints": { "rack": "west" } }`, in either order. */
  private constraint(list: ListName, index: number, item: unknown): ReplicaConstraint | null {
    if (!isRecord(item)) return null;
    const names = Object.keys(item);
    const { count, constraints } = item;
    if (names.length !== 2 || !isCount(count) || !isRecord(constraints)) return null;
    const { rack } = constraints;
    if (Object.keys(constraints).length !== 1 || typeof rack !== 'string' || rack.trim() === '') return null;
    // Nothing but blanks stands between the brace and the first name.
    const start = this.text.lastIndexOf('{', this.nextQuote());
    let [countSpan, rackSpan]: [Span | null, Span | null] = [null, null];
    let end = start;
    for (const name of names) {
      this.takeString();
      if (name === 'count') {
        countSpan = this.number();
        end = this.end;
      } else {
        this.takeString();
        this.takeString();
        rackSpan = this.string();
        end = this.after('}', this.end);
      }
    }
    if (countSpan === null || rackSpan === null) return null;
    const span = this.toHost(start, this.after('}', end));
    this.constraints.push({
      list,
      index,
      span,
      count: { value: count, span: countSpan },
      rack: { value: rack, span: rackSpan },
    });
    return { count, rack };
  }

  /** Where the string begins that comes next; -1 where there is none. */
  private nextQuote(): number {
    return this.text.indexOf('"', this.end);
  }

  private takeString(): void {
    this.start = this.nextQuote();
    let close = this.text.indexOf('"', this.start + 1);
    while (this.hasEscapes && isEscaped(this.text, close)) close = this.text.indexOf('"', close + 1);
    this.end = close + 1;
  }

  /** Where the string stands that was taken. */
  private string(): Span {
    return this.toHost(this.start, this.end);
  }

  /** Where the number stands that belongs to the name that was taken. */
  private number(): Span {
    let start = this.after(':', this.end);
    while (isBlank(this.text.charCodeAt(start))) start++;
    let end = start;
    while (isOfNumber(this.text.charCodeAt(end))) end++;
    return this.toHost(start, end);
  }

  /** Where the next such character ends. No string stands in between, so that it is not part of one. */
  private after(character: string, from: number): number {
    return this.text.indexOf(character, from) + 1;
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
