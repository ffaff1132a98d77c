import type { Change, RackCount } from '../analysis/change';
import { and } from '../analysis/lists';
import type { PlacementDeclaration } from '../documents/declaration';
import type { PlacementChange } from '../documents/placementEdits';
import type { PlacementList } from './finding';
import { count, quoted } from './phrases';

/**
 * A simulated change as edits of the placement that it is about. `null` where the placement has no item to take from.
 * Counts are set before items are removed, so that indices stay what they are.
 */
export function placementChanges(declared: PlacementDeclaration, change: Change): readonly PlacementChange[] | null {
  const moved = change.syncReplicasMoved.flatMap(({ from, to, count: number }): readonly RackCount[] => [
    { rack: from, count: -number },
    { rack: to, count: number },
  ]);
  const replicas = listChanges(declared, 'replicas', moved);
  const observers = listChanges(declared, 'observers', change.observersAdded);
  if (replicas === null || observers === null) return null;
  const policy: readonly PlacementChange[] =
    change.policy === null
      ? []
      : [
          { kind: 'set-version', version: 2 },
          { kind: 'set-policy', policy: change.policy },
        ];
  return [...policy, ...replicas, ...observers];
}

function listChanges(
  { constraints }: PlacementDeclaration,
  list: PlacementList,
  deltas: readonly RackCount[],
): readonly PlacementChange[] | null {
  const kept: PlacementChange[] = [];
  const removed: { readonly kind: 'remove-constraint'; readonly list: PlacementList; readonly index: number }[] = [];
  for (const { rack, count: delta } of deltas) {
    const item = constraints.find((constraint) => constraint.list === list && constraint.rack?.value === rack);
    const total = (item?.count?.value ?? 0) + delta;
    if (total < 0) return null;
    if (item === undefined) kept.push({ kind: 'add-constraint', list, count: delta, rack });
    else if (total > 0) kept.push({ kind: 'set-count', list, index: item.index, count: total });
    else removed.push({ kind: 'remove-constraint', list, index: item.index });
  }
  return [...kept, ...removed.toSorted((a, b) => b.index - a.index)];
}

/** `Move 1 sync replica from "west" to "east" and add 1 observer in "east"`. */
export function changeWords({ syncReplicasMoved, observersAdded, policy }: Change): string {
  const moves = syncReplicasMoved.map(
    ({ from, to, count: number }) => `move ${count(number, 'sync replica')} from ${quoted(from)} to ${quoted(to)}`,
  );
  const observers = observersAdded.map(({ rack, count: number }) => `${count(number, 'observer')} in ${quoted(rack)}`);
  const parts = [
    ...moves,
    ...(observers.length > 0 ? [`add ${and(observers)}`] : []),
    ...(policy === null ? [] : [`use version 2 with "${policy}"`]),
  ];
  const words = and(parts);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
