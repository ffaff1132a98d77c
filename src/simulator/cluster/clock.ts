import type { TimeRangeMs } from '../timeline';
import { defaultTimes, type KafkaTimes } from '../times';

/** Every named time of a timed run, with Kafka's defaults where Kafka has one. */
export interface ClockSettings extends KafkaTimes {
  /** From a broker's being heard again to the heartbeat that unfences it: at most one `broker.heartbeat.interval.ms`. */
  readonly unfenceMs: TimeRangeMs;
  /** From a cut's end to a follower's next fetch: `replica.fetch.backoff.ms`. */
  readonly reconnectMs: TimeRangeMs;
  /** From the leader's last contact with a majority of controllers to its resigning: 1.5 × fetch timeout (KAFKA-15489). */
  readonly controllerResignMs: TimeRangeMs;
  /** Between the heartbeats of a broker in controlled shutdown: 50 ms for the first repeat, else the interval. */
  readonly shutdownRepeatMs: TimeRangeMs;
  /** How long a broker waits for a controller that does not answer its controlled shutdown (`BrokerServer`). */
  readonly shutdownGiveUpMs: number;
  /** What the settled observers wait for once the policy no longer wants them: the next ISR check of the leader. */
  readonly demotionMs: TimeRangeMs;
  /** From a refused or lost AlterPartition to its retry (`DefaultAlterPartitionManager`). */
  readonly alterPartitionRetryMs: number;
  /** What a replica that was away needs to copy what it missed: bytes behind / bandwidth, which no default can know. */
  readonly catchUpMs: TimeRangeMs;
  /** `unclean.leader.election.interval.ms` (4.0+). */
  readonly uncleanElectionIntervalMs: number;
}

/** Kafka's defaults. Sources: those of {@link defaultTimes}, BrokerLifecycleManager, DefaultAlterPartitionManager, LeaderState. */
export const defaultClock: ClockSettings = {
  ...defaultTimes,
  unfenceMs: { best: 10, worst: 2_000 },
  reconnectMs: { best: 0, worst: 1_000 },
  controllerResignMs: { best: 2_500, worst: 3_000 },
  shutdownRepeatMs: { best: 50, worst: 2_050 },
  shutdownGiveUpMs: 300_000,
  demotionMs: { best: 0, worst: 15_000 },
  alterPartitionRetryMs: 50,
  catchUpMs: { best: 0, worst: 0 },
  uncleanElectionIntervalMs: 300_000,
};

/** One of the two runs that a range of times comes from. */
export type ClockCase = 'best' | 'worst';

/**
 * The delays of one run, every one at its best or every one at its worst. Each of the two is a run that Kafka's timers
 * allow, with a state behind every step; adding up intervals would be shorter, but would name times of states that
 * never exist together.
 */
export class Clock {
  readonly settings: ClockSettings;
  readonly #case: ClockCase;

  constructor(settings: ClockSettings, clockCase: ClockCase) {
    this.settings = settings;
    this.#case = clockCase;
  }

  /** The end of a range that this run takes. */
  of(range: TimeRangeMs): number {
    return range[this.#case];
  }

  /** How old a broker's last heartbeat is when it falls silent. */
  get lastHeartbeatAgeMs(): number {
    return this.of({ best: this.settings.brokerHeartbeatIntervalMs, worst: 0 });
  }

  /** How long a lapsed session waits for the controller's check, eight times a session (`maybeFenceStaleBrokerPeriodNs`). */
  get fenceCheckMs(): number {
    return this.of({ best: 0, worst: this.settings.brokerSessionTimeoutMs / 8 });
  }

  /** A follower's next fetch: at once where data waits, else at most `replica.fetch.wait.max.ms`. */
  get fetchMs(): number {
    return this.of({ best: 0, worst: this.settings.replicaFetchWaitMaxMs });
  }

  get alterPartitionMs(): number {
    return this.of(this.settings.alterPartitionMs);
  }

  /** From the last time a follower was caught up to the check that drops it (`isr-expiration` runs twice per lag time). */
  get isrExpirationMs(): number {
    const lag = this.settings.replicaLagTimeMaxMs;
    return this.of({ best: lag, worst: lag * 1.5 });
  }

  /** Until the next run of a periodic task: now, or one whole interval away. */
  nextRunMs(intervalMs: number): number {
    return this.of({ best: 0, worst: intervalMs });
  }
}
