import type { Broker, Cluster, NodeId } from '../kafka/cluster';
import { oncePerObject } from './once';

/** The cluster's brokers, and as many more as a placement asks for beyond them. All that no topic makes a difference to. */
export interface Ground {
  readonly stands: readonly Stand[];
  readonly broker: (id: NodeId) => Broker | undefined;
  readonly isController: (broker: NodeId) => boolean;
  /** Controllers that hold no replica if those in these processes do, by datacenter; `null` where the quorum is assumed to stand. */
  readonly votersBesides: (seated: readonly NodeId[]) => ReadonlyMap<string, VoterCounts> | null;
  /** A broker that nobody declared: the placement asks for more than there are, or for an unknown rack. */
  readonly invent: (rack: string | null, taken: ReadonlySet<NodeId>) => Broker;
}

/** Where a broker stands, in numbers: equal ones for the same rack, and for the same datacenter and process. */
interface Stand {
  readonly broker: Broker;
  readonly rack: number;
  readonly site: number;
}

/** Controllers of one datacenter: processes of their own, and brokers that are controllers too. */
export interface VoterCounts {
  readonly dedicated: number;
  readonly combined: number;
}

/** What is known of a cluster before any topic is placed. Found out once. */
export const groundOf = oncePerObject((cluster: Cluster): Ground => {
  const controllers = new Set((cluster.controllers ?? []).map(({ id }) => id));
  const brokers = new Map(cluster.brokers.map((broker) => [broker.id, broker]));
  const firstFree = [...brokers.keys(), ...controllers].reduce((most, id) => Math.max(most, id), 0) + 1;
  const datacenterOf = (rack: string | null): string =>
    cluster.datacenters.find(({ racks }) => rack !== null && racks.includes(rack))?.name ?? rack ?? '?';
  const allVoters = votersByDatacenter(cluster, brokers, new Set());
  return {
    stands: standsOf(cluster, controllers),
    broker: (id) => brokers.get(id),
    isController: (broker) => controllers.has(broker),
    votersBesides: (seated) => {
      if (cluster.controllers === null) return null;
      if (!seated.some((id) => controllers.has(id))) return allVoters;
      return votersByDatacenter(cluster, brokers, new Set(seated));
    },
    invent: (rack, taken) => {
      let id = firstFree;
      while (taken.has(id)) id++;
      return { id, rack, datacenter: datacenterOf(rack) };
    },
  };
});

function standsOf({ brokers }: Cluster, controllers: ReadonlySet<NodeId>): readonly Stand[] {
  const racks = new Map<string | null, number>();
  const datacenters = new Map<string, number>();
  return brokers.map((broker) => ({
    broker,
    rack: numberOf(racks, broker.rack),
    site: numberOf(datacenters, broker.datacenter) * 2 + (controllers.has(broker.id) ? 1 : 0),
  }));
}

/** Numbers names in the order in which they are first asked for. */
function numberOf<T>(numbers: Map<T, number>, name: T): number {
  const known = numbers.get(name) ?? numbers.size;
  numbers.set(name, known);
  return known;
}

/** Controllers by datacenter, without those that hold a replica. */
function votersByDatacenter(
  cluster: Cluster,
  brokers: ReadonlyMap<NodeId, Broker>,
  seated: ReadonlySet<NodeId>,
): ReadonlyMap<string, VoterCounts> {
  const counts = new Map<string, VoterCounts>();
  for (const { id, datacenter } of cluster.controllers ?? []) {
    if (seated.has(id)) continue;
    const { dedicated, combined } = counts.get(datacenter) ?? { dedicated: 0, combined: 0 };
    const isBroker = brokers.has(id);
    counts.set(datacenter, { dedicated: dedicated + (isBroker ? 0 : 1), combined: combined + (isBroker ? 1 : 0) });
  }
  return counts;
}

/** Brokers of which one stands for all: same datacenter, same rack as far as a constraint names it, a controller or not. */
export interface Pool {
  /** `null` where no constraint names it. */
  readonly rack: string | null;
  readonly brokers: Broker[];
}

/** The cluster's brokers in pools, as far as constraints that name these racks tell them apart. */
export function poolsOf({ stands }: Ground, namedRacks: ReadonlySet<string | null>): readonly Pool[] {
  const pools = new Map<number, Pool>();
  for (const { broker, rack, site } of stands) {
    const isNamed = broker.rack !== null && namedRacks.has(broker.rack);
    // There are no more racks than brokers.
    const key = site * (stands.length + 1) + (isNamed ? rack + 1 : 0);
    const pool = pools.get(key);
    if (pool === undefined) pools.set(key, { rack: isNamed ? broker.rack : null, brokers: [broker] });
    else pool.brokers.push(broker);
  }
  return [...pools.values()];
}
