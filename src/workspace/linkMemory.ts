import type { Declaration, DocumentReading, PlacementDeclaration, TopicDeclaration } from '../documents/declaration';
import type { SurvivalGoal } from '../kafka/cluster';
import type { Placement, ReplicaConstraint } from '../kafka/placement';
import { placementFacts } from '../rules/check';
import type { ClusterFacts, CommandFacts, In, PlacementFacts } from '../rules/facts';
import { Ground } from './ground';
import type { LinkedTopic } from './linked';
import { type FilePath, parsePath } from './paths';
import type { ClusterSource } from './sources';
import type { TopicSettings } from './topicValues';
import { knowsRacks } from './topology';

/** Declarations of each kind. */
export type ByKind = { readonly [K in Declaration['kind']]: Extract<Declaration, { readonly kind: K }> };

type Sorted = { readonly [K in keyof ByKind]: readonly In<ByKind[K]>[] };

/** All that a topic depends on besides who names it. */
export interface Evidence {
  readonly placement: PlacementFacts;
  readonly source: ClusterSource | null;
  readonly settings: TopicSettings;
  /** What commands say of it: see {@link TopicValues.evidenceFor}. */
  readonly said: unknown;
}

/** Who names a topic, a command or a placement that nobody speaks of, with the topic as it was linked last. */
export interface Subject {
  topic: { readonly evidence: Evidence; readonly linked: LinkedTopic } | null;
}

/** A command, the cluster that it speaks to, and what it was linked upon. */
export interface LinkedCommand extends Subject {
  readonly facts: CommandFacts;
  readonly source: ClusterSource | null;
  readonly ground: Ground;
}

/** A placement, and the cluster that it is for where nobody speaks of it. */
interface LinkedPlacement extends Subject {
  facts: PlacementFacts | null;
  source: { readonly ground: Ground; readonly source: ClusterSource | null } | null;
}

/**
 * One file, sorted, with what was found out about its declarations. It goes as a whole when the file changes, so plain maps
 * hold it: weak ones cost several times as much for the thousands of declarations that a keystroke in a large file makes anew.
 */
export class FileMemory {
  readonly reading: DocumentReading;
  readonly declared: Sorted;
  /** Whether it says anything of clusters, of their defaults, or of where files are mounted. */
  readonly describesClusters: boolean;
  private readonly placements = new Map<PlacementDeclaration, LinkedPlacement>();
  /** Most files have none. */
  private commands: Map<TopicDeclaration, LinkedCommand> | null = null;

  constructor(reading: DocumentReading) {
    this.reading = reading;
    this.declared = sortByKind(reading);
    const { broker, controller, default: defaults, mount, cluster } = this.declared;
    this.describesClusters = broker.length + controller.length + defaults.length + mount.length + cluster.length > 0;
  }

  placement(declared: PlacementDeclaration): LinkedPlacement {
    const known = this.placements.get(declared);
    if (known !== undefined) return known;
    const linked: LinkedPlacement = { facts: null, source: null, topic: null };
    this.placements.set(declared, linked);
    return linked;
  }

  /** @param decode what is made of a placement, see {@link LinkMemory.interned} */
  placementFacts(
    declared: PlacementDeclaration,
    cluster: ClusterFacts,
    decode: (placement: Placement) => Placement,
  ): PlacementFacts {
    const linked = this.placement(declared);
    if (linked.facts?.cluster === cluster) return linked.facts;
    const decoded = declared.placement === null ? null : decode(declared.placement);
    linked.facts = placementFacts(this.reading.uri, declared, decoded, cluster);
    return linked.facts;
  }

  /** The cluster of a placement of which nobody speaks. */
  sourceOf(declared: PlacementDeclaration, ground: Ground): ClusterSource | null {
    const linked = this.placement(declared);
    if (linked.source?.ground === ground) return linked.source.source;
    const source = ground.sourceOf([this.reading.uri], declared);
    linked.source = { ground, source };
    return source;
  }

  /** @param isCurrent whether what was found still is what would be found */
  command(
    declared: TopicDeclaration,
    ground: Ground,
    isCurrent: (facts: CommandFacts) => boolean,
    link: () => Pick<LinkedCommand, 'facts' | 'source'>,
  ): LinkedCommand {
    this.commands ??= new Map();
    const known = this.commands.get(declared);
    if (known !== undefined && known.ground === ground && isCurrent(known.facts)) return known;
    const { facts, source } = link();
    const linked = { facts, source, ground, topic: null };
    this.commands.set(declared, linked);
    return linked;
  }
}

/** The topic that was linked before, if nothing that it depends on has changed. */
export function rememberedTopic(
  { topic }: Subject,
  { placement, source, settings, said }: Evidence,
): LinkedTopic | null {
  if (topic === null) return null;
  const { evidence } = topic;
  const isCurrent =
    evidence.placement === placement &&
    evidence.source === source &&
    evidence.settings === settings &&
    isSameSaying(evidence.said, said);
  return isCurrent ? topic.linked : null;
}

function isSameSaying(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && Array.isArray(other) && isSame(one, other));
}

/** What linking found out once and need not find out again: it depends on one file alone, or came out as it was. */
export class LinkMemory {
  private current: ReadonlyMap<string, FileMemory> = new Map();
  /** A few files as they were before: trial edits are taken back. */
  private former: readonly FileMemory[] = [];
  private readonly paths = new Map<string, FilePath>();
  private readonly clusters = new Map<string, ClusterFacts>();
  private readonly placements = new Map<string, Placement>();
  private readonly bySource = new WeakMap<
    ClusterSource,
    { readonly goal: SurvivalGoal; readonly facts: ClusterFacts }
  >();
  private ground: { readonly evidence: readonly unknown[]; readonly ground: Ground } | null = null;

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
    const evidence = [...describing, ...placementUris];
    if (this.ground !== null && isSame(this.ground.evidence, evidence)) return this.ground.ground;
    const mounts = describing.flatMap(({ declared }) => declared.mount);
    const readings = describing.map(({ reading }) => reading);
    const ground = new Ground(readings, mounts, placementUris, (uri) => this.pathOf(uri));
    this.ground = { evidence, ground };
    return ground;
  }

  /** The same object for equal placements, so that what was computed for one is found for all. */
  interned(placement: Placement): Placement {
    return remember(this.placements, placementKey(placement), placementsKeptMax, () => placement);
  }

  /** The cluster that files describe. Where they list all its brokers, placements add nothing to it. */
  described(source: ClusterSource, goal: SurvivalGoal, link: () => ClusterFacts): ClusterFacts {
    if (source.brokers.length === 0 || !knowsRacks(source)) return this.cluster(link());
    const known = this.bySource.get(source);
    if (known !== undefined && known.goal === goal) return known.facts;
    const facts = this.cluster(link());
    this.bySource.set(source, { goal, facts });
    return facts;
  }

  /** The same object for a cluster that is as it was, so that what was computed for it is found again. */
  cluster(facts: ClusterFacts): ClusterFacts {
    return remember(this.clusters, JSON.stringify(facts), clustersKeptMax, () => facts);
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

/** Few things change between two analyses, so those of the past are kept up to a bound. */
function remember<V>(memory: Map<string, V>, key: string, keptMax: number, compute: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= keptMax) memory.clear();
  const value = compute();
  memory.set(key, value);
  return value;
}

const clustersKeptMax = 1_000;
const placementsKeptMax = 10_000;
const pathsKeptMax = 100_000;
const formerFilesMax = 4;

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
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
