import type { TopicAssessment } from '../analysis/assessment';
import type { PlacementDeclaration } from '../documents/declaration';
import type { Cluster } from '../kafka/cluster';
import type { Assumption, Fact, Origin, Place } from '../kafka/origin';
import { effectivePolicy, replicaCount } from '../kafka/placement';
import type { FactView, SourceLink } from '../panel/protocol';
import { section } from './settings';

/** What a link of the panel leads to. */
export type LinkTarget =
  | { readonly kind: 'place'; readonly place: Place }
  /** A setting, by its full name. */
  | { readonly kind: 'setting'; readonly name: string }
  /** A new cluster file, which says what is so far assumed. */
  | { readonly kind: 'cluster-file' };

/** Makes links and remembers what they lead to: the page gets only an opaque word for each. */
export class Links {
  readonly targets = new Map<string, LinkTarget>();
  readonly #label: (place: Place) => string;

  constructor(label: (place: Place) => string) {
    this.#label = label;
  }

  toPlace(place: Place): SourceLink {
    return { label: this.#label(place), link: this.#remember({ kind: 'place', place }) };
  }

  toSetting(name: string): SourceLink {
    return { label: `${section}.${name}`, link: this.#remember({ kind: 'setting', name: `${section}.${name}` }) };
  }

  toNewClusterFile(): SourceLink {
    return { label: 'write a cluster file', link: this.#remember({ kind: 'cluster-file' }) };
  }

  #remember(target: LinkTarget): string {
    const link = `link-${this.targets.size}`;
    this.targets.set(link, target);
    return link;
  }
}

/** Every input that a topic's verdict rests on. Nothing is assumed silently. */
export function factsOf(
  { topic, everyFailure }: TopicAssessment,
  cluster: Cluster,
  placement: PlacementDeclaration | undefined,
  links: Links,
): readonly FactView[] {
  const sync = replicaCount(topic.placement.replicas);
  const observers = replicaCount(topic.placement.observers);
  const facts: FactView[] = [
    factView('min.insync.replicas', topic.minIsr, links, 'assumedMinInsyncReplicas'),
    { label: 'acks', value: 'all', source: null, assumed: 'what producers use' },
    {
      label: 'placement',
      value: `${count(sync, 'sync replica')}, ${count(observers, 'observer')}`,
      source: links.toPlace(topic.placementPlace),
      assumed: null,
    },
  ];
  if (observers > 0) facts.push(policyFact(topic, placement, links));
  if (topic.uncleanLeaderElection.value || topic.uncleanLeaderElection.origin.kind === 'stated') {
    facts.push(factView('unclean.leader.election.enable', topic.uncleanLeaderElection, links));
  }
  facts.push(...clusterFacts(cluster, links), factView('goal', cluster.goal, links, 'survivalGoal'));
  const { statesExamined } = everyFailure();
  if (statesExamined > 0) {
    facts.push({ label: 'simulated', value: examined(statesExamined), source: null, assumed: null });
  }
  return facts;
}

function policyFact(
  topic: TopicAssessment['topic'],
  placement: PlacementDeclaration | undefined,
  links: Links,
): FactView {
  const uri = topic.placementPlace.uri;
  const stated = placement?.policy ?? null;
  const version = placement?.version ?? null;
  const rule = `version ${topic.placement.version}`;
  const decides = topic.placement.version === 2 && stated !== null ? stated : version;
  return {
    label: 'promotion',
    value: effectivePolicy(topic.placement) + (decides === stated && stated !== null ? '' : ` (${rule})`),
    source: decides === null ? null : links.toPlace({ uri, ...decides.span }),
    assumed: null,
  };
}

function clusterFacts(cluster: Cluster, links: Links): readonly FactView[] {
  const { origins, controllers } = cluster;
  const brokers = originView('', count(cluster.brokers.length, 'broker'), origins.brokers, links);
  const voters =
    controllers === null
      ? originView('controllers', 'unknown', origins.controllers, links)
      : originView('', count(controllers.length, 'controller'), origins.controllers, links);
  const datacenters = originView('', count(cluster.datacenters.length, 'datacenter'), origins.datacenters, links);
  const { datacenters: origin } = origins;
  const mayBeCorrected = origin.kind === 'assumed' && origin.assumption === 'racks-are-datacenters';
  return [mayBeCorrected ? { ...datacenters, source: links.toNewClusterFile() } : datacenters, brokers, voters];
}

function factView(label: string, fact: Fact<string | number | boolean>, links: Links, setting?: string): FactView {
  const view = originView(label, String(fact.value), fact.origin, links);
  return fact.origin.kind === 'assumed' && setting !== undefined ? { ...view, source: links.toSetting(setting) } : view;
}

function originView(label: string, value: string, origin: Origin, links: Links): FactView {
  switch (origin.kind) {
    case 'stated':
      return { label, value, source: links.toPlace(origin.place), assumed: null };
    case 'assumed':
      return { label, value, source: null, assumed: assumptionWords[origin.assumption] };
  }
}

/** The end of a sentence that begins with *assumed:*. */
export const assumptionWords: Readonly<Record<Assumption, string>> = {
  'racks-are-datacenters': 'each rack is one',
  'brokers-of-described-replicas': 'those of the described replicas',
  'enough-brokers': 'as many as the placements need',
  'more-brokers': 'those that files list, and as many more as the placements need',
  'quorum-stands': 'their quorum survives whatever is lost',
  'datacenter-from-name': 'where they stand, from their names',
  'kafka-default': 'Kafka’s default',
  settings: 'from the settings',
  'named-after-file': 'after its file',
};

function examined(states: number): string {
  return states === 1 ? 'the one reachable state' : `all ${grouped(states)} reachable states`;
}

function count(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** Digits in groups of three, the same on every machine. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
