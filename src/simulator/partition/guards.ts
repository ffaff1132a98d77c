import { type Mask, size } from './mask';

/**
 * When a partition may change, as arithmetic on sets of replicas: each guard answers for *which* replicas a transition
 * is enabled. They know nothing of fencing, links or quorums: whoever calls them says which replicas are `live` as the
 * one who decides sees it. So the settled model (`transitions.ts`) and the bare model that the explorer exhausts are two
 * configurations of the same rules.
 */

/** Who may be elected cleanly: the live members of the ISR. Source: `PartitionChangeBuilder.isValidNewLeader`. */
export function electable(live: Mask, inSync: Mask): Mask {
  return inSync & live;
}

/**
 * Whom the leader drops from the ISR: members other than itself that are not live or did not keep up.
 * Source: `Partition.maybeShrinkIsr`, which never names the leader.
 */
export function shrinkable(live: Mask, inSync: Mask, current: Mask, leader: Mask): Mask {
  return inSync & ~(live & current) & ~leader;
}

/** Who has something to fetch: live replicas that are behind the leader. */
export function catchable(live: Mask, current: Mask): Mask {
  return live & ~current;
}

/** Who joins the ISR by right: live sync replicas that are caught up. Source: `Partition.maybeExpandIsr`. */
export function expandable(live: Mask, inSync: Mask, current: Mask, sync: Mask): Mask {
  return sync & live & current & ~inSync;
}

/**
 * Whom the leader may promote while the ISR is short of the policy's threshold: live observers that are caught up. One at
 * a time: the guard is asked again after each. Source: docs.confluent.io, "Automatic observer promotion".
 */
export function promotable(live: Mask, inSync: Mask, current: Mask, observers: Mask, threshold: number): Mask {
  return size(inSync) < threshold ? observers & live & current & ~inSync : 0;
}

/**
 * Which observers the ISR no longer needs, when each leaves as soon as the policy would not ask for it were it gone
 * (`one-by-one`, the default reading). Never the leader, which does not remove itself.
 */
export function demotable(inSync: Mask, observers: Mask, leader: Mask, threshold: number): Mask {
  return size(inSync) - 1 >= threshold ? inSync & observers & ~leader : 0;
}

/** The other reading (`all-at-threshold`): observers stay until the sync members alone meet the threshold. */
export function demotableTogether(inSync: Mask, observers: Mask, leader: Mask, threshold: number): Mask {
  return size(inSync & ~observers) >= threshold ? inSync & observers & ~leader : 0;
}

/**
 * Whether a produce with acks=all is acknowledged: a live leader, an ISR of at least min ISR, and every member of it
 * answering. Source: `Partition.appendRecordsToLeader`, `maybeIncrementLeaderHW`.
 */
export function acknowledges(live: Mask, inSync: Mask, leader: Mask, minIsr: number): boolean {
  return (leader & live) !== 0 && (inSync & ~live) === 0 && size(inSync) >= minIsr;
}
