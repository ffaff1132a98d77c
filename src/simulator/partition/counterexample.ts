import type { NodeId } from '../../kafka/cluster';
import type { Cause, PartitionSnapshot, Timeline, TimelineStep } from '../timeline';
import type { PathStep } from './exploration';
import type { Environment, ExplorerModel } from './explorerModel';
import { bit, type Mask, size } from './mask';
import type { Shape } from './shape';
import { leaderBit, noLeader, type PartitionState } from './state';
import { acceptsWrites } from './transitions';

/** The names behind a shape's indices. */
export interface ShapeNames {
  /** Slot → broker. */
  readonly brokers: readonly NodeId[];
  /** Voter → controller. */
  readonly controllers: readonly NodeId[];
  readonly datacenters: readonly string[];
}

/** Names for a shape that has none: brokers and controllers counted from 1, datacenters by letters. */
export function plainNames(shape: Shape): ShapeNames {
  return {
    brokers: shape.slots.map((_, slot) => slot + 1),
    controllers: Array.from({ length: shape.voterCount }, (_, voter) => {
      const slot = shape.voterOfSlot.indexOf(voter);
      return slot < 0 ? 101 + voter : slot + 1;
    }),
    datacenters: shape.slotsIn.map((_, datacenter) => String.fromCharCode(65 + (datacenter % 26))),
  };
}

/**
 * A path of the explorer as a timeline: one step for each move, in order, without times, since a proof knows only the order.
 *
 * @param scenario what the timeline is called, for instance the violated property
 */
export function pathTimeline(
  model: ExplorerModel,
  path: readonly PathStep[],
  names: ShapeNames,
  scenario: string,
): Timeline {
  const { shape, start, environment } = model;
  const first: TimelineStep = {
    at: null,
    cause: { kind: 'healthy' },
    state: snapshotOf(shape, names, environment, start),
  };
  const steps = path.map((step, index): TimelineStep => {
    const before = path[index - 1];
    return {
      at: null,
      cause: causeOf(shape, names, before?.state ?? start, before?.environment ?? environment, step),
      state: snapshotOf(shape, names, step.environment, step.state),
    };
  });
  return { scenario, steps: [first, ...steps] };
}

/** A state in the words of `kafka-topics --describe`. Who is caught up is told as the model has it, record by record. */
function snapshotOf(
  shape: Shape,
  names: ShapeNames,
  environment: Environment,
  state: PartitionState,
): PartitionSnapshot {
  return {
    leader: names.brokers[state.leader] ?? null,
    replicas: names.brokers,
    observers: pick(names.brokers, shape.observers),
    isr: pick(names.brokers, state.inSync),
    offline: pick(names.brokers, shape.all & ~state.up),
    caughtUp: pick(names.brokers, state.up & state.complete & state.current),
    elr: pick(names.brokers, state.eligible),
    ...(shape.switches.eligibleLeaderReplicas ? { lastKnownElr: pick(names.brokers, state.lastKnownElr) } : {}),
    produce: produceState(shape, environment, state),
    quorum: environment.quorum,
  };
}

function produceState(shape: Shape, environment: Environment, state: PartitionState): PartitionSnapshot['produce'] {
  if (acceptsWrites(shape, environment, state)) return 'accepted';
  if (state.leader === noLeader) return 'offline';
  const admits = (leaderBit(state) & state.up) === 0 || size(state.inSync) >= shape.effectiveMinIsr;
  return admits ? 'waiting' : 'refused';
}

function pick<T>(list: readonly T[], chosen: Mask): T[] {
  return list.filter((_, index) => (chosen & bit(index)) !== 0);
}

function causeOf(
  shape: Shape,
  names: ShapeNames,
  before: PartitionState,
  environment: Environment,
  { move, member, state, environment: after }: PathStep,
): Cause {
  const broker = names.brokers[member] ?? member;
  const datacenter = names.datacenters[member] ?? String(member);
  const brokersHere = pick(names.brokers, shape.slotsIn[member] ?? 0);
  const removed = pick(names.brokers, before.inSync & ~state.inSync);
  const controllers = pick(names.controllers, environment.conditions.voters ^ after.conditions.voters);
  switch (move.name) {
    case 'brokerCrashes':
      return { kind: 'brokers-crashed', brokers: [broker] };
    case 'brokerStops':
      return { kind: 'brokers-stopped', brokers: [broker] };
    case 'brokerReturns':
      return { kind: 'brokers-returned', brokers: [broker], clean: true };
    case 'brokerReturnsWithoutTail':
      return { kind: 'brokers-returned', brokers: [broker], clean: false, withoutTail: true };
    case 'datacenterIsLost':
      return { kind: 'datacenter-lost', datacenter, brokers: brokersHere, controllers };
    case 'datacenterReturns':
      return { kind: 'datacenter-returned', datacenter, brokers: brokersHere, controllers };
    case 'datacenterIsIsolated':
      return { kind: 'datacenter-isolated', datacenter };
    case 'datacenterRejoins':
      return { kind: 'datacenter-rejoined', datacenter };
    case 'linkIsCut':
      return { kind: 'link-cut', between: linkBetween(names, environment, after), controllers: false };
    case 'linkIsHealed':
      return { kind: 'link-healed', between: linkBetween(names, environment, after) };
    case 'controllerCrashes':
      return { kind: 'controllers-lost', controllers };
    case 'controllersReturn':
      return { kind: 'controllers-returned', controllers };
    case 'appendAcked':
      return { kind: 'record-acknowledged', by: pick(names.brokers, before.inSync) };
    case 'fenceBroker':
      return { kind: 'broker-fenced', broker };
    case 'unfenceBroker':
      return { kind: 'broker-unfenced', broker };
    case 'loseLeader':
      return { kind: 'leader-lost', leader: broker };
    case 'electLeader':
      return { kind: 'leader-elected', leader: broker, election: 'clean' };
    case 'electLastKnownLeader':
      return { kind: 'leader-elected', leader: broker, election: 'last-known-leader' };
    case 'electPreferredLeader':
      return { kind: 'leader-elected', leader: broker, election: 'preferred' };
    case 'electUncleanLeader':
    case 'forceUncleanLeader':
      return { kind: 'leader-elected', leader: broker, election: 'unclean' };
    case 'shrinkIsr':
      return { kind: 'isr-shrunk', removed, by: 'leader' };
    case 'expandIsr':
      return { kind: 'isr-expanded', added: broker };
    case 'promoteObserver':
      return { kind: 'observer-promoted', observer: broker, isrSize: size(before.inSync), threshold: shape.threshold };
    case 'demoteObserver':
      return removed.length === 1
        ? { kind: 'observer-demoted', observer: removed[0] ?? broker }
        : { kind: 'isr-shrunk', removed, by: 'leader' };
    case 'catchUp':
      return (before.complete & bit(member) & ~leaderCompleteness(before)) !== 0
        ? { kind: 'truncated', replica: broker, lostAcknowledged: true }
        : { kind: 'caught-up', replica: broker };
  }
}

/** The one link that is cut in one of two environments and not in the other. */
function linkBetween(names: ShapeNames, before: Environment, after: Environment): readonly [string, string] {
  const ends = before.conditions.cutFrom.flatMap((cut, datacenter) =>
    cut === after.conditions.cutFrom[datacenter] ? [] : [names.datacenters[datacenter] ?? String(datacenter)],
  );
  return [ends[0] ?? '', ends[1] ?? ''];
}

/** Every replica if the leader holds all that was acknowledged, none if not: what a follower is made to hold. */
function leaderCompleteness(state: PartitionState): Mask {
  return (leaderBit(state) & state.complete) === 0 ? 0 : -1;
}
