import { bit, type Mask, size } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import type { Shape } from '../simulator/partition/shape';
import { leaderBit } from '../simulator/partition/state';
import type { Surroundings } from '../simulator/partition/surroundings';
import { sortedKey, strike, votersOfSlots, type World } from '../simulator/partition/world';
import { anyBroker } from './failures';
import { writable } from './judgement';

/** How many further brokers may fail, as found; `exact` is false where the bound on the search was hit. */
export interface Headroom {
  readonly brokers: number;
  readonly exact: boolean;
}

/** Finds the headroom of settled worlds of one shape and remembers it. */
export type HeadroomSearch = (world: World) => Headroom | null;

/** A bound on the settled worlds that one search looks at anew. */
export const maxWorldsPerHeadroom = 20_000;

/**
 * How many further brokers, chosen by an adversary, one after another with time to settle between, may fail before acks=all
 * writes stop: none, if any one failure may stop them; else one more than after the worst of them. `null` where they are
 * stopped already. What is found for one world serves all that lead to it, whichever scenario they come from.
 * @param modelOf a model that tells apart what single failures from this world on can tell apart, and no more.
 */
export function createHeadroomSearch(shape: Shape, modelOf: (world: World) => PartitionModel): HeadroomSearch {
  const known = new Map<PartitionModel, Map<string, Headroom>>();
  return (world) => {
    if (!writable(shape, world)) return null;
    const counted = countOf(shape, world);
    if (counted !== null) return { brokers: counted, exact: true };
    const model = modelOf(world);
    const answers = known.get(model) ?? new Map<string, Headroom>();
    known.set(model, answers);
    return search(model, world, answers, { worlds: maxWorldsPerHeadroom });
  };
}

/** What is left of a bound; one object for a whole search. */
interface Budget {
  worlds: number;
}

/** The depth is at most the number of brokers: each step takes one down for good. */
function search(model: PartitionModel, world: World, answers: Map<string, Headroom>, budget: Budget): Headroom {
  const key = prospectKey(model, world);
  const known = answers.get(key);
  if (known !== undefined) return known;
  if (budget.worlds-- <= 0) return { brokers: 0, exact: false };
  const headroom = afterWorst(model, afterAnyBroker(model, world), floorOf(model.shape, world), answers, budget);
  if (headroom.exact) answers.set(key, headroom);
  return headroom;
}

function afterWorst(
  model: PartitionModel,
  ends: readonly World[],
  floor: number,
  answers: Map<string, Headroom>,
  budget: Budget,
): Headroom {
  if (ends.some((end) => !writable(model.shape, end))) return { brokers: 0, exact: true };
  let worst: Headroom = { brokers: Number.POSITIVE_INFINITY, exact: true };
  for (const end of ends) {
    const next = search(model, end, answers, budget);
    if (next.brokers < worst.brokers) worst = next;
    if (worst.brokers + 1 <= floor) break;
  }
  return { brokers: worst.brokers + 1, exact: worst.exact };
}

/**
 * The answer where it is a matter of counting, with nothing to search: where the least that any adversary leaves is the most
 * that one of them does. `null` where it is not.
 */
function countOf(shape: Shape, world: World): number | null {
  const floor = floorOf(shape, world);
  return floor === ceilingOf(shape, world) ? floor : null;
}

/**
 * What no adversary can beat, so that the search may stop where it is reached. As long as nothing but single brokers fail,
 * each failure costs the ISR one member, and each live observer that the policy promotes makes up for one. Observers in the
 * ISR whom the policy did not let in to make up for others came with an observer that led, and may have to leave with it.
 */
function floorOf(shape: Shape, { state, surroundings }: World): number {
  const { conditions, hearsQuorum } = surroundings;
  const anyCut = conditions.cutFrom.some((cut) => cut !== 0);
  if (anyCut || !surroundings.quorum || controllersFailWithBrokers(shape)) return 0;
  const promotes = promotesInTime(shape);
  if (!promotes && (state.inSync & shape.observers) !== 0) return 0;
  const spare = size(shape.observers & state.up & hearsQuorum & ~state.inSync);
  return size(state.inSync) + (promotes ? spare : 0) - shape.effectiveMinIsr;
}

/**
 * What one adversary achieves whose brokers fail one by one until too few are left for the ISR: of all that run, or only of
 * those that are in the ISR or join it by right, where no observer gets in before writes stop. (With min ISR 1 it may be the
 * last one that runs which an unclean election makes the leader.)
 */
function ceilingOf(shape: Shape, { state }: World): number {
  const anyoneMayJoin = promotesInTime(shape) || (shape.uncleanElection && shape.effectiveMinIsr < 2);
  const left = anyoneMayJoin ? state.up : state.up & (state.inSync | shape.sync);
  return size(left) - shape.effectiveMinIsr;
}

/** Whether observers are let in before writes stop. With a threshold of 1 the last member dies before anybody is promoted. */
function promotesInTime({ threshold, effectiveMinIsr }: Shape): boolean {
  return threshold >= Math.max(effectiveMinIsr, 2);
}

function controllersFailWithBrokers(shape: Shape): boolean {
  return shape.combinedVoters !== 0 || votersOfSlots(shape, shape.all) !== 0;
}

/**
 * What decides how many more brokers may fail, once writes go on: who is up, who is in the ISR or may be elected, whether an
 * observer leads, which controllers stand. What a dead replica holds matters no more, as nothing returns.
 */
function prospectKey({ shape, kinds }: PartitionModel, { state, surroundings }: World): string {
  const { voters } = surroundings.conditions;
  const flag = (mask: Mask, slot: number): number => (mask >>> slot) & 1;
  const columns = sortedKey(kinds, (slot) => {
    const leads = flag(leaderBit(state) & shape.observers, slot);
    const votes = (voters & bit(shape.voterOfSlot[slot] ?? -1)) === 0 ? 0 : 1;
    const { up, inSync, eligible } = state;
    return flag(up, slot) + 2 * flag(inSync, slot) + 4 * flag(eligible, slot) + 8 * leads + 16 * votes;
  });
  return `${columns}/${controllersKey(shape, surroundings)}`;
}

/** Controllers matter as far as they may fail with a broker; where none does, only whether the quorum stands. */
function controllersKey(shape: Shape, { conditions, quorum }: Surroundings): string {
  const network = `${conditions.isolated}/${conditions.cutFrom.join()}/${conditions.quorumForcedIn}`;
  const standing = conditions.voters & ~votersOfSlots(shape, shape.all);
  return `${controllersFailWithBrokers(shape) ? standing : quorum}/${network}`;
}

function afterAnyBroker(model: PartitionModel, world: World): readonly World[] {
  return anyBroker(model, world).flatMap((blow) => model.settle(strike(model.shape, world, blow)));
}
