import { type Mask, maskOf } from './mask';
import type { Shape, Slot } from './shape';
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
  return group(shape, ({ role, datacenter, votes }, index) =>
    index === 0 ? 'preferred' : `${role}/${votes}/${(named & (1 << datacenter)) !== 0 ? datacenter : ''}`,
  );
}

/**
 * What is interchangeable when only single brokers fail from now on, and the question is whether writes go on: replicas of
 * the same role and process that hear the same brokers and controllers. Which sync replica leads makes no difference to
 * that, so neither does the order of elections: observers are last in every order.
 */
export function kindsByHearing(shape: Shape, { hears, hearsQuorum }: Surroundings): Kinds {
  return group(shape, ({ role, votes }, index) => `${role}/${votes}/${hears[index]}/${(hearsQuorum >>> index) & 1}`);
}

function group(shape: Shape, kindOf: (slot: Slot, index: number) => string): Kinds {
  const kinds = shape.slots.map(kindOf);
  return kinds.map((mine) => maskOf(kinds.flatMap((theirs, index) => (theirs === mine ? [index] : []))));
}
