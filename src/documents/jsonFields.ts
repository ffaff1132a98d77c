import type { ReaderProblem } from './declaration';
import { type JsonMember, type JsonNode, type JsonObject, member } from './json';
import { nearestName } from './nearestName';
import type { Located, Span } from './span';

/** Kafka's node ids are non-negative 32-bit integers. Source: `KRaftConfigs.NODE_ID_CONFIG`. */
export const nodeIdMax = 2_147_483_647;

/**
 * Takes the fields of our own JSON files. What is absent or `null` is `null`; what is there and wrong is reported in a
 * person's words, with what would be right, and `null` too.
 */
export class FieldReader {
  readonly problems: ReaderProblem[] = [];

  invalid(span: Span, message: string): void {
    this.problems.push({ kind: 'invalid', span, message });
  }

  string(object: JsonObject, key: string): Located<string> | null {
    const value = fieldOf(object, key);
    if (value === null) return null;
    if (value.type === 'string') return { value: value.value, span: value.span };
    this.invalid(value.span, `${key} is a string.`);
    return null;
  }

  boolean(object: JsonObject, key: string): Located<boolean> | null {
    const value = fieldOf(object, key);
    if (value === null) return null;
    if (value.type === 'boolean') return { value: value.value, span: value.span };
    this.invalid(value.span, `${key} is true or false.`);
    return null;
  }

  /** A whole number within bounds, both included. */
  number(object: JsonObject, key: string, min: number, max: number): Located<number> | null {
    const value = fieldOf(object, key);
    if (value === null) return null;
    if (value.type === 'number' && Number.isInteger(value.value) && value.value >= min && value.value <= max) {
      return { value: value.value, span: value.span };
    }
    this.invalid(value.span, `${key} is a whole number from ${min} to ${max}.`);
    return null;
  }

  /** One of several words, called `noun` in messages; a misspelt one is told the nearest. */
  choice<T extends string>(object: JsonObject, key: string, choices: readonly T[], noun: string): Located<T> | null {
    const written = this.string(object, key);
    if (written === null) return null;
    const value = choices.find((candidate) => candidate === written.value);
    if (value !== undefined) return { value, span: written.span };
    const nearest = nearestName(written.value, choices);
    const meant = nearest === undefined ? `one of ${choices.join(', ')}` : `"${nearest}"`;
    this.invalid(written.span, `${shown(written.value)} is no ${noun}. Write ${meant}.`);
    return null;
  }

  /** A list of node ids, each at most once. Whoever is no id is left out, and reported. */
  ids(object: JsonObject, key: string): readonly Located<number>[] | null {
    const value = fieldOf(object, key);
    if (value === null) return null;
    if (value.type !== 'array') {
      this.invalid(value.span, `${key} is a list of ids: [1, 2].`);
      return null;
    }
    const seen = new Set<number>();
    return value.items.flatMap((item) => {
      if (item.type !== 'number' || !Number.isInteger(item.value) || item.value < 0 || item.value > nodeIdMax) {
        this.invalid(item.span, 'An id is a whole number, as node.id or broker.id has it.');
        return [];
      }
      if (seen.has(item.value)) {
        this.invalid(item.span, `${item.value} is listed twice.`);
        return [];
      }
      seen.add(item.value);
      return [{ value: item.value, span: item.span }];
    });
  }

  object(parent: JsonObject, key: string): JsonObject | undefined {
    const value = member(parent, key)?.value;
    if (value === undefined || value.type === 'object') return value;
    this.invalid(value.span, `${key} is an object: { … }.`);
    return undefined;
  }

  /** Reports names that stand twice: a reader of JSON takes the last one, without a word. */
  checkTwice(object: JsonObject): void {
    const counting = membersThatCount(object);
    for (const entry of object.members) {
      if (counting.has(entry)) continue;
      this.invalid(entry.key.span, `${entry.key.value} is written again further down; only that one counts.`);
    }
  }

  /** Reports names that nobody knows: a misspelt one would quietly mean something else than was written. */
  checkNames(object: JsonObject, known: readonly string[], what: string): void {
    this.checkTwice(object);
    for (const { key } of object.members) {
      if (known.includes(key.value)) continue;
      const nearest = nearestName(key.value, known);
      const meant = nearest === undefined ? `It knows ${known.join(', ')}.` : `Did you mean ${nearest}?`;
      this.invalid(key.span, `${shown(key.value)} is not a name that ${what} knows. ${meant}`);
    }
  }
}

/** The members that count, in the order of the text: of a name that stands twice, the last. */
export function membersThatCount(object: JsonObject): ReadonlySet<JsonMember> {
  const last = new Map(object.members.map((entry) => [entry.key.value, entry]));
  return new Set(object.members.filter((entry) => last.get(entry.key.value) === entry));
}

/** The value of a field; `null` where it is absent, breaks off, or is `null`. */
export function fieldOf(object: JsonObject, key: string): JsonNode | null {
  const value = member(object, key)?.value;
  return value === undefined || value.type === 'null' ? null : value;
}

/** The opening bracket, where something is said that is missing inside. */
export function opening({ span }: JsonNode): Span {
  return { start: span.start, end: span.start + 1 };
}

/** A written value in quotes, cut to what a message can bear. */
export function shown(written: string): string {
  return written.length > 60 ? `"${written.slice(0, 60)}…"` : `"${written}"`;
}
