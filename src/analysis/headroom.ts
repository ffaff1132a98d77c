import { bit, firstOf, type Mask, size } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import type { Shape } from '../simulator/partition/shape';
import { leaderBit } from '../simulator/partition/state';
import type { Surroundings } from '../simulator/partition/surroundings';
import { strike, votersOfSlots, type World } from '../simulator/partition/world';
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
export function createHeadroomSearch(modelOf: (world: World) => PartitionModel): HeadroomSearch {
  const known = new Map<PartitionModel, Map<string, Headroom>>();
  return (world) => {
    const model = modelOf(world);
    if (!writable(model.shape, world)) return null;
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
 * What no adversary can beat, so that the search may stop where it is reached. As long as nothing but single brokers fail,
 * each failure costs the ISR one member, and each live observer that the policy promotes makes up for one.
 */
function floorOf(shape: Shape, { state, surroundings }: World): number {
  const { conditions, hearsQuorum } = surroundings;
  const minIsr = shape.effectiveMinIsr;
  const anyCut = conditions.cutFrom.some((cut) => cut !== 0);
  if (anyCut || !surroundings.quorum || controllersFailWithBrokers(shape)) return 0;
  const spare = size(shape.observers & state.up & hearsQuorum & ~state.inSync);
  // With min ISR 1 the last member dies before anybody is promoted.
  const promoted = minIsr > 1 && shape.threshold >= minIsr ? spare : 0;
  return size(state.inSync) + promoted - minIsr;
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
  const columns = kinds.map((kind, slot) => {
    const flag = (mask: Mask): number => (mask >>> slot) & 1;
    const leads = flag(leaderBit(state) & shape.observers);
    const votes = (voters & bit(shape.voterOfSlot[slot] ?? -1)) === 0 ? 0 : 1;
    return (
      firstOf(kind) * 32 + flag(state.up) + 2 * flag(state.inSync) + 4 * flag(state.eligible) + 8 * leads + 16 * votes
    );
  });
  columns.sort((one, other) => one - other);
  return `${columns.join()}/${controllersKey(shape, surroundings)}`;
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
