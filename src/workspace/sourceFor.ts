import { isTemplate } from '../rules/template';
import { commonDepth, type FilePath, isInside } from './paths';
import type { ClusterSource } from './sources';

/**
 * The cluster that files belong to, or `null` if none. Where a namespace is stated in which there are any, it is one of those.
 * The nearest folder above wins; of several there, the one that knows most of the racks. Where none is above, a cluster
 * elsewhere is taken only if it knows a rack, or may know it as the only one there is: it would otherwise be somebody else's.
 * @param racks those that the placement names, asked for where they matter
 * @param hints what else the files say
 */
export function sourceFor(
  known: readonly ClusterSource[],
  files: readonly FilePath[],
  racks: () => readonly string[],
  { namespace = null, homes = [] }: Hints = {},
): ClusterSource | null {
  const named = namespace === null ? [] : known.filter(({ namespaces }) => namespaces.has(namespace));
  const sources = named.length > 0 ? named : known;
  let wanted: ReadonlySet<string> | null = null;
  const overlap = (source: ClusterSource): number => {
    wanted ??= new Set(racks());
    return [...wanted].filter((rack) => source.racks.has(rack)).length;
  };
  const score = (source: ClusterSource): number => overlap(source) * 2 + (homes.includes(source) ? 1 : 0);
  for (const file of files) {
    const best = bestBy(nearestAbove(sources, file), score);
    if (best !== null) return best;
  }
  const [first] = files;
  const elsewhere = sources.filter((source) => overlap(source) > 0);
  if (elsewhere.length === 0 && racks().length > 0) return onlyOpen(sources);
  return bestBy(
    elsewhere,
    (source) => score(source) * 1000 + (first === undefined ? 0 : commonDepth(source.folder, first)),
  );
}

/** What speaks for one of several clusters, besides folders and racks. */
export interface Hints {
  /** The Kubernetes namespace of the cluster that is meant. */
  readonly namespace?: string | null;
  /** The clusters that the file itself describes: that one of them is meant is no more than likely, so racks come first. */
  readonly homes?: readonly ClusterSource[];
}

/** Those whose folder holds a file, as far down as any of them does. */
function nearestAbove(sources: readonly ClusterSource[], file: FilePath): readonly ClusterSource[] {
  let nearest: ClusterSource[] = [];
  let depth = 0;
  for (const source of sources) {
    const { length } = source.folder.segments;
    if (source.racks.size === 0 || length < depth || !isInside(source.folder, file)) continue;
    if (length > depth) nearest = [];
    depth = length;
    nearest.push(source);
  }
  return nearest;
}

/** The only cluster there is, if files leave its racks open: those that are wanted may be its own. */
function onlyOpen(sources: readonly ClusterSource[]): ClusterSource | null {
  const [only] = sources;
  const isOpen = only !== undefined && sources.length === 1 && [...only.racks].some(isTemplate);
  return isOpen ? only : null;
}

/** The item with the highest score. Of one there is nothing to choose, and mostly there is one. */
function bestBy<T>(items: readonly T[], score: (item: T) => number): T | null {
  if (items.length === 1) return items[0] ?? null;
  let best: { readonly item: T; readonly score: number } | null = null;
  for (const item of items) {
    const own = score(item);
    if (best === null || own > best.score) best = { item, score: own };
  }
  return best?.item ?? null;
}
