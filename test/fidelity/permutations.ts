/** All orders of a few distinct items, the given one first; at most `limit` of them. */
export function permutations<T>(items: readonly T[], limit = 720): T[][] {
  const found: T[][] = [];
  const visit = (chosen: readonly T[], rest: readonly T[]): void => {
    if (found.length >= limit) return;
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
