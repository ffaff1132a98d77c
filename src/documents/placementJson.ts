import {
  type ObserverPromotionPolicy,
  observerPromotionPolicies,
  type Placement,
  type ReplicaConstraint,
} from '../kafka/placement';
import type { ConstraintDeclaration, PlacementDeclaration } from './declaration';
import { type EmbeddedText, wholeDocument } from './embedded';
import { type JsonNode, type JsonObject, member } from './json';
import { type JsonReading, readJson } from './jsonText';
import { limits } from './limits';
import { editDistance } from './nearestName';
import { type Found, nestingProblem, type SourceFile } from './reader';
import { readRegularPlacement, replicationFactorMax } from './regularPlacement';
import type { Located } from './span';

/** The names of a placement, of its items and of their constraints, as the broker knows them. */
export const placementKeys = ['version', 'replicas', 'observers', 'observerPromotionPolicy'] as const;
export const constraintItemKeys = ['count', 'constraints'] as const;
export const constraintKeys = ['rack'] as const;

/** Names of other JSON that has `replicas`: reassignments, elections, Kubernetes resources, dumps. Never placements. */
const foreignKeys = ['partitions', 'partition', 'apiVersion', 'kind', 'topics', 'topic', 'topic_name', 'log_dirs'];

/** Whether a text could be a placement document, for the price of looking for three words. */
export function mayBePlacementJson({ text }: SourceFile): boolean {
  return /^\ufeff?\s*[{/]/.test(text) && (mentionsPlacement(text) || /"replicas"\s*:\s*\[/.test(text));
}

/** Whether a text holds the words that placements are made of, perhaps misspelt. */
export function mentionsPlacement(text: string): boolean {
  return (
    (text.includes('replica') || text.includes('observer')) && (text.includes('constraint') || text.includes('rack'))
  );
}

/** Format `placement-json`: the whole document is one placement. */
export function readPlacementJson(file: SourceFile): Found | null {
  const embedded = wholeDocument(file.text);
  const regular = readRegularPlacement(embedded);
  if (regular !== null) return { declarations: [regular], problems: [] };
  const json = file.json();
  if (json.nesting > limits.nestingMax) {
    return { declarations: [], problems: [nestingProblem(embedded.hostSpan, json.nesting)] };
  }
  const placement = looksLikePlacement(json.root) ? placementFrom(embedded, json) : null;
  return placement === null ? null : { declarations: [placement], problems: [] };
}

/**
 * A placement that stands in another file, where the host has already said that it is one (a configuration key, a
 * heredoc of a placement file). `null` if there is no JSON object at all.
 */
export function readPlacement(
  embedded: EmbeddedText,
  beside: PlacementDeclaration['beside'] = null,
): PlacementDeclaration | null {
  return readRegularPlacement(embedded, beside) ?? readTolerantly(embedded, beside);
}

/** The same for any text, however broken: what is there of a placement is read. */
export function readTolerantly(
  embedded: EmbeddedText,
  beside: PlacementDeclaration['beside'] = null,
): PlacementDeclaration | null {
  return placementFrom(embedded, readJson(embedded, { dialect: 'strict' }), beside);
}

/** The same, for the parts of our own files, in which comments are welcome. */
export function readPlacementWithComments(embedded: EmbeddedText): PlacementDeclaration | null {
  return readRegularPlacement(embedded) ?? placementFrom(embedded, readJson(embedded, { dialect: 'with-comments' }));
}

/**
 * Whether JSON is a placement rather than one of the many other things with `replicas` in them. Misspelt names count,
 * or a placement with a typo would fall silent just when help is wanted.
 */
export function looksLikePlacement(root: JsonNode | undefined): root is JsonObject {
  if (root?.type !== 'object' || root.members.some(({ key }) => foreignKeys.includes(key.value))) return false;
  if (member(root, 'observerPromotionPolicy') !== undefined) return true;
  return root.members.some(({ key, value }) => {
    if (!(isNear(key.value, 'replicas') || isNear(key.value, 'observers'))) return false;
    // One item without its list around it is a mistake that wants to be told.
    if (value?.type === 'object') return looksLikeConstraint(value);
    if (value?.type !== 'array') return false;
    if (value.items.length === 0) return member(root, 'version') !== undefined;
    return value.items.some(looksLikeConstraint);
  });
}

function looksLikeConstraint(item: JsonNode): boolean {
  if (item.type !== 'object') return false;
  const has = (name: string): boolean => item.members.some(({ key }) => isNear(key.value, name));
  return has('constraints') || (has('count') && (has('rack') || item.members.length === 1));
}

/** Two edits apart at most, whatever the case. A name that is another one of ours is meant as it is written. */
function isNear(written: string, known: string): boolean {
  if (written === known) return true;
  if (ownKeys.has(written) || Math.abs(written.length - known.length) > nearDistanceMax) return false;
  return editDistance(written.toLowerCase(), known) <= nearDistanceMax;
}

const nearDistanceMax = 2;
const ownKeys: ReadonlySet<string> = new Set([...placementKeys, ...constraintItemKeys, ...constraintKeys]);

function placementFrom(
  embedded: EmbeddedText,
  { root, errors }: JsonReading,
  beside: PlacementDeclaration['beside'] = null,
): PlacementDeclaration | null {
  if (root?.type !== 'object') return null;
  const version = member(root, 'version')?.value;
  const policy = member(root, 'observerPromotionPolicy')?.value;
  const versionNumber = version && wholeNumber(version);
  return {
    kind: 'placement',
    regular: false,
    span: root.span,
    embedded,
    json: root,
    placement: decodePlacement(root),
    version: version && versionNumber !== undefined ? { value: versionNumber, span: version.span } : null,
    policy: policy?.type === 'string' ? { value: policy.value, span: policy.span } : null,
    constraints: [...constraintsOf(root, 'replicas'), ...constraintsOf(root, 'observers')].sort(
      (a, b) => a.span.start - b.span.start,
    ),
    listNames: {
      replicas: member(root, 'replicas')?.key.span ?? null,
      observers: member(root, 'observers')?.key.span ?? null,
    },
    syntaxErrors: errors,
    beside,
  };
}

/** The same as {@link looksLikePlacement}, for one that was read because its host promised one. */
export function isPlacement(declared: PlacementDeclaration): boolean {
  return declared.regular || looksLikePlacement(declared.json);
}

function constraintsOf(root: JsonObject, list: 'replicas' | 'observers'): readonly ConstraintDeclaration[] {
  const items = member(root, list)?.value;
  if (items?.type !== 'array') return [];
  const constraints: ConstraintDeclaration[] = [];
  for (const [index, item] of items.items.entries()) {
    if (item.type !== 'object') continue;
    const count = member(item, 'count')?.value;
    const value = count && wholeNumber(count);
    constraints.push({
      list,
      index,
      span: item.span,
      count: count && value !== undefined ? { value, span: count.span } : null,
      rack: rackOf(item) ?? null,
    });
  }
  return constraints;
}

/** The rack of an item, `null` for no rack condition, `undefined` where no sense can be made of its constraints. */
function rackOf(item: JsonObject): Located<string> | null | undefined {
  const constraints = member(item, 'constraints')?.value;
  if (constraints?.type !== 'object') return undefined;
  const rack = member(constraints, 'rack')?.value;
  if (rack === undefined) return constraints.members.length === 0 ? null : undefined;
  const name = text(rack);
  return name === undefined || name.trim() === '' ? undefined : { value: name, span: rack.span };
}

/**
 * What the broker would make of the JSON, or `null` where it would refuse it or where what it would do is not known.
 * Jackson's coercions are followed (`"version": "2"` is 2); names that nothing knows pass.
 * Source: docs.confluent.io, "Multi-Region Clusters", replica placement.
 */
export function decodePlacement(root: JsonObject): Placement | null {
  const version = member(root, 'version')?.value;
  const versionNumber = version && wholeNumber(version);
  if (versionNumber !== 1 && versionNumber !== 2) return null;
  const replicas = decodeConstraints(member(root, 'replicas')?.value);
  const observers = decodeConstraints(member(root, 'observers')?.value);
  if (replicas === null || replicas.length === 0 || observers === null) return null;
  const placement = { version: versionNumber, replicas, observers } as const;
  const policy = member(root, 'observerPromotionPolicy')?.value;
  if (policy === undefined || policy.type === 'null') return placement;
  const known = policy.type === 'string' ? knownPolicy(policy.value) : undefined;
  return known === undefined ? null : { ...placement, observerPromotionPolicy: known };
}

function knownPolicy(name: string): ObserverPromotionPolicy | undefined {
  return observerPromotionPolicies.find((policy) => policy === name);
}

function decodeConstraints(list: JsonNode | undefined): readonly ReplicaConstraint[] | null {
  if (list === undefined || list.type === 'null') return [];
  if (list.type !== 'array') return null;
  const constraints: ReplicaConstraint[] = [];
  for (const item of list.items) {
    if (item.type !== 'object') return null;
    const countNode = member(item, 'count')?.value;
    const count = countNode && wholeNumber(countNode);
    const rack = rackOf(item);
    if (count === undefined || count < 1 || count > replicationFactorMax || rack === undefined) return null;
    constraints.push({ count, rack: rack?.value ?? null });
  }
  return constraints;
}

/** A whole number, also where it is written as a string (`"2"`) or as `2.0`, which Jackson reads alike. */
export function wholeNumber(node: JsonNode): number | undefined {
  if (node.type === 'number') return Number.isSafeInteger(node.value) ? node.value : undefined;
  if (node.type !== 'string' || !/^\s*-?\d{1,15}\s*$/.test(node.value)) return undefined;
  return Number(node.value);
}

/** A string, also where it is written as a bare number or truth value, which Jackson reads as its text. */
function text(node: JsonNode): string | undefined {
  switch (node.type) {
    case 'string':
      return node.value;
    case 'number':
    case 'boolean':
      return String(node.value);
    default:
      return undefined;
  }
}
