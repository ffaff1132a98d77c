import type { AlterPartitionError } from '../../src/simulator/cluster/alterPartition';
import { BrokerPartition } from '../../src/simulator/cluster/brokerPartition';
import type { BrokerView } from '../../src/simulator/cluster/controller';
import type { PartitionLeader } from '../../src/simulator/cluster/leader';
import { ReplicaLog } from '../../src/simulator/cluster/log';
import { currentRules, type KafkaRules, rulesOf } from '../../src/simulator/cluster/rules';
import { type Fields, Fields as FieldsOf, type Json, MalformedRecording } from './json';
import { type Driver, type ReplayReport, replaySteps } from './replay';

const knownErrors: readonly AlterPartitionError[] = [
  'STALE_BROKER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_CONTROLLER',
  'FENCED_LEADER_EPOCH',
  'INVALID_REQUEST',
  'INVALID_UPDATE_VERSION',
  'INELIGIBLE_REPLICA',
  'NEW_LEADER_ELECTED',
  'OPERATION_NOT_ATTEMPTED',
];

/** The real leader side of a partition, alone with a log that was there before it. */
class LeaderDriver implements Driver {
  readonly optionalKeys = new Set(['underMinIsr']);
  readonly #id: number;
  readonly #partition: BrokerPartition;
  readonly #image: Map<number, BrokerView>;
  #replicas: readonly number[];
  #minIsr: number;
  #now: number;

  constructor(init: Fields, rules: KafkaRules) {
    this.#id = init.number('leader');
    this.#replicas = init.numbers('replicas');
    this.#minIsr = init.number('minIsr');
    this.#now = init.numberOr('now', 0);
    this.#image = readBrokers(init.child('brokers'));
    const existing = Array.from({ length: init.numberOr('leo', 0) }, () => 0);
    const log = ReplicaLog.restored(existing, existing, init.numberOr('hw', 0));
    const options = {
      id: this.#id,
      brokerEpoch: this.#image.get(this.#id)?.epoch ?? -1,
      rules,
      observerPolicy: null,
      lagTimeMaxMs: init.numberOr('replicaLagTimeMaxMs', 30_000),
    };
    this.#partition = new BrokerPartition(options, log);
    this.#applyMetadata(init.numberOr('leaderEpoch', 5), init.numberOr('partitionEpoch', 1), init.numbers('isr'));
  }

  get #leader(): PartitionLeader {
    if (this.#partition.leading === undefined) throw new MalformedRecording('init', `broker ${this.#id} does not lead`);
    return this.#partition.leading;
  }

  #applyMetadata(leaderEpoch: number, partitionEpoch: number, isr: readonly number[]): boolean {
    const registration = {
      replicas: this.#replicas,
      observers: [],
      isr,
      leader: this.#id,
      leaderEpoch,
      partitionEpoch,
    };
    const update = { registration, image: this.#image, minInsyncReplicas: this.#minIsr };
    return this.#partition.applyMetadata(update, this.#now);
  }

  /** Metadata that is ignored changes nothing, the replicas that later metadata leaves unsaid included. */
  #metadata(event: Fields): boolean {
    const before = this.#replicas;
    this.#replicas = event.numbersOr('replicas', before);
    const applied = this.#applyMetadata(
      event.number('leaderEpoch'),
      event.number('partitionEpoch'),
      event.numbers('isr'),
    );
    if (!applied) this.#replicas = before;
    return applied;
  }

  state(): Json {
    const leader = this.#leader;
    const { pending } = leader;
    const followers = [...leader.followers]
      .sort(([left], [right]) => left - right)
      .map(([id, follower]): [string, Json] => [
        String(id),
        {
          leo: follower.logEndOffset,
          lastFetchLeaderLeo: follower.lastFetchLeaderLogEndOffset,
          lastFetchTimeMs: follower.lastFetchTimeMs,
          lastCaughtUpTimeMs: follower.lastCaughtUpTimeMs,
          brokerEpoch: follower.brokerEpoch,
        },
      ]);
    return {
      now: this.#now,
      leo: this.#partition.log.endOffset,
      hw: this.#partition.log.highWatermark,
      isr: leader.isr,
      maximalIsr: leader.maximalIsr,
      pending: pending === undefined ? null : { kind: pending.kind, isr: pending.isr },
      leaderEpoch: leader.leaderEpoch,
      partitionEpoch: leader.partitionEpoch,
      effectiveMinIsr: leader.effectiveMinIsr,
      underMinIsr: leader.isUnderMinIsr,
      followers: Object.fromEntries(followers),
    };
  }

  apply(event: Fields): string {
    this.#now = event.numberOr('at', this.#now);
    const op = event.string('op');
    switch (op) {
      case 'append':
        return this.#append(event.number('acks'), event.number('n'));
      case 'fetch':
        return this.#fetch(event);
      case 'tick':
        return this.#tick();
      case 'alterOk':
        return this.#alterOk(event);
      case 'alterError':
        return this.#alterError(event.string('error'));
      case 'metadata':
        return this.#metadata(event) ? 'True' : 'False';
      case 'brokerMeta':
        this.#changeBroker(event);
        return '';
      case 'checkProduce': {
        const result = this.#leader.checkProduce(event.number('requiredOffset'));
        return result === 'WAIT' ? result : `DONE ${result}`;
      }
      case 'setMinIsr':
        this.#minIsr = event.number('value');
        this.#leader.updateContext(this.#image, this.#minIsr);
        return '';
      case 'wait':
        return '';
      default:
        throw new MalformedRecording(event.where, `unknown leader event "${op}"`);
    }
  }

  #append(acks: number, count: number): string {
    const base = this.#partition.log.endOffset;
    if (acks === -1 && this.#leader.isUnderMinIsr) return 'NOT_ENOUGH_REPLICAS';
    for (let record = 0; record < count; record++) {
      if (this.#leader.append(acks, record, this.#now) === 'NOT_ENOUGH_REPLICAS') return 'NOT_ENOUGH_REPLICAS';
    }
    return `APPENDED base=${base} requiredOffset=${base + count}`;
  }

  #fetch(event: Fields): string {
    const from = event.number('from');
    const result = this.#leader.recordFetch(from, {
      offset: event.number('offset'),
      brokerEpoch: event.numberOr('epoch', this.#image.get(from)?.epoch ?? -1),
      aliveBrokerEpoch: this.#leader.aliveBrokerEpoch(from),
      leaderEndOffset: this.#partition.log.endOffset,
      nowMs: this.#now,
    });
    return result === 'NONE' ? 'OK' : result;
  }

  #tick(): string {
    if (this.#leader.pending !== undefined) return 'skipped (AlterPartition in flight)';
    const change = this.#leader.maybeShrinkIsr(this.#now);
    if (change === undefined) return 'none';
    return `AlterPartition shrink to [${[...change.isr].sort((left, right) => left - right).join(', ')}]`;
  }

  #alterOk(event: Fields): string {
    const { pending, leaderEpoch, partitionEpoch } = this.#leader;
    if (pending === undefined) return 'ignored';
    const committed = {
      isr: pending.isr,
      leaderEpoch,
      partitionEpoch: event.numberOr('partitionEpoch', partitionEpoch + 1),
    };
    return this.#leader.alterPartitionCommitted(pending, committed, this.#now);
  }

  #alterError(name: string): string {
    const { pending } = this.#leader;
    const error = knownErrors.find((known) => known === name) ?? 'UNKNOWN_SERVER_ERROR';
    if (pending === undefined) return 'ignored';
    switch (this.#leader.alterPartitionFailed(pending, error)) {
      case 'reverted':
        return 'reverted to last committed state';
      case 'pending-until-metadata':
        return 'stays pending until new metadata';
      case 'retried':
        return 'retried';
      default:
        return 'ignored';
    }
  }

  #changeBroker(event: Fields): void {
    const id = event.number('broker');
    const known = this.#image.get(id) ?? { epoch: -1, fenced: false, inControlledShutdown: false };
    this.#image.set(id, {
      epoch: event.numberOr('epoch', known.epoch),
      fenced: event.booleanOr('fenced', known.fenced),
      inControlledShutdown: event.booleanOr('shuttingDown', known.inControlledShutdown),
    });
  }
}

function readBrokers(brokers: Fields): Map<number, BrokerView> {
  const image = new Map<number, BrokerView>();
  for (const key of Object.keys(brokers.object)) {
    const broker = FieldsOf.of(brokers.value(key), `${brokers.where}.${key}`);
    image.set(Number(key), {
      epoch: broker.number('epoch'),
      fenced: broker.booleanOr('fenced', false),
      inControlledShutdown: broker.booleanOr('shuttingDown', false),
    });
  }
  return image;
}

/** A sequence of `kafka-leader-traces` or a broker vector: `{id, init, initState, steps}`; `init.rules` may say `3.6-`. */
export function replayLeader(sequence: Fields, rules: KafkaRules = currentRules): ReplayReport {
  const init = sequence.child('init');
  const asOf = init.stringOr('rules', '3.7+') === '3.6-' ? { ...rulesOf('<=3.6'), guards: rules.guards } : rules;
  const driver = new LeaderDriver(init, asOf);
  return replaySteps(sequence.string('id'), driver, sequence.value('initState'), sequence.objects('steps'));
}
