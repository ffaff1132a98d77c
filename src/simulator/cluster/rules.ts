/**
 * The rules of replication that differ between Kafka releases, that a feature turns on, or that a test breaks on
 * purpose. Everything defaults to what Kafka's own classes do, so the seam costs nothing to those who ignore it.
 */

/** Kafka releases whose replication rules differ. Source: KAFKA-15583 (3.7), KIP-966, KAFKA-19522 (fixed in 4.1.0). */
export type KafkaVersion = '<=3.6' | '3.7-4.0' | '4.1+';

/** What a leader or a controller checks before it acts. A test turns one off to see that the recordings notice. */
export interface Guards {
  /** A follower joins the ISR only at or above the start offset of the leader epoch (`Partition.isFollowerInSync`). */
  readonly leaderEpochStart: boolean;
  /** A follower joins the ISR only at or above the high watermark (`Partition.isFollowerInSync`). */
  readonly highWatermarkReached: boolean;
  /** A fetch from an older incarnation of a follower is refused (`Replica.updateFetchStateOrThrow`, KIP-903). */
  readonly fetchBrokerEpoch: boolean;
  /** A follower is ISR-eligible only if its broker epoch matches the metadata (`isBrokerEpochIsrEligible`, KIP-903). */
  readonly isrBrokerEpoch: boolean;
  /** Fenced and shutting-down brokers are barred from the ISR (`isReplicaIsrEligible`, `ineligibleReplicasForIsr`, KIP-841). */
  readonly fencedBrokersIneligible: boolean;
  /** AlterPartition against an older partition epoch is refused (`validateAlterPartitionData`). */
  readonly partitionEpoch: boolean;
  /** AlterPartition from an older leader epoch is refused (`validateAlterPartitionData`). */
  readonly leaderEpoch: boolean;
  /** AlterPartition naming a replica's older incarnation is refused (KAFKA-14617). */
  readonly alterPartitionBrokerEpoch: boolean;
  /** The high watermark waits for every replica of the maximal ISR, not of the committed one alone (KIP-497). */
  readonly maximalIsr: boolean;
  /** The high watermark waits for a caught-up replica that is about to join (`shouldWaitForReplicaToJoinIsr`). */
  readonly waitForJoiner: boolean;
  /** Follower bookkeeping starts anew with each leader epoch (`Replica.resetReplicaState`). */
  readonly resetFollowersOnNewEpoch: boolean;
  /** A follower truncates to where its log diverges from the leader's (KIP-101, KIP-279, KIP-595). */
  readonly truncateOnDivergence: boolean;
  /** A new incarnation is refused while the session of the old one has not lapsed (`ClusterControlManager.registerBroker`). */
  readonly duplicateRegistration: boolean;
  /** An unclean restart leaves the ISR and the ELR when ELR is on (`handleUncleanBrokerShutdown`). */
  readonly uncleanRestartLeavesElr: boolean;
  /** Observers join by policy only; when off, an observer joins whenever it is in sync, as a plain replica would. */
  readonly observersWaitForPolicy: boolean;
  /**
   * A policy's threshold is compared with the whole ISR, promoted observers included, so no more join than are missing;
   * when off, all observers join and stay while the sync part alone is under it.
   */
  readonly thresholdCountsObservers: boolean;
}

/** What Kafka does. */
export const kafkaGuards: Guards = {
  leaderEpochStart: true,
  highWatermarkReached: true,
  fetchBrokerEpoch: true,
  isrBrokerEpoch: true,
  fencedBrokersIneligible: true,
  partitionEpoch: true,
  leaderEpoch: true,
  alterPartitionBrokerEpoch: true,
  maximalIsr: true,
  waitForJoiner: true,
  resetFollowersOnNewEpoch: true,
  truncateOnDivergence: true,
  duplicateRegistration: true,
  uncleanRestartLeavesElr: true,
  observersWaitForPolicy: true,
  thresholdCountsObservers: true,
};

/**
 * What no public source settles of Confluent Server's observers, each with the reading taken by default.
 * The numbers are those of the project's list of open questions.
 */
export interface ObserverSwitches {
  /**
   * When an observer leaves again (question 3). `one-by-one`: as soon as the policy would not want it were it gone.
   * `all-at-threshold`: all stay until the sync members alone meet the threshold.
   */
  readonly demotion: 'one-by-one' | 'all-at-threshold';
  /**
   * Whether, behind an observer that leads, all other observers join under every policy (question 4), or under
   * `leader-is-observer` alone.
   */
  readonly observerLeaderAdmitsAll: 'leader-is-observer-only' | 'every-policy';
  /** Whether an observer counts as caught up at the high watermark (as any follower does) or at the log's end (question 10). */
  readonly caughtUp: 'high-watermark' | 'log-end';
  /** Whether the cap of the effective min ISR counts observers (question 9). */
  readonly minIsrCapCounts: 'all-replicas' | 'sync-replicas';
}

/** The recommended reading of each open question. */
export const defaultObserverSwitches: ObserverSwitches = {
  demotion: 'one-by-one',
  observerLeaderAdmitsAll: 'leader-is-observer-only',
  caughtUp: 'high-watermark',
  minIsrCapCounts: 'all-replicas',
};

/** Everything the exact model may be told to do differently. */
export interface KafkaRules {
  /** KAFKA-15583, 3.7: under min ISR the high watermark stands still. */
  readonly freezeHighWatermarkUnderMinIsr: boolean;
  /** 3.7: the effective min ISR is at most the number of assigned replicas. */
  readonly capMinIsrAtReplicas: boolean;
  /** KAFKA-19522, 3.7 to 4.0: the last known leader was elected even while fenced. */
  readonly electFencedLastKnownLeader: boolean;
  readonly guards: Guards;
  readonly observers: ObserverSwitches;
}

/** The rules of a release, every guard in place and every open question read as recommended. */
export function rulesOf(version: KafkaVersion): KafkaRules {
  return {
    freezeHighWatermarkUnderMinIsr: version !== '<=3.6',
    capMinIsrAtReplicas: version !== '<=3.6',
    electFencedLastKnownLeader: version === '3.7-4.0',
    guards: kafkaGuards,
    observers: defaultObserverSwitches,
  };
}

/** Rules of current Kafka: 4.1 and later. */
export const currentRules: KafkaRules = rulesOf('4.1+');
