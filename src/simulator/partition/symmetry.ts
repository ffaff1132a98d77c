import type { EnvironmentTable } from './explorerEnvironments';
import type { ExplorerModel } from './explorerModel';
import type { Packing } from './explorerPacking';
import { bit, firstMembers, members } from './mask';

/** Turns the words of a state into those of its class's representative, in place. */
export type Canonicalise = (words: Int32Array) => void;

/**
 * How to find a class's representative, or `null` where no two replicas are interchangeable.
 *
 * All that a state says of one replica is its *column*: its bit in each set, and whether it leads. Interchangeable replicas
 * may swap columns. So a class of states is represented by the one whose columns are sorted within each group, the leader's
 * first. Sorted by a network of compare-and-swap steps, of which each exchanges two columns in all sets of a word at once.
 *
 * In combined mode a controller changes places with its broker: whether it stands belongs to the column too, as its last
 * bit, though it is kept in the environment.
 */
export function canonicaliser(
  model: ExplorerModel,
  packing: Packing,
  environments: EnvironmentTable,
): Canonicalise | null {
  const comparators = model.interchangeable.flatMap((group) => sortingNetwork(members(group)));
  if (comparators.length === 0) return null;
  const first = Int32Array.from(comparators, ([one]) => one);
  const distance = Int32Array.from(comparators, ([one, other]) => other - one);
  const columns = Int32Array.from(comparators.flatMap(([one]) => columnMasks(packing, one)));
  const { wordCount } = packing;
  const leaderField = packing.fields.find((field) => field.variable === 'leader');
  const leaderWord = leaderField?.word ?? 0;
  const leaderShift = leaderField?.shift ?? 0;
  const leaderMask = leaderField === undefined ? 0 : (1 << leaderField.bits) - 1;
  const environmentField = packing.fields.find((field) => field.variable === 'environment');
  const isCombined = Int32Array.from(comparators, ([one]) => ((model.shape.voterOfSlot[one] ?? -1) < 0 ? 0 : 1));

  /** Makes the controllers of two replicas follow these, or, if the replicas are equal else, sorts them. */
  const exchangeControllers = (words: Int32Array, one: number, other: number, swaps: boolean): void => {
    if (environmentField === undefined) return;
    const { word, shift, bits } = environmentField;
    const mask = firstMembers(bits) << shift;
    const number = ((words[word] ?? 0) & mask) >>> shift;
    const standsFirst = environments.controllerStands(number, one);
    if (standsFirst === environments.controllerStands(number, other) || (standsFirst && !swaps)) return;
    words[word] = ((words[word] ?? 0) & ~mask) | (environments.exchanged(number, one, other) << shift);
  };

  return (words) => {
    let leader = (((words[leaderWord] ?? 0) >>> leaderShift) & leaderMask) - 1;
    for (let step = 0; step < first.length; step++) {
      const one = first[step] ?? 0;
      if (leader === one) continue;
      const apart = distance[step] ?? 0;
      const leads = leader === one + apart;
      let swaps = leads;
      let sorted = false;
      for (let word = 0; word < wordCount; word++) {
        const value = words[word] ?? 0;
        const differing = ((value >>> apart) ^ value) & (columns[step * wordCount + word] ?? 0);
        if (differing === 0) continue;
        if (!swaps) {
          // The highest differing bit decides: the replica that has it comes first.
          sorted = ((value >>> (31 - Math.clz32(differing))) & 1) !== 0;
          if (sorted) break;
          swaps = true;
        }
        words[word] = value ^ differing ^ (differing << apart);
      }
      if (isCombined[step] === 1 && !sorted) exchangeControllers(words, one, one + apart, swaps);
      if (leads) {
        words[leaderWord] = ((words[leaderWord] ?? 0) & ~(leaderMask << leaderShift)) | ((one + 1) << leaderShift);
        leader = one;
      }
    }
  };
}

/** Which pairs of a list to compare and swap, in order, so that it ends sorted (bubble sort as a network). */
function sortingNetwork(slots: readonly number[]): (readonly [number, number])[] {
  const steps: (readonly [number, number])[] = [];
  for (let end = slots.length - 1; end > 0; end--) {
    for (let index = 0; index < end; index++) {
      const [one, other] = [slots[index], slots[index + 1]];
      if (one !== undefined && other !== undefined) steps.push([one, other]);
    }
  }
  return steps;
}

/** Word → the bits of one slot's column that it holds. */
function columnMasks(packing: Packing, slot: number): number[] {
  return Array.from({ length: packing.wordCount }, (_, word) =>
    packing.fields
      .filter((field) => field.word === word && field.variable !== 'leader' && field.variable !== 'environment')
      .reduce((mask, field) => mask | (bit(slot) << field.shift), 0),
  );
}
