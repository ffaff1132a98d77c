import type { ObserverPromotionPolicy } from '../../kafka/placement';
import { defaultObserverSwitches, type ObserverSwitches } from '../cluster/rules';
import { equalMembers, firstMembers, type Mask, maskOf, maxMembers } from './mask';

/**
 * What no source settles, or what differs by release, each with a named default. The observers' switches are shared
 * with the exact model. (`caughtUp` makes no difference here: a settled replica is at the log's end or behind.)
 */
export interface Switches {
  readonly observers: ObserverSwitches;
  /** KIP-966. Off by default: Confluent Platform 7.9 prints `Elr: N/A`, what 8.x does with observers is not documented. */
  readonly eligibleLeaderReplicas: boolean;
  /** KAFKA-15583, 3.7 and later: under min ISR the high watermark stands still, so even acknowledged records may stay invisible. */
  readonly freezeHighWatermarkUnderMinIsr: boolean;
  /** 3.7 and later: the effective min ISR is at most the number of assigned replicas. */
  readonly capMinIsrAtReplicas: boolean;
  /**
   * What happens when brokers of two datacenters no longer hear each other but all hear the controllers.
   * `isr-stays`: nobody is fenced, the ISR stays as it is and no observer is promoted: "manual action is required to
   * restore the cluster to health, even if Automatic Observer Promotion is in use" (docs.confluent.io, Multi-Region
   * Clusters, note on partial network partitions), and so it was observed on a real cluster.
   * `leader-shrinks`: as Apache Kafka's own classes do it, the leader drops the followers that it no longer hears after
   * `replica.lag.time.max.ms`, and the policy then acts on the smaller ISR.
   */
  readonly brokerLinkCut: 'isr-stays' | 'leader-shrinks';
  /** `auto.leader.rebalance.enable`: leadership returns to the preferred leader by itself. */
  readonly autoLeaderRebalance: boolean;
}

/** The recommended reading of each open question, under the rules of Kafka 3.7 and later. */
export const defaultSwitches: Switches = {
  observers: defaultObserverSwitches,
  eligibleLeaderReplicas: false,
  freezeHighWatermarkUnderMinIsr: true,
  capMinIsrAtReplicas: true,
  brokerLinkCut: 'isr-stays',
  autoLeaderRebalance: true,
};

/** One replica of the assignment, in terms of where its broker stands. */
export interface Slot {
  readonly role: 'sync' | 'observer';
  /** Index of the datacenter. */
  readonly datacenter: number;
  /** Whether the broker's process is a controller too (combined mode): it then dies with the broker. */
  readonly votes: boolean;
}

/** What a {@link Shape} is made of. */
export interface ShapeParts {
  /** In assignment order: sync replicas first, the first one is the preferred leader. */
  readonly slots: readonly Slot[];
  readonly datacenterCount: number;
  /** As configured; the effective value is derived. */
  readonly minIsr: number;
  readonly policy: ObserverPromotionPolicy;
  /** The sum of `replicas[].count` of the placement: what `under-replicated` measures the ISR against. */
  readonly placedSyncReplicas: number;
  readonly uncleanElection: boolean;
  /**
   * `assignment`: elections take the first valid replica in assignment order, as Kafka does.
   * `any`: the order is not known (no assignment is), so any valid sync replica may be the first one, and each is tried.
   */
  readonly electionOrder: 'assignment' | 'any';
  /** The controllers other than the brokers that hold a replica; `null`: the quorum is assumed to stand. */
  readonly otherVoters: readonly OtherVoters[] | null;
  readonly switches: Switches;
}

/** Controllers of one datacenter that hold no replica of this partition. */
export interface OtherVoters {
  readonly datacenter: number;
  /** Processes that are controllers only. */
  readonly dedicated: number;
  /** Brokers that are controllers too, but hold no replica here. */
  readonly combined: number;
}

/** Everything about a partition that never changes. Partitions of equal shape have the same answers. */
export interface Shape extends ShapeParts {
  readonly slotCount: number;
  /** Every slot. */
  readonly all: Mask;
  readonly sync: Mask;
  readonly observers: Mask;
  /**
   * Slot → the slots it is interchangeable with, itself included: same role, datacenter and process, as far as the order of
   * elections is not known. The preferred leader is alone. Coarser groupings: see `kinds.ts`.
   */
  readonly alike: readonly Mask[];
  /** Datacenter index → its slots. */
  readonly slotsIn: readonly Mask[];
  /** Datacenter index → its voters, as sets of voter indices. All empty where the quorum is assumed to stand. */
  readonly votersIn: readonly Mask[];
  readonly voterCount: number;
  /** Slot → the voter that dies with it, or -1. */
  readonly voterOfSlot: readonly number[];
  /** Voters on brokers that hold no replica here: they die with those brokers. */
  readonly combinedVoters: Mask;
  readonly effectiveMinIsr: number;
  /** The ISR size under which the policy asks for observers; 0 for `leader-is-observer`, which looks at the leader only. */
  readonly threshold: number;
  /** Equal keys, equal behaviour. */
  readonly key: string;
}

/** Whether a shape fits into masks: up to 30 replicas, datacenters and voters. */
export function fitsShape(parts: ShapeParts): boolean {
  const voters =
    parts.slots.filter((slot) => slot.votes).length +
    (parts.otherVoters ?? []).reduce((sum, other) => sum + other.dedicated + other.combined, 0);
  return parts.slots.length <= maxMembers && parts.datacenterCount <= maxMembers && voters <= maxMembers;
}

/** Derives the masks of a shape. The parts must fit, see {@link fitsShape}. */
export function createShape(parts: ShapeParts): Shape {
  const slotsIn: Mask[] = Array.from({ length: parts.datacenterCount }, () => 0);
  let sync = 0;
  parts.slots.forEach(({ role, datacenter }, index) => {
    slotsIn[datacenter] = (slotsIn[datacenter] ?? 0) | (1 << index);
    if (role === 'sync') sync |= 1 << index;
  });
  const all = firstMembers(parts.slots.length);
  const { votersIn, voterCount, voterOfSlot, combinedVoters } = numberVoters(parts);
  // Field by field: spreading costs more than all of the rest.
  return {
    slots: parts.slots,
    datacenterCount: parts.datacenterCount,
    minIsr: parts.minIsr,
    policy: parts.policy,
    placedSyncReplicas: parts.placedSyncReplicas,
    uncleanElection: parts.uncleanElection,
    electionOrder: parts.electionOrder,
    otherVoters: parts.otherVoters,
    switches: parts.switches,
    slotCount: parts.slots.length,
    all,
    sync,
    observers: all & ~sync,
    alike: alikeSlots(parts),
    slotsIn,
    votersIn,
    voterCount,
    voterOfSlot,
    combinedVoters,
    effectiveMinIsr: effectiveMinIsr(parts),
    threshold: thresholdOf(parts),
    key: keyOf(parts),
  };
}

function keyOf(parts: ShapeParts): string {
  const { datacenterCount, minIsr, policy, placedSyncReplicas, uncleanElection, electionOrder, switches } = parts;
  let key = `${datacenterCount} ${minIsr} ${policy} ${placedSyncReplicas} ${uncleanElection} ${electionOrder}`;
  for (const slot of parts.slots) key += ` ${slot.datacenter * 4 + roleAndProcess(slot)}`;
  key += parts.otherVoters === null ? ' -' : ' +';
  for (const { datacenter, dedicated, combined } of parts.otherVoters ?? []) {
    key += ` ${datacenter}:${dedicated}:${combined}`;
  }
  return `${key} ${keyOfSwitches(switches)}`;
}

/** Few objects say how all shapes behave: what they say is put into words once. */
const switchKeys = new WeakMap<Switches, string>();

function keyOfSwitches(switches: Switches): string {
  const known = switchKeys.get(switches);
  if (known !== undefined) return known;
  const key = JSON.stringify(switches);
  switchKeys.set(switches, key);
  return key;
}

function alikeSlots({ slots, electionOrder }: ShapeParts): readonly Mask[] {
  if (electionOrder === 'assignment') return slots.map((_, index) => 1 << index);
  return equalMembers(slots.map((slot, index) => (index === 0 ? -1 : slot.datacenter * 4 + roleAndProcess(slot))));
}

/** A slot's role and whether its process is a controller too, as a number below 4. */
export function roleAndProcess({ role, votes }: Slot): number {
  return (role === 'observer' ? 2 : 0) + (votes ? 1 : 0);
}

/**
 * What the ISR is measured against. From 3.7 on a min ISR above the number of replicas is capped
 * (`Partition.effectiveMinIsr`, `ReplicationControlManager.getTopicEffectiveMinIsr`).
 */
function effectiveMinIsr(parts: ShapeParts): number {
  const { switches, slots, minIsr } = parts;
  if (!switches.capMinIsrAtReplicas) return minIsr;
  if (switches.observers.minIsrCapCounts === 'all-replicas') return Math.min(minIsr, slots.length);
  return Math.min(minIsr, slots.filter((slot) => slot.role === 'sync').length);
}

function thresholdOf(parts: ShapeParts): number {
  switch (parts.policy) {
    case 'under-min-isr':
      return effectiveMinIsr(parts);
    case 'under-replicated':
      return parts.placedSyncReplicas;
    case 'leader-is-observer':
      return 0;
  }
}

type NumberedVoters = Pick<Shape, 'votersIn' | 'voterCount' | 'voterOfSlot' | 'combinedVoters'>;

/** Gives each voter an index: those that hold replicas first, then the others, datacenter by datacenter. */
function numberVoters(parts: ShapeParts): NumberedVoters {
  const votersIn: Mask[] = Array.from({ length: parts.datacenterCount }, () => 0);
  let voterCount = 0;
  const add = (datacenter: number): number => {
    const voter = voterCount++;
    votersIn[datacenter] = (votersIn[datacenter] ?? 0) | (1 << voter);
    return voter;
  };
  if (parts.otherVoters === null) {
    return { votersIn, voterCount, voterOfSlot: parts.slots.map(() => -1), combinedVoters: 0 };
  }
  const voterOfSlot = parts.slots.map((slot) => (slot.votes ? add(slot.datacenter) : -1));
  const combined: number[] = [];
  for (const other of parts.otherVoters) {
    for (let count = 0; count < other.dedicated; count++) add(other.datacenter);
    for (let count = 0; count < other.combined; count++) combined.push(add(other.datacenter));
  }
  return { votersIn, voterCount, voterOfSlot, combinedVoters: maskOf(combined) };
}
