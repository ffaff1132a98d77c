import type { DocumentReading, PlacementDeclaration, ReaderProblem } from '../documents/declaration';
import { type JsonMember, type JsonNode, type JsonObject, member } from '../documents/json';
import { nearestName } from '../documents/nearestName';
import { constraintItemKeys, constraintKeys, placementKeys, wholeNumber } from '../documents/placementJson';
import { replicationFactorMax } from '../documents/regularPlacement';
import type { Span } from '../documents/span';
import { at } from './facts';
import type { Draft, JsonFacts, PlacementList } from './finding';
import { repeatedBy } from './grouping';
import { isTemplate } from './template';

/**
 * Family `json`: what a placement's text alone shows. Source of the structure: docs.confluent.io, "Multi-Region
 * Clusters", replica placement.
 */
export function checkJson(uri: string, declared: PlacementDeclaration): readonly Draft[] {
  const found: Found[] = [];
  if (!declared.regular) addFromText(declared, found);
  addDuplicateRacks(declared, found);
  return found.map(({ facts, span, related, atMost }) => ({
    facts,
    place: at(uri, span),
    ...(related === undefined ? {} : { related: [{ role: 'first-item', place: at(uri, related) }] }),
    ...(atMost === undefined ? {} : { atMost }),
  }));
}

function addFromText(declared: PlacementDeclaration, found: Found[]): void {
  const root = declared.json;
  if (root.type !== 'object') return;
  // What is missing from a text that breaks off may be about to be typed: only what is there is judged then.
  const complete = declared.syntaxErrors.length === 0;
  addSyntaxErrors(declared, found);
  addDuplicateKeys(root, found);
  addUnknownFields(root, placementKeys, found);
  addVersion(root, complete, found);
  addReplicas(root, complete, found);
  addWrongType(member(root, 'observerPromotionPolicy'), 'string', found);
  addConstraintList(root, 'replicas', complete, found);
  addConstraintList(root, 'observers', complete, found);
}

/** What the readers could not make sense of, or left alone. */
export function checkReading(reading: DocumentReading): readonly Draft[] {
  if (reading.problems.length === 0) return none;
  return reading.problems.map((problem) => ({ facts: problemFacts(problem), place: at(reading.uri, problem.span) }));
}

const none: readonly Draft[] = [];

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
function addSyntaxErrors({ syntaxErrors, embedded }: PlacementDeclaration, found: Found[]): void {
  if (syntaxErrors.length === 0 || isTemplate(embedded.text)) return;
  for (const { span, message } of syntaxErrors) found.push({ facts: { code: 'json-syntax', detail: message }, span });
}

function addDuplicateKeys(node: JsonNode, found: Found[]): void {
  if (node.type === 'array') for (const item of node.items) addDuplicateKeys(item, found);
  if (node.type !== 'object') return;
  if (mayRepeat(node.members)) {
    for (const same of repeatedBy(node.members, ({ key }) => key.value)) {
      for (const { key } of same.slice(0, -1)) {
        found.push({ facts: { code: 'json-duplicate-key', key: key.value }, span: key.span });
      }
    }
  }
  for (const { value } of node.members) if (value !== undefined) addDuplicateKeys(value, found);
}

/** Whether a name stands twice; objects with many names are looked at more closely in any case. */
function mayRepeat(members: readonly JsonMember[]): boolean {
  if (members.length > 8) return true;
  for (let index = 1; index < members.length; index++) {
    for (let before = 0; before < index; before++) {
      if (members[before]?.key.value === members[index]?.key.value) return true;
    }
  }
  return false;
}

/** A name that is not known, with the one that was probably meant unless that is there already. */
function addUnknownFields(object: JsonObject, known: readonly string[], found: Found[]): void {
  for (const { key } of object.members) {
    if (known.includes(key.value) || mayBeFilledIn(key.value)) continue;
    const absent = known.filter((name) => member(object, name) === undefined);
    const nearest = nearestName(key.value, absent) ?? null;
    found.push({ facts: { code: 'unknown-field', field: key.value, nearest }, span: key.span });
  }
}

/** A name with the marks of a template in it, which no name of ours has. */
function mayBeFilledIn(key: string): boolean {
  return /[${}#]/.test(key);
}

function addVersion(root: JsonObject, complete: boolean, found: Found[]): void {
  const version = member(root, 'version');
  if (version === undefined) {
    if (complete) found.push({ facts: { code: 'version-missing' }, span: opening(root) });
    return;
  }
  const { value } = version;
  if (value === undefined) return;
  const number = wholeNumber(value);
  if (number === 1 || number === 2) {
    if (value.type === 'string') found.push({ facts: { code: 'version-string', version: number }, span: value.span });
  } else if (value.type !== 'string' || !isTemplate(value.value)) {
    found.push({ facts: { code: 'version-unknown', found: shown(value) }, span: value.span });
  }
}

function addReplicas(root: JsonObject, complete: boolean, found: Found[]): void {
  if (!complete) return;
  const replicas = member(root, 'replicas');
  if (replicas === undefined) {
    found.push({ facts: { code: 'replicas-empty', absent: true }, span: opening(root) });
  } else if (replicas.value?.type === 'array' && replicas.value.items.length === 0) {
    found.push({ facts: { code: 'replicas-empty', absent: false }, span: replicas.value.span });
  }
}

function addConstraintList(root: JsonObject, list: PlacementList, complete: boolean, found: Found[]): void {
  const constraints = member(root, list);
  if (constraints?.value?.type !== 'array') {
    // An `observers` of null is read as none; `replicas` may not be null.
    if (list !== 'observers' || constraints?.value?.type !== 'null') addWrongType(constraints, 'array', found);
    return;
  }
  for (const [index, item] of constraints.value.items.entries()) {
    if (item.type === 'object') addConstraintItem(item, list, complete, found);
    else found.push(wrong(`${list}[${index}]`, '{ "count": …, "constraints": { "rack": "…" } }', item));
  }
}

function addConstraintItem(item: JsonObject, list: PlacementList, complete: boolean, found: Found[]): void {
  addUnknownFields(item, constraintItemKeys, found);
  addCount(item, list, complete, found);
  addConstraints(item, list, complete, found);
}

function addCount(item: JsonObject, list: PlacementList, complete: boolean, found: Found[]): void {
  const count = member(item, 'count');
  if (count === undefined) {
    if (complete) found.push({ facts: { code: 'count-invalid', list, found: null }, span: item.span });
    return;
  }
  const { value } = count;
  if (value === undefined || (value.type === 'string' && isTemplate(value.value))) return;
  const number = wholeNumber(value);
  if (number === undefined || number < 1 || number > replicationFactorMax) {
    found.push({ facts: { code: 'count-invalid', list, found: shown(value) }, span: value.span });
  } else if (value.type === 'string') found.push(converted('count', `the number ${number}`, value));
}

function addConstraints(item: JsonObject, list: PlacementList, complete: boolean, found: Found[]): void {
  const constraints = member(item, 'constraints');
  if (constraints === undefined) {
    if (complete) found.push({ facts: { code: 'rack-missing', list, form: 'absent' }, span: item.span });
    return;
  }
  const { value } = constraints;
  if (value?.type !== 'object') addWrongType(constraints, 'object', found);
  else if (value.members.length > 0) {
    addConstraintKeys(value, found);
    addRack(value, list, found);
  } else if (complete) {
    // A real cluster printed an empty map: it is legal and means any broker, which may well be intended.
    found.push({ facts: { code: 'rack-missing', list, form: 'empty' }, span: value.span, atMost: 'information' });
  }
}

function addConstraintKeys(constraints: JsonObject, found: Found[]): void {
  for (const { key } of constraints.members) {
    if (constraintKeys.some((known) => known === key.value) || mayBeFilledIn(key.value)) continue;
    const nearest = member(constraints, 'rack') === undefined ? (nearestName(key.value, constraintKeys) ?? null) : null;
    found.push({ facts: { code: 'constraint-key', key: key.value, nearest }, span: key.span });
  }
}

function addRack(constraints: JsonObject, list: PlacementList, found: Found[]): void {
  const rack = member(constraints, 'rack')?.value;
  if (rack === undefined) return;
  if (rack.type === 'string') {
    if (rack.value.trim() === '') found.push({ facts: { code: 'rack-missing', list, form: 'blank' }, span: rack.span });
  } else if (rack.type === 'number' || rack.type === 'boolean') {
    // The broker's JSON reader takes a bare number or truth value for its text; lists and objects it refuses.
    found.push(converted('rack', `the string "${rack.value}"`, rack));
  } else found.push(wrong('rack', 'a string', rack));
}

/** Source: "Each unique rack string can only be specified once in replicas and/or once in observers" (docs). */
function addDuplicateRacks({ constraints }: PlacementDeclaration, found: Found[]): void {
  if (!mayRepeatRacks(constraints)) return;
  const named = constraints.flatMap(({ list, rack, count }) => (rack === null ? [] : [{ list, rack, count }]));
  for (const [first, ...rest] of repeatedBy(named, ({ list, rack }) => `${list} ${rack.value}`)) {
    const replicas = [first, ...rest].reduce((sum, { count }) => sum + (count?.value ?? 0), 0);
    const facts = { code: 'rack-duplicate', list: first.list, rack: first.rack.value, count: replicas } as const;
    for (const { rack } of rest) found.push({ facts, span: rack.span, related: first.rack.span });
  }
}

/** Whether a rack stands twice in a list; placements with many constraints are looked at more closely in any case. */
function mayRepeatRacks(constraints: PlacementDeclaration['constraints']): boolean {
  if (constraints.length > 8) return true;
  return constraints.some(({ list, rack }, index) => {
    for (let before = 0; before < index; before++) {
      const other = constraints[before];
      if (rack !== null && other?.list === list && other.rack?.value === rack.value) return true;
    }
    return false;
  });
}

function addWrongType(written: JsonMember | undefined, expected: 'string' | 'array' | 'object', found: Found[]): void {
  if (written?.value === undefined || written.value.type === expected) return;
  if (written.value.type === 'string' && isTemplate(written.value.value)) return;
  if (written.key.value === 'observerPromotionPolicy' && written.value.type === 'null') return;
  found.push(
    wrong(written.key.value, { string: 'a string', array: 'a list', object: 'an object' }[expected], written.value),
  );
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
