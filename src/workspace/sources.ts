import type {
  BrokerDeclaration,
  ClusterDeclaration,
  ControllerDeclaration,
  Declaration,
  DocumentReading,
} from '../documents/declaration';
import type { In, NodeFacts } from '../rules/facts';
import { groupBy } from '../rules/grouping';
import { isTemplate } from '../rules/template';
import { type ByKind, ofKind } from './ofKind';
import { withOverrides } from './overrides';
import { commonDepth, type FilePath, folderOf, isInside, nameOf, parsePath, pathKey } from './paths';
import { listedVoters, votersElsewhere } from './voters';

/** Files that together describe one cluster. */
export interface ClusterSource extends NodeFacts {
  /** What people call it: the cluster file's own name, or the folder's. */
  readonly name: string;
  /** The cluster reaches over everything in this folder. */
  readonly folder: FilePath;
  readonly uris: readonly string[];
  /** Those of its nodes in Kubernetes. */
  readonly namespaces: ReadonlySet<string>;
  readonly cluster: In<ClusterDeclaration> | null;
  /** Racks that it knows of. */
  readonly racks: ReadonlySet<string>;
  /** Whether other files may hold more of its brokers, so that a rack it does not know may exist all the same. */
  readonly partial: boolean;
}

/**
 * Which clusters a set of files describes. Each cluster file is one, with the compose files in its folder; other
 * compose files are one per folder, unless they contradict each other: then each is a cluster of its own.
 */
export function clusterSources(readings: Iterable<DocumentReading>): readonly ClusterSource[] {
  const clusterFiles: Part[] = [];
  const others: Part[] = [];
  for (const reading of readings) {
    for (const part of partsOf(reading)) {
      if (part.cluster === null) others.push(part);
      else clusterFiles.push(part);
    }
  }
  const groups = clusterFiles.map((file): { readonly file: Part; readonly parts: Part[] } => ({ file, parts: [] }));
  const free: Part[] = [];
  for (const part of others.sort(byOverrideThenUri)) {
    const owner = groups
      .filter(({ file }) => isInside(folderOf(file.path), part.path))
      .sort((a, b) => b.file.path.segments.length - a.file.path.segments.length)[0];
    if (owner === undefined) free.push(part);
    else owner.parts.push(part);
  }
  return [
    ...groups.map(({ file, parts }) => sourceOf([file, ...parts])),
    ...gatherByFolder(free).map((parts) => sourceOf(parts)),
  ].filter(({ brokers, cluster }) => brokers.length > 0 || cluster !== null);
}

interface Part {
  readonly uri: string;
  readonly format: DocumentReading['format'];
  /** What its nodes turn to, where they say: see {@link identityOf}. */
  readonly identity: string | null;
  readonly path: FilePath;
  readonly cluster: In<ClusterDeclaration> | null;
  readonly declarations: readonly Declaration[];
  readonly brokers: readonly (BrokerDeclaration | ControllerDeclaration)[];
}

/** A file may hold several clusters, such as one more for metrics: they differ in their id or their quorum. */
function partsOf({ uri, format, declarations }: DocumentReading): readonly Part[] {
  const cluster = declarations.find((declared) => declared.kind === 'cluster');
  const relevant = declarations.some(({ kind }) => kind === 'broker' || kind === 'controller' || kind === 'default');
  if (cluster === undefined && !relevant) return [];
  const part = {
    uri,
    format,
    path: parsePath(uri),
    cluster: cluster === undefined ? null : { uri, declared: cluster },
  };
  const nodes = declarations.filter((declared) => declared.kind === 'broker' || declared.kind === 'controller');
  const identityOf = identitiesIn(nodes);
  const ids = [...new Set(nodes.flatMap((node) => identityOf(node) ?? []))];
  const others = declarations.filter((declared) => declared.kind !== 'broker' && declared.kind !== 'controller');
  return (ids.length === 0 ? [null] : ids).map((id, index) => {
    const own = nodes.filter((node) => (identityOf(node) ?? (index === 0 ? id : null)) === id);
    const brokers = own.filter(({ kind }) => kind === 'broker');
    // What stands in another cluster's node is that cluster's; what stands in none, such as an anchor's, is everybody's.
    const foreign = nodes.filter((node) => !own.includes(node));
    const shared = others.filter((declared) => isIn(declared, own) || !isIn(declared, foreign));
    return { ...part, identity: id, declarations: [...own, ...shared], brokers };
  });
}

function isIn({ span }: Declaration, nodes: readonly Node[]): boolean {
  return nodes.some((node) => node.span.start <= span.start && span.end <= node.span.end);
}

type Node = BrokerDeclaration | ControllerDeclaration;

/**
 * What nodes of one cluster have in common: its id, or the quorum they turn to. A cluster may reach over namespaces of
 * Kubernetes; but where two namespaces have a broker of the same id they are clusters of their own.
 */
function identitiesIn(nodes: readonly Node[]): (node: Node) => string | null {
  const byId = groupBy(
    nodes.filter(({ kind, id }) => kind === 'broker' && id !== null),
    ({ id }) => id?.value,
  );
  const clash = [...byId.values()].some((same) => new Set(same.map(({ name }) => namespaceOf(name))).size > 1);
  const keys = ['cluster.id', 'controller.quorum.voters', 'controller.quorum.bootstrap.servers', 'zookeeper.connect'];
  return ({ name, configs }) =>
    keys.map((key) => configs.get(key)?.value).find((value) => value !== undefined) ??
    (clash ? namespaceOf(name) : null);
}

/** Nodes of Kubernetes are called `namespace/name-ordinal`. */
function namespaceOf(name: string): string | null {
  const slash = name.indexOf('/');
  return slash < 0 ? null : name.slice(0, slash);
}

/** `docker-compose.override.yml` adds to a file without `override` and is read after it. */
function byOverrideThenUri(a: Part, b: Part): number {
  return Number(isOverride(a)) - Number(isOverride(b)) || (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0);
}

function isOverride({ path }: Part): boolean {
  return /(?:^|[.-])override\./.test(nameOf(path));
}

/** Files that are one cluster together, and what their brokers are called. */
interface Gathered {
  /** How many there were before it. */
  readonly rank: number;
  readonly first: Part;
  readonly parts: Part[];
  readonly names: Set<string>;
  readonly ids: Set<number>;
  readonly clusterIds: Set<string>;
}

/** Files of a folder that can be one cluster together: halves of it, or a file and what overrides it. */
function gatherByFolder(parts: readonly Part[]): readonly (readonly Part[])[] {
  const all: Gathered[] = [];
  const byFolder = new Map<string, Gathered[]>();
  const byIdentity = new Map<string, Gathered>();
  for (const part of parts) {
    const sibling = part.format === 'properties' && part.identity !== null ? byIdentity.get(part.identity) : undefined;
    const folder = pathKey(folderOf(part.path));
    const inFolder = byFolder.get(folder) ?? [];
    const known = earlier(
      sibling,
      inFolder.find((group) => belongsTo(part, group)),
    );
    const rank = all.length;
    const group = known ?? { rank, first: part, parts: [], names: new Set(), ids: new Set(), clusterIds: new Set() };
    add(part, group);
    if (known !== undefined) continue;
    all.push(group);
    byFolder.set(folder, [...inFolder, group]);
    if (part.format === 'properties' && part.identity !== null) byIdentity.set(part.identity, group);
  }
  return all.map((group) => group.parts);
}

function earlier(one: Gathered | undefined, other: Gathered | undefined): Gathered | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.rank <= other.rank ? one : other;
}

function add(part: Part, group: Gathered): void {
  group.parts.push(part);
  const clusterId = clusterIdOf(part);
  if (clusterId !== null) group.clusterIds.add(clusterId);
  for (const { name, id } of part.brokers) {
    group.names.add(name);
    if (id !== null) group.ids.add(id.value);
  }
}

/** Of one folder. What stands apart in one file is of two clusters. */
function belongsTo(part: Part, group: Gathered): boolean {
  if (part.uri === group.first.uri) return false;
  // A properties file holds one node; its siblings may be anywhere, but turn to the same quorum.
  const siblings = part.format === 'properties' && group.first.format === 'properties';
  if (siblings && part.identity !== null) return part.identity === group.first.identity;
  return isOverride(part) || !contradicts(part, group);
}

/** Two files that both declare a broker of the same id or name are alternatives, not halves; and so are two clusters' ids. */
function contradicts(part: Part, { names, ids, clusterIds }: Gathered): boolean {
  const clusterId = clusterIdOf(part);
  if (clusterId !== null && (clusterIds.size > 1 || (clusterIds.size === 1 && !clusterIds.has(clusterId)))) return true;
  return part.brokers.some(({ name, id }) => names.has(name) || (id !== null && ids.has(id.value)));
}

function clusterIdOf({ declarations }: Part): string | null {
  for (const declared of declarations) {
    const id = declared.kind === 'broker' || declared.kind === 'controller' ? declared.configs.get('cluster.id') : null;
    if (id && !isTemplate(id.value)) return id.value;
  }
  return null;
}

function sourceOf(parts: readonly Part[]): ClusterSource {
  const cluster = parts[0]?.cluster ?? null;
  const fromClusterFile = parts.slice(0, 1).filter((part) => part.cluster !== null && part.brokers.length > 0);
  // A cluster file that lists brokers is the whole truth about nodes; other files then only add configuration.
  const nodeParts = fromClusterFile.length > 0 ? fromClusterFile : parts;
  const folder = commonFolder(parts.map(({ path }) => folderOf(path)));
  const brokers = withOverrides(all(nodeParts, 'broker'));
  const controllers = withOverrides(all(nodeParts, 'controller'));
  // Another cluster, such as one for metrics, may stand in the same folder: its brokers have other ids.
  const ids = new Set(brokers.flatMap(({ declared: { id } }) => (id === null ? [] : [id.value])));
  const racks = [
    ...brokers.map(({ declared }) => declared.rack?.value),
    ...(cluster?.declared.datacenters ?? []).flatMap(({ racks }) => racks.map((rack) => rack.value)),
  ];
  return {
    name: cluster?.declared.name?.value ?? (nameOf(folder) || nameOf(parts[0]?.path ?? folder)),
    folder,
    uris: parts.map(({ uri }) => uri),
    namespaces: new Set(parts.flatMap(namespacesIn)),
    cluster,
    brokers,
    otherBrokers: all(
      parts.filter((part) => !nodeParts.includes(part)),
      'broker',
    ).filter(({ declared: { id } }) => id === null || ids.size === 0 || ids.has(id.value)),
    controllers,
    defaults: all(parts, 'default'),
    racks: new Set(racks.filter((rack) => rack !== undefined)),
    partial: parts.every(isOverride) || isPartOfProperties(nodeParts, brokers, controllers),
  };
}

/**
 * One file of properties is one node, and files of some nodes may be all that is here: as when brokers that vote list voters
 * that are not. (Of brokers that do not vote, the controllers may well be described elsewhere.)
 */
function isPartOfProperties(
  parts: readonly Part[],
  brokers: readonly In<BrokerDeclaration>[],
  controllers: readonly In<ControllerDeclaration>[],
): boolean {
  if (!parts.every(({ format }) => format === 'properties')) return false;
  if (brokers.length < 2) return true;
  const nodes = [...brokers, ...controllers].map(({ declared }) => declared);
  const brokersVote = brokers.some(({ declared }) => declared.alsoController);
  return brokersVote && votersElsewhere(listedVoters(nodes), nodes).length > 0;
}

function namespacesIn({ format, declarations }: Part): readonly string[] {
  if (format !== 'kubernetes') return [];
  return declarations.flatMap((declared) =>
    declared.kind === 'broker' || declared.kind === 'controller' ? (namespaceOf(declared.name) ?? []) : [],
  );
}

/** The innermost folder that holds all of several. */
function commonFolder(folders: readonly FilePath[]): FilePath {
  const [first = { root: '', segments: [] }, ...others] = folders;
  const depth = Math.min(first.segments.length, ...others.map((other) => commonDepth(first, other)));
  return { root: first.root, segments: first.segments.slice(0, depth) };
}

function all<K extends keyof ByKind>(parts: readonly Part[], kind: K): readonly In<ByKind[K]>[] {
  return parts.flatMap((part) => ofKind(part, kind));
}
