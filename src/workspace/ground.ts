import type { MountDeclaration, PlacementDeclaration } from '../documents/declaration';
import type { In } from '../rules/facts';
import { groupBy } from '../rules/grouping';
import type { FilePath } from './paths';
import { remember } from './remember';
import { PlacementFiles } from './resolve';
import { sourceFor } from './sourceFor';
import type { ClusterSource } from './sources';

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
  private homes: ReadonlyMap<string, readonly Home[]> | null = null;

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

  /**
   * The cluster that a placement is for, as files speak of it, the first one foremost.
   *
   * @param namespace of the cluster in Kubernetes, where the topic states one
   */
  sourceOf(
    uris: readonly [string, ...string[]],
    declared: PlacementDeclaration | null,
    namespace: string | null = null,
  ): ClusterSource | null {
    if (this.sources.length === 0) return null;
    const racks = (): readonly string[] => (declared === null ? [] : racksOf(declared));
    // With one cluster the choice is sooner made than remembered.
    if (this.sources.length === 1) return sourceFor(this.sources, uris.map(this.pathOf), racks);
    const homes = this.homesOf(uris[0]);
    // Files of one folder that name the same racks have the same answer, unless they describe clusters themselves.
    const home = homes.length === 0 ? '' : uris[0];
    const names = [namespace ?? '', ...racks()].map(withLength).join('');
    const key = `${uris.map(folderText).join('\n')}\0${home}\0${names}`;
    return remember(this.chosen, key, chosenKeptMax, () =>
      sourceFor(this.sources, uris.map(this.pathOf), racks, { namespace, homes }),
    );
  }

  /**
   * The cluster that a file starts brokers of, where another one was chosen for a placement in it, as that knows more of its
   * racks: what brokers state beside a default placement is their own all the same.
   */
  homeOf(uri: string, chosen: ClusterSource | null): ClusterSource | null {
    if (this.sources.length < 2) return null;
    const homes = this.homesOf(uri);
    return chosen !== null && homes.includes(chosen) ? null : (homes[0] ?? null);
  }

  private homesOf(uri: string): readonly ClusterSource[] {
    this.homes ??= homesIn(this.sources);
    return (this.homes.get(uri) ?? []).map(({ source }) => source);
  }
}

/** The clusters by the files that describe them; a file may hold several. */
function homesIn(sources: readonly ClusterSource[]): ReadonlyMap<string, readonly Home[]> {
  return groupBy(
    sources.flatMap((source) => source.uris.map((uri) => ({ uri, source }))),
    ({ uri }) => uri,
  );
}

/** A file, and a cluster that it describes. */
interface Home {
  readonly uri: string;
  readonly source: ClusterSource;
}

/** Racks are typed letter by letter, and each of the words on the way is asked about. */
const chosenKeptMax = 100_000;

/** The racks that a placement names, in the order of the text. */
export function racksOf({ constraints }: PlacementDeclaration): readonly string[] {
  return constraints.flatMap(({ rack }) => (rack === null ? [] : [rack.value]));
}

/** A name may hold any character: behind its length, none of them is taken for the end of it. */
function withLength(name: string): string {
  return `${name.length} ${name}`;
}

function folderText(uri: string): string {
  return uri.slice(0, Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\')) + 1);
}
