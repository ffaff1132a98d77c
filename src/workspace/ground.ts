import type { DocumentReading, MountDeclaration, PlacementDeclaration } from '../documents/declaration';
import type { In } from '../rules/facts';
import type { FilePath } from './paths';
import { PlacementFiles } from './resolve';
import { type ClusterSource, clusterSources, sourceFor } from './sources';

/**
 * What topics are linked upon: the clusters there are, and where placement files lie. It stays the same object while the
 * files that say so stay as they are, however much topics and placements change.
 */
export class Ground {
  readonly sources: readonly ClusterSource[];
  readonly files: PlacementFiles;
  private readonly pathOf: (uri: string) => FilePath;
  private readonly chosen = new WeakMap<PlacementDeclaration, Map<string, ClusterSource | null>>();
  private readonly chosenByFile = new Map<string, ClusterSource | null>();

  constructor(
    readings: readonly DocumentReading[],
    mounts: readonly In<MountDeclaration>[],
    placementUris: readonly string[],
    pathOf: (uri: string) => FilePath,
  ) {
    this.pathOf = pathOf;
    this.sources = clusterSources(readings);
    this.files = new PlacementFiles(placementUris, mounts);
  }

  /** The cluster that a placement is for, as files speak of it, the first one foremost. */
  sourceOf(uris: readonly [string, ...string[]], declared: PlacementDeclaration | null): ClusterSource | null {
    if (this.sources.length === 0) return null;
    const known = declared === null ? this.chosenByFile : (this.chosen.get(declared) ?? new Map());
    if (declared !== null) this.chosen.set(declared, known);
    const before = known.get(uris[0]);
    if (before !== undefined) return before;
    const racks = (declared?.constraints ?? []).flatMap(({ rack }) => (rack === null ? [] : [rack.value]));
    const paths = uris.map(this.pathOf);
    const source = sourceFor(this.sources, paths, racks);
    known.set(uris[0], source);
    return source;
  }
}
