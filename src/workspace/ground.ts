import type { MountDeclaration, PlacementDeclaration } from '../documents/declaration';
import type { In } from '../rules/facts';
import type { FilePath } from './paths';
import { remember } from './remember';
import { PlacementFiles } from './resolve';
import { type ClusterSource, sourceFor } from './sources';

/**
 * What topics are linked upon: the clusters there are, and where placement files lie. It stays the same object while the
 * files that say so stay as they are, however much topics and placements change.
 */
export class Ground {
  readonly sources: readonly ClusterSource[];
  readonly files: PlacementFiles;
  private readonly pathOf: (uri: string) => FilePath;
  private readonly chosen = new Map<string, ClusterSource | null>();

  constructor(
    sources: readonly ClusterSource[],
    mounts: readonly In<MountDeclaration>[],
    placementUris: readonly string[],
    pathOf: (uri: string) => FilePath,
  ) {
    this.pathOf = pathOf;
    this.sources = sources;
    this.files = new PlacementFiles(placementUris, mounts);
  }

  /** The cluster that a placement is for, as files speak of it, the first one foremost. */
  sourceOf(uris: readonly [string, ...string[]], declared: PlacementDeclaration | null): ClusterSource | null {
    if (this.sources.length === 0) return null;
    const racks = (): readonly string[] => (declared === null ? [] : racksOf(declared));
    // With one cluster the choice is sooner made than remembered.
    if (this.sources.length === 1) return sourceFor(this.sources, uris.map(this.pathOf), racks);
    // Files of one folder that name the same racks have the same answer.
    const key = `${uris.map(folderText).join('\n')}\0${racks().map(withLength).join('')}`;
    return remember(this.chosen, key, chosenKeptMax, () => sourceFor(this.sources, uris.map(this.pathOf), racks));
  }
}

/** Racks are typed letter by letter, and each of the words on the way is asked about. */
const chosenKeptMax = 100_000;

/** The racks that a placement names, in the order of the text. */
export function racksOf({ constraints }: PlacementDeclaration): readonly string[] {
  return constraints.flatMap(({ rack }) => (rack === null ? [] : [rack.value]));
}

/** A rack may hold any character: behind its length, none of them is taken for the end of it. */
function withLength(rack: string): string {
  return `${rack.length} ${rack}`;
}

function folderText(uri: string): string {
  return uri.slice(0, Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1);
}
