import type { DescribeForm } from '../analysis/describeLine';
import type { DocumentReading, ReaderProblem } from '../documents/declaration';
import { placementsOf } from '../documents/read';
import type { ScenarioAction, ScenarioDeclaration } from '../documents/scenarioDeclaration';
import { unknownNames } from '../documents/scenarioNames';
import type { Located } from '../documents/span';
import type { Cluster, NodeId } from '../kafka/cluster';
import { assumed, stated } from '../kafka/origin';
import { effectivePolicy, type Placement, type ReplicaConstraint } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import { at } from '../rules/facts';
import { defaultObserverSwitches, type KafkaVersion, rulesOf } from '../simulator/cluster/rules';
import type { Fault, Scenario, ScenarioSetup } from '../simulator/cluster/scenario/scenario';
import { nameOf, parsePath } from './paths';
import { clockOf } from './scenarioClock';
import { type ClusterSource, clusterSources } from './sources';
import { TopicValues } from './topicValues';
import { clusterOf } from './topology';
import { defaultSettings } from './workspace';

/** A scenario file with the cluster and the topic it speaks of, ready to be played out. */
export interface PreparedScenario {
  readonly setup: ScenarioSetup;
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  /** The topic, for the sentences of a timeline. */
  readonly topic: Topic;
  readonly form: DescribeForm;
}

export type Preparation =
  | { readonly kind: 'ready'; readonly prepared: PreparedScenario }
  /** All of them in the scenario file. */
  | { readonly kind: 'problems'; readonly problems: readonly ReaderProblem[] };

/** Paths of other files that a scenario needs, as it writes them. */
export function neededPaths({ cluster, topic }: ScenarioDeclaration): readonly Located<string>[] {
  const placement = topic.replicas.kind === 'placement-file' ? [topic.replicas.path] : [];
  return cluster.kind === 'files' ? [...cluster.paths, ...placement] : placement;
}

/**
 * Puts a scenario together.
 * @param readings what stands behind each of {@link neededPaths}, by the path as written; `null` where there is no file
 */
export function prepareScenario(
  uri: string,
  declared: ScenarioDeclaration,
  readings: ReadonlyMap<string, DocumentReading | null>,
): Preparation {
  const preparer = new ScenarioPreparer(uri, declared, readings);
  const prepared = preparer.prepare();
  const { problems } = preparer;
  return prepared === null || problems.length > 0 ? { kind: 'problems', problems } : { kind: 'ready', prepared };
}

interface Assigned {
  readonly replicas: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly placement: Placement;
}

class ScenarioPreparer {
  readonly problems: ReaderProblem[] = [];
  readonly #uri: string;
  readonly #declared: ScenarioDeclaration;
  readonly #readings: ReadonlyMap<string, DocumentReading | null>;

  constructor(uri: string, declared: ScenarioDeclaration, readings: ReadonlyMap<string, DocumentReading | null>) {
    this.#uri = uri;
    this.#declared = declared;
    this.#readings = readings;
  }

  prepare(): PreparedScenario | null {
    const placement = this.#placement();
    const source = this.#source();
    if (placement === null || source === null) return null;
    const cluster = clusterOf(source, placement === 'listed' ? [] : [placement], defaultSettings.survivalGoal).cluster;
    this.problems.push(...unknownNames(this.#declared, nodesOf(cluster)));
    const assigned = placement === 'listed' ? this.#listed() : this.#placed(placement, cluster);
    if (assigned === null) return null;
    const topic = this.#topic(assigned, source);
    const version = this.#version(cluster);
    // Only Confluent Server knows placements and observers.
    const confluent =
      cluster.confluentPlatform !== undefined || placement !== 'listed' || assigned.observers.length > 0;
    return {
      cluster,
      topic,
      setup: {
        ...this.#setup(assigned, topic, cluster, version),
        brokerLinkCut: this.#declared.settings.openQuestions.brokerLinkCut ?? brokerLinkCutOf(confluent),
      },
      scenario: {
        name: this.#name,
        steps: this.#declared.steps.map(({ when, action }) => ({ when, fault: faultOf(action) })),
      },
      form: {
        confluent,
        elr: version < 3_008 ? 'absent' : version < 4_000 ? 'not-available' : 'listed',
      },
    };
  }

  get #name(): string {
    return this.#declared.name?.value ?? nameOf(parsePath(this.#uri)).replace(/\.?kafka-scenario\.json$|\.json$/, '');
  }

  /** The placement, or that the replicas are listed instead; `null` where neither makes sense. */
  #placement(): Placement | 'listed' | null {
    const { replicas } = this.#declared.topic;
    switch (replicas.kind) {
      case 'listed':
        return 'listed';
      case 'placement':
        return replicas.placement.placement;
      case 'placement-file': {
        const reading = this.#reading(replicas.path);
        if (reading === null) return null;
        const placement = placementsOf(reading)[0]?.placement ?? null;
        if (placement === null) this.#invalid(replicas.path, `No replica placement stands in ${replicas.path.value}.`);
        return placement;
      }
    }
  }

  #source(): ClusterSource | null {
    const { cluster } = this.#declared;
    if (cluster.kind === 'inline') {
      const { declarations } = cluster;
      return clusterSources([{ uri: this.#uri, format: 'cluster-file', declarations, problems: [] }])[0] ?? null;
    }
    const readings = cluster.paths.map((path) => this.#reading(path));
    const found = readings.filter((reading) => reading !== null);
    if (found.length < readings.length) return null;
    const [source, other] = clusterSources(found);
    if (source !== undefined && other === undefined) return source;
    const where = cluster.paths.map(({ value }) => value).join(', ');
    const what =
      source === undefined ? `No cluster is described in ${where}` : `Several clusters are described in ${where}`;
    this.#invalid(cluster, `${what}: brokers and the datacenters or racks they are in.`);
    return null;
  }

  #reading(path: Located<string>): DocumentReading | null {
    const reading = this.#readings.get(path.value) ?? null;
    if (reading === null) {
      this.#invalid(path, `There is no file ${path.value}, seen from the folder of this one.`);
      return null;
    }
    for (const problem of reading.problems) {
      const message = problem.kind === 'limit' ? 'It is too large to be read.' : problem.message;
      this.#invalid(path, `${path.value} has a problem. ${message}`);
    }
    return reading;
  }

  #listed(): Assigned | null {
    const { replicas } = this.#declared.topic;
    if (replicas.kind !== 'listed') return null;
    const observers = replicas.observers.map(({ value }) => value);
    const all = replicas.replicas.map(({ value }) => value);
    const anywhere = (count: number): readonly ReplicaConstraint[] => (count === 0 ? [] : [{ count, rack: null }]);
    const placement: Placement = {
      version: 2,
      replicas: anywhere(all.length - observers.length),
      observers: anywhere(observers.length),
      ...(replicas.policy === null ? {} : { observerPromotionPolicy: replicas.policy }),
    };
    return { replicas: all, observers: all.filter((id) => observers.includes(id)), placement };
  }

  /** The first free brokers of each rack, in the order of the placement: its first constraint leads. */
  #placed(placement: Placement, cluster: Cluster): Assigned | null {
    const taken = new Set<NodeId>();
    const pick = ({ count, rack }: ReplicaConstraint): readonly NodeId[] => {
      const free = cluster.brokers.filter((broker) => (rack === null || broker.rack === rack) && !taken.has(broker.id));
      const picked = free.slice(0, count).map(({ id }) => id);
      for (const id of picked) taken.add(id);
      if (picked.length < count) {
        const where = rack === null ? 'The cluster' : `The rack ${rack}`;
        this.#invalid(
          this.#declared.topic.name ?? this.#declared.cluster,
          `${where} has too few brokers for the placement.`,
        );
      }
      return picked;
    };
    const sync = placement.replicas.flatMap(pick);
    const observers = placement.observers.flatMap(pick);
    return sync.length === 0 ? null : { replicas: [...sync, ...observers], observers, placement };
  }

  #topic({ placement }: Assigned, source: ClusterSource): Topic {
    const { topic } = this.#declared;
    const place = at(this.#uri, this.#declared.span);
    const defaults = new TopicValues(source, [], defaultSettings).defaults();
    return {
      name: topic.name === null ? assumed(this.#name, 'named-after-file') : stated(topic.name.value, place),
      partitions: assumed(1, 'kafka-default'),
      minIsr: topic.minIsr === null ? defaults.minIsr : stated(topic.minIsr.value, at(this.#uri, topic.minIsr.span)),
      uncleanLeaderElection:
        topic.uncleanLeaderElection === null
          ? defaults.uncleanLeaderElection
          : stated(topic.uncleanLeaderElection.value, at(this.#uri, topic.uncleanLeaderElection.span)),
      placement,
      placementPlace: place,
      assignments: null,
    };
  }

  /** Kafka's version as one number that compares: 3.9 is 3009. What nobody states is current. */
  #version({ confluentPlatform }: Cluster): number {
    const { kafkaVersion, eligibleLeaderReplicas } = this.#declared.settings;
    const version =
      kafkaVersion !== null
        ? comparable(kafkaVersion.value)
        : confluentPlatform === undefined
          ? Number.POSITIVE_INFINITY
          : comparable(confluentPlatform.value) - confluentAhead;
    if (eligibleLeaderReplicas?.value === true && version < 4_000) {
      this.#invalid(
        eligibleLeaderReplicas,
        'eligible.leader.replicas.version 1 needs Apache Kafka 4.0 or Confluent Platform 8.0.',
      );
    }
    return version;
  }

  #setup({ replicas, observers, placement }: Assigned, topic: Topic, cluster: Cluster, version: number): ScenarioSetup {
    const { settings, topic: declared } = this.#declared;
    const { brokerLinkCut: _, ...switches } = settings.openQuestions;
    const rules = rulesOf(kafkaVersionOf(version));
    const ids = (list: readonly Located<number>[]): readonly NodeId[] => list.map(({ value }) => value);
    return {
      brokers: cluster.brokers.map(({ id, datacenter }) => ({ id, datacenter })),
      controllers: cluster.controllers?.map(({ id, datacenter }) => ({ id, datacenter })) ?? null,
      replicas,
      observers,
      policy: effectivePolicy(placement),
      minIsr: topic.minIsr.value,
      uncleanLeaderElection: topic.uncleanLeaderElection.value,
      elrEnabled: settings.eligibleLeaderReplicas?.value ?? false,
      autoLeaderRebalance: settings.autoLeaderRebalance?.value ?? true,
      rules: { ...rules, observers: { ...defaultObserverSwitches, ...switches } },
      clock: clockOf(settings),
      ...(settings.order === null ? {} : { order: ids(settings.order) }),
      ...(declared.isr === null ? {} : { isr: ids(declared.isr) }),
      ...(declared.leader === null ? {} : { leader: declared.leader.value }),
      ...(settings.activeController === null ? {} : { activeController: settings.activeController.value }),
    };
  }

  #invalid({ span }: { readonly span: ReaderProblem['span'] }, message: string): void {
    this.problems.push({ kind: 'invalid', span, message });
  }
}

/**
 * What a link cut between brokers does where the file does not say, so that `simulate` and `check` agree: Confluent
 * documents of Multi-Region Clusters that the ISR stays; the leader of Apache Kafka drops whom it does not hear.
 */
function brokerLinkCutOf(confluent: boolean): NonNullable<ScenarioSetup['brokerLinkCut']> {
  return confluent ? 'isr-stays' : 'leader-shrinks';
}

/** Confluent Platform 7.9 is Apache Kafka 3.9, 8.0 is 4.0. */
const confluentAhead = 4_000;

/** `3.9.1` as 3009. */
function comparable(version: string): number {
  const [major = '0', minor = '0'] = version.split('.');
  return Number(major) * 1_000 + Number(minor);
}

function kafkaVersionOf(version: number): KafkaVersion {
  if (version < 3_007) return '<=3.6';
  return version < 4_001 ? '3.7-4.0' : '4.1+';
}

function nodesOf({ brokers, controllers, datacenters }: Cluster): Parameters<typeof unknownNames>[1] {
  return {
    brokers: new Set(brokers.map(({ id }) => id)),
    controllers: new Set((controllers ?? []).map(({ id }) => id)),
    datacenters: datacenters.map(({ name }) => name),
  };
}

/** A step of the file as the simulator knows it. */
function faultOf(action: ScenarioAction): Fault {
  const ids = (list: readonly Located<number>[]): readonly NodeId[] => list.map(({ value }) => value);
  switch (action.do) {
    case 'crash-brokers':
    case 'stop-brokers':
    case 'return-brokers':
    case 'freeze-brokers':
    case 'resume-brokers':
    case 'slow-replicas':
    case 'recover-replicas':
    case 'reconnect-brokers':
      return { kind: action.do, brokers: ids(action.brokers) };
    case 'power-loss':
      return { kind: action.do, brokers: ids(action.brokers), lostRecords: action.lostRecords };
    case 'cut-off-brokers':
      return { kind: action.do, brokers: ids(action.brokers), controllers: action.withControllers };
    case 'lose-datacenter': {
      const { datacenter, withControllers, lostRecords } = action;
      return { kind: action.do, datacenter: datacenter.value, controllers: withControllers, lostRecords };
    }
    case 'return-datacenter':
    case 'isolate-datacenter':
    case 'rejoin-datacenter':
      return { kind: action.do, datacenter: action.datacenter.value };
    case 'cut-link':
      return { kind: action.do, between: names(action.between), scope: action.scope };
    case 'heal-link':
      return { kind: action.do, between: names(action.between) };
    case 'lose-controllers':
    case 'return-controllers':
      return { kind: action.do, controllers: ids(action.controllers) };
    case 'set-min-isr':
      return { kind: action.do, minIsr: action.minIsr };
    case 'set-unclean-election':
      return { kind: action.do, enabled: action.enabled };
    case 'elect-leader':
      return { kind: action.do, election: action.election };
    case 'reassign':
      return { kind: action.do, replicas: ids(action.replicas), observers: ids(action.observers) };
  }
}

function names([left, right]: readonly [Located<string>, Located<string>]): readonly [string, string] {
  return [left.value, right.value];
}
