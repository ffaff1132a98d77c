/** Orders of replicas that differ in who of one role is first: sync replicas and observers never compete. */
export function replicaOrders(replicas: readonly number[], observers: readonly number[]): number[][] {
  const sync = replicas.filter((id) => !observers.includes(id));
  return permutations(sync).flatMap((first) => permutations(observers).map((last) => [...first, ...last]));
}

/** All orders of a few distinct items, the given one first. */
export function permutations<T>(items: readonly T[]): T[][] {
  const found: T[][] = [];
  const visit = (chosen: readonly T[], rest: readonly T[]): void => {
    if (rest.length === 0) found.push([...chosen]);
    for (const item of rest) {
      visit(
        [...chosen, item],
        rest.filter((other) => other !== item),
      );
    }
  };
  visit([], items);
  return found;
}
