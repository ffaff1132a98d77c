import type { Fact, Origin, Place } from './origin';

/** Kafka's `node.id` (or `broker.id`). A broker and a controller with the same id are one process (combined mode). */
export type NodeId = number;

/** A failure domain of one or more racks. A rack is not a datacenter: sites are often split (`west-f`, `west-o`). */
export interface Datacenter {
  readonly name: string;
  readonly racks: readonly string[];
}

export interface Broker {
  readonly id: NodeId;
  /** `broker.rack`, or `null` where it is not set (such a broker matches no rack constraint). */
  readonly rack: string | null;
  /** Name of a {@link Datacenter}. */
  readonly datacenter: string;
  /** Where it is declared; absent for assumed brokers. */
  readonly place?: Place;
}

/** A voter of the KRaft quorum. */
export interface Controller {
  readonly id: NodeId;
  readonly datacenter: string;
  readonly place?: Place;
}

/** A voter of which nobody says where it stands. */
export interface UnplacedController {
  readonly id: NodeId;
  /** Its service or host, which may tell a person more. */
  readonly name: string;
  readonly place?: Place;
}

/** What the loss of a datacenter must not cost. `durable-first`: no acknowledged write lost with any one datacenter. */
export type SurvivalGoal = 'durable-first' | 'available-first';

export interface Cluster {
  readonly datacenters: readonly Datacenter[];
  readonly brokers: readonly Broker[];
  /** `null` where no file lists them: the quorum is then assumed to stand, and no quorum scenario is tried. */
  readonly controllers: readonly Controller[] | null;
  /** Those that files name all the same, where it is not known of each in which datacenter it is. Absent where there are none. */
  readonly unplacedControllers?: readonly UnplacedController[];
  readonly goal: Fact<SurvivalGoal>;
  /** Where each part of the picture comes from. */
  readonly origins: {
    readonly datacenters: Origin;
    readonly brokers: Origin;
    readonly controllers: Origin;
  };
  /** Confluent Platform's version as written (`7.6.1`), for rules that depend on it. */
  readonly confluentPlatform?: Fact<string>;
}

/** Voters needed to commit metadata: a majority, floor(n / 2) + 1. Source: Raft; KRaft `LeaderState`. */
export function majority(voterCount: number): number {
  return Math.floor(voterCount / 2) + 1;
}

/** The datacenter that a rack belongs to, or `undefined` for a rack no datacenter lists. */
export function datacenterOfRack(cluster: Cluster, rack: string): string | undefined {
  return cluster.datacenters.find((datacenter) => datacenter.racks.includes(rack))?.name;
}
