import type { BrokerDeclaration, ControllerDeclaration } from '../documents/declaration';
import type { Broker, Cluster, Controller, Datacenter, SurvivalGoal } from '../kafka/cluster';
import { assumed, type Fact, type Origin, type Place, stated } from '../kafka/origin';
import { type Placement, replicaCount } from '../kafka/placement';
import { at, type ClusterFacts, type In } from '../rules/facts';
import { groupBy } from '../rules/grouping';
import { isTemplate } from '../rules/template';
import type { ClusterSource } from './sources';
import { isListed, type ListedVoter, listedVoters, votersElsewhere } from './voters';

/** Brokers that state no rack live in no datacenter that placements could name. */
const nowhere = 'no rack';

/**
 * The cluster that files describe: brokers, racks, datacenters, controllers, each with where it was stated. A cluster
 * file may leave its brokers out; its racks then have as many as the placements need.
 */
export function clusterOf(
  source: ClusterSource,
  placements: readonly Placement[],
  assumedGoal: SurvivalGoal,
): ClusterFacts {
  const grouped = new Map(
    (source.cluster?.declared.datacenters ?? []).flatMap(({ name, racks }) =>
      racks.map((rack) => [rack.value, name.value] as const),
    ),
  );
  const ids = new Ids(source);
  const homeOf = (rack: string): string => grouped.get(rack) ?? rack;
  const declared = source.brokers.map((node): Broker => {
    const { rack, datacenter } = node.declared;
    const known = rack !== null && !isTemplate(rack.value) ? rack.value : null;
    const home = datacenter?.value ?? (known === null ? nowhere : homeOf(known));
    return { id: ids.of(node.declared), rack: known, datacenter: home, place: placeOf(node) };
  });
  const racksKnown = knowsRacks(source);
  const missing =
    declared.length === 0
      ? brokersNeeded(placements, [...grouped.keys()])
      : racksKnown
        ? []
        : brokersMissing(placements, declared);
  const brokers = [...declared, ...missing.map((rack): Broker => ({ id: ids.free(), rack, datacenter: homeOf(rack) }))];
  const named = source.cluster?.declared.datacenters.map(({ name }) => name.value) ?? [];
  const voters = votersOf(source);
  const controllers = controllersOf(voters, ids, [...named, ...brokers.map(({ datacenter }) => datacenter)], grouped);
  const cluster: Cluster = {
    datacenters: datacentersOf(source, brokers, controllers?.controllers ?? []),
    brokers,
    controllers: controllers?.controllers ?? null,
    goal: goalOf(source, assumedGoal),
    origins: {
      datacenters:
        source.cluster === null
          ? { kind: 'assumed', assumption: 'racks-are-datacenters' }
          : { kind: 'stated', place: at(source.cluster.uri, source.cluster.declared.span) },
      brokers: originOf(source.brokers, missing.length > 0),
      controllers: controllers?.origin ?? { kind: 'assumed', assumption: 'quorum-stands' },
    },
    ...(controllers === null ? unplaced(voters, ids) : {}),
    ...platformOf(source),
  };
  return { cluster, racksKnown };
}

/** Whether the files list all racks, so that one which they do not name is not there. */
export function knowsRacks({ partial, brokers }: ClusterSource): boolean {
  return !partial && brokers.every(({ declared }) => declared.rack === null || !isTemplate(declared.rack.value));
}

/**
 * The cluster that placements need, where no file describes one: their racks, each with brokers enough.
 * @param described brokers that hold described replicas; they are the cluster if the placements need no others.
 */
export function assumedCluster(
  placements: readonly Placement[],
  assumedGoal: SurvivalGoal,
  described: readonly Broker[] = [],
): ClusterFacts {
  const racks = racksNamed(placements);
  const homes = racks.length === 0 ? [nowhere] : racks;
  const needed = brokersNeeded(placements, homes);
  const describedIn = (home: string): number => described.filter(({ rack }) => rack === home).length;
  const suffice = described.length > 0 && homes.every((home) => describedIn(home) >= countOf(needed, home));
  const brokers = suffice
    ? described
    : needed.map((home, index): Broker => ({ id: index + 1, rack: home === nowhere ? null : home, datacenter: home }));
  return {
    // There may be brokers that hold none of the described replicas.
    racksKnown: !suffice,
    cluster: {
      datacenters: homes.map((name) => ({ name, racks: name === nowhere ? [] : [name] })),
      brokers,
      controllers: null,
      goal: assumed(assumedGoal, 'settings'),
      origins: {
        datacenters: { kind: 'assumed', assumption: 'racks-are-datacenters' },
        brokers: { kind: 'assumed', assumption: suffice ? 'brokers-of-described-replicas' : 'enough-brokers' },
        controllers: { kind: 'assumed', assumption: 'quorum-stands' },
      },
    },
  };
}

function countOf<T>(items: readonly T[], item: T): number {
  return items.filter((other) => other === item).length;
}

/** A rack for each broker: as many in each as the neediest placement asks for, and one at least. */
function brokersNeeded(placements: readonly Placement[], racks: readonly string[]): readonly string[] {
  const needs = placements.map(({ replicas, observers }) => {
    const constraints = [...replicas, ...observers];
    const anywhere = replicaCount(constraints.filter(({ rack }) => rack === null));
    const byRack = groupBy(constraints, ({ rack }) => rack);
    return { byRack, anywhere: Math.ceil(anywhere / Math.max(1, racks.length)) };
  });
  return racks.flatMap((rack) => {
    const counts = needs.map(({ byRack, anywhere }) => replicaCount(byRack.get(rack) ?? []) + anywhere);
    return Array.from({ length: counts.reduce((most, count) => Math.max(most, count), 1) }, () => rack);
  });
}

/**
 * A rack for each broker that placements need beyond those that files list, where these may not be all: the simulation places
 * replicas on them, so whatever is said of the cluster must know of them too.
 */
function brokersMissing(placements: readonly Placement[], declared: readonly Broker[]): readonly string[] {
  const inRacks = placements.map((placement) => ({
    ...placement,
    replicas: placement.replicas.filter(({ rack }) => rack !== null),
    observers: placement.observers.filter(({ rack }) => rack !== null),
  }));
  const left = new Map([...groupBy(declared, ({ rack }) => rack)].map(([rack, brokers]) => [rack, brokers.length]));
  return brokersNeeded(inRacks, racksNamed(inRacks)).filter((rack) => {
    const spare = left.get(rack) ?? 0;
    left.set(rack, spare - 1);
    return spare <= 0;
  });
}

function racksNamed(placements: readonly Placement[]): readonly string[] {
  const named = new Set(
    placements.flatMap(({ replicas, observers }) => [...replicas, ...observers].map(({ rack }) => rack)),
  );
  return [...named].filter((rack) => rack !== null);
}

/** Ids as stated; nodes without one get the lowest that are free, in the order in which they stand. */
class Ids {
  private readonly given = new Map<BrokerDeclaration | ControllerDeclaration, number>();
  private readonly taken: Set<number>;
  private next = 1;

  constructor({ brokers, controllers }: ClusterSource) {
    const nodes: readonly In<BrokerDeclaration | ControllerDeclaration>[] = [...brokers, ...controllers];
    this.taken = new Set(nodes.flatMap(({ declared }) => (declared.id === null ? [] : [declared.id.value])));
  }

  of(node: BrokerDeclaration | ControllerDeclaration): number {
    const id = node.id?.value ?? this.given.get(node) ?? this.free();
    this.given.set(node, id);
    return id;
  }

  free(): number {
    while (this.taken.has(this.next)) this.next++;
    this.taken.add(this.next);
    return this.next;
  }
}

interface Controllers {
  readonly controllers: readonly Controller[];
  readonly origin: Origin;
}

/** Who votes, as far as files tell. */
interface Voters {
  /** Nodes that files start as controllers, of those that are listed if any are. */
  readonly nodes: readonly In<BrokerDeclaration | ControllerDeclaration>[];
  /** Voters that are listed and declared in no file that is here, such as those of the other half of a cluster. */
  readonly elsewhere: readonly ListedVoter[];
}

function votersOf({ brokers, controllers }: ClusterSource): Voters {
  const running = [...brokers.filter(({ declared }) => declared.alsoController), ...controllers];
  const listed = listedVoters([...brokers, ...controllers].map(({ declared }) => declared));
  return {
    nodes: running.filter(({ declared: { id } }) => listed === null || id === null || isListed(listed, id.value)),
    elsewhere: votersElsewhere(
      listed,
      running.map(({ declared }) => declared),
    ),
  };
}

/** Those of which nobody knows where they stand, for a person to say it. */
function unplaced({ nodes, elsewhere }: Voters, ids: Ids): Pick<Cluster, 'unplacedControllers'> {
  const found = [
    ...nodes.map((node) => ({ id: ids.of(node.declared), name: node.declared.name, place: placeOf(node) })),
    ...elsewhere.map(({ id, host }) => ({ id, name: host })),
  ];
  return found.length === 0 ? {} : { unplacedControllers: found };
}

/**
 * The voters and where they stand: as stated, by their rack, or, as an assumption, by their name. If any of them stands
 * nobody knows where, the whole quorum is assumed to stand: half of a quorum would be worse than none.
 */
function controllersOf(
  { nodes, elsewhere }: Voters,
  ids: Ids,
  datacenters: readonly string[],
  grouped: ReadonlyMap<string, string>,
): Controllers | null {
  const [first] = nodes;
  if (first === undefined) return null;
  let byName = false;
  const guesses: string[] = [];
  const controllers: Controller[] = [];
  for (const { id, host } of elsewhere) {
    const datacenter = datacenterFromName(host, datacenters, true);
    if (datacenter === null) return null;
    byName = true;
    guesses.push(datacenter);
    controllers.push({ id, datacenter });
  }
  for (const node of nodes) {
    const { declared } = node;
    const rack = declared.rack !== null && !isTemplate(declared.rack.value) ? declared.rack.value : null;
    const known = declared.datacenter?.value ?? (rack === null ? undefined : (grouped.get(rack) ?? rack));
    const datacenter = known ?? datacenterFromName(declared.name, datacenters, nodes.length > 1);
    if (datacenter === null) return null;
    byName ||= known === undefined;
    if (known === undefined) guesses.push(datacenter);
    controllers.push({ id: ids.of(declared), datacenter, place: placeOf(node) });
  }
  // Names that are none of the datacenters' own may be about something else: then nothing is concluded from them.
  if (guesses.length > 0 && !guesses.some((guess) => datacenters.includes(guess))) return null;
  const origin: Origin = byName
    ? { kind: 'assumed', assumption: 'datacenter-from-name' }
    : { kind: 'stated', place: placeOf(first) };
  return { controllers, origin };
}

const roleWords = new Set([
  'controller',
  'controllers',
  'kraft',
  'kraftcontroller',
  'kafka',
  'quorum',
  'voter',
  'node',
  'server',
  'broker',
  'cp',
]);

/**
 * `controller-west-1` stands in *west*: a known datacenter named in full, else what remains of the name without words
 * for roles and numbers. The latter counts only beside others that were known.
 */
export function datacenterFromName(name: string, datacenters: readonly string[], several: boolean): string | null {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const text = `-${words.join('-')}-`;
  const known = datacenters
    .filter((datacenter) => text.includes(`-${datacenter.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (known !== undefined) return known;
  const rest = words.filter((word) => word !== '' && !roleWords.has(word) && !/^[a-z]?\d+$/.test(word));
  return several && rest.length > 0 ? rest.join('-') : null;
}

/** Datacenters in the order of the cluster file, or else of the brokers; last those where only controllers stand. */
function datacentersOf(
  source: ClusterSource,
  brokers: readonly Broker[],
  controllers: readonly Controller[],
): readonly Datacenter[] {
  const racksOf = new Map<string, Set<string>>();
  const add = (datacenter: string, rack: string | null): void => {
    const racks = racksOf.get(datacenter) ?? new Set();
    racksOf.set(datacenter, rack === null ? racks : racks.add(rack));
  };
  for (const { name, racks } of source.cluster?.declared.datacenters ?? []) {
    add(name.value, null);
    for (const rack of racks) add(name.value, rack.value);
  }
  for (const { datacenter, rack } of brokers) add(datacenter, rack);
  for (const { datacenter } of controllers) add(datacenter, null);
  return [...racksOf].map(([name, racks]) => ({ name, racks: [...racks] }));
}

function goalOf({ cluster }: ClusterSource, assumedGoal: SurvivalGoal): Fact<SurvivalGoal> {
  const goal = cluster?.declared.goal ?? null;
  if (cluster === null || goal === null) return assumed(assumedGoal, 'settings');
  return stated(goal.value, at(cluster.uri, goal.span));
}

/** As the cluster file states it, else as the tags of Confluent Server's images agree on it. */
function platformOf({ cluster, brokers, otherBrokers }: ClusterSource): { readonly confluentPlatform?: Fact<string> } {
  const version = cluster?.declared.confluentPlatform ?? null;
  if (cluster !== null && version !== null) {
    return { confluentPlatform: stated(version.value, at(cluster.uri, version.span)) };
  }
  const started = otherBrokers.length > 0 ? otherBrokers : brokers;
  const tags = started.map((node) => {
    const image = node.declared.image;
    const tag =
      image === null ? undefined : /(?:^|\/)cp-server(?:-[a-z-]+)?:(\d{1,3}\.\d{1,3}[.\d]*)/.exec(image.value)?.[1];
    return tag === undefined || image === null ? null : stated(tag, at(node.uri, image.span));
  });
  const [first] = tags;
  const agreed = first != null && tags.every((tag) => tag?.value === first.value);
  return agreed ? { confluentPlatform: first } : {};
}

function originOf(nodes: readonly In<BrokerDeclaration>[], needsMore: boolean): Origin {
  const [first] = nodes;
  if (first === undefined) return { kind: 'assumed', assumption: 'enough-brokers' };
  return needsMore ? { kind: 'assumed', assumption: 'more-brokers' } : { kind: 'stated', place: placeOf(first) };
}

function placeOf({ uri, declared }: In<BrokerDeclaration | ControllerDeclaration>): Place {
  return at(uri, declared.id?.span ?? declared.rack?.span ?? declared.span);
}
