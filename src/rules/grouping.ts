/** Items by a key, groups and their items in the order in which they came. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Groups of two and more. Most items stand alone: for those nothing is gathered. */
export function repeatedBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): readonly (readonly [T, ...T[]])[] {
  const first = new Map<K, T>();
  const repeated = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const before = first.get(key);
    if (before === undefined) first.set(key, item);
    else {
      const group = repeated.get(key);
      if (group === undefined) repeated.set(key, [before, item]);
      else group.push(item);
    }
  }
  return [...repeated.values()];
}
