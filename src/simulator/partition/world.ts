import type { Kinds } from './kinds';
import { bit, firstOf, type Mask } from './mask';
import { brokerCrashes, brokerExits, brokerReturns, brokerStops } from './processTransitions';
import type { Shape } from './shape';
import { column, healthyState, type PartitionState } from './state';
import { type Conditions, healthyConditions, type Surroundings, surroundingsOf, withCut } from './surroundings';
import { after, afterEach, appendAcked } from './transitions';

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
  let voters = 0;
  for (let rest = slots; rest !== 0; rest &= rest - 1) voters |= bit(shape.voterOfSlot[firstOf(rest)] ?? -1);
  return voters;
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
  const written = acked ? after(shape, surroundings, before, appendAcked, before.leader) : before;
  const returning = (blow.restore ?? 0) & brokerReturns.enabled(shape, next, written);
  const state = afterEach(shape, next, written, brokerReturns, returning);
  if (blow.stop !== undefined) {
    // Without a quorum nobody can move leadership away first: the process gives up waiting for that.
    const clean = (brokerStops.enabled(shape, surroundings, state) & bit(blow.stop)) !== 0;
    return after(shape, surroundings, state, clean ? brokerStops : brokerExits, blow.stop);
  }
  return afterEach(shape, next, state, brokerCrashes, (blow.crash ?? 0) & state.up);
}

function struckConditions(conditions: Conditions, voters: Mask, blow: Strike): Conditions {
  const healed = blow.heal === true ? { isolated: 0, cutFrom: conditions.cutFrom.map(() => 0) } : conditions;
  return {
    voters,
    isolated: healed.isolated | (blow.isolate ?? 0),
    cutFrom: blow.cut === undefined ? healed.cutFrom : withCut(healed.cutFrom, ...blow.cut),
    quorumForcedIn: conditions.quorumForcedIn,
  };
}

/** A key that is equal for worlds which differ only in the names of interchangeable replicas. */
export function worldKey(shape: Shape, world: World, kinds: Kinds): string {
  const { state, surroundings } = world;
  const { voters, isolated, cutFrom, quorumForcedIn } = surroundings.conditions;
  const columns = sortedKey(kinds, (slot) => {
    const votes = (voters & bit(shape.voterOfSlot[slot] ?? -1)) === 0 ? 0 : 512;
    return votes + column(state, slot);
  });
  const otherVoters = voters & ~votersOfSlots(shape, shape.all);
  return `${columns}/${otherVoters}/${isolated}/${cutFrom.join(',')}/${quorumForcedIn}`;
}

/**
 * What is said of each slot, in an order in which interchangeable slots may be swapped: one character a slot, its kind and
 * ten bits.
 */
export function sortedKey(kinds: Kinds, bitsOf: (slot: number) => number): string {
  const columns = kinds.map((alike, slot) => firstOf(alike) * 1024 + bitsOf(slot));
  return String.fromCharCode(...columns.sort((one, other) => one - other));
}
