import type { Declaration, DocumentReading, PlacementDeclaration, TopicDeclaration } from '../documents/declaration';
import type { SurvivalGoal } from '../kafka/cluster';
import type { ClusterFacts, CommandFacts, In, PlacementFacts } from '../rules/facts';
import { Ground } from './ground';
import type { LinkedTopic } from './linked';
import { type FilePath, parsePath } from './paths';
import type { ClusterSource } from './sources';

/** Declarations of each kind. */
export type ByKind = { readonly [K in Declaration['kind']]: Extract<Declaration, { readonly kind: K }> };

type Sorted = { readonly [K in keyof ByKind]: readonly In<ByKind[K]>[] };

/** What linking found out once and need not find out again: it depends on one file alone, or came out as it was. */
export class LinkMemory {
  private readonly paths = new Map<string, FilePath>();
  private readonly sorted = new WeakMap<DocumentReading, Sorted>();
  private readonly clusters = new Map<string, ClusterFacts>();
  private readonly bySource = new WeakMap<
    ClusterSource,
    { readonly goal: SurvivalGoal; readonly facts: ClusterFacts }
  >();
  private readonly placements = new WeakMap<PlacementDeclaration, PlacementFacts>();
  private readonly commands = new WeakMap<
    TopicDeclaration,
    { readonly ground: Ground; readonly facts: CommandFacts }
  >();
  private readonly topics = new WeakMap<
    CommandFacts,
    { readonly evidence: readonly unknown[]; readonly linked: LinkedTopic }
  >();
  private ground: { readonly evidence: readonly unknown[]; readonly ground: Ground } | null = null;

  pathOf(uri: string): FilePath {
    const known = this.paths.get(uri);
    if (known !== undefined) return known;
    const path = parsePath(uri);
    this.paths.set(uri, path);
    return path;
  }

  /** The declarations of a kind, with their file. */
  declarationsOf<K extends keyof ByKind>(reading: DocumentReading, kind: K): readonly In<ByKind[K]>[] {
    return this.sortedOf(reading)[kind];
  }

  private sortedOf(reading: DocumentReading): Sorted {
    const known = this.sorted.get(reading) ?? sortByKind(reading);
    this.sorted.set(reading, known);
    return known;
  }

  /** The ground, the same object while the files that describe clusters and the places of placements are the same. */
  groundOf(readings: Iterable<DocumentReading>): Ground {
    const describing: DocumentReading[] = [];
    const placementUris: string[] = [];
    for (const reading of readings) {
      const sorted = this.sortedOf(reading);
      const named = reading.format === 'placement-json' || reading.format === 'properties';
      if (named && sorted.placement.length > 0) placementUris.push(reading.uri);
      if (describesClusters(sorted)) describing.push(reading);
    }
    const evidence = [...describing, ...placementUris];
    if (this.ground !== null && isSame(this.ground.evidence, evidence)) return this.ground.ground;
    const mounts = describing.flatMap((reading) => this.declarationsOf(reading, 'mount'));
    const ground = new Ground(describing, mounts, placementUris, (uri) => this.pathOf(uri));
    this.ground = { evidence, ground };
    return ground;
  }

  placement(uri: string, declared: PlacementDeclaration, cluster: ClusterFacts): PlacementFacts {
    const known = this.placements.get(declared);
    if (known !== undefined && known.cluster === cluster && known.uri === uri) return known;
    const facts = { uri, declared, cluster };
    this.placements.set(declared, facts);
    return facts;
  }

  /** @param isCurrent whether what was found still is what would be found */
  command(
    declared: TopicDeclaration,
    ground: Ground,
    isCurrent: (facts: CommandFacts) => boolean,
    link: () => CommandFacts,
  ): CommandFacts {
    const known = this.commands.get(declared);
    if (known !== undefined && known.ground === ground && isCurrent(known.facts)) return known.facts;
    const facts = link();
    this.commands.set(declared, { ground, facts });
    return facts;
  }

  /** @param evidence everything that the topic depends on besides the command, by identity */
  topic(command: CommandFacts, evidence: readonly unknown[], link: () => LinkedTopic): LinkedTopic {
    const known = this.topics.get(command);
    if (known !== undefined && isSame(known.evidence, evidence)) return known.linked;
    const linked = link();
    this.topics.set(command, { evidence, linked });
    return linked;
  }

  /** The cluster that files describe. Where they list its brokers, placements add nothing to it. */
  described(source: ClusterSource, goal: SurvivalGoal, link: () => ClusterFacts): ClusterFacts {
    if (source.brokers.length === 0) return this.cluster(link());
    const known = this.bySource.get(source);
    if (known !== undefined && known.goal === goal) return known.facts;
    const facts = this.cluster(link());
    this.bySource.set(source, { goal, facts });
    return facts;
  }

  /**
   * The same object for a cluster that is as it was, so that what was computed for it is found again. Few clusters change,
   * so those of the past are kept up to a bound.
   */
  cluster(facts: ClusterFacts): ClusterFacts {
    const key = JSON.stringify(facts);
    const known = this.clusters.get(key);
    if (known !== undefined) return known;
    if (this.clusters.size >= clustersKeptMax) this.clusters.clear();
    this.clusters.set(key, facts);
    return facts;
  }
}

const clustersKeptMax = 1_000;

function describesClusters({ broker, controller, default: defaults, mount, cluster }: Sorted): boolean {
  return [broker, controller, defaults, mount, cluster].some((declarations) => declarations.length > 0);
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** Most files declare one kind of thing. */
const none: readonly never[] = [];

function sortByKind({ uri, declarations }: DocumentReading): Sorted {
  const kinds = new Set(declarations.map(({ kind }) => kind));
  const of = <K extends keyof ByKind>(kind: K): readonly In<ByKind[K]>[] =>
    kinds.has(kind)
      ? declarations
          .filter((declared): declared is ByKind[K] => declared.kind === kind)
          .map((declared) => ({ uri, declared }))
      : none;
  return {
    placement: of('placement'),
    topic: of('topic'),
    broker: of('broker'),
    controller: of('controller'),
    default: of('default'),
    mount: of('mount'),
    assignment: of('assignment'),
    cluster: of('cluster'),
  };
}
