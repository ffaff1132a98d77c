import type { Broker, Cluster, NodeId } from '../kafka/cluster';
import { type Mask, members } from '../simulator/partition/mask';
import type { Arrangement } from './assignments';

/** The names behind the indices of a shape. */
export interface Names {
  readonly slots: readonly NodeId[];
  /** Voter → controller. */
  readonly voters: readonly NodeId[];
  readonly observers: readonly NodeId[];
  /** The brokers of these slots, in assignment order. */
  readonly brokers: (slots: Mask) => readonly NodeId[];
  /** The controllers with these voter indices, ascending. */
  readonly controllers: (voters: Mask) => readonly NodeId[];
  readonly datacenter: (index: number) => string;
  /** Datacenters by index, sorted as the cluster lists them. */
  readonly inOrder: (indices: readonly number[]) => readonly number[];
  /** All brokers of a datacenter, with or without a replica here, ascending. */
  readonly brokersIn: (index: number) => readonly NodeId[];
  /** The same, by the datacenter's name. */
  readonly brokersOf: (datacenter: string) => readonly NodeId[];
  /** A broker of each datacenter that has brokers, but no replica. */
  readonly bystanders: readonly Broker[];
}

export function createNames(cluster: Cluster, arrangement: Arrangement): Names {
  const { shape, brokers, datacenters } = arrangement;
  const voters = votersInOrder(cluster, arrangement);
  const pick = <T>(list: readonly T[], mask: Mask): T[] =>
    members(mask).flatMap((index) => {
      const item = list[index];
      return item === undefined ? [] : [item];
    });
  const listed = cluster.datacenters.map(({ name }) => name);
  const rank = (index: number): number => {
    const place = listed.indexOf(datacenters[index] ?? '');
    return place < 0 ? listed.length + index : place;
  };
  const brokersIn = (index: number): readonly NodeId[] => {
    const declared = cluster.brokers.filter(({ datacenter }) => datacenter === datacenters[index]);
    const holding = pick(brokers, shape.slotsIn[index] ?? 0);
    return ascending([...new Set([...declared.map(({ id }) => id), ...holding])]);
  };
  return {
    slots: brokers,
    voters,
    observers: pick(brokers, shape.observers),
    brokers: (slots) => pick(brokers, slots),
    controllers: (mask) => ascending(pick(voters, mask)),
    datacenter: (index) => datacenters[index] ?? '?',
    inOrder: (indices) => [...indices].sort((one, other) => rank(one) - rank(other)),
    brokersIn,
    bystanders: bystandersOf(cluster, arrangement),
    brokersOf: (datacenter) => brokersIn(datacenters.indexOf(datacenter)),
  };
}

function bystandersOf(cluster: Cluster, { shape, datacenters }: Arrangement): readonly Broker[] {
  const holding = new Set(datacenters.filter((_, index) => (shape.slotsIn[index] ?? 0) !== 0));
  return cluster.datacenters.flatMap(({ name }) => {
    const first = cluster.brokers.find(({ datacenter }) => datacenter === name);
    return first === undefined || holding.has(name) ? [] : [first];
  });
}

/** Controllers in the order in which a shape numbers its voters: see `createShape`. */
function votersInOrder(cluster: Cluster, { shape, brokers, datacenters }: Arrangement): readonly NodeId[] {
  const declaredBrokers = new Set(cluster.brokers.map(({ id }) => id));
  const seated = new Set(brokers);
  const others = (cluster.controllers ?? []).filter(({ id }) => !seated.has(id));
  return [
    ...brokers.filter((_, slot) => shape.slots[slot]?.votes === true),
    ...(shape.otherVoters ?? []).flatMap(({ datacenter }) => {
      const here = others.filter((controller) => controller.datacenter === datacenters[datacenter]);
      const combined = here.filter(({ id }) => declaredBrokers.has(id));
      return [...here.filter(({ id }) => !declaredBrokers.has(id)), ...combined].map(({ id }) => id);
    }),
  ];
}

function ascending(ids: readonly NodeId[]): readonly NodeId[] {
  return [...ids].sort((one, other) => one - other);
}
