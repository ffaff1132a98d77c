import { majority } from '../../kafka/cluster';
import { bit, firstMembers, firstOf, type Mask, size } from './mask';
import type { Shape } from './shape';

/** What is broken around the partition, apart from its own brokers. */
export interface Conditions {
  /** Controllers whose process runs, as a set of the shape's voters. */
  readonly voters: Mask;
  /** Datacenters cut off from all others, controllers included. */
  readonly isolated: Mask;
  /** Datacenter index → datacenters whose brokers it no longer hears. Symmetric; controllers still hear everybody. */
  readonly cutFrom: readonly Mask[];
  /** Datacenters among which a person made the survivors a quorum (`kafka-metadata-recovery`); empty: nobody did. */
  readonly quorumForcedIn: Mask;
}

/** What the conditions mean for each replica. */
export interface Surroundings {
  readonly conditions: Conditions;
  /** Whether some majority of the controllers hear each other. Without it no ISR and no leader changes. */
  readonly quorum: boolean;
  /** Slots whose brokers can reach the controllers' majority; empty without one. */
  readonly hearsQuorum: Mask;
  /** Slot → slots whose brokers it can exchange records with, itself included. */
  readonly hears: readonly Mask[];
}

/** Everything stands. */
export function healthyConditions(shape: Shape): Conditions {
  return {
    voters: firstMembers(shape.voterCount),
    isolated: 0,
    cutFrom: shape.slotsIn.map(() => 0),
    quorumForcedIn: 0,
  };
}

/** Derives who hears whom. */
export function surroundingsOf(shape: Shape, conditions: Conditions): Surroundings {
  const rest = firstMembers(shape.datacenterCount) & ~conditions.isolated;
  const seat = seatOfQuorum(shape, conditions, rest);
  return {
    conditions,
    quorum: seat !== null,
    hearsQuorum: seat === null ? 0 : slotsOf(shape, seat),
    hears: shape.slots.map((slot) => {
      const here = 1 << slot.datacenter;
      const island = (here & conditions.isolated) !== 0 ? here : rest;
      return slotsOf(shape, island & ~(conditions.cutFrom[slot.datacenter] ?? 0));
    }),
  };
}

/** The cuts with one more link, between the brokers of two datacenters. */
export function withCut(cutFrom: readonly Mask[], one: number, other: number): readonly Mask[] {
  return cutFrom.map((cut, here) => cut | bit(here === one ? other : -1) | bit(here === other ? one : -1));
}

/** The cuts without that link. */
export function withoutCut(cutFrom: readonly Mask[], one: number, other: number): readonly Mask[] {
  return cutFrom.map((cut, here) => cut & ~bit(here === one ? other : -1) & ~bit(here === other ? one : -1));
}

/**
 * The datacenters among which a majority of the voters hear each other: all that are not isolated, or one that is. `null`
 * if there is no such island. Where no file lists controllers they are assumed to stand apart from all datacenters, with those that
 * are not isolated; of two datacenters that is the other one, whichever is larger. The exact model assumes the same.
 */
function seatOfQuorum(shape: Shape, conditions: Conditions, rest: Mask): Mask | null {
  if (shape.otherVoters === null) return rest;
  if (conditions.quorumForcedIn !== 0) return conditions.quorumForcedIn;
  const holdsMajority = (island: Mask): boolean =>
    size(votersOf(shape, island) & conditions.voters) >= majority(shape.voterCount);
  return islandsOf(shape, conditions).find(holdsMajority) ?? null;
}

/** Voters that run and hear a majority, so that each of them may be the active controller; without a quorum none. */
export function votersOfQuorum(shape: Shape, conditions: Conditions): Mask {
  const rest = firstMembers(shape.datacenterCount) & ~conditions.isolated;
  return votersOf(shape, seatOfQuorum(shape, conditions, rest) ?? 0) & conditions.voters;
}

/** Sets of datacenters that hear each other: all that are not isolated, then each one that is. */
export function islandsOf(shape: Shape, conditions: Conditions): readonly Mask[] {
  const rest = firstMembers(shape.datacenterCount) & ~conditions.isolated;
  const alone = shape.slotsIn.map((_, datacenter) => (1 << datacenter) & conditions.isolated);
  return [rest, ...alone].filter((island) => island !== 0);
}

function slotsOf(shape: Shape, datacenters: Mask): Mask {
  return union(shape.slotsIn, datacenters);
}

function votersOf(shape: Shape, datacenters: Mask): Mask {
  return union(shape.votersIn, datacenters);
}

function union(sets: readonly Mask[], chosen: Mask): Mask {
  let mask = 0;
  for (let rest = chosen; rest !== 0; rest &= rest - 1) mask |= sets[firstOf(rest)] ?? 0;
  return mask;
}
