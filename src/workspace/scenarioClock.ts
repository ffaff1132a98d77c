import type { ScenarioSettings, TimeSetting } from '../documents/scenarioDeclaration';
import { type ClockSettings, defaultClock } from '../simulator/cluster/clock';

/** Kafka's defaults. Sources: `KafkaConfig`, `KRaftConfigs`, `QuorumConfig`, `ReplicationConfigs`. */
const kafkaDefaults: Readonly<Record<TimeSetting, number>> = {
  'broker.session.timeout.ms': 9_000,
  'broker.heartbeat.interval.ms': 2_000,
  'replica.lag.time.max.ms': 30_000,
  'replica.fetch.wait.max.ms': 500,
  'replica.fetch.backoff.ms': 1_000,
  'controller.quorum.append.linger.ms': 25,
  'controller.quorum.fetch.timeout.ms': 2_000,
  'controller.quorum.election.timeout.ms': 1_000,
  'controller.quorum.election.backoff.max.ms': 1_000,
  'leader.imbalance.check.interval.seconds': 300,
  'unclean.leader.election.interval.ms': 300_000,
};

/** How old a voter's last fetch may be: voters fetch with a wait of at most that long (`KafkaRaftClient.MAX_FETCH_WAIT_MS`). */
const quorumFetchWaitMs = 500;
/** A leader of the quorum resigns after that many fetch timeouts (`LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR`). */
const checkQuorumFactor = 1.5;

/** The times of a run under the settings of a scenario: what Kafka derives from a setting is derived here too. */
export function clockOf({ times, catchUpMs }: ScenarioSettings): ClockSettings {
  const of = (name: TimeSetting): number => times.get(name)?.value ?? kafkaDefaults[name];
  const heartbeatMs = of('broker.heartbeat.interval.ms');
  const lagMs = of('replica.lag.time.max.ms');
  const lingerMs = of('controller.quorum.append.linger.ms');
  const fetchTimeoutMs = of('controller.quorum.fetch.timeout.ms');
  const resignMs = Math.round(fetchTimeoutMs * checkQuorumFactor);
  // A vote that fails is tried again after its timeout, which is drawn from one to two times the setting, and a backoff.
  const electionMs = 2 * of('controller.quorum.election.timeout.ms') + of('controller.quorum.election.backoff.max.ms');
  return {
    ...defaultClock,
    brokerSessionTimeoutMs: of('broker.session.timeout.ms'),
    brokerHeartbeatIntervalMs: heartbeatMs,
    replicaLagTimeMaxMs: lagMs,
    replicaFetchWaitMaxMs: of('replica.fetch.wait.max.ms'),
    alterPartitionMs: { best: 0, worst: lingerMs },
    metadataPropagationMs: { best: 0, worst: lingerMs },
    unfenceMs: { best: Math.min(defaultClock.unfenceMs.best, heartbeatMs), worst: heartbeatMs },
    shutdownRepeatMs: { best: 50, worst: 50 + heartbeatMs },
    reconnectMs: { best: 0, worst: of('replica.fetch.backoff.ms') },
    demotionMs: { best: 0, worst: Math.round(lagMs / 2) },
    controllerFailoverMs: { best: Math.max(0, fetchTimeoutMs - quorumFetchWaitMs), worst: fetchTimeoutMs + electionMs },
    controllerResignMs: { best: Math.max(0, resignMs - quorumFetchWaitMs), worst: resignMs },
    leaderImbalanceCheckIntervalMs: 1_000 * of('leader.imbalance.check.interval.seconds'),
    uncleanElectionIntervalMs: of('unclean.leader.election.interval.ms'),
    catchUpMs: catchUpMs ?? defaultClock.catchUpMs,
  };
}
