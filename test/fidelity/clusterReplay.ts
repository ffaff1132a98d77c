import type { BrokerPartition } from '../../src/simulator/cluster/brokerPartition';
import { Cluster } from '../../src/simulator/cluster/cluster';
import { currentRules, type KafkaRules } from '../../src/simulator/cluster/rules';
import { differences } from './compare';
import { controllerState, fenceBySessionExpiry, heartbeatResult } from './controllerReplay';
import { type Fields, type Json, MalformedRecording } from './json';
import { type Driver, type ReplayReport, replaySteps } from './replay';

/** How a broker's state is written: in full in the recordings, in short in the vectors. */
type BrokerForm = (broker: BrokerPartition) => Json;

const fullForm: BrokerForm = (broker) => {
  const { leading, log } = broker;
  const pending = leading?.pending;
  return {
    hw: log.highWatermark,
    ids: log.ids,
    epochs: log.epochs,
    epochCache: log.epochCache.map(({ epoch, startOffset }) => [epoch, startOffset]),
    leaderEpoch: broker.leaderEpoch,
    partitionEpoch: broker.partitionEpoch,
    isLeader: leading !== undefined,
    ...(leading === undefined ? {} : { isr: leading.isr, maximalIsr: leading.maximalIsr }),
    ...(pending === undefined ? {} : { pending: pending.kind, pendingIsr: pending.isr }),
  };
};

const shortForm: BrokerForm = ({ leading, log, leaderEpoch }) => ({
  log: log.ids,
  hw: log.highWatermark,
  role: leading === undefined ? 'follower' : 'leader',
  leaderEpoch,
  ...(leading === undefined ? {} : { isr: leading.isr }),
  ...(leading?.pending === undefined ? {} : { pending: leading.pending.kind, pendingIsr: leading.pending.isr }),
});

/** The real controller and 2 to 4 real brokers, every message an event. */
class ClusterDriver implements Driver {
  readonly cluster: Cluster;
  readonly #form: BrokerForm;

  constructor(setting: Fields, form: BrokerForm, rules: KafkaRules) {
    const brokers = Array.from({ length: setting.number('rf') }, (_, index) => index + 1);
    this.cluster = new Cluster({
      brokers,
      replicas: brokers,
      settings: {
        minInsyncReplicas: setting.number('minIsr'),
        uncleanLeaderElection: setting.boolean('unclean'),
      },
      elrEnabled: setting.boolean('elr'),
      rules,
      sessionTimeoutMs: Number.POSITIVE_INFINITY,
      nowMs: 1_000_000,
    });
    this.#form = form;
  }

  state(): Json {
    const brokers = [...this.cluster.running]
      .sort(([left], [right]) => left - right)
      .map(([id, broker]): [string, Json] => [String(id), this.#form(broker)]);
    return { controller: controllerState(this.cluster.controller), brokers: Object.fromEntries(brokers) };
  }

  completed(): readonly string[] {
    return this.cluster.completeProduces().map(({ record, result }) => `${record}:${result}`);
  }

  /** Acknowledged records, each with the acks it was produced with. */
  acknowledged(): Json {
    return Object.fromEntries([...this.cluster.acknowledged].map(([record, acks]) => [String(record), acks]));
  }

  apply(event: Fields): string {
    const { cluster } = this;
    const { controller } = cluster;
    const op = event.string('op');
    switch (op) {
      case 'advance':
        cluster.nowMs += event.number('ms');
        return '';
      case 'fence':
        fenceBySessionExpiry(controller, event.number('broker'));
        return '';
      case 'electUncleanTask':
        controller.electUncleanTask();
        return '';
      case 'electPreferredTask':
        controller.electPreferredTask();
        return '';
      case 'restart':
        return this.#restart(event);
      default:
        return this.#applyToBroker(op, event);
    }
  }

  #applyToBroker(op: string, event: Fields): string {
    const { cluster } = this;
    const id = event.number('broker');
    if (cluster.broker(id) === undefined) return 'DOWN';
    switch (op) {
      case 'heartbeat':
        return heartbeatResult(cluster.controller, id, false);
      case 'meta':
        cluster.deliverMetadata(id);
        return '';
      case 'produce':
        return this.#produce(id, event.number('acks'));
      case 'fetch':
        return this.#fetch(id, event.number('max'));
      case 'tick':
        return cluster.broker(id)?.leading?.maybeShrinkIsr(cluster.nowMs) === undefined ? '' : 'SHRINK';
      case 'alter': {
        const lost = event.booleanOr('lostResponse', false);
        const answer = cluster.deliverAlterPartition(id, lost);
        if (answer === undefined) return 'NONE_IN_FLIGHT';
        return answer.effect === 'response-lost' ? `${answer.error} (response lost)` : answer.error;
      }
      case 'crash':
        cluster.stop(id, event.string('ckpt') === 'hw' ? (cluster.broker(id)?.log.highWatermark ?? 0) : 0);
        return '';
      default:
        throw new MalformedRecording(event.where, `unknown cluster event "${op}"`);
    }
  }

  #restart(event: Fields): string {
    const id = event.number('broker');
    if (this.cluster.broker(id) !== undefined) return 'UP';
    const result = this.cluster.restart(id, event.boolean('clean'), event.number('lose'));
    return result === 'NONE' ? result : 'DuplicateBrokerRegistrationException';
  }

  #produce(id: number, acks: number): string {
    const produced = this.cluster.produce(id, acks);
    if (produced === undefined) return 'DOWN';
    const { record, reply } = produced;
    return `${record}:${reply.kind === 'appended' ? `OFFSET ${reply.offset}` : reply.error}`;
  }

  #fetch(id: number, maxRecords: number): string {
    const effect = this.cluster.fetch(id, maxRecords);
    if (typeof effect === 'string') return effect;
    switch (effect.kind) {
      case 'error':
        return effect.error;
      case 'truncated': {
        const { epoch, endOffset } = effect.divergingEpoch;
        return `DIVERGING ${epoch}/${endOffset} truncated to ${effect.endOffset}`;
      }
      case 'appended':
        return `FETCHED ${effect.count}`;
    }
  }
}

/** A sequence of `kafka-cluster-traces`: `{id, init, initState, steps, acked}`. */
export function replayCluster(sequence: Fields, rules: KafkaRules = currentRules): ReplayReport {
  return replayWith(sequence, sequence.child('init'), 'acked', fullForm, rules);
}

/** A cluster vector or loss trace: the same events, the state in short form. */
export function replayClusterVector(vector: Fields, rules: KafkaRules = currentRules): ReplayReport {
  return replayWith(vector, vector.child('given'), 'ackedAtEnd', shortForm, rules);
}

function replayWith(
  sequence: Fields,
  setting: Fields,
  ackedKey: string,
  form: BrokerForm,
  rules: KafkaRules,
): ReplayReport {
  const driver = new ClusterDriver(setting, form, rules);
  const id = sequence.string('id');
  const report = replaySteps(id, driver, sequence.value('initState'), sequence.objects('steps'));
  if (!sequence.has(ackedKey)) return report;
  const acknowledged = differences(sequence.value(ackedKey), driver.acknowledged());
  if (acknowledged.length === 0) return report;
  const mismatch = { sequence: id, step: report.steps, event: 'acknowledged at the end', differences: acknowledged };
  // What was acknowledged is the sum of all steps, so none of them can be called reproduced.
  return { ...report, reproduced: 0, mismatches: [...report.mismatches, mismatch] };
}
