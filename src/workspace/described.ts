import type { AssignmentDeclaration } from '../documents/declaration';
import type { Broker, NodeId } from '../kafka/cluster';
import { type Placement, type ReplicaConstraint, replicaCount } from '../kafka/placement';
import { rolesOf } from '../rules/drift';
import { at, type CommandFacts, type DescribedFacts, type In } from '../rules/facts';
import type { LinkedTopic } from './linked';
import { type Assignments, assignmentKey } from './topicValues';

/** The partitions of a placement as a `--describe` text shows them. */
export interface DescribedReplicas {
  readonly placement: Placement;
  readonly rows: readonly In<AssignmentDeclaration>[];
}

/**
 * The brokers of replicas that a text describes, where no file declares any. A `--describe` text has no racks: a broker's is
 * concluded from the placements, where they leave no choice. `null` if any of them is left open, or if conclusions
 * contradict each other.
 */
export function describedBrokers(described: readonly DescribedReplicas[]): readonly Broker[] | null {
  const places = new Map<NodeId, In<AssignmentDeclaration>>();
  const sets: ReplicaSet[] = [];
  for (const { placement, rows } of described) {
    for (const row of rows) {
      for (const id of row.declared.replicas.value) if (!places.has(id)) places.set(id, row);
      sets.push(...setsOf(row.declared, placement));
    }
  }
  const racks = concludeRacks(sets);
  if (racks === null || [...places.keys()].some((id) => !racks.has(id))) return null;
  return [...places]
    .sort(([one], [other]) => one - other)
    .map(([id, { uri, declared }]) => {
      const rack = racks.get(id) ?? '';
      return { id, rack, datacenter: rack, place: at(uri, declared.replicas.span) };
    });
}

/** Brokers that hold the replicas or the observers of one partition, and how many of them each rack has. */
interface ReplicaSet {
  readonly ids: readonly NodeId[];
  readonly counts: ReadonlyMap<string, number>;
}

function setsOf(row: AssignmentDeclaration, placement: Placement): readonly ReplicaSet[] {
  const { sync, observers } = rolesOf(row, placement);
  return [...setOf(sync, placement.replicas), ...setOf(observers, placement.observers)];
}

/** Nothing where the constraints leave racks open, or the replicas are not as many as they ask for. */
function setOf(ids: readonly NodeId[], constraints: readonly ReplicaConstraint[]): readonly ReplicaSet[] {
  const counts = new Map<string, number>();
  for (const { rack, count } of constraints) {
    if (rack === null) return [];
    counts.set(rack, (counts.get(rack) ?? 0) + count);
  }
  return replicaCount(constraints) === ids.length ? [{ ids, counts }] : [];
}

/** Takes away what is known until nothing more follows. Ends, as each round but the last settles a broker. */
function concludeRacks(all: readonly ReplicaSet[]): ReadonlyMap<NodeId, string> | null {
  // Thousands of partitions have few different sets of replicas between them.
  const sets = [...new Map(all.map((set) => [`${set.ids.join()} ${JSON.stringify([...set.counts])}`, set])).values()];
  const racks = new Map<NodeId, string>();
  for (let before = -1; before < racks.size; ) {
    before = racks.size;
    for (const { ids, counts } of sets) {
      const left = new Map(counts);
      for (const id of ids) {
        const rack = racks.get(id);
        if (rack !== undefined) left.set(rack, (left.get(rack) ?? 0) - 1);
      }
      if ([...left.values()].some((count) => count < 0)) return null;
      const open = [...left].filter(([, count]) => count > 0);
      const [only] = open;
      if (only === undefined || open.length > 1) continue;
      for (const id of ids) if (!racks.has(id)) racks.set(id, only[0]);
    }
  }
  return racks;
}

/** What the rules are told of each topic that a text describes as it is. */
export function describedFacts(
  commands: readonly CommandFacts[],
  assignments: Assignments,
  topicsNamed: (name: string) => readonly LinkedTopic[],
): readonly DescribedFacts[] {
  if (assignments.size === 0) return [];
  return commands.flatMap((command): readonly DescribedFacts[] => {
    const { uri, declared } = command;
    const rows = declared.action === 'describe' ? assignments.get(assignmentKey(uri, declared.name.value)) : undefined;
    if (rows === undefined) return [];
    const namesakes = topicsNamed(declared.name.value);
    const own = namesakes.find((linked) => linked.command === command);
    const linked = own ?? namesakes[0];
    return [
      {
        topic: declared.name.value,
        rows,
        minIsr: linked?.topic.minIsr.value ?? statedMinIsr(command),
        placement:
          linked === undefined
            ? null
            : { decoded: linked.topic.placement, place: firstOf(linked.topic.placementPlace) },
      },
    ];
  });
}

function statedMinIsr({ declared }: CommandFacts): number | null {
  const text = declared.configs.get('min.insync.replicas')?.value.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** A related place is a spot to go to, not a whole document. */
function firstOf<T extends { readonly start: number; readonly end: number }>(place: T): T {
  return { ...place, end: Math.min(place.end, place.start + 1) };
}
