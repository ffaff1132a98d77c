import type { ObserverPromotionPolicy } from '../kafka/placement';
import type { PlacementDeclaration } from './declaration';
import { applySplices, composed, type Splice, splicesToHost, wholeDocument } from './embedded';
import { type JsonArray, type JsonMember, type JsonNode, type JsonObject, member } from './json';
import {
  arrayAround,
  isAiry,
  itemAppended,
  itemRemoved,
  memberInserted,
  memberPrepended,
  memberRemoved,
} from './jsonStyle';
import { readPlacement } from './placementJson';
import type { Span } from './span';

type ConstraintList = 'replicas' | 'observers';

/** One change to a placement. Items are counted from 0, as {@link ConstraintDeclaration.index} has them. */
export type PlacementChange =
  | { readonly kind: 'set-count'; readonly list: ConstraintList; readonly index: number; readonly count: number }
  | { readonly kind: 'set-rack'; readonly list: ConstraintList; readonly index: number; readonly rack: string }
  /** Adds an item at the end of a list, and the list where there is none. */
  | { readonly kind: 'add-constraint'; readonly list: ConstraintList; readonly count: number; readonly rack: string }
  | { readonly kind: 'remove-constraint'; readonly list: ConstraintList; readonly index: number }
  /** Adds the counts of all items of a rack into its first one and removes the others. */
  | { readonly kind: 'merge-duplicates'; readonly list: ConstraintList; readonly rack: string }
  | { readonly kind: 'set-version'; readonly version: 1 | 2 }
  | { readonly kind: 'set-policy'; readonly policy: ObserverPromotionPolicy }
  /** By the key's or value's place in the file, as the declaration has it. In a list of changes, these come first. */
  | { readonly kind: 'rename-key'; readonly key: Span; readonly to: string }
  | { readonly kind: 'replace-value'; readonly value: Span; readonly by: string | number | boolean }
  | { readonly kind: 'delete-member'; readonly key: Span };

export interface PlacementEdit {
  /** Edits of the host file, quoted for it. They do not overlap. */
  readonly splices: readonly Splice[];
  /** The placement as it would be read back from the edited text, in offsets of that text itself, not of the host. */
  readonly after: PlacementDeclaration;
}

/**
 * Works out the edits that make changes, one after another, in the person's own formatting: new items look like their
 * neighbours, new members like theirs. `null` where a change does not apply or would not leave readable JSON behind.
 */
export function editPlacement(
  declaration: PlacementDeclaration,
  changes: readonly PlacementChange[],
): PlacementEdit | null {
  const { embedded } = declaration;
  const steps = changes.flatMap((change) =>
    change.kind === 'merge-duplicates' ? mergeSteps(declaration, change) : [change],
  );
  let text = embedded.text;
  let splices: readonly Splice[] = [];
  for (const step of steps) {
    const root = readPlacement(wholeDocument(text))?.json;
    const found = root?.type === 'object' ? spliceOf(text, root, step, declaration) : null;
    if (found === null) return null;
    splices = composed(splices, found);
    text = applySplices(text, [found]);
  }
  const after = readPlacement(wholeDocument(text));
  if (after === null || after.syntaxErrors.length > declaration.syntaxErrors.length) return null;
  // A value may be as it is wanted, and several changes may take each other back.
  if (text === embedded.text) return { splices: [], after };
  const inHost = splicesToHost(embedded, splices);
  return inHost.length === 0 && text !== embedded.text ? null : { splices: inHost, after };
}

function mergeSteps(
  { constraints }: PlacementDeclaration,
  { list, rack }: { readonly list: ConstraintList; readonly rack: string },
): readonly PlacementChange[] {
  const items = constraints.filter((item) => item.list === list && item.rack?.value === rack);
  const [first, ...others] = items;
  if (first === undefined) return [];
  const count = items.reduce((sum, item) => sum + (item.count?.value ?? 0), 0);
  return [
    { kind: 'set-count', list, index: first.index, count },
    ...others.toReversed().map((item) => ({ kind: 'remove-constraint', list, index: item.index }) as const),
  ];
}

function spliceOf(
  text: string,
  root: JsonObject,
  change: PlacementChange,
  declaration: PlacementDeclaration,
): Splice | null {
  switch (change.kind) {
    case 'set-count':
      return replaced(memberValue(itemOf(root, change), 'count'), change.count);
    case 'set-rack':
      return replaced(memberValue(memberValue(itemOf(root, change), 'constraints'), 'rack'), change.rack);
    case 'add-constraint':
      return added(text, root, change);
    case 'remove-constraint': {
      const list = arrayOf(root, change.list);
      return list === undefined ? null : itemRemoved(list, change.index);
    }
    case 'set-version':
      return memberSet(text, root, 'version', change.version);
    case 'set-policy':
      return memberSet(text, root, 'observerPromotionPolicy', change.policy);
    case 'rename-key': {
      const found = memberAt(root, declaration, change.key);
      return found === undefined ? null : { span: found.member.key.span, newText: JSON.stringify(change.to) };
    }
    case 'replace-value':
      return replaced(valueAt(root, declaration, change.value), change.by);
    case 'delete-member': {
      const found = memberAt(root, declaration, change.key);
      return found === undefined ? null : memberRemoved(found.object, found.member);
    }
    case 'merge-duplicates':
      return null;
    default:
      return change satisfies never;
  }
}

function replaced(node: JsonNode | undefined, value: string | number | boolean): Splice | null {
  return node === undefined ? null : { span: node.span, newText: JSON.stringify(value) };
}

/** Gives a member of the placement itself a value; a version comes first, anything else last. */
function memberSet(text: string, root: JsonObject, key: string, value: string | number): Splice | null {
  const existing = member(root, key);
  if (existing !== undefined) return replaced(existing.value, value);
  const written = JSON.stringify(value);
  const last = root.members.at(-1);
  if (key === 'version' || last === undefined) return memberPrepended(text, root, key, written);
  return memberInserted(text, root, last, key, written);
}

function added(
  text: string,
  root: JsonObject,
  { list, count, rack }: { readonly list: ConstraintList; readonly count: number; readonly rack: string },
): Splice | null {
  const item = newItem(text, root, list, count, rack);
  const other = arrayOf(root, list === 'replicas' ? 'observers' : 'replicas');
  const existing = member(root, list);
  if (existing?.value?.type === 'array') return itemAppended(text, existing.value, item, other);
  const array = arrayAround(text, item, other);
  if (existing?.value !== undefined) return { span: existing.value.span, newText: array };
  const behind = member(root, 'replicas') ?? member(root, 'version') ?? root.members.at(-1);
  if (existing !== undefined || behind === undefined) return null;
  return memberInserted(text, root, behind, list, array);
}

/** A new item written as an existing one is: a copy of it, with another count and rack. */
function newItem(text: string, root: JsonObject, list: ConstraintList, count: number, rack: string): string {
  const lists = list === 'replicas' ? (['replicas', 'observers'] as const) : (['observers', 'replicas'] as const);
  for (const item of lists.flatMap((name) => arrayOf(root, name)?.items.toReversed() ?? [])) {
    const splices = isPlainItem(item)
      ? [replacedIn(item, ['count'], count), replacedIn(item, ['constraints', 'rack'], rack)]
      : [];
    const found = splices.filter((splice) => splice !== null);
    if (found.length < 2) continue;
    const moved = found.map(({ span, newText }) => ({
      span: { start: span.start - item.span.start, end: span.end - item.span.start },
      newText,
    }));
    return applySplices(text.slice(item.span.start, item.span.end), moved);
  }
  const [colon, comma] = isAiry(text) ? [': ', ', '] : [':', ','];
  return `{"count"${colon}${count}${comma}"constraints"${colon}{"rack"${colon}${JSON.stringify(rack)}}}`;
}

/** An item with a count, a rack and nothing else; others are no models to copy. */
function isPlainItem(item: JsonNode): boolean {
  const constraints = memberValue(item, 'constraints');
  const only = (node: JsonNode | undefined, length: number): boolean =>
    node?.type === 'object' && node.members.length === length;
  return only(item, 2) && only(constraints, 1);
}

function replacedIn(item: JsonNode, path: readonly string[], value: string | number): Splice | null {
  return replaced(
    path.reduce<JsonNode | undefined>((node, key) => memberValue(node, key), item),
    value,
  );
}

function arrayOf(root: JsonObject, list: ConstraintList): JsonArray | undefined {
  const value = member(root, list)?.value;
  return value?.type === 'array' ? value : undefined;
}

function itemOf(
  root: JsonObject,
  { list, index }: { readonly list: ConstraintList; readonly index: number },
): JsonNode | undefined {
  return arrayOf(root, list)?.items[index];
}

function memberValue(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.type === 'object' ? member(node, key)?.value : undefined;
}

interface Found {
  readonly object: JsonObject;
  readonly member: JsonMember;
}

/** The member whose key stands at a place of the host file. */
function memberAt(root: JsonObject, declaration: PlacementDeclaration, key: Span): Found | undefined {
  return allMembers(root).find((found) => isAt(declaration, found.member.key.span, key));
}

function valueAt(root: JsonObject, declaration: PlacementDeclaration, value: Span): JsonNode | undefined {
  return allNodes(root).find((node) => isAt(declaration, node.span, value));
}

function isAt({ embedded }: PlacementDeclaration, decoded: Span, host: Span): boolean {
  return embedded.toHost(decoded.start) === host.start && embedded.toHost(decoded.end) === host.end;
}

/** The reader bounds how deep JSON goes, so this may call itself. */
function allNodes(node: JsonNode): readonly JsonNode[] {
  const children =
    node.type === 'object' ? node.members.flatMap(({ value }) => value ?? []) : node.type === 'array' ? node.items : [];
  return [node, ...children.flatMap(allNodes)];
}

function allMembers(root: JsonObject): readonly Found[] {
  return allNodes(root).flatMap((node) =>
    node.type === 'object' ? node.members.map((found) => ({ object: node, member: found })) : [],
  );
}
