import { bit, filterMask, firstOf, type Mask, maskOf, members } from './mask';
import type { Shape } from './shape';
import { healthyState, type PartitionState } from './state';
import { type Conditions, healthyConditions, type Surroundings, surroundingsOf } from './surroundings';
import { after, afterEach, appendAcked, brokerCrashes, brokerReturns, brokerStops } from './transitions';

/** A partition and what is broken around it. */
export interface World {
  readonly state: PartitionState;
  readonly surroundings: Surroundings;
}

/** What breaks, or comes back, in one instant. Sets that are left out are empty. */
export interface Strike {
  /** Slots whose brokers die; voters in the same processes die with them. */
  readonly crash?: Mask;
  /** The slot whose broker is stopped cleanly. */
  readonly stop?: number;
  /** Further voters that die. */
  readonly crashVoters?: Mask;
  /** Datacenters cut off from all others. */
  readonly isolate?: Mask;
  /** Two datacenters whose brokers no longer hear each other. */
  readonly cut?: readonly [number, number];
  /** Slots whose brokers return, and their voters. Without a quorum after the strike, brokers cannot register. */
  readonly restore?: Mask;
  readonly restoreVoters?: Mask;
  /** Every cut is healed. */
  readonly heal?: boolean;
}

/** Everything stands and nothing is left to do. */
export function healthyWorld(shape: Shape): World {
  return { state: healthyState(shape), surroundings: surroundingsOf(shape, healthyConditions(shape)) };
}

/** Voters that run in the same process as the brokers of these slots. */
export function votersOfSlots(shape: Shape, slots: Mask): Mask {
  return maskOf(members(slots).map((slot) => shape.voterOfSlot[slot] ?? -1));
}

/**
 * The world right after a strike, before anything reacts. Clients write all the time: the last record before it was
 * acknowledged by the ISR alone, so nobody else is sure to hold it.
 */
export function strike(shape: Shape, world: World, blow: Strike): World {
  const { conditions } = world.surroundings;
  const dead = (blow.crash ?? 0) | bit(blow.stop ?? -1);
  const voters =
    (conditions.voters & ~votersOfSlots(shape, dead) & ~(blow.crashVoters ?? 0)) |
    votersOfSlots(shape, blow.restore ?? 0) |
    (blow.restoreVoters ?? 0);
  const unchanged =
    voters === conditions.voters && blow.isolate === undefined && blow.cut === undefined && blow.heal !== true;
  const surroundings = unchanged
    ? world.surroundings
    : surroundingsOf(shape, struckConditions(conditions, voters, blow));
  return { state: struckState(shape, world, blow, surroundings), surroundings };
}

function struckState(
  shape: Shape,
  { state: before, surroundings }: World,
  blow: Strike,
  next: Surroundings,
): PartitionState {
  const acked = appendAcked.enabled(shape, surroundings, before) !== 0;
  const written = acked ? after(shape, before, appendAcked, before.leader) : before;
  const returning = (blow.restore ?? 0) & brokerReturns.enabled(shape, next, written);
  const state = afterEach(shape, written, brokerReturns, returning);
  if (blow.stop !== undefined) {
    // Without a quorum nobody can move leadership away first: the process stops as if it had crashed.
    const clean = (brokerStops.enabled(shape, surroundings, state) & bit(blow.stop)) !== 0;
    return after(shape, state, clean ? brokerStops : brokerCrashes, blow.stop);
  }
  return afterEach(shape, state, brokerCrashes, (blow.crash ?? 0) & state.up);
}

function struckConditions(conditions: Conditions, voters: Mask, blow: Strike): Conditions {
  const healed = blow.heal === true ? { isolated: 0, cutFrom: conditions.cutFrom.map(() => 0) } : conditions;
  return {
    voters,
    isolated: healed.isolated | (blow.isolate ?? 0),
    cutFrom: blow.cut === undefined ? healed.cutFrom : withCut(healed.cutFrom, blow.cut),
    quorumForcedIn: conditions.quorumForcedIn,
  };
}

function withCut(cutFrom: readonly Mask[], [one, other]: readonly [number, number]): readonly Mask[] {
  return cutFrom.map((cut, datacenter) => {
    if (datacenter === one) return cut | bit(other);
    return datacenter === other ? cut | bit(one) : cut;
  });
}

/**
 * Slots of which one stands for all: replicas of the same role and datacenter are interchangeable, as far as the order of
 * elections is not known. Slot → first slot of its class. The preferred leader is alone in its class.
 */
export function interchangeable(shape: Shape): readonly number[] {
  if (shape.electionOrder === 'assignment') return shape.slots.map((_, index) => index);
  const alike = (one: number, other: number): boolean => {
    const [first, second] = [shape.slots[one], shape.slots[other]];
    return first?.role === second?.role && first?.datacenter === second?.datacenter && first?.votes === second?.votes;
  };
  const others = shape.all & ~1;
  return shape.slots.map((_, index) => {
    return index === 0 ? 0 : firstOf(filterMask(others, (candidate) => alike(candidate, index)));
  });
}

/** A key that is equal for worlds which differ only in the names of interchangeable replicas. */
export function worldKey(shape: Shape, world: World, classes: readonly number[]): string {
  const { state, surroundings } = world;
  const { voters, isolated, cutFrom, quorumForcedIn } = surroundings.conditions;
  const columns = classes
    .map((first, slot) => first * 256 + column(shape, state, voters, slot))
    .sort((one, other) => one - other);
  const otherVoters = voters & ~votersOfSlots(shape, shape.all);
  return `${columns.join(',')}/${otherVoters}/${isolated}/${cutFrom.join(',')}/${quorumForcedIn}`;
}

/** All that a world says of one slot, as eight bits. */
function column(shape: Shape, state: PartitionState, voters: Mask, slot: number): number {
  const flag = (mask: Mask, place: number): number => ((mask >>> slot) & 1) << place;
  return (
    flag(state.up, 0) |
    flag(state.fenced, 1) |
    flag(state.inSync, 2) |
    flag(state.current, 3) |
    flag(state.complete, 4) |
    flag(state.eligible, 5) |
    (state.leader === slot ? 64 : 0) |
    ((voters & bit(shape.voterOfSlot[slot] ?? -1)) === 0 ? 0 : 128)
  );
}
