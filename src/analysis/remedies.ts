import { bit, filterMask, members } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import { after, forceUncleanLeader } from '../simulator/partition/transitions';
import { strike, type World } from '../simulator/partition/world';
import { quorumForced, writable } from './judgement';
import type { Person } from './outcome';

/** A model may change with what a person does (min ISR), so worlds carry theirs. */
interface Try {
  readonly model: PartitionModel;
  readonly world: World;
}

/** What a person may do, and each way it may then go: one list of settled worlds per choice the person has in doing it. */
interface Remedy {
  readonly person: Person;
  readonly apply: (model: PartitionModel, world: World) => readonly (readonly Try[])[];
}

/** In the order in which they are tried. An unclean election is possible only without a leader, a lower min ISR helps only with one. */
const remedies: readonly Remedy[] = [
  {
    person: 'restore-quorum',
    apply: (model, world) => quorumForced(model, world).map((ends) => ends.map((end) => ({ model, world: end }))),
  },
  {
    // Shut down all brokers on one side of the cut: the controllers then act as if they had died.
    person: 'isolate-one-side',
    apply: (model, world) => {
      const { cutFrom } = world.surroundings.conditions;
      const sides = filterMask((1 << cutFrom.length) - 1, (datacenter) => cutFrom[datacenter] !== 0);
      return members(sides).map((side) =>
        settled(model, strike(model.shape, world, { crash: model.shape.slotsIn[side] ?? 0 })),
      );
    },
  },
  {
    person: 'unclean-election',
    apply: (model, { state, surroundings }) =>
      members(forceUncleanLeader.enabled(model.shape, surroundings, state)).map((slot) =>
        settled(model, { surroundings, state: after(model.shape, surroundings, state, forceUncleanLeader, slot) }),
      ),
  },
  {
    // To 1, the lowest there is: if that does not help, no other value does. It is a change of metadata: it needs a quorum.
    person: 'lower-min-isr',
    apply: (model, world) =>
      world.surroundings.quorum && model.shape.minIsr > 1 ? [settled(model.withMinIsr(1), world)] : [],
  },
];

function settled(model: PartitionModel, world: World): readonly Try[] {
  return model.settle(world).map((end) => ({ model, world: end }));
}

/** No more than this many remedies are combined; each kind is of use once. */
const maxRemedies = remedies.length;

/**
 * The first thing a person must do to get acks=all writes back while what was lost stays lost. Found by trying: one remedy
 * at a time, then two in a row, and so on; `repair` if none of it helps, `none` if nothing is to be done.
 */
export function firstRemedy(model: PartitionModel, world: World): Person {
  if (writable(model.shape, world)) return 'none';
  for (let depth = 1; depth <= maxRemedies; depth++) {
    const found = remedies.find((remedy) => helps(remedy, { model, world }, depth, bit(remedies.indexOf(remedy))));
    if (found !== undefined) return found.person;
  }
  return 'repair';
}

/** Whether a remedy, followed by at most `depth - 1` others, brings writes back whichever way the system settles. */
function helps(remedy: Remedy, { model, world }: Try, depth: number, used: number): boolean {
  return remedy.apply(model, world).some(
    (ends) =>
      ends.length > 0 &&
      ends.every((end) => {
        if (writable(end.model.shape, end.world)) return true;
        return remedies.some(
          (next, index) => depth > 1 && (used & bit(index)) === 0 && helps(next, end, depth - 1, used | bit(index)),
        );
      }),
  );
}
