import { equalMembers, type Mask } from './mask';
import { roleAndProcess, type Shape } from './shape';
import type { Surroundings } from './surroundings';

/**
 * Slot → the slots it is interchangeable with, itself included. States that differ only in which of them is which have the
 * same future, so one of them is looked at. A controller in a broker's process is taken to live and die with it; where it
 * does not (scenario `controllers`) the quorum is lost, and no single controller matters any more.
 */
export type Kinds = readonly Mask[];

/**
 * What is interchangeable while nothing happens to one datacenter but not to another, apart from those in `named`: replicas
 * of the same role and process, in the same named datacenter or in any other one. If the order of elections is known every
 * replica is told apart; if not, the preferred leader is.
 */
export function kindsBesides(shape: Shape, named: Mask): Kinds {
  if (shape.electionOrder === 'assignment') return shape.alike;
  return equalMembers(
    shape.slots.map((slot, index) => {
      const isNamed = (named & (1 << slot.datacenter)) !== 0;
      return index === 0 ? -1 : (isNamed ? slot.datacenter + 1 : 0) * 4 + roleAndProcess(slot);
    }),
  );
}

/**
 * What is interchangeable when only single brokers fail from now on, and the question is whether writes go on: replicas of
 * the same role and process that hear the same brokers and controllers. Which sync replica leads makes no difference to
 * that, so neither does the order of elections: observers are last in every order.
 */
export function kindsByHearing(shape: Shape, { hears, hearsQuorum }: Surroundings): Kinds {
  return equalMembers(
    shape.slots.map((slot, index) => {
      const hearing = (hears[index] ?? 0) * 2 + ((hearsQuorum >>> index) & 1);
      return hearing * 4 + roleAndProcess(slot);
    }),
  );
}

/** Whether replicas are told apart alike. */
export function sameKinds(one: Kinds, other: Kinds): boolean {
  return one.length === other.length && one.every((mask, slot) => mask === other[slot]);
}
