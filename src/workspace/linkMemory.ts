import type { DocumentReading } from '../documents/declaration';
import type { SurvivalGoal } from '../kafka/cluster';
import type { Placement, ReplicaConstraint } from '../kafka/placement';
import type { ClusterFacts } from '../rules/facts';
import { FileMemory } from './fileMemory';
import { Ground } from './ground';
import { type FilePath, parsePath } from './paths';
import { remember } from './remember';
import { hasSameItems } from './sameItems';
import { type ClusterSource, clusterSources } from './sources';
import { knowsRacks } from './topology';

/** What linking found out once and need not find out again: it depends on one file alone, or came out as it was. */
export class LinkMemory {
  private current: ReadonlyMap<string, FileMemory> = new Map();
  /** A few files as they were before: trial edits are taken back. */
  private former: readonly FileMemory[] = [];
  private readonly paths = new Map<string, FilePath>();
  /** By all that is known of them, those that were asked for last at the end. */
  private readonly clusters = new Map<string, ClusterFacts>();
  /** How many there were when all files were linked last. */
  private clusterCount = 0;
  private readonly placements = new Map<string, Placement>();
  private readonly bySource = new WeakMap<
    ClusterSource,
    { readonly goal: SurvivalGoal; readonly key: string; readonly facts: ClusterFacts }
  >();
  private ground: {
    readonly describing: readonly FileMemory[];
    readonly placementUris: readonly string[];
    readonly ground: Ground;
  } | null = null;

  /** Files as they are now, by their address. */
  filesOf(readings: ReadonlyMap<string, DocumentReading>): ReadonlyMap<string, FileMemory> {
    const files = new Map<string, FileMemory>();
    const changed: FileMemory[] = [];
    for (const [uri, reading] of readings) {
      const before = this.current.get(uri);
      if (before?.reading === reading) files.set(uri, before);
      else {
        files.set(uri, this.former.find((file) => file.reading === reading) ?? new FileMemory(reading));
        if (before !== undefined) changed.push(before);
      }
    }
    if (changed.length > 0) this.former = [...changed, ...this.former].slice(0, formerFilesMax);
    this.current = files;
    // Linking in steps may have been left half way, any number of times.
    this.forgetFormerClusters();
    return files;
  }

  pathOf(uri: string): FilePath {
    return remember(this.paths, uri, pathsKeptMax, () => parsePath(uri));
  }

  /** The ground, the same object while the files that describe clusters and the places of placements are the same. */
  groundOf(files: Iterable<FileMemory>): Ground {
    const describing: FileMemory[] = [];
    const placementUris: string[] = [];
    for (const file of files) {
      const { format, uri } = file.reading;
      const isNamed = format === 'placement-json' || format === 'properties';
      if (isNamed && file.declared.placement.length > 0) placementUris.push(uri);
      if (file.describesClusters) describing.push(file);
    }
    const before = this.ground;
    const isDescribedAlike = before !== null && hasSameItems(before.describing, describing);
    if (isDescribedAlike && hasSameItems(before.placementUris, placementUris)) return before.ground;
    // Clusters stay the same objects where a placement comes or goes, and with them all that is linked to them.
    const sources = isDescribedAlike ? before.ground.sources : clusterSources(describing.map(({ reading }) => reading));
    const mounts = describing.flatMap(({ declared }) => declared.mount);
    const ground = new Ground(sources, mounts, placementUris, (uri) => this.pathOf(uri));
    this.ground = { describing, placementUris, ground };
    return ground;
  }

  /** The same object for equal placements, so that what was computed for one is found for all. */
  interned(placement: Placement): Placement {
    return remember(this.placements, placementKey(placement), placementsKeptMax, () => placement);
  }

  /** The cluster that files describe. Where they list all its brokers, placements add nothing to it. */
  described(source: ClusterSource, goal: SurvivalGoal, link: () => ClusterFacts): ClusterFacts {
    const known = this.bySource.get(source);
    if (known?.goal === goal) return this.kept(known.key, known.facts);
    const facts = link();
    const key = JSON.stringify(facts);
    const same = this.kept(key, facts);
    if (source.brokers.length > 0 && knowsRacks(source)) this.bySource.set(source, { goal, key, facts: same });
    return same;
  }

  /** The same object for a cluster that is as it was, so that what was computed for it is found again. */
  cluster(facts: ClusterFacts): ClusterFacts {
    return this.kept(JSON.stringify(facts), facts);
  }

  private kept(key: string, facts: ClusterFacts): ClusterFacts {
    const same = this.clusters.get(key) ?? facts;
    this.clusters.delete(key);
    this.clusters.set(key, same);
    return same;
  }

  /** All files were linked, into so many clusters. */
  linkedInto(clusterCount: number): void {
    this.clusterCount = clusterCount;
    this.forgetFormerClusters();
  }

  /**
   * A few former clusters are kept, for edits that are taken back; no more, as everything that was ever found out about a
   * cluster and a topic stays with the cluster.
   */
  private forgetFormerClusters(): void {
    for (const key of this.clusters.keys()) {
      if (this.clusters.size <= this.clusterCount + formerClustersMax) return;
      this.clusters.delete(key);
    }
  }
}

/** Equal for equal placements only: racks stand behind their length, as they may hold any character. */
function placementKey({ version, observerPromotionPolicy: policy, replicas, observers }: Placement): string {
  return `${version}${policy ?? ''}|${constraintsKey(replicas)}|${constraintsKey(observers)}`;
}

function constraintsKey(constraints: readonly ReplicaConstraint[]): string {
  let key = '';
  for (const { count, rack } of constraints) key += rack === null ? `${count}-` : `${count} ${rack.length} ${rack}`;
  return key;
}

const placementsKeptMax = 10_000;
const pathsKeptMax = 100_000;
const formerFilesMax = 4;
/** As many as the edits that are tried for one finding, and a few more. */
const formerClustersMax = 8;
