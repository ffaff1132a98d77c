import type { MountDeclaration, PlacementDeclaration } from '../documents/declaration';
import type { In } from '../rules/facts';
import type { FilePath } from './paths';
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
  /** Made when somebody asks. */
  private homes: ReadonlyMap<string, readonly ClusterSource[]> | null = null;

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
    const key = `${uris.map(folderText).join('\n')}\0${racks().join('\n')}`;
    const known = this.chosen.get(key);
    if (known !== undefined) return known;
    if (this.chosen.size >= chosenKeptMax) this.chosen.clear();
    const source = sourceFor(this.sources, uris.map(this.pathOf), racks);
    this.chosen.set(key, source);
    return source;
  }

  /**
   * The cluster that a file starts brokers of, where another one was chosen for a placement in it, as that knows more of its
   * racks: what brokers state beside a default placement is their own all the same.
   */
  homeOf(uri: string, chosen: ClusterSource | null): ClusterSource | null {
    if (this.sources.length < 2) return null;
    this.homes ??= homesOf(this.sources);
    const homes = this.homes.get(uri) ?? [];
    return chosen !== null && homes.includes(chosen) ? null : (homes[0] ?? null);
  }
}

/** The clusters by the files that describe them; a file may hold several. */
function homesOf(sources: readonly ClusterSource[]): ReadonlyMap<string, readonly ClusterSource[]> {
  const homes = new Map<string, ClusterSource[]>();
  for (const source of sources) {
    for (const uri of source.uris) {
      const known = homes.get(uri);
      if (known === undefined) homes.set(uri, [source]);
      else known.push(source);
    }
  }
  return homes;
}

/** Racks are typed letter by letter, and each of the words on the way is asked about. */
const chosenKeptMax = 100_000;

/** The racks that a placement names, in the order of the text. */
export function racksOf({ constraints }: PlacementDeclaration): readonly string[] {
  return constraints.flatMap(({ rack }) => (rack === null ? [] : [rack.value]));
}

function folderText(uri: string): string {
  return uri.slice(0, Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1);
}
