/** A stretch of a list, and what comes right after it and is the same as its end, so many times. */
export interface Round<T> {
  readonly items: readonly T[];
  readonly repeated: readonly T[];
  /** 0 where nothing comes again. */
  readonly times: number;
}

/** Longer rounds are not looked for: what repeats for ever in a partition is a replica that comes and goes. */
const lengthMax = 8;

/** Fewer are told one by one. */
const timesMin = 4;

/**
 * Finds what comes again and again, so that it is told twice and then counted: a replica that leaves the ISR and rejoins it
 * for ever would else fill pages. Everything is in the result, in its order.
 */
export function roundsIn<T>(items: readonly T[], keyOf: (item: T) => string): readonly Round<T>[] {
  const keys = items.map(keyOf);
  const rounds: Round<T>[] = [];
  let from = 0;
  for (let at = 0; at < items.length; ) {
    const round = roundAt(keys, at);
    if (round === null) {
      at++;
      continue;
    }
    // The first two times are told in full.
    const told = at + 2 * round.length;
    at += round.length * round.times;
    rounds.push({ items: items.slice(from, told), repeated: items.slice(told, at), times: round.times - 2 });
    from = at;
  }
  if (from < items.length) rounds.push({ items: items.slice(from), repeated: [], times: 0 });
  return rounds;
}

/** The shortest round that begins at a place and comes often enough. */
function roundAt(keys: readonly string[], at: number): { readonly length: number; readonly times: number } | null {
  for (let length = 1; length <= lengthMax; length++) {
    let end = at + length;
    while (end < keys.length && keys[end] === keys[end - length]) end++;
    const times = Math.floor((end - at) / length);
    if (times >= timesMin) return { length, times };
  }
  return null;
}
