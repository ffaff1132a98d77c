import type { Cluster } from '../kafka/cluster';
import type { ObserverPromotionPolicy, Placement, ReplicaConstraint } from '../kafka/placement';
import type { Topic } from '../kafka/topic';

/** So many replicas on brokers of one rack. */
export interface RackCount {
  readonly rack: string;
  readonly count: number;
}

/** A change of a topic's placement or configuration, as data: the rules turn it into edits, the panel into a button. */
export interface Change {
  readonly observersAdded: readonly RackCount[];
  /** Sync replicas that move from one rack to another. */
  readonly syncReplicasMoved: readonly { readonly from: string; readonly to: string; readonly count: number }[];
  /** `observerPromotionPolicy` to set (with version 2), or `null` to leave it. */
  readonly policy: ObserverPromotionPolicy | null;
  /** `min.insync.replicas` to set, or `null` to leave it. */
  readonly minIsr: number | null;
}

/** Nothing changes. */
export const noChange: Change = { observersAdded: [], syncReplicasMoved: [], policy: null, minIsr: null };

/** What a change costs: replicas that have to be copied, and those of them that take more disk. */
export interface Price {
  readonly replicasAdded: number;
  readonly replicasMoved: number;
  /** min ISR lowered by one is a promise weakened by one. */
  readonly minIsrLowered: number;
}

export function priceOf(change: Change, topic: Topic): Price {
  const sum = (list: readonly { readonly count: number }[]): number => list.reduce((all, { count }) => all + count, 0);
  return {
    replicasAdded: sum(change.observersAdded),
    replicasMoved: sum(change.syncReplicasMoved),
    minIsrLowered: change.minIsr === null ? 0 : Math.max(0, topic.minIsr.value - change.minIsr),
  };
}

/** The topic as it will be. Its assignment is then not known any more: every one the placement allows is meant. */
export function withChange(topic: Topic, change: Change): Topic {
  const { placement, minIsr } = topic;
  return {
    ...topic,
    minIsr: change.minIsr === null ? minIsr : { ...minIsr, value: change.minIsr },
    placement: changedPlacement(placement, change),
    assignments: null,
  };
}

function changedPlacement(placement: Placement, change: Change): Placement {
  const replicas = change.syncReplicasMoved.reduce(
    (list, { from, to, count }) => addTo(addTo(list, from, -count), to, count),
    placement.replicas,
  );
  const observers = change.observersAdded.reduce(
    (list, { rack, count }) => addTo(list, rack, count),
    placement.observers,
  );
  if (change.policy === null) return { ...placement, replicas, observers };
  return { version: 2, replicas, observers, observerPromotionPolicy: change.policy };
}

/** Each rack once per list, as the documentation asks for. */
function addTo(list: readonly ReplicaConstraint[], rack: string, count: number): readonly ReplicaConstraint[] {
  const known = list.some((constraint) => constraint.rack === rack);
  const changed = known
    ? list.map((constraint) =>
        constraint.rack === rack ? { ...constraint, count: constraint.count + count } : constraint,
      )
    : [...list, { rack, count }];
  return changed.filter((constraint) => constraint.count > 0);
}

/** How many more replicas a rack can take: a broker holds at most one replica of a partition. */
export function spareIn(cluster: Cluster, placement: Placement, rack: string): number {
  // Brokers that were assumed are as many as the placements need.
  if (cluster.origins.brokers.kind === 'assumed') return Number.POSITIVE_INFINITY;
  const brokers = cluster.brokers.filter((broker) => broker.rack === rack).length;
  const used = [...placement.replicas, ...placement.observers]
    .filter((constraint) => constraint.rack === rack)
    .reduce((sum, { count }) => sum + count, 0);
  return Math.max(0, brokers - used);
}
