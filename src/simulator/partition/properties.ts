import { excused } from './explorerFaults';
import type { Environment } from './explorerModel';
import { missingControllers } from './explorerSiteFaults';
import { size } from './mask';
import type { Shape } from './shape';
import { leaderBit, noLeader, type PartitionState } from './state';
import { acceptsWrites } from './transitions';

export type PropertyName =
  | 'no-acknowledged-write-is-lost'
  | 'writes-come-back'
  | 'leader-is-in-isr'
  | 'promoted-observer-leaves'
  | 'isr-and-elr-are-apart'
  | 'isr-holds-every-acknowledged-write'
  | 'some-replica-holds-every-acknowledged-write'
  | 'no-acknowledgement-under-min-isr'
  | 'fenced-broker-is-not-in-isr';

/** Something that has to hold in every state that can be reached. */
export interface Property {
  readonly name: PropertyName;
  /** The invariant of `docs/fidelity.md` that it stands for, where it is one of those. */
  readonly invariant?: 'I1' | 'I2' | 'I5' | 'I6' | 'I7' | 'I8';
  /**
   * Whether it holds in a state.
   *
   * @param settled whether nothing is left that the cluster would do by itself
   */
  readonly holds: (shape: Shape, environment: Environment, state: PartitionState, settled: boolean) => boolean;
}

/**
 * Whoever leads holds every record that was ever acknowledged with acks=all. A leader that lacks one makes all others
 * truncate to its log, and no consumer will read that record again: this is the moment at which it is lost.
 */
export const noAcknowledgedWriteIsLost: Property = {
  name: 'no-acknowledged-write-is-lost',
  invariant: 'I6',
  holds: (_shape, _environment, state) => (leaderBit(state) & ~state.complete) === 0,
};

/** A partition with a leader has it in the ISR. Source: `ReplicationControlManager`, held in every recorded step. */
export const leaderIsInIsr: Property = {
  name: 'leader-is-in-isr',
  invariant: 'I1',
  holds: (_shape, _environment, state) => (leaderBit(state) & ~state.inSync) === 0,
};

/** ISR and ELR share no replica, name only replicas, and the ELR is empty at min ISR. */
export const isrAndElrAreApart: Property = {
  name: 'isr-and-elr-are-apart',
  invariant: 'I2',
  holds: (shape, _environment, { inSync, eligible }) =>
    (inSync & eligible) === 0 &&
    ((inSync | eligible) & ~shape.all) === 0 &&
    (eligible === 0 || size(inSync) < shape.effectiveMinIsr),
};

/** Every replica that may be elected cleanly holds every acknowledged record, as long as none came back without its log's end. */
export const isrHoldsEveryAcknowledgedWrite: Property = {
  name: 'isr-holds-every-acknowledged-write',
  invariant: 'I5',
  holds: (_shape, environment, { inSync, eligible, complete }) =>
    environment.lossyReturns > 0 || ((inSync | eligible) & ~complete) === 0,
};

/** Some disk holds every acknowledged record, so that they can be read again once it leads. */
export const someReplicaHoldsEveryAcknowledgedWrite: Property = {
  name: 'some-replica-holds-every-acknowledged-write',
  invariant: 'I7',
  holds: (_shape, _environment, { complete }) => complete !== 0,
};

/** No record is acknowledged while the ISR is smaller than min ISR. */
export const noAcknowledgementUnderMinIsr: Property = {
  name: 'no-acknowledgement-under-min-isr',
  invariant: 'I8',
  holds: (shape, environment, state) =>
    !acceptsWrites(shape, environment, state) || size(state.inSync) >= shape.effectiveMinIsr,
};

/** A fenced broker is in the ISR only as its last member, while nobody leads. Held in every recorded controller step. */
export const fencedBrokerIsNotInIsr: Property = {
  name: 'fenced-broker-is-not-in-isr',
  holds: (shape, _environment, { inSync, fenced, leader }) =>
    (inSync & fenced) === 0 ||
    (leader === noLeader && !shape.switches.eligibleLeaderReplicas && size(inSync & fenced) === 1),
};

/**
 * A promoted observer is gone once the sync replicas are back: in every settled state whose ISR has all sync replicas, it
 * has nobody else.
 */
export const promotedObserverLeaves: Property = {
  name: 'promoted-observer-leaves',
  holds: (shape, _environment, { inSync }, settled) =>
    !settled || (shape.sync & ~inSync) !== 0 || (inSync & shape.observers) === 0,
};

/**
 * After the loss of any `datacenters` datacenters, writes come back by themselves: in every settled state in which so many
 * are lost, nothing else is broken, and all other brokers run (that ran to begin with), a produce with acks=all is acknowledged.
 * Each settling ends (see `settle`), so what holds in all settled states comes about from every state before them.
 */
export function writesComeBack(datacenters: number): Property {
  return {
    name: 'writes-come-back',
    holds: (shape, environment, state, settled) => {
      if (!settled || size(environment.lost) !== datacenters || hasFurtherFaults(shape, environment)) return true;
      if ((shape.all & ~state.up & ~excused(shape, environment)) !== 0) return true;
      return acceptsWrites(shape, environment, state);
    },
  };
}

/** Datacenters cut off, links cut, or controllers down that were not lost with their datacenter. */
function hasFurtherFaults(shape: Shape, { conditions, lost }: Environment): boolean {
  const { isolated, cutFrom } = conditions;
  return isolated !== 0 || cutFrom.some((cut) => cut !== 0) || missingControllers(shape, conditions, lost) !== 0;
}

/**
 * The invariants that the settled model can express. I3 and I4 (epochs), I9 (logs) and the watermark's half of I6 belong to
 * the exact model; I10 and I11 say under which budgets {@link noAcknowledgedWriteIsLost} holds.
 */
export const invariants: readonly Property[] = [
  leaderIsInIsr,
  isrAndElrAreApart,
  isrHoldsEveryAcknowledgedWrite,
  noAcknowledgedWriteIsLost,
  someReplicaHoldsEveryAcknowledgedWrite,
  noAcknowledgementUnderMinIsr,
  fencedBrokerIsNotInIsr,
];
