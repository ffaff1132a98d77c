/** Names longer than this are not compared: no known name is, and the cost grows with the product of the lengths. */
const comparedLengthMax = 64;

/**
 * The known name that a misspelt one most likely meant, or `undefined` if none is near. Near means: the same but for
 * case, `-`, `_` and `.`, or at most one edit for every three characters (a swap of neighbours is one edit).
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  if (written.length > comparedLengthMax) return undefined;
  const plain = plainName(written);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    if (name === written || name.length > comparedLengthMax) continue;
    const distance = plainName(name) === plain ? 0 : editDistance(written.toLowerCase(), name.toLowerCase());
    const distanceMax = Math.max(1, Math.floor(Math.min(name.length, written.length) / 3));
    if (distance <= distanceMax && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '');
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each counted once. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let distance = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, replaced);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, at(beforePrevious, column - 2) + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
