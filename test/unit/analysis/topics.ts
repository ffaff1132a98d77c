import type { Broker, Cluster, Controller, SurvivalGoal } from '../../../src/kafka/cluster';
import { assumed } from '../../../src/kafka/origin';
import type { ObserverPromotionPolicy, Placement } from '../../../src/kafka/placement';
import type { PartitionAssignment, Topic } from '../../../src/kafka/topic';

/** So many, by datacenter: `{ west: 3, east: 3 }`. */
export type Counts = Readonly<Record<string, number>>;

const origin = { kind: 'assumed', assumption: 'enough-brokers' } as const;

export interface ClusterOptions {
  readonly goal?: SurvivalGoal;
  /** Several racks per datacenter; otherwise each datacenter is one rack of the same name. */
  readonly racks?: Readonly<Record<string, readonly string[]>>;
  /** Brokers that are controllers too. */
  readonly combined?: readonly number[];
}

/** Brokers 1, 2, 3 … datacenter by datacenter, spread over its racks; controllers from 101 on. */
export function cluster(brokers: Counts, controllers: Counts | null, options: ClusterOptions = {}): Cluster {
  const names = [...new Set([...Object.keys(brokers), ...Object.keys(controllers ?? {})])];
  const racksOf = (name: string): readonly string[] => options.racks?.[name] ?? [name];
  let id = 0;
  const brokerList = Object.entries(brokers).flatMap(([datacenter, count]) =>
    Array.from({ length: count }, (_, index): Broker => {
      const racks = racksOf(datacenter);
      return { id: ++id, rack: racks[index % racks.length]!, datacenter };
    }),
  );
  let controllerId = 100;
  const dedicated = Object.entries(controllers ?? {}).flatMap(([datacenter, count]) =>
    Array.from({ length: count }, (): Controller => ({ id: ++controllerId, datacenter })),
  );
  const combined = (options.combined ?? []).map((broker): Controller => {
    return { id: broker, datacenter: brokerList.find((candidate) => candidate.id === broker)!.datacenter };
  });
  return {
    datacenters: names.map((name) => ({ name, racks: racksOf(name) })),
    brokers: brokerList,
    controllers: controllers === null ? null : [...dedicated, ...combined],
    goal: assumed(options.goal ?? 'durable-first', 'settings'),
    origins: { datacenters: origin, brokers: origin, controllers: origin },
  };
}

export interface TopicOptions {
  readonly minIsr?: number;
  readonly version?: 1 | 2;
  readonly policy?: ObserverPromotionPolicy;
  readonly uncleanElection?: boolean;
  readonly assignments?: readonly PartitionAssignment[];
}

/** A topic by racks: `topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 })`. The rack `*` is any broker. */
export function topic(replicas: Counts, observers: Counts, options: TopicOptions = {}): Topic {
  const constraints = (counts: Counts): Placement['replicas'] =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([rack, count]) => ({ count, rack: rack === '*' ? null : rack }));
  return {
    name: assumed('orders', 'named-after-file'),
    partitions: assumed(1, 'kafka-default'),
    minIsr: assumed(options.minIsr ?? 1, 'kafka-default'),
    uncleanLeaderElection: assumed(options.uncleanElection ?? false, 'kafka-default'),
    placement: {
      version: options.version ?? 2,
      replicas: constraints(replicas),
      observers: constraints(observers),
      ...(options.policy === undefined ? {} : { observerPromotionPolicy: options.policy }),
    },
    placementPlace: { uri: 'memory:placement.json', start: 0, end: 0 },
    assignments: options.assignments ?? null,
  };
}

/** The cluster of the contract: two datacenters of three brokers and two controllers, a third with one controller. */
export const twoAndAHalf = cluster({ west: 3, east: 3 }, { west: 2, east: 2, central: 1 });
