import { oncePerObject } from '../analysis/once';
import type { AssignmentDeclaration, Declaration, DefaultDeclaration } from '../documents/declaration';
import type { Located } from '../documents/span';
import type { Cluster, NodeId, SurvivalGoal } from '../kafka/cluster';
import { assumed, type Fact, stated } from '../kafka/origin';
import type { Placement } from '../kafka/placement';
import type { PartitionAssignment, Topic } from '../kafka/topic';
import { rolesOf } from '../rules/drift';
import { at, type CommandFacts, configUri, type In, type PlacementFacts } from '../rules/facts';
import { groupBy } from '../rules/grouping';
import { hasSameItems } from './sameItems';
import type { ClusterSource } from './sources';

/** What the person's settings say to assume where no file says. */
export interface TopicSettings {
  /** `null` means Kafka's default of 1. */
  readonly assumedMinIsr: number | null;
  readonly survivalGoal: SurvivalGoal;
}

/** Rows of `--describe` texts by file and topic. */
export type Assignments = ReadonlyMap<string, readonly In<AssignmentDeclaration>[]>;

/** How topics are, and the cluster whose brokers may hold them. */
export interface Described {
  readonly assignments: Assignments;
  readonly cluster: Cluster | null;
}

/** Descriptions are kept apart by file: two of them may show one topic at two moments. */
export function assignmentKey(uri: string, topic: string): string {
  return `${uri}\n${topic}`;
}

/** Of a partition that a text shows twice, such as before and after a failure, the last row is how things are. */
export function assignmentsOf(rows: readonly In<AssignmentDeclaration>[]): Assignments {
  const byTopic = new Map<string, Map<number, In<AssignmentDeclaration>>>();
  for (const row of rows) {
    const key = assignmentKey(row.uri, row.declared.topic.value);
    const partitions = byTopic.get(key) ?? new Map<number, In<AssignmentDeclaration>>();
    byTopic.set(key, partitions.set(row.declared.partition, row));
  }
  return new Map([...byTopic].map(([key, partitions]) => [key, [...partitions.values()]]));
}

interface Configured extends Pick<In<Declaration>, 'uri' | 'configUris'> {
  readonly configs: ReadonlyMap<string, Located<string>>;
}

/**
 * Internal topics have settings of their own. Source: Kafka's `TransactionLogConfig` (min ISR 2, 50 partitions) and
 * `GroupCoordinatorConfig`.
 */
const internal = {
  offsets: {
    minIsrKey: 'min.insync.replicas',
    minIsr: null,
    partitionsKey: 'offsets.topic.num.partitions',
    partitions: 50,
  },
  transactions: {
    minIsrKey: 'transaction.state.log.min.isr',
    minIsr: 2,
    partitionsKey: 'transaction.state.log.num.partitions',
    partitions: 50,
  },
  user: { minIsrKey: 'min.insync.replicas', minIsr: null, partitionsKey: 'num.partitions', partitions: 1 },
} as const;

/**
 * What a text says of a topic wherever it is named. Mostly one command creates it and that is all: of thousands of topics, a list
 * is only made for the others.
 */
export type Said = CommandFacts | readonly CommandFacts[];

/** Whether nothing else is said than before: by identity, as what is read again is another object. */
export function isSameSaid(one: Said | null, other: Said | null): boolean {
  return one === other || (isList(one) && isList(other) && hasSameItems(one, other));
}

function isList(said: Said | null): said is Extract<Said, readonly unknown[]> {
  return Array.isArray(said);
}

/**
 * Brokers that described replicas may be on. Of one without a known rack nobody could say what it is lost with, and one that no
 * file lists has any id.
 */
const knownBrokers = oncePerObject(({ brokers, origins }: Cluster): ReadonlySet<NodeId> => {
  const origin = origins.brokers;
  const areDescribed = origin.kind === 'assumed' && origin.assumption === 'brokers-of-described-replicas';
  const known = brokers.filter(({ rack, place }) => rack !== null && (areDescribed || place !== undefined));
  return new Set(known.map(({ id }) => id));
});

/** Where a cluster file lists the brokers, what starts them still says how they are configured. */
const configuredBrokers = oncePerObject(({ brokers, otherBrokers }: ClusterSource): readonly Configured[] =>
  [...brokers, ...otherBrokers]
    .map((node): Configured => ({ ...node, configs: node.declared.configs }))
    .filter(({ configs }) => configs.size > 0),
);

/** What topics get for which no command says more, by the kind of topic. */
type DefaultsByKind = Map<keyof typeof internal, Defaults>;

/**
 * It is looked up in the configurations of all brokers: once for a cluster and the person's settings, as those mostly stay as
 * they are.
 */
const defaultsIn = oncePerObject((_source: ClusterSource) =>
  oncePerObject((_settings: TopicSettings): DefaultsByKind => new Map()),
);

/** Commands by the topic that they name. */
interface ByTopic {
  /** The first one that creates it. */
  readonly creates: ReadonlyMap<string, CommandFacts>;
  /** Those that alter it or describe it, in the order in which they come. */
  readonly others: ReadonlyMap<string, readonly CommandFacts[]>;
}

function byTopic(commands: readonly CommandFacts[]): ByTopic {
  const creates = new Map<string, CommandFacts>();
  const others: CommandFacts[] = [];
  for (const command of commands) {
    const { action, name } = command.declared;
    if (action !== 'create') others.push(command);
    else if (!creates.has(name.value)) creates.set(name.value, command);
  }
  return { creates, others: groupBy(others, ({ declared }) => declared.name.value) };
}

const nobodyNamesAny = byTopic([]);

const none: ReadonlySet<NodeId> = new Set();

/**
 * Finds each topic's values in the files of one cluster, the most specific first: the command that creates it, commands
 * that alter it, the cluster file's defaults for topics, the brokers' configuration, then what is assumed.
 */
export class TopicValues {
  private readonly source: ClusterSource | null;
  private readonly settings: TopicSettings;
  private readonly creates: ByTopic['creates'];
  private readonly others: ByTopic['others'];
  private readonly brokers: readonly Configured[];
  private readonly defaultsByKind: DefaultsByKind;
  private readonly knownBrokers: ReadonlySet<NodeId>;
  private readonly assignments: Assignments;

  constructor(
    source: ClusterSource | null,
    commands: readonly CommandFacts[],
    settings: TopicSettings,
    { assignments, cluster }: Described = { assignments: new Map(), cluster: null },
  ) {
    this.source = source;
    this.assignments = assignments;
    this.knownBrokers = cluster === null || assignments.size === 0 ? none : knownBrokers(cluster);
    this.settings = settings;
    this.brokers = source === null ? [] : configuredBrokers(source);
    this.defaultsByKind = source === null ? new Map() : defaultsIn(source)(settings);
    const { creates, others } = commands.length === 0 ? nobodyNamesAny : byTopic(commands);
    this.creates = creates;
    this.others = others;
  }

  /**
   * All that {@link namedTopic} looks at besides the command itself with what stands in its file, its placement, the cluster's
   * files and settings.
   */
  saidOf({ declared }: CommandFacts): Said | null {
    const create = this.creates.get(declared.name.value);
    const others = this.others.get(declared.name.value);
    if (others === undefined) return create ?? null;
    return create === undefined ? others : [create, ...others];
  }

  /** A topic that a command or resource names. */
  namedTopic(placement: PlacementFacts, decoded: Placement, command: CommandFacts): Topic {
    const { uri, declared } = command;
    const own = { uri, configs: declared.configs };
    const { described, altered, created } = this.layersOf(declared.name.value);
    // What a description shows is how things are, and of a topic in files what they leave open. Of those an alter can only
    // have come after the creation, and overrides it.
    const stating = [own, ...besides(placement)];
    const layers =
      declared.action === 'describe'
        ? [own, ...described, ...altered, ...created]
        : [...altered, ...stating, ...created, ...described];
    const partitions = declared.partitions ?? this.creates.get(declared.name.value)?.declared.partitions ?? null;
    const partitionsUri = declared.partitions === null ? (this.creates.get(declared.name.value)?.uri ?? uri) : uri;
    return this.topic(placement, decoded, {
      name: stated(declared.name.value, at(uri, declared.name.span)),
      partitions:
        partitions !== null && partitions.value >= 1
          ? stated(partitions.value, at(partitionsUri, partitions.span))
          : this.defaultsFor('user').partitions,
      layers,
      defaults: this.defaultsFor('user'),
      assignments: this.assignmentsOf(uri, declared.name.value, decoded),
    });
  }

  /**
   * The replicas as a `--describe` text of the same file shows them. `null` where none does, or where it names brokers
   * that no file declares with a rack: nobody could then say in which datacenter they are.
   */
  private assignmentsOf(uri: string, topic: string, placement: Placement): readonly PartitionAssignment[] | null {
    const rows = this.assignments.get(assignmentKey(uri, topic)) ?? [];
    const known = rows.every(({ declared }) => declared.replicas.value.every((id) => this.knownBrokers.has(id)));
    if (rows.length === 0 || !known) return null;
    return rows.map(({ declared }) => ({
      partition: declared.partition,
      leader: declared.leader,
      isr: declared.isr,
      offline: declared.offline,
      replicas: declared.replicas.value,
      observers: rolesOf(declared, placement).observers,
    }));
  }

  /**
   * A topic that is called after its file, or an internal one that gets a default placement.
   *
   * @param home the cluster whose brokers state the default, if it is another one than these values are looked up in
   */
  unnamedTopic(
    placement: PlacementFacts,
    decoded: Placement,
    name: string,
    defaultFor: 'user' | 'offsets' | 'transactions' | null,
    home: ClusterSource | null = null,
  ): Topic {
    const kind = defaultFor ?? 'user';
    const { described, altered, created } = this.layersOf(name);
    const defaults = this.defaultsAt(home, kind);
    return this.topic(placement, decoded, {
      name: assumed(name, 'named-after-file'),
      partitions: defaults.partitions,
      layers: defaultFor === null ? besides(placement) : [...altered, ...created, ...described],
      defaults,
      assignments: null,
    });
  }

  /** What brokers of another cluster state counts for what they state it of; these ones say the rest. */
  private defaultsAt(home: ClusterSource | null, kind: keyof typeof internal): Defaults {
    const own = this.defaultsFor(kind);
    if (home === null) return own;
    const atHome = new TopicValues(home, [], this.settings).defaultsFor(kind);
    return {
      minIsr: eitherStated(atHome.minIsr, own.minIsr),
      uncleanLeaderElection: eitherStated(atHome.uncleanLeaderElection, own.uncleanLeaderElection),
      partitions: eitherStated(atHome.partitions, own.partitions),
    };
  }

  /** What a topic gets of which no file says more. */
  defaults(): Pick<Topic, 'minIsr' | 'uncleanLeaderElection'> {
    return this.defaultsFor('user');
  }

  private defaultsFor(kind: keyof typeof internal): Defaults {
    const known = this.defaultsByKind.get(kind);
    if (known !== undefined) return known;
    const defaults = {
      minIsr: this.defaultMinIsr(kind),
      uncleanLeaderElection: this.defaultUnclean(),
      partitions: this.defaultPartitions(kind),
    };
    this.defaultsByKind.set(kind, defaults);
    return defaults;
  }

  private topic(
    { uri, declared }: PlacementFacts,
    placement: Placement,
    own: {
      readonly name: Fact<string>;
      readonly partitions: Fact<number>;
      readonly layers: readonly Configured[];
      readonly defaults: Defaults;
      readonly assignments: Topic['assignments'];
    },
  ): Topic {
    return {
      name: own.name,
      partitions: own.partitions,
      minIsr: firstValue(own.layers, 'min.insync.replicas', positiveInteger) ?? own.defaults.minIsr,
      uncleanLeaderElection: firstValue(own.layers, uncleanKey, truth) ?? own.defaults.uncleanLeaderElection,
      placement,
      placementPlace: at(uri, declared.span),
      assignments: own.assignments,
    };
  }

  /** What texts of a topic configure: what descriptions show, what alters set, each the latest first, and its creation. */
  private layersOf(name: string): Readonly<Record<'described' | 'altered' | 'created', readonly Configured[]>> {
    const create = this.creates.get(name);
    const configured = ({ uri, declared }: CommandFacts): Configured => ({ uri, configs: declared.configs });
    const others = (this.others.get(name) ?? []).toReversed();
    return {
      described: others.filter(({ declared }) => declared.action === 'describe').map(configured),
      altered: others.filter(({ declared }) => declared.action !== 'describe').map(configured),
      created: create === undefined ? [] : [configured(create)],
    };
  }

  private defaultMinIsr(kind: keyof typeof internal): Fact<number> {
    const { minIsrKey, minIsr } = internal[kind];
    return (
      (kind === 'transactions' ? null : this.clusterDefault('min.insync.replicas')) ??
      firstValue(this.brokers, minIsrKey, positiveInteger) ??
      (minIsr !== null
        ? assumed(minIsr, 'kafka-default')
        : this.settings.assumedMinIsr === null
          ? assumed(1, 'kafka-default')
          : assumed(this.settings.assumedMinIsr, 'settings'))
    );
  }

  private defaultUnclean(): Fact<boolean> {
    return (
      this.clusterDefault(uncleanKey) ?? firstValue(this.brokers, uncleanKey, truth) ?? assumed(false, 'kafka-default')
    );
  }

  private defaultPartitions(kind: keyof typeof internal): Fact<number> {
    const { partitionsKey, partitions } = internal[kind];
    return firstValue(this.brokers, partitionsKey, positiveInteger) ?? assumed(partitions, 'kafka-default');
  }

  private clusterDefault<K extends 'min.insync.replicas' | 'unclean.leader.election.enable'>(
    key: K,
  ): Fact<ValueOf<K>> | null {
    for (const { uri, declared } of this.source?.defaults ?? []) {
      const found = declared.default;
      if (isDefaultOf(found, key)) return stated(found.value, at(uri, declared.span));
    }
    return null;
  }
}

/** The first of two, unless it is assumed and the other is not. */
function eitherStated<T>(one: Fact<T>, other: Fact<T>): Fact<T> {
  return one.origin.kind === 'assumed' && other.origin.kind === 'stated' ? other : one;
}

const uncleanKey = 'unclean.leader.election.enable';

type Defaults = Pick<Topic, 'minIsr' | 'uncleanLeaderElection' | 'partitions'>;

/** What a file configures beside a placement that it holds for no topic in particular. */
function besides({ uri, declared }: PlacementFacts): readonly Configured[] {
  return declared.beside === null ? [] : [{ uri, configs: declared.beside }];
}

type DefaultOf<K> = Extract<DefaultDeclaration['default'], { readonly of: K }>;
type ValueOf<K> = DefaultOf<K> extends { readonly value: infer V } ? V : never;

function isDefaultOf<K extends 'min.insync.replicas' | 'unclean.leader.election.enable'>(
  found: DefaultDeclaration['default'],
  key: K,
): found is DefaultOf<K> & { readonly value: ValueOf<K> } {
  return found.of === key;
}

/** The value of the first layer that has a usable one. */
function firstValue<T>(layers: readonly Configured[], key: string, parse: (text: string) => T | null): Fact<T> | null {
  for (const layer of layers) {
    const found = layer.configs.get(key);
    const value = found === undefined ? null : parse(found.value);
    if (found !== undefined && value !== null) return stated(value, at(configUri(layer, key), found.span));
  }
  return null;
}

function positiveInteger(text: string): number | null {
  return /^\s*\d{1,9}\s*$/.test(text) && Number(text) >= 1 ? Number(text) : null;
}

function truth(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}
