import type { ExplorerModel } from './explorerModel';
import type { Packing } from './explorerPacking';
import { bit, members } from './mask';

/** Turns the words of a state into those of its class's representative, in place. */
export type Canonicalise = (words: Int32Array) => void;

/**
 * How to find a class's representative, or `null` where no two replicas are interchangeable.
 *
 * All that a state says of one replica is its *column*: its bit in each set, and whether it leads. Interchangeable replicas
 * may swap columns. So a class of states is represented by the one whose columns are sorted within each group, the leader's
 * first. Sorted by a network of compare-and-swap steps, of which each exchanges two columns in all sets of a word at once.
 */
export function canonicaliser(model: ExplorerModel, packing: Packing): Canonicalise | null {
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

  return (words) => {
    let leader = (((words[leaderWord] ?? 0) >>> leaderShift) & leaderMask) - 1;
    for (let step = 0; step < first.length; step++) {
      const one = first[step] ?? 0;
      if (leader === one) continue;
      const apart = distance[step] ?? 0;
      const leads = leader === one + apart;
      let swaps = leads;
      for (let word = 0; word < wordCount; word++) {
        const value = words[word] ?? 0;
        const differing = ((value >>> apart) ^ value) & (columns[step * wordCount + word] ?? 0);
        if (differing === 0) continue;
        if (!swaps) {
          // The highest differing bit decides: the replica that has it comes first.
          if (((value >>> (31 - Math.clz32(differing))) & 1) !== 0) break;
          swaps = true;
        }
        words[word] = value ^ differing ^ (differing << apart);
      }
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
