import type { Broker, Cluster, NodeId } from '../kafka/cluster';
import { effectivePolicy, replicaCount } from '../kafka/placement';
import type { PartitionAssignment, Topic } from '../kafka/topic';
import { createShape, defaultSwitches, fitsShape, type ShapeParts, type Switches } from '../simulator/partition/shape';

/**
 * All assigned partitions of a cluster, in a few flat arrays: half a million partitions of six replicas take 15 MB. What
 * the partitions of one class have in common is said once; a partition is then its class and the brokers of its slots.
 */
export interface Fleet {
  readonly cluster: Cluster;
  /** Those of the cluster, and after them those that assignments name and nobody declares. */
  readonly brokers: readonly Broker[];
  readonly classes: readonly PartitionClass[];
  readonly partitionCount: number;
  /** Partition → index of its class. */
  readonly classOf: Int32Array;
  /** Partition → where its replicas start; one entry more than there are partitions. */
  readonly starts: Int32Array;
  /** Indices of brokers, partition after partition, each in assignment order. */
  readonly replicas: Int32Array;
  /** Which partition an index stands for. */
  readonly nameOf: (partition: number) => PartitionName;
}

/** Partitions of one class behave alike: equal slots lost, equal outcome. */
export interface PartitionClass {
  readonly partitions: number;
  /** Without settings that make no difference. `null` for partitions that do not fit a shape: those are counted, not examined. */
  readonly parts: ShapeParts | null;
}

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/**
 * The fleet of the topics whose assignment is known; others are left out. Where the brokers of a partition stand is no part of its class: a
 * loss takes some of its slots, and to those that are left it makes no difference what the lost ones had in common.
 * Which of them take controllers along is counted loss by loss.
 */
export function fleetOf(cluster: Cluster, topics: readonly Topic[], switches: Switches = defaultSwitches): Fleet {
  const placed = topics.flatMap(({ assignments }, topic) => (assignments === null ? [] : [{ topic, assignments }]));
  const partitionCount = sum(placed.map(({ assignments }) => assignments.length));
  const replicaTotal = sum(placed.map(({ assignments }) => sum(assignments.map(({ replicas }) => replicas.length))));
  const starts = new Int32Array(partitionCount + 1);
  const replicas = new Int32Array(replicaTotal);
  const classOf = new Int32Array(partitionCount);
  const roster = createRoster(cluster);
  const classes = new Map<string, OpenClass>();
  const classesFor = createClassifier(cluster, switches, classes);
  const firsts: { readonly partition: number; readonly topic: number }[] = [];

  let partition = 0;
  let end = 0;
  for (const { topic, assignments } of placed) {
    const settings = topics[topic];
    if (settings === undefined) continue;
    firsts.push({ partition, topic });
    const classFor = classesFor(settings);
    for (const assignment of assignments) {
      const open = classFor(assignment);
      open.partitions++;
      classOf[partition++] = open.index;
      for (const broker of assignment.replicas) replicas[end++] = roster.indexOf(broker);
      starts[partition] = end;
    }
  }
  return {
    cluster,
    brokers: roster.brokers,
    classes: [...classes.values()],
    partitionCount,
    classOf,
    starts,
    replicas,
    nameOf: (index) => {
      const first = firsts.findLast(({ partition: start }) => start <= index);
      const topic = topics[first?.topic ?? -1];
      return {
        topic: topic?.name.value ?? '?',
        partition: topic?.assignments?.[index - (first?.partition ?? 0)]?.partition ?? -1,
      };
    },
  };
}

/** A class that still counts its partitions. */
interface OpenClass extends PartitionClass {
  readonly index: number;
  partitions: number;
}

type ClassOf = (assignment: PartitionAssignment) => OpenClass;

/** Finds the class of a topic's partitions. A shape is made once for each layout under the same settings, not for each topic. */
function createClassifier(
  cluster: Cluster,
  switches: Switches,
  classes: Map<string, OpenClass>,
): (topic: Topic) => ClassOf {
  const bySettings = new Map<string, ClassOf>();
  return (topic) => {
    const { minIsr, placement, uncleanLeaderElection } = topic;
    const placed = replicaCount(placement.replicas);
    const settings = `${minIsr.value}/${effectivePolicy(placement)}/${placed}/${uncleanLeaderElection.value}`;
    const known = bySettings.get(settings);
    if (known !== undefined) return known;
    const classFor = classesOf(cluster, topic, switches, classes);
    bySettings.set(settings, classFor);
    return classFor;
  };
}

/** The class of each layout, that is of so many replicas of which so many are observers, under one topic's settings. */
function classesOf(cluster: Cluster, topic: Topic, switches: Switches, classes: Map<string, OpenClass>): ClassOf {
  const byLayout = new Map<number, OpenClass>();
  return ({ replicas, observers }) => {
    const layout = replicas.length * 2 ** 16 + observers.length;
    const known = byLayout.get(layout);
    if (known !== undefined) return known;
    const parts = partsOf(cluster, topic, switches, replicas.length, observers.length);
    const reduced = fitsShape(parts) ? withoutIdleSettings(parts) : null;
    // Shapes are equal exactly where their keys are.
    const key = reduced === null ? '' : createShape(reduced).key;
    const found = classes.get(key) ?? { index: classes.size, partitions: 0, parts: reduced };
    classes.set(key, found);
    byLayout.set(layout, found);
    return found;
  };
}

/**
 * The same partition without what makes no difference to it, so that more topics share a class. The settled model reads of min
 * ISR its effective value, and of the policy two things: under which ISR size it asks for observers, and whether an observer
 * that leads lets all others in. An ISR is never larger than the assignment, and without observers no policy acts.
 */
function withoutIdleSettings(parts: ShapeParts): ShapeParts {
  const { effectiveMinIsr, threshold, observers, slotCount } = createShape(parts);
  const reduced = { ...parts, minIsr: effectiveMinIsr };
  return parts.policy === 'leader-is-observer' || observers === 0
    ? { ...reduced, policy: 'leader-is-observer', placedSyncReplicas: 0 }
    : { ...reduced, policy: 'under-replicated', placedSyncReplicas: Math.min(threshold, slotCount) };
}

function partsOf(
  { controllers }: Cluster,
  { placement, minIsr, uncleanLeaderElection }: Topic,
  switches: Switches,
  replicas: number,
  observers: number,
): ShapeParts {
  return {
    slots: Array.from({ length: replicas }, (_, slot) => ({
      role: slot < replicas - observers ? 'sync' : 'observer',
      datacenter: 0,
      votes: false,
    })),
    datacenterCount: 1,
    minIsr: minIsr.value,
    policy: effectivePolicy(placement),
    placedSyncReplicas: replicaCount(placement.replicas),
    uncleanElection: uncleanLeaderElection.value,
    electionOrder: 'assignment',
    otherVoters: controllers === null ? null : [{ datacenter: 0, dedicated: controllers.length, combined: 0 }],
    switches,
  };
}

interface Roster {
  readonly brokers: readonly Broker[];
  readonly indexOf: (broker: NodeId) => number;
}

/** Numbers the brokers; one that nobody declared joins when it is first named, in no known rack or datacenter. */
function createRoster(cluster: Cluster): Roster {
  const brokers = [...cluster.brokers];
  const indices = new Map(brokers.map(({ id }, index) => [id, index]));
  return {
    brokers,
    indexOf: (id) => {
      const known = indices.get(id);
      if (known !== undefined) return known;
      indices.set(id, brokers.length);
      brokers.push({ id, rack: null, datacenter: '?' });
      return brokers.length - 1;
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
