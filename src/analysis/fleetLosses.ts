import { type Broker, type Cluster, majority, type NodeId } from '../kafka/cluster';
import { firstMembers, type Mask, size } from '../simulator/partition/mask';
import { createModel } from '../simulator/partition/model';
import { createShape, type Shape, type ShapeParts } from '../simulator/partition/shape';
import { healthyWorld } from '../simulator/partition/world';
import { defaultTimes } from '../simulator/times';
import { runStages } from './courses';
import type { Fleet, PartitionClass, PartitionName } from './fleet';
import { judgeWrites } from './judgement';
import { type Writes, writesOrder } from './outcome';

/** What is lost, at one instant and for good. */
export type Loss =
  | { readonly kind: 'broker'; readonly broker: NodeId }
  /** All brokers of a rack, and the controllers in their processes. */
  | { readonly kind: 'rack'; readonly rack: string }
  /** All brokers and all controllers of a datacenter. */
  | { readonly kind: 'datacenter'; readonly datacenter: string };

/** What one loss does to a fleet in which everything stood and was caught up. */
export interface LossReport {
  readonly loss: Loss;
  /** Partitions that lose a replica. */
  readonly touched: number;
  /** Partitions by what becomes of their acks=all writes, all that were examined. */
  readonly writes: Readonly<Record<Writes, number>>;
  /** Touched partitions that are worse off than before, the worst first, at most {@link maxWorstListed} of each outcome. */
  readonly worst: readonly HurtPartition[];
}

export interface HurtPartition extends PartitionName {
  readonly writes: Writes;
}

export interface FleetSurvey {
  readonly reports: readonly LossReport[];
  /** Partitions that were examined. */
  readonly partitions: number;
  /** Partitions with more replicas, or a quorum with more voters, than a shape can hold: not examined. */
  readonly beyond: number;
  /** Distinct triples of a class, the slots it lost and what became of the quorum, as far as it matters: each was settled once. */
  readonly settled: number;
}

/** So many partitions of each outcome are named for each loss; all are counted. */
export const maxWorstListed = 5;

/**
 * Every single loss of a broker, a rack and a datacenter, in this order, in one pass over the partitions. A pass costs a few
 * operations for each replica: what a loss leaves of a partition is a set of slots, and few sets of slots are possible
 * however many assignments there are.
 */
export function surveyLosses(fleet: Fleet): FleetSurvey {
  const losses = everySingleLoss(fleet.cluster, fleet.brokers);
  const settler = createSettler(fleet);
  const tally = createTally(fleet, losses, settler);
  const { of: lossesOf, starts: lossStarts } = lossesByBroker(losses, fleet.brokers.length);
  const { classOf, starts, replicas, partitionCount } = fleet;
  /** Loss → the slots of the partition at hand that it takes; all empty between two partitions. */
  const lostSlots = new Int32Array(losses.length);
  const touching = new Int32Array(losses.length);
  for (let partition = 0; partition < partitionCount; partition++) {
    const start = starts[partition] ?? 0;
    const end = starts[partition + 1] ?? start;
    const partitionClass = classOf[partition] ?? 0;
    if (!settler.examines(partitionClass)) continue;
    let count = 0;
    for (let replica = start; replica < end; replica++) {
      const broker = replicas[replica] ?? 0;
      const last = lossStarts[broker + 1] ?? 0;
      for (let at = lossStarts[broker] ?? 0; at < last; at++) {
        const loss = lossesOf[at] ?? 0;
        const slots = lostSlots[loss] ?? 0;
        if (slots === 0) touching[count++] = loss;
        lostSlots[loss] = slots | (1 << (replica - start));
      }
    }
    for (let at = 0; at < count; at++) {
      const loss = touching[at] ?? 0;
      tally.add(loss, partition, partitionClass, lostSlots[loss] ?? 0);
      lostSlots[loss] = 0;
    }
  }
  return { reports: tally.reports(), ...tally.totals, settled: settler.settled() };
}

/** A loss in terms of the fleet. */
interface GroupLoss {
  readonly loss: Loss;
  /** Indices of brokers. */
  readonly brokers: readonly number[];
  readonly controllers: number;
}

function everySingleLoss(cluster: Cluster, brokers: readonly Broker[]): readonly GroupLoss[] {
  const controllers = cluster.controllers ?? [];
  const withTheirControllers = (loss: Loss, lost: readonly number[]): GroupLoss => {
    const ids = new Set(lost.map((index) => brokers[index]?.id));
    const dead = controllers.filter(
      ({ id, datacenter }) => ids.has(id) || (loss.kind === 'datacenter' && datacenter === loss.datacenter),
    );
    return { loss, brokers: lost, controllers: dead.length };
  };
  const racks = indicesBy(brokers.map(({ rack }) => rack));
  const datacenters = indicesBy([
    ...brokers.map(({ datacenter }) => datacenter),
    ...controllers.map(({ datacenter }) => datacenter),
  ]);
  return [
    ...brokers.map(({ id }, index) => withTheirControllers({ kind: 'broker', broker: id }, [index])),
    ...[...racks].map(([rack, lost]) => withTheirControllers({ kind: 'rack', rack }, lost)),
    ...[...datacenters].map(([datacenter, lost]) =>
      withTheirControllers(
        { kind: 'datacenter', datacenter },
        lost.filter((index) => index < brokers.length),
      ),
    ),
  ];
}

/** Name → the indices where it stands, in the order in which names first turn up. */
function indicesBy(names: readonly (string | null)[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    if (name === null) continue;
    const indices = found.get(name) ?? [];
    indices.push(index);
    found.set(name, indices);
  }
  return found;
}

interface LossesByBroker {
  /** Broker → where its losses start in `of`; one entry more than there are brokers. */
  readonly starts: Int32Array;
  readonly of: Int32Array;
}

function lossesByBroker(losses: readonly GroupLoss[], brokerCount: number): LossesByBroker {
  const lists = Array.from({ length: brokerCount }, (): number[] => []);
  for (const [index, { brokers }] of losses.entries()) for (const broker of brokers) lists[broker]?.push(index);
  const starts = new Int32Array(brokerCount + 1);
  for (const [broker, list] of lists.entries()) starts[broker + 1] = (starts[broker] ?? 0) + list.length;
  return { starts, of: Int32Array.from(lists.flat()) };
}

/** Knows the outcome of every loss, as an index of {@link writesOrder}. */
interface Settler {
  readonly examines: (partitionClass: number) => boolean;
  readonly outcome: (partitionClass: number, lostSlots: Mask, lostControllers: number) => number;
  readonly settled: () => number;
}

/** Asks the settled model once for each class, set of lost slots and state of the quorum. */
function createSettler({ classes, cluster }: Fleet): Settler {
  const quorumAfter = quorumsByLoss(cluster.controllers?.length ?? 0);
  const ask = classes.map(({ parts }) => (parts === null ? null : createQuestion(parts)));
  const examined = Uint8Array.from(ask, (question) => (question === null ? 0 : 1));
  const memory = createMemory(classes);
  let settled = 0;
  return {
    examines: (partitionClass) => examined[partitionClass] === 1,
    outcome: (partitionClass, lostSlots, lostControllers) => {
      const quorum = quorumAfter[lostControllers] ?? 0;
      const remembered = memory.recall(partitionClass, quorum, lostSlots);
      if (remembered !== unknown) return remembered;
      const question = ask[partitionClass];
      const alike = question?.alike(lostSlots) ?? lostSlots;
      let outcome = memory.recall(partitionClass, quorum, alike);
      if (outcome === unknown) {
        outcome = question?.answer(alike, lostControllers) ?? 0;
        memory.keep(partitionClass, quorum, alike, outcome);
        settled++;
      }
      memory.keep(partitionClass, quorum, lostSlots, outcome);
      return outcome;
    },
    settled: () => settled,
  };
}

/**
 * What the loss of so many controllers means to a partition whose brokers are no controllers themselves: 0, nothing; 1, a
 * majority is left, but the active one may have died, which takes time; 2, no quorum.
 */
function quorumsByLoss(controllerCount: number): Int8Array {
  return Int8Array.from({ length: controllerCount + 1 }, (_, lost) => {
    if (lost === 0) return 0;
    return controllerCount - lost >= majority(controllerCount) ? 1 : 2;
  });
}

const quorumStates = 3;
const unknown = -1;

/** Sets of this many slots are looked up in a table. */
const tabledSlots = 8;
const tableSize = 2 ** tabledSlots;

/** Outcomes that are known, by class, state of the quorum and lost slots. */
interface Memory {
  readonly recall: (partitionClass: number, quorum: number, lostSlots: Mask) => number;
  readonly keep: (partitionClass: number, quorum: number, lostSlots: Mask, outcome: number) => void;
}

/**
 * A class takes 768 bytes of one table. Wider ones than the table was made for remember the sets of slots that some loss
 * took: no more than there are pairs of a loss and a partition it touches.
 */
function createMemory(classes: readonly PartitionClass[]): Memory {
  const table = new Int8Array(classes.length * quorumStates * tableSize).fill(unknown);
  const wide = new Map<number, Map<Mask, number>>();
  return {
    recall: (partitionClass, quorum, lostSlots) => {
      const row = partitionClass * quorumStates + quorum;
      if (lostSlots < tableSize) return table[row * tableSize + lostSlots] ?? unknown;
      return wide.get(row)?.get(lostSlots) ?? unknown;
    },
    keep: (partitionClass, quorum, lostSlots, outcome) => {
      const row = partitionClass * quorumStates + quorum;
      if (lostSlots < tableSize) table[row * tableSize + lostSlots] = outcome;
      else wide.set(row, (wide.get(row) ?? new Map<Mask, number>()).set(lostSlots, outcome));
    },
  };
}

interface Question {
  /** The same for all sets of slots that are lost to the same effect. */
  readonly alike: (lostSlots: Mask) => Mask;
  readonly answer: (lostSlots: Mask, lostControllers: number) => number;
}

/** The worst over every way a partition may settle: the same courses, judged in the same words, as for one topic. */
function createQuestion(parts: ShapeParts): Question {
  const shape = createShape(parts);
  const model = createModel(shape, shape.alike);
  const starts = model.settle(healthyWorld(shape));
  return {
    alike: (lostSlots) => alikeLoss(shape, lostSlots),
    answer: (lostSlots, lostControllers) => {
      const blow = { crash: lostSlots, crashVoters: firstMembers(lostControllers) };
      const courses = runStages(model, starts, [() => [blow]], defaultTimes);
      return Math.max(
        ...courses.map(({ world, blockedMs }) => writesOrder.indexOf(judgeWrites(shape, world, blockedMs !== null))),
      );
    },
  };
}

/**
 * The order of the assignment matters to elections alone. While the leader lives, which is the first replica where all was
 * well, there is none: only how many of each role are lost makes a difference, so that the first of them stand for all.
 */
function alikeLoss({ sync, observers }: Shape, lostSlots: Mask): Mask {
  if ((sync & 1) === 0 || (lostSlots & 1) !== 0) return lostSlots;
  const lostSync = firstMembers(size(lostSlots & sync)) << 1;
  return lostSync | (firstMembers(size(lostSlots & observers)) << size(sync));
}

interface Tally {
  readonly totals: Pick<FleetSurvey, 'partitions' | 'beyond'>;
  readonly add: (loss: number, partition: number, partitionClass: number, lostSlots: Mask) => void;
  readonly reports: () => readonly LossReport[];
}

/**
 * Counts outcomes. At first every partition counts as untouched, which is known from the classes alone; each that a loss touches
 * then moves to where it belongs.
 */
function createTally(fleet: Fleet, losses: readonly GroupLoss[], settler: Settler): Tally {
  const width = writesOrder.length;
  const classes = [...fleet.classes.entries()].filter(([index]) => settler.examines(index));
  const before = Int8Array.from(fleet.classes, (_, index) => settler.outcome(index, 0, 0));
  const untouched = losses.map(({ controllers }) =>
    Int8Array.from(fleet.classes, (_, index) => settler.outcome(index, 0, controllers)),
  );
  const counts = new Int32Array(losses.length * width);
  const touched = new Int32Array(losses.length);
  const worst = Array.from(counts, (): number[] => []);
  const controllersLost = Int32Array.from(losses, ({ controllers }) => controllers);
  const move = (cell: number, partitions: number): void => {
    counts[cell] = (counts[cell] ?? 0) + partitions;
  };
  for (const loss of losses.keys()) {
    for (const [index, { partitions }] of classes) move(loss * width + (untouched[loss]?.[index] ?? 0), partitions);
  }
  const partitions = classes.reduce((total, [, one]) => total + one.partitions, 0);
  return {
    totals: { partitions, beyond: fleet.partitionCount - partitions },
    add: (loss, partition, partitionClass, lostSlots) => {
      const outcome = settler.outcome(partitionClass, lostSlots, controllersLost[loss] ?? 0);
      touched[loss] = (touched[loss] ?? 0) + 1;
      move(loss * width + (untouched[loss]?.[partitionClass] ?? 0), -1);
      move(loss * width + outcome, 1);
      const listed = worst[loss * width + outcome];
      if (outcome > (before[partitionClass] ?? 0) && listed !== undefined && listed.length < maxWorstListed) {
        listed.push(partition);
      }
    },
    reports: () =>
      losses.map(({ loss }, index): LossReport => {
        const cell = (writes: Writes): number => index * width + writesOrder.indexOf(writes);
        const count = (writes: Writes): number => counts[cell(writes)] ?? 0;
        return {
          loss,
          touched: touched[index] ?? 0,
          writes: {
            continue: count('continue'),
            pause: count('pause'),
            stop: count('stop'),
            offline: count('offline'),
          },
          worst: writesOrder
            .toReversed()
            .flatMap((writes) =>
              (worst[cell(writes)] ?? []).map((partition) => ({ ...fleet.nameOf(partition), writes })),
            ),
        };
      }),
  };
}
