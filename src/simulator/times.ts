import type { TimeRangeMs } from './timeline';

/**
 * How long Kafka takes for each thing that a partition waits for, with Kafka's defaults. Ranges are from the best to
 * the worst case that Kafka's own timers allow; latency of the network itself is left out.
 */
export interface KafkaTimes {
  /** `broker.session.timeout.ms`: the controller fences a broker that long after its last heartbeat. */
  readonly brokerSessionTimeoutMs: number;
  /** `broker.heartbeat.interval.ms`: the last heartbeat may be that old when the broker dies. */
  readonly brokerHeartbeatIntervalMs: number;
  /** Brokers that expired together are fenced one a run, that far apart (`QuorumController`, PeriodicTask). */
  readonly fenceNextBrokerMs: number;
  /** `replica.lag.time.max.ms`: a follower that did not catch up for that long leaves the ISR. */
  readonly replicaLagTimeMaxMs: number;
  /** `replica.fetch.wait.max.ms`: an idle observer fetches at least that often, and joins on a fetch. */
  readonly replicaFetchWaitMaxMs: number;
  /** `controller.quorum.append.linger.ms`: what one AlterPartition waits before the controller commits it. */
  readonly alterPartitionMs: TimeRangeMs;
  /** From a committed metadata record to every broker's having it: `controller.quorum.append.linger.ms`, then a fetch. */
  readonly metadataPropagationMs: TimeRangeMs;
  /** From the loss of the active controller to the next one (`controller.quorum.fetch.timeout.ms`, election, backoff). */
  readonly controllerFailoverMs: TimeRangeMs;
  /** `leader.imbalance.check.interval.seconds`: leadership is back at the preferred leader within that. */
  readonly leaderImbalanceCheckIntervalMs: number;
  /** A controlled shutdown moves leadership on the first heartbeat, which is sent at once. */
  readonly controlledShutdownMs: TimeRangeMs;
}

/** Apache Kafka's defaults. Sources: KafkaConfig, ReplicaManager, QuorumController, BrokerHeartbeatTracker, KafkaRaftClient. */
export const defaultTimes: KafkaTimes = {
  brokerSessionTimeoutMs: 9_000,
  brokerHeartbeatIntervalMs: 2_000,
  fenceNextBrokerMs: 10,
  replicaLagTimeMaxMs: 30_000,
  replicaFetchWaitMaxMs: 500,
  alterPartitionMs: { best: 0, worst: 25 },
  metadataPropagationMs: { best: 0, worst: 25 },
  controllerFailoverMs: { best: 1_500, worst: 5_000 },
  leaderImbalanceCheckIntervalMs: 300_000,
  controlledShutdownMs: { best: 0, worst: 1_000 },
};

/**
 * From a broker's death to its fencing: a session counted from its last heartbeat, which may be one interval old, plus
 * the controller's check eight times a session. With Kafka's defaults 7.0 to 10.125 s (`QuorumController.maybeFenceStaleBrokerPeriodNs`).
 */
export function fencingMs(times: KafkaTimes): TimeRangeMs {
  return {
    best: times.brokerSessionTimeoutMs - times.brokerHeartbeatIntervalMs,
    worst: times.brokerSessionTimeoutMs + times.brokerSessionTimeoutMs / 8,
  };
}

/**
 * The same when the active controller died with the broker: the next one starts every session anew
 * (`ClusterControlManager.activate`). With Kafka's defaults 10.5 to 15.125 s.
 */
export function fencingAfterControllerFailoverMs(times: KafkaTimes): TimeRangeMs {
  return {
    best: times.controllerFailoverMs.best + times.brokerSessionTimeoutMs,
    worst: times.controllerFailoverMs.worst + fencingMs(times).worst,
  };
}

/**
 * From the last time a follower was caught up to its leaving the ISR: the leader checks twice per lag time. With
 * Kafka's defaults 30 to 45 s (`ReplicaManager`, task `isr-expiration`).
 */
export function isrShrinkMs(times: KafkaTimes): TimeRangeMs {
  return { best: times.replicaLagTimeMaxMs, worst: times.replicaLagTimeMaxMs * 1.5 };
}

/** One observer's promotion: its next fetch, then one AlterPartition. */
export function promotionMs(times: KafkaTimes): TimeRangeMs {
  return {
    best: times.alterPartitionMs.best,
    worst: times.replicaFetchWaitMaxMs + times.alterPartitionMs.worst,
  };
}

/** The two ranges one after the other. */
export function addTimes(first: TimeRangeMs, second: TimeRangeMs): TimeRangeMs {
  return { best: first.best + second.best, worst: first.worst + second.worst };
}
