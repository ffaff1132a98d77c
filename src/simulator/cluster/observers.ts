import type { NodeId } from '../../kafka/cluster';
import type { ObserverPromotionPolicy } from '../../kafka/placement';
import type { PartitionRegistration } from './partition';
import type { KafkaRules } from './rules';

/**
 * When the leader lets an observer into the ISR and out again. Confluent's rule hooks into three places of the leader:
 * who may be added (`canAddReplicaToIsr`), whom the high watermark waits for (`shouldWaitForReplicaToJoinIsr`), and who
 * must leave (`getOutOfSyncReplicas`). Confluent's source is not public; the rules here reproduce every state that its
 * documentation and tutorials print.
 */
export interface ObserverPolicy {
  /** The effective policy: version 1 placements are `leader-is-observer` whatever they say. */
  readonly policy: ObserverPromotionPolicy;
  /** Sync replicas the placement asks for: the threshold of `under-replicated`. */
  readonly syncReplicas: number;
}

/** What a decision about an observer looks at. */
export interface ObserverSituation {
  readonly partition: Pick<PartitionRegistration, 'observers' | 'leader'>;
  readonly isr: readonly NodeId[];
  readonly minInsyncReplicas: number;
}

/** The ISR size under which a policy promotes; `null` for `leader-is-observer`, which looks at the leader instead. */
export function promotionThreshold(observers: ObserverPolicy, minInsyncReplicas: number): number | null {
  switch (observers.policy) {
    case 'under-min-isr':
      return minInsyncReplicas;
    case 'under-replicated':
      return observers.syncReplicas;
    case 'leader-is-observer':
      return null;
  }
}

/** Whether the policy wants one more observer beside `isr` (strictly fewer members than the threshold). */
export function wantsObserver(
  observers: ObserverPolicy,
  rules: KafkaRules,
  { partition, isr, minInsyncReplicas }: ObserverSituation,
): boolean {
  const leaderIsObserver = partition.observers.includes(partition.leader);
  const threshold = promotionThreshold(observers, minInsyncReplicas);
  if (threshold === null) return leaderIsObserver;
  if (leaderIsObserver && rules.observers.observerLeaderAdmitsAll === 'every-policy') return true;
  const counted = rules.guards.thresholdCountsObservers ? isr : isr.filter((id) => !partition.observers.includes(id));
  return counted.length < threshold;
}

/**
 * Observers that must leave the ISR. Each leaves as soon as the policy would not want it were it gone; a leader never
 * removes itself, so an observer that leads stays until leadership has moved.
 */
export function observersToDemote(
  observers: ObserverPolicy,
  rules: KafkaRules,
  situation: ObserverSituation,
): NodeId[] {
  const { partition, isr, minInsyncReplicas } = situation;
  const promoted = isr.filter((id) => partition.observers.includes(id) && id !== partition.leader);
  if (rules.observers.demotion === 'all-at-threshold') {
    const syncIsr = isr.filter((id) => !partition.observers.includes(id));
    const wanted = wantsObserver(observers, rules, { partition, isr: syncIsr, minInsyncReplicas });
    return wanted ? [] : promoted;
  }
  let remaining = isr;
  const leaving: NodeId[] = [];
  for (const observer of promoted) {
    const without = remaining.filter((id) => id !== observer);
    if (wantsObserver(observers, rules, { partition, isr: without, minInsyncReplicas })) continue;
    remaining = without;
    leaving.push(observer);
  }
  return leaving;
}
