import type { NodeId } from '../../kafka/cluster';

/** Kafka's `LeaderConstants.NO_LEADER`. */
export const NO_LEADER = -1;

/** RECOVERING after an unclean election, until the leader's first AlterPartition (KIP-704). */
export type RecoveryState = 'RECOVERED' | 'RECOVERING';

/** How far an election may go. `online` keeps a valid leader; `preferred` starts with the first replica. */
export type Election = 'online' | 'preferred' | 'unclean';

/**
 * One partition as the metadata log holds it (`PartitionRegistration`). Never changed in place: each change makes a
 * new object, so brokers may hold the one they last heard of.
 */
export interface PartitionRegistration {
  /** The assignment. Order matters: the first is the preferred leader, elections scan in this order. */
  readonly replicas: readonly NodeId[];
  /** The observers among `replicas` (Confluent Server); empty in Apache Kafka. */
  readonly observers: readonly NodeId[];
  readonly addingReplicas: readonly NodeId[];
  readonly removingReplicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly NodeId[];
  /** In shipped code: empty, or the last known leader alone. */
  readonly lastKnownElr: readonly NodeId[];
  /** {@link NO_LEADER} when there is none. */
  readonly leader: NodeId;
  /** Grows with every record that carries a leader field. */
  readonly leaderEpoch: number;
  /** Grows with every record. */
  readonly partitionEpoch: number;
  readonly recovery: RecoveryState;
}

/** Settings of the topic and the cluster that decide how its partitions change. */
export interface TopicSettings {
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElection: boolean;
}

/** `items` without those of `without`, in order. */
export function except<T>(items: readonly T[], without: readonly T[]): T[] {
  return items.filter((item) => !without.includes(item));
}

/** Same members in the same order. */
export function sameList<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
