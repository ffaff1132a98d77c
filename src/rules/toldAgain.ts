import { oncePerObject } from '../analysis/once';
import type { PlacementDeclaration } from '../documents/declaration';
import type { Span } from '../documents/span';
import type { Placement } from '../kafka/placement';
import { at, type ClusterFacts, type PlacementFacts } from './facts';
import type { Draft } from './finding';

/** What a rule found, and at which part of the placement: for another text that says the same. */
interface Told {
  readonly draft: Draft;
  readonly part: number;
}

/**
 * Rules that look at nothing but what a regular placement says and at its cluster: texts of equal placements differ in their
 * offsets alone, and workspaces have many such texts. So the rules are asked once, and what they found is told again at
 * the same parts of the others.
 */
export function toldAgain(
  check: (facts: PlacementFacts) => readonly Draft[],
): (facts: PlacementFacts) => readonly Draft[] {
  const known = oncePerObject((_cluster: ClusterFacts) => new WeakMap<Placement, readonly Told[]>());
  return (facts) => {
    const { declared, decoded, cluster } = facts;
    if (!declared.regular || decoded === null || !isInUsualOrder(declared)) return check(facts);
    const told = known(cluster).get(decoded);
    if (told !== undefined) return again(told, facts) ?? check(facts);
    const drafts = check(facts);
    const found = drafts.flatMap((draft) => toldOf(draft, declared));
    if (found.length === drafts.length) known(cluster).set(decoded, found);
    return drafts;
  };
}

/** Observers behind replicas: some rules go by the order of the text. */
function isInUsualOrder({ constraints }: PlacementDeclaration): boolean {
  const first = constraints.findIndex(({ list }) => list === 'observers');
  return first < 0 || constraints.every(({ list }, index) => (list === 'observers') === index >= first);
}

/** Nothing where it stands at no part of its own or names other places: those differ from text to text. */
function toldOf(draft: Draft, declared: PlacementDeclaration): readonly Told[] {
  if (draft.related !== undefined) return [];
  const { start, end } = draft.place;
  const count = partsBeforeConstraints + partsOfConstraint * declared.constraints.length;
  for (let part = 0; part < count; part++) {
    const span = partAt(declared, part);
    if (span !== null && span.start === start && span.end === end) return [{ draft, part }];
  }
  return [];
}

/** `null` where the other text lacks a part, such as an empty list that only one of the two has. */
function again(told: readonly Told[], { uri, declared }: PlacementFacts): readonly Draft[] | null {
  const drafts: Draft[] = [];
  for (const { draft, part } of told) {
    const span = partAt(declared, part);
    if (span === null) return null;
    const { facts, atMost } = draft;
    drafts.push(atMost === undefined ? { facts, place: at(uri, span) } : { facts, place: at(uri, span), atMost });
  }
  return drafts;
}

const partsBeforeConstraints = 5;
const partsOfConstraint = 3;

/** The parts of a placement by number: first those that it has once, then three of each constraint. */
function partAt({ span, version, policy, listNames, constraints }: PlacementDeclaration, part: number): Span | null {
  switch (part) {
    case 0:
      return span;
    case 1:
      return version?.span ?? null;
    case 2:
      return policy?.span ?? null;
    case 3:
      return listNames.replicas;
    case 4:
      return listNames.observers;
    default: {
      const rest = part - partsBeforeConstraints;
      const constraint = constraints[Math.floor(rest / partsOfConstraint)];
      const ofConstraint = [constraint?.span, constraint?.count?.span, constraint?.rack?.span];
      return ofConstraint[rest % partsOfConstraint] ?? null;
    }
  }
}
