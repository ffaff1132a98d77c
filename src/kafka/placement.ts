/**
 * Replica placement as Confluent Server knows it: how many replicas of which role go to which rack.
 * Source: docs.confluent.io, "Multi-Region Clusters", replica placement; versions 1 (CP 5.4) and 2 (CP 6.1).
 */

/** When the leader may admit an observer to the ISR. Version 1 placements always behave as `leader-is-observer`. */
export type ObserverPromotionPolicy = 'under-min-isr' | 'under-replicated' | 'leader-is-observer';

/** The three policies, in the order of the documentation. */
export const observerPromotionPolicies: readonly ObserverPromotionPolicy[] = [
  'under-min-isr',
  'under-replicated',
  'leader-is-observer',
];

/** A sync replica is always ISR-eligible; an observer joins the ISR only when the policy lets it. */
export type ReplicaRole = 'sync' | 'observer';

/** One item of `replicas` or `observers`: so many replicas on brokers whose `broker.rack` equals `rack`. */
export interface ReplicaConstraint {
  readonly count: number;
  /** `null` means no rack condition: `"constraints": {}` was printed by a real cluster and matches every broker. */
  readonly rack: string | null;
}

export interface Placement {
  readonly version: 1 | 2;
  readonly replicas: readonly ReplicaConstraint[];
  readonly observers: readonly ReplicaConstraint[];
  /** As written; absent means the version's default. Ask {@link effectivePolicy} for what will happen. */
  readonly observerPromotionPolicy?: ObserverPromotionPolicy;
}

/**
 * The policy the leader acts on: version 1 promotes only behind an observer that already leads, whatever else is
 * written; version 2 defaults to `under-min-isr`. Source: docs.confluent.io, "Automatic observer promotion".
 */
export function effectivePolicy(placement: Placement): ObserverPromotionPolicy {
  return placement.version === 1 ? 'leader-is-observer' : (placement.observerPromotionPolicy ?? 'under-min-isr');
}

/** Sum of the counts of a list of constraints. */
export function replicaCount(constraints: readonly ReplicaConstraint[]): number {
  return constraints.reduce((sum, constraint) => sum + constraint.count, 0);
}

/** The replication factor a topic created with this placement gets: sync replicas and observers together. */
export function replicationFactor(placement: Placement): number {
  return replicaCount(placement.replicas) + replicaCount(placement.observers);
}
