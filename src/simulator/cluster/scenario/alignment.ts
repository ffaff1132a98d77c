import type { TimeRangeMs } from '../../timeline';

/** Something that one run did, and how many faults had struck by then. */
export interface Happening {
  readonly atMs: number;
  readonly stage: number;
}

/** Something that the worst case does, the same in the best case, and when: at one time if the best case never does it. */
export interface Merged<T> {
  readonly item: T;
  readonly partner: T | undefined;
  readonly at: TimeRangeMs;
}

/** Two runs of a scenario laid over each other. */
export interface Alignment<T> {
  /** What the worst case does, in its order: there delays are long enough to tell apart what the best case does at once. */
  readonly merged: readonly Merged<T>[];
  /** What the best case alone does. It has states of its own, which would not fit in between those of the worst. */
  readonly bestOnly: readonly T[];
}

/**
 * Pairs what happens in the one run with the same in the other. First, between two faults, the n-th of each key with the
 * n-th: there two timers may run out in another order. Of what is left, as a fault struck sooner than a timer ran out in
 * the one run and later in the other, as much as can be paired in order.
 */
export function alignRuns<T extends Happening>(
  best: readonly T[],
  worst: readonly T[],
  keyOf: (item: T) => string,
): Alignment<T> {
  const partners = pairWithinStages(best, worst, keyOf);
  const paired = new Set(partners.values());
  const late = worst.filter((item) => !partners.has(item));
  const early = best.filter((item) => !paired.has(item));
  for (const [item, partner] of pairInOrder(late, early, keyOf)) {
    partners.set(item, partner);
    paired.add(partner);
  }
  return {
    merged: worst.map((item) => {
      const partner = partners.get(item);
      return { item, partner, at: rangeOf(partner?.atMs ?? item.atMs, item.atMs) };
    }),
    bestOnly: best.filter((item) => !paired.has(item)),
  };
}

/** From the earlier of two times to the later one, whichever case it is of. */
export function rangeOf(one: number, other: number): TimeRangeMs {
  return { best: Math.min(one, other), worst: Math.max(one, other) };
}

function pairWithinStages<T extends Happening>(
  best: readonly T[],
  worst: readonly T[],
  keyOf: (item: T) => string,
): Map<T, T> {
  const unpaired = new Map<string, T[]>();
  const stagedKey = (item: T): string => `${item.stage}:${keyOf(item)}`;
  for (const item of best) {
    const items = unpaired.get(stagedKey(item));
    if (items === undefined) unpaired.set(stagedKey(item), [item]);
    else items.push(item);
  }
  const partners = new Map<T, T>();
  for (const item of worst) {
    const partner = unpaired.get(stagedKey(item))?.shift();
    if (partner !== undefined) partners.set(item, partner);
  }
  return partners;
}

/** A pair counts for far more than the faults that lie between the two, so that first of all there are many. */
const pairGain = 1_000_000;

/** Two runs of which each took thousands of steps that the other did not have little in common. */
const comparisonsMax = 4_000_000;

/** As many pairs as possible that do not cross, of those the ones with the fewest faults in between: the longest common subsequence. */
function pairInOrder<T extends Happening>(
  left: readonly T[],
  right: readonly T[],
  keyOf: (item: T) => string,
): readonly (readonly [T, T])[] {
  if (left.length * right.length > comparisonsMax) return [];
  const width = right.length + 1;
  const [leftKeys, rightKeys] = [left.map(keyOf), right.map(keyOf)];
  const gainOf = (row: number, column: number): number =>
    leftKeys[row] === rightKeys[column]
      ? pairGain - Math.abs((left[row]?.stage ?? 0) - (right[column]?.stage ?? 0))
      : Number.NEGATIVE_INFINITY;
  const gains = new Float64Array((left.length + 1) * width);
  const at = (row: number, column: number): number => gains[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const together = gainOf(row, column) + at(row + 1, column + 1);
      gains[row * width + column] = Math.max(together, at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: (readonly [T, T])[] = [];
  for (let row = 0, column = 0; row < left.length && column < right.length; ) {
    const [one, other] = [left[row], right[column]];
    if (one !== undefined && other !== undefined && at(row, column) === gainOf(row, column) + at(row + 1, column + 1)) {
      pairs.push([one, other]);
      row++;
      column++;
    } else if (at(row, column) === at(row + 1, column)) row++;
    else column++;
  }
  return pairs;
}
