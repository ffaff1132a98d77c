import type { DocumentReading, PlacementDeclaration, ReaderProblem } from '../documents/declaration';
import { type JsonMember, type JsonNode, type JsonObject, member } from '../documents/json';
import { nearestName } from '../documents/nearestName';
import { constraintItemKeys, constraintKeys, placementKeys, wholeNumber } from '../documents/placementJson';
import type { Span } from '../documents/span';
import { at } from './facts';
import type { Draft, JsonFacts, PlacementList } from './finding';
import { groupBy } from './grouping';
import { isTemplate } from './template';

/**
 * Family `json`: what a placement's text alone shows. Source of the structure: docs.confluent.io, "Multi-Region
 * Clusters", replica placement.
 */
export function checkJson(uri: string, declared: PlacementDeclaration): readonly Draft[] {
  const root = declared.json;
  if (root.type !== 'object') return [];
  // What is missing from a text that breaks off may be about to be typed: only what is there is judged then.
  const complete = declared.syntaxErrors.length === 0;
  const found = [
    ...syntax(declared),
    ...duplicateKeys(root),
    ...unknownFields(root, placementKeys),
    ...version(root, complete),
    ...replicas(root, complete),
    ...wrongType(member(root, 'observerPromotionPolicy'), 'string'),
    ...constraintList(root, 'replicas', complete),
    ...constraintList(root, 'observers', complete),
    ...duplicateRacks(declared),
  ];
  return found.map(({ facts, span, related, atMost }) => ({
    facts,
    place: at(uri, span),
    ...(related === undefined ? {} : { related: [{ role: 'first-item', place: at(uri, related) }] }),
    ...(atMost === undefined ? {} : { atMost }),
  }));
}

/** What the readers could not make sense of, or left alone. */
export function checkReading(reading: DocumentReading): readonly Draft[] {
  return reading.problems.map((problem) => ({ facts: problemFacts(problem), place: at(reading.uri, problem.span) }));
}

function problemFacts(problem: ReaderProblem): JsonFacts {
  switch (problem.kind) {
    case 'syntax':
    case 'invalid':
      return { code: 'invalid-value', detail: problem.message };
    case 'limit':
      return { code: 'not-read', limit: limitNames[problem.limit], found: problem.found, bound: problem.bound };
  }
}

const limitNames: Readonly<Record<(ReaderProblem & { kind: 'limit' })['limit'], string>> = {
  'file-size': 'the file is too large (characters)',
  'line-length': 'a line is too long (characters)',
  nesting: 'it is nested too deep (levels)',
  declarations: 'it declares too much (declarations)',
  'yaml-entries': 'its aliases and merges stand for too much (entries)',
  inheritance: 'its services extend one another too often (inherited settings)',
};

interface Found {
  readonly facts: JsonFacts;
  readonly span: Span;
  readonly related?: Span;
  readonly atMost?: 'information';
}

/** A template is filled in before a broker reads it: what looks broken on its line may then be right. */
function syntax(declared: PlacementDeclaration): readonly Found[] {
  const { text } = declared.embedded;
  const mayBeTemplate = isTemplate(text);
  return declared.syntaxErrors
    .filter(() => !mayBeTemplate)
    .map(({ span, message }) => ({ facts: { code: 'json-syntax', detail: message }, span }));
}

function duplicateKeys(node: JsonNode): readonly Found[] {
  const found: Found[] = [];
  addDuplicateKeys(node, found);
  return found;
}

/** Looks at every value there is, nearly always in vain: nothing is created before something is found. */
function addDuplicateKeys(node: JsonNode, found: Found[]): void {
  if (node.type === 'array') for (const item of node.items) addDuplicateKeys(item, found);
  if (node.type !== 'object') return;
  if (mayRepeat(node.members)) {
    for (const same of groupBy(node.members, ({ key }) => key.value).values()) {
      for (const { key } of same.slice(0, -1)) {
        found.push({ facts: { code: 'json-duplicate-key', key: key.value }, span: key.span });
      }
    }
  }
  for (const { value } of node.members) if (value !== undefined) addDuplicateKeys(value, found);
}

/** Whether a name stands twice; objects with many names are looked at more closely in any case. */
function mayRepeat(members: readonly JsonMember[]): boolean {
  const isLong = members.length > 8;
  return isLong || members.some(({ key }, index) => members.findIndex((one) => one.key.value === key.value) < index);
}

/** A name that is not known, with the one that was probably meant unless that is there already. */
function unknownFields(object: JsonObject, known: readonly string[]): readonly Found[] {
  return object.members
    .filter(({ key }) => !known.includes(key.value) && !mayBeFilledIn(key.value))
    .map(({ key }) => {
      const absent = known.filter((name) => member(object, name) === undefined);
      const nearest = nearestName(key.value, absent) ?? null;
      return { facts: { code: 'unknown-field', field: key.value, nearest }, span: key.span };
    });
}

/** A name with the marks of a template in it, which no name of ours has. */
function mayBeFilledIn(key: string): boolean {
  return /[${}#]/.test(key);
}

function version(root: JsonObject, complete: boolean): readonly Found[] {
  const found = member(root, 'version');
  if (found === undefined) return complete ? [{ facts: { code: 'version-missing' }, span: opening(root) }] : [];
  if (found.value === undefined) return [];
  const number = wholeNumber(found.value);
  if (number !== 1 && number !== 2) {
    if (found.value.type === 'string' && isTemplate(found.value.value)) return [];
    return [{ facts: { code: 'version-unknown', found: shown(found.value) }, span: found.value.span }];
  }
  return found.value.type === 'string'
    ? [{ facts: { code: 'version-string', version: number }, span: found.value.span }]
    : [];
}

function replicas(root: JsonObject, complete: boolean): readonly Found[] {
  const found = member(root, 'replicas');
  if (found === undefined) {
    return complete ? [{ facts: { code: 'replicas-empty', absent: true }, span: opening(root) }] : [];
  }
  return found.value?.type === 'array' && found.value.items.length === 0 && complete
    ? [{ facts: { code: 'replicas-empty', absent: false }, span: found.value.span }]
    : [];
}

function constraintList(root: JsonObject, list: PlacementList, complete: boolean): readonly Found[] {
  const found = member(root, list);
  if (found?.value?.type !== 'array') {
    // An `observers` of null is read as none; `replicas` may not be null.
    if (list === 'observers' && found?.value?.type === 'null') return [];
    return wrongType(found, 'array');
  }
  return found.value.items.flatMap((item, index) =>
    item.type === 'object'
      ? constraintItem(item, list, complete)
      : [wrong(`${list}[${index}]`, '{ "count": …, "constraints": { "rack": "…" } }', item)],
  );
}

function constraintItem(item: JsonObject, list: PlacementList, complete: boolean): readonly Found[] {
  return [
    ...unknownFields(item, constraintItemKeys),
    ...countOf(item, list, complete),
    ...constraintsOf(item, list, complete),
  ];
}

function countOf(item: JsonObject, list: PlacementList, complete: boolean): readonly Found[] {
  const count = member(item, 'count');
  if (count === undefined) {
    return complete ? [{ facts: { code: 'count-invalid', list, found: null }, span: item.span }] : [];
  }
  const { value } = count;
  if (value === undefined || (value.type === 'string' && isTemplate(value.value))) return [];
  const number = wholeNumber(value);
  if (number === undefined || number < 1 || number > replicationFactorMax) {
    return [{ facts: { code: 'count-invalid', list, found: shown(value) }, span: value.span }];
  }
  return value.type === 'string' ? [converted('count', `the number ${number}`, value)] : [];
}

/** `replicationFactor` is an `int16` in Kafka's CreateTopics request. */
const replicationFactorMax = 32_767;

function constraintsOf(item: JsonObject, list: PlacementList, complete: boolean): readonly Found[] {
  const constraints = member(item, 'constraints');
  if (constraints === undefined) {
    return complete ? [{ facts: { code: 'rack-missing', list, form: 'absent' }, span: item.span }] : [];
  }
  const { value } = constraints;
  if (value?.type !== 'object') return wrongType(constraints, 'object');
  if (value.members.length === 0) {
    // A real cluster printed an empty map: it is legal and means any broker, which may well be intended.
    return complete
      ? [{ facts: { code: 'rack-missing', list, form: 'empty' }, span: value.span, atMost: 'information' }]
      : [];
  }
  return [...constraintKeysOf(value), ...rackOf(value, list)];
}

function constraintKeysOf(constraints: JsonObject): readonly Found[] {
  return constraints.members
    .filter(({ key }) => !constraintKeys.some((known) => known === key.value) && !mayBeFilledIn(key.value))
    .map(({ key }) => {
      const nearest =
        member(constraints, 'rack') === undefined ? (nearestName(key.value, constraintKeys) ?? null) : null;
      return { facts: { code: 'constraint-key', key: key.value, nearest }, span: key.span };
    });
}

function rackOf(constraints: JsonObject, list: PlacementList): readonly Found[] {
  const rack = member(constraints, 'rack')?.value;
  if (rack === undefined) return [];
  if (rack.type === 'string') {
    return rack.value.trim() === '' ? [{ facts: { code: 'rack-missing', list, form: 'blank' }, span: rack.span }] : [];
  }
  // The broker's JSON reader takes a bare number or truth value for its text; lists and objects it refuses.
  return rack.type === 'number' || rack.type === 'boolean'
    ? [converted('rack', `the string "${rack.value}"`, rack)]
    : [wrong('rack', 'a string', rack)];
}

/** Source: "Each unique rack string can only be specified once in replicas and/or once in observers" (docs). */
function duplicateRacks(declared: PlacementDeclaration): readonly Found[] {
  const named = declared.constraints.filter((constraint) => constraint.rack !== null);
  return [...groupBy(named, ({ list, rack }) => `${list} ${rack?.value}`).values()].flatMap((same) => {
    const [first, ...rest] = same;
    if (first === undefined || first.rack === null) return [];
    const { list, rack } = first;
    const count = same.reduce((sum, constraint) => sum + (constraint.count?.value ?? 0), 0);
    return rest.map(
      (again): Found => ({
        facts: { code: 'rack-duplicate', list, rack: rack.value, count },
        span: again.rack?.span ?? again.span,
        related: rack.span,
      }),
    );
  });
}

function wrongType(found: JsonMember | undefined, expected: 'string' | 'array' | 'object'): readonly Found[] {
  if (found?.value === undefined || found.value.type === expected) return [];
  if (found.value.type === 'string' && isTemplate(found.value.value)) return [];
  if (found.key.value === 'observerPromotionPolicy' && found.value.type === 'null') return [];
  return [wrong(found.key.value, { string: 'a string', array: 'a list', object: 'an object' }[expected], found.value)];
}

function wrong(field: string, expected: string, value: JsonNode): Found {
  const found = typeNames[value.type];
  return { facts: { code: 'wrong-type', field, expected, found, converted: false }, span: value.span };
}

/** A value of another type that the broker reads as what was meant. */
function converted(field: string, expected: string, value: JsonNode): Found {
  const found = typeNames[value.type];
  return {
    facts: { code: 'wrong-type', field, expected, found, converted: true },
    span: value.span,
    atMost: 'information',
  };
}

const typeNames: Readonly<Record<JsonNode['type'], string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/** A value as a message can bear it. */
function shown(node: JsonNode): string {
  switch (node.type) {
    case 'string':
      return JSON.stringify(node.value.slice(0, 40));
    case 'number':
    case 'boolean':
      return String(node.value);
    default:
      return typeNames[node.type];
  }
}

/** The opening brace: enough to show where something is missing, without underlining the whole text. */
function opening(object: JsonObject): Span {
  return { start: object.span.start, end: Math.min(object.span.start + 1, object.span.end) };
}
