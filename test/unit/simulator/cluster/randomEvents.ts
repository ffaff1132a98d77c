import fc from 'fast-check';
import { Cluster } from '../../../../src/simulator/cluster/cluster';
import { NO_LEADER } from '../../../../src/simulator/cluster/partition';
import { currentRules, type KafkaRules } from '../../../../src/simulator/cluster/rules';

/** One message, timer or failure. An event that cannot happen in the state it meets does nothing. */
export type RandomEvent =
  | { readonly op: 'produce'; readonly acks: number }
  | { readonly op: 'fetch'; readonly broker: number; readonly max: number }
  | { readonly op: 'meta' | 'heartbeat' | 'fence'; readonly broker: number }
  | { readonly op: 'advance'; readonly ms: number }
  | { readonly op: 'tick' | 'electPreferred' }
  | { readonly op: 'alter'; readonly lost: boolean }
  | { readonly op: 'crash'; readonly broker: number; readonly checkpointed: boolean }
  | { readonly op: 'restart'; readonly broker: number; readonly lose: number };

export interface RandomSetting {
  readonly brokers: number;
  readonly minIsr: number;
  readonly elr: boolean;
  readonly unclean: boolean;
  /** Restarts that may lose the end of a log. */
  readonly lossy: number;
  /** How all other stops are found at restart. */
  readonly otherStops: 'clean' | 'unclean';
}

const everyRecord = 1_000;

/** Any order of events over brokers 1 to `brokers`, weighted so that runs get somewhere. */
export function randomEvents(brokers: number, maxLength = 120): fc.Arbitrary<RandomEvent[]> {
  const broker = fc.integer({ min: 1, max: brokers });
  const mostlyAll = fc.constantFrom(-1, -1, -1, -1, 1);
  const event = fc.oneof(
    { weight: 22, arbitrary: fc.record({ op: fc.constant('produce' as const), acks: mostlyAll }) },
    {
      weight: 30,
      arbitrary: fc.record({
        op: fc.constant('fetch' as const),
        broker,
        max: fc.constantFrom(1, everyRecord, everyRecord),
      }),
    },
    { weight: 14, arbitrary: fc.record({ op: fc.constant('meta' as const), broker }) },
    {
      weight: 3,
      arbitrary: fc.record({ op: fc.constant('advance' as const), ms: fc.constantFrom(1_000, 5_000, 31_000) }),
    },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('tick' as const) }) },
    {
      weight: 9,
      arbitrary: fc.record({ op: fc.constant('alter' as const), lost: fc.constantFrom(false, false, true) }),
    },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('fence' as const), broker }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('heartbeat' as const), broker }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('electPreferred' as const) }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('crash' as const), broker, checkpointed: fc.boolean() }) },
    {
      weight: 5,
      arbitrary: fc.record({ op: fc.constant('restart' as const), broker, lose: fc.constantFrom(0, 0, 1, 4) }),
    },
  );
  return fc.array(event, { maxLength, size: 'max' });
}

/** The exact model under random events, with what an observer of all brokers at once may check. */
export class RandomRun {
  readonly cluster: Cluster;
  readonly setting: RandomSetting;
  /** Brokers that lost records they had, and have not followed a leader since. */
  readonly lossy = new Set<number>();
  #lossyLeft: number;
  uncleanRestarts = 0;

  constructor(setting: RandomSetting, rules: KafkaRules = currentRules) {
    this.setting = setting;
    this.#lossyLeft = setting.lossy;
    const brokers = Array.from({ length: setting.brokers }, (_, index) => index + 1);
    this.cluster = new Cluster({
      brokers,
      replicas: brokers,
      settings: { minInsyncReplicas: setting.minIsr, uncleanLeaderElection: setting.unclean },
      elrEnabled: setting.elr,
      rules,
      sessionTimeoutMs: Number.POSITIVE_INFINITY,
      nowMs: 1_000_000,
    });
  }

  get brokers(): readonly number[] {
    return this.cluster.controller.brokerIds;
  }

  get leaders(): readonly number[] {
    return [...this.cluster.running].filter(([, broker]) => broker.leading !== undefined).map(([id]) => id);
  }

  apply(event: RandomEvent): void {
    const { cluster } = this;
    switch (event.op) {
      case 'produce':
        for (const leader of this.leaders.slice(0, 1)) cluster.produce(leader, event.acks);
        break;
      case 'fetch':
        cluster.fetch(event.broker, event.max);
        break;
      case 'meta':
        cluster.deliverMetadata(event.broker);
        break;
      case 'heartbeat':
        cluster.heartbeat(event.broker, { metadataOffset: Number.MAX_SAFE_INTEGER });
        break;
      case 'fence':
        cluster.controller.fence(event.broker);
        break;
      case 'advance':
        cluster.nowMs += event.ms;
        break;
      case 'tick':
        for (const leader of this.leaders) cluster.broker(leader)?.leading?.maybeShrinkIsr(cluster.nowMs);
        break;
      case 'electPreferred':
        cluster.controller.electPreferredTask();
        break;
      case 'alter':
        for (const leader of this.leaders) cluster.deliverAlterPartition(leader, event.lost);
        break;
      case 'crash':
        cluster.stop(event.broker, event.checkpointed ? (cluster.broker(event.broker)?.log.highWatermark ?? 0) : 0);
        break;
      case 'restart':
        this.restart(event.broker, event.lose);
        break;
    }
    cluster.completeProduces();
  }

  restart(id: number, wantedLoss: number): void {
    const { cluster } = this;
    if (cluster.broker(id) !== undefined) return;
    cluster.controller.fence(id);
    cluster.controller.expireSession(id);
    const lose = this.#lossyLeft > 0 ? wantedLoss : 0;
    if (lose > 0) {
      this.#lossyLeft--;
      this.lossy.add(id);
    }
    const clean = lose === 0 && this.setting.otherStops === 'clean';
    if (!clean) this.uncleanRestarts++;
    cluster.restart(id, clean, lose);
  }

  /** Everything heals: every broker runs, is heard, and fetches until nothing changes. */
  converge(): void {
    const { cluster } = this;
    cluster.nowMs += 20_000;
    for (const id of this.brokers) this.restart(id, 0);
    for (let round = 0; round < 6; round++) {
      for (const id of this.brokers) cluster.heartbeat(id, { metadataOffset: Number.MAX_SAFE_INTEGER });
      for (const id of this.brokers) cluster.deliverMetadata(id);
      for (let pass = 0; pass < 3; pass++) {
        for (const id of this.brokers) cluster.fetch(id, everyRecord);
        for (const id of this.leaders) {
          cluster.deliverAlterPartition(id);
          cluster.deliverMetadata(id);
        }
      }
      cluster.completeProduces();
    }
  }

  /** Records acknowledged with acks=all that the leader does not have; none while there is no leader. */
  lostAcknowledged(): number[] {
    const { leader } = this.cluster.controller.partition;
    const log = leader === NO_LEADER ? undefined : this.cluster.broker(leader)?.log;
    if (log === undefined) return [];
    const held = new Set(log.ids);
    return [...this.cluster.acknowledged].filter(([id, acks]) => acks === -1 && !held.has(id)).map(([id]) => id);
  }
}
