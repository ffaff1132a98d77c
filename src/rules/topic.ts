import { nearestName } from '../documents/nearestName';
import type { Located } from '../documents/span';
import { replicaCount, replicationFactor } from '../kafka/placement';
import { at, type CommandFacts, configUri, type NodeFacts, type TopicFacts } from './facts';
import type { Draft } from './finding';
import { groupBy } from './grouping';
import { placesOf, statedDifferently } from './statedDifferently';
import { isTemplate } from './template';
import { topicConfigKeys } from './topicConfigKeys';

/** Family `topic`, as far as one command is concerned: what it asks for and what becomes of it. */
export function checkCommand(command: CommandFacts, nodes: NodeFacts): readonly Draft[] {
  return [...replicationFactorRules(command, nodes), ...placementFile(command), ...configs(command), ...alter(command)];
}

/** Source: `InvalidRequestException` of Confluent Server (terraform-provider-kafka#419, julie#241); docs for the default. */
function replicationFactorRules(
  { uri, declared, format, placement }: CommandFacts,
  nodes: NodeFacts,
): readonly Draft[] {
  const { replicationFactor: factor, action, name } = declared;
  if (factor === null || action !== 'create') return [];
  const place = at(uri, factor.span);
  const topic = name.value;
  if (factor.value === -1) {
    const isCommandLine = format === 'shell' || format === 'compose';
    return isCommandLine ? [{ facts: { code: 'replication-factor-minus-one', topic }, place }] : [];
  }
  if (declared.placement !== null) {
    const facts = { code: 'replication-factor-with-placement', topic, replicationFactor: factor.value } as const;
    const related = placement.kind === 'own' ? [{ role: 'placement' as const, place: placementPlace(placement) }] : [];
    return [{ facts, place, related }];
  }
  const shadowed = nodes.defaults.find(
    ({ declared: { default: found } }) => found.of === 'placement' && found.topics === 'user',
  );
  const byDefault = shadowed?.declared.default;
  if (shadowed === undefined || byDefault?.of !== 'placement' || byDefault.placement.placement === null) return [];
  return [
    {
      facts: {
        code: 'replication-factor-shadows-default',
        topic,
        replicationFactor: factor.value,
        placementReplicas: replicationFactor(byDefault.placement.placement),
      },
      place,
      related: [{ role: 'default-placement', place: at(shadowed.uri, shadowed.declared.span) }],
    },
  ];
}

function placementPlace({
  uri,
  declared,
}: CommandFacts['placement'] & { readonly kind: 'own' | 'default' }): Draft['place'] {
  const { start, end } = declared.span;
  return { uri, start, end: Math.min(end, start + 1) };
}

function placementFile({ uri, declared, placement }: CommandFacts): readonly Draft[] {
  const topic = declared.name.value;
  switch (placement.kind) {
    case 'missing':
      return [
        {
          facts: { code: 'placement-file-not-found', topic, path: placement.path.value },
          place: at(uri, placement.path.span),
        },
      ];
    case 'ambiguous': {
      const { path, candidates } = placement;
      return [
        { facts: { code: 'placement-file-ambiguous', topic, path: path.value, candidates }, place: at(uri, path.span) },
      ];
    }
    case 'none':
    case 'unknown':
    case 'own':
    case 'default':
      return [];
  }
}

/** A topic's configuration is refused as a whole if one key or value is wrong. Source: `InvalidConfigurationException`. */
function configs({ uri, declared }: CommandFacts): readonly Draft[] {
  return [...declared.configs].flatMap(([key, value]): readonly Draft[] => {
    const place = at(uri, value.span);
    if (!topicConfigKeys.includes(key)) {
      const nearest =
        isTemplate(key) || key.startsWith('confluent.') ? misplaced[key] : nearestName(key, topicConfigKeys);
      return nearest === undefined ? [] : [{ facts: { code: 'config-key-misspelt', key, nearest }, place }];
    }
    const expected = expectedValue(key, value);
    return expected === null
      ? []
      : [{ facts: { code: 'config-value-invalid', key, found: value.value, expected }, place }];
  });
}

/** Keys of brokers that people set on topics. Confluent has many keys of its own, so only these are certain. */
const misplaced: Readonly<Record<string, string>> = {
  'confluent.log.placement.constraints': 'confluent.placement.constraints',
  'confluent.placement.constraint': 'confluent.placement.constraints',
  'confluent.replica.placement': 'confluent.placement.constraints',
};

/** What a value must be, or `null` if it may be what it is. */
function expectedValue(key: string, { value }: Located<string>): string | null {
  if (isTemplate(value)) return null;
  switch (key) {
    case 'min.insync.replicas':
      return /^\s*\d{1,9}\s*$/.test(value) && Number(value) >= 1 ? null : 'a whole number of at least 1';
    case 'unclean.leader.election.enable':
      return /^\s*(?:true|false)\s*$/i.test(value) ? null : 'true or false';
    default:
      return null;
  }
}

function alter({ uri, declared, placement }: CommandFacts): readonly Draft[] {
  if (declared.action !== 'alter' || (placement.kind !== 'own' && placement.kind !== 'unknown')) return [];
  return [
    { facts: { code: 'alter-needs-reassignment', topic: declared.name.value }, place: at(uri, declared.name.span) },
  ];
}

/** An unclean election gives up what durability was asked for, and with observers it takes the farthest copy. */
export function addUncleanElection(facts: TopicFacts, found: Draft[]): void {
  const { assessment, placement } = facts;
  const { topic } = assessment;
  const { value, origin } = topic.uncleanLeaderElection;
  if (!value || origin.kind !== 'stated' || placement.cluster.cluster.goal.value === 'available-first') return;
  const observers = replicaCount(topic.placement.observers);
  found.push({ facts: { code: 'unclean-election-enabled', topics: facts.names, observers }, place: origin.place });
}

const defaultKeys = {
  user: 'confluent.log.placement.constraints',
  offsets: 'confluent.offsets.topic.placement.constraints',
  transactions: 'confluent.transaction.state.log.placement.constraints',
} as const;

/** Family `topic`, as far as the nodes' own configuration is concerned: default placements, and who knows them. */
export function checkNodes(declared: NodeFacts, usesPlacements: boolean): readonly Draft[] {
  // Where a cluster file lists the brokers, what starts them still says how they are configured.
  const nodes = { ...declared, brokers: [...declared.brokers, ...declared.otherBrokers] };
  return [...internalTopics(nodes), ...controllers(nodes), ...copies(nodes), ...(usesPlacements ? images(nodes) : [])];
}

/** "applied to all manually created topics": internal ones have settings of their own (docs). */
function internalTopics({ brokers }: NodeFacts): readonly Draft[] {
  const broker = brokers.find(({ declared }) => declared.configs.has(defaultKeys.user));
  const user = broker?.declared.configs.get(defaultKeys.user);
  if (broker === undefined || user === undefined || user.value.trim() === '') return [];
  const missing = (['offsets', 'transactions'] as const).filter(
    (which) => !brokers.some(({ declared }) => declared.configs.has(defaultKeys[which])),
  );
  return missing.length === 0
    ? []
    : [
        {
          facts: { code: 'internal-topics-not-placed', missing },
          place: at(configUri(broker, defaultKeys.user), user.span),
        },
      ];
}

/** The official KRaft tutorial states the defaults on controllers and brokers alike. */
function controllers({ brokers, controllers: nodes }: NodeFacts): readonly Draft[] {
  const broker = brokers.find(({ declared }) => declared.configs.has(defaultKeys.user));
  const user = broker?.declared.configs.get(defaultKeys.user);
  if (broker === undefined || user === undefined) return [];
  const without = nodes.filter(({ declared }) => declared.configs.size > 0 && !declared.configs.has(defaultKeys.user));
  const [first] = without;
  if (first === undefined) return [];
  return [
    {
      facts: { code: 'default-placement-not-on-controllers', controllers: without.length },
      place: at(first.uri, first.declared.id?.span ?? first.declared.span),
      related: [{ role: 'default-placement', place: at(configUri(broker, defaultKeys.user), user.span) }],
    },
  ];
}

function copies({ brokers }: NodeFacts): readonly Draft[] {
  return Object.values(defaultKeys).flatMap((key): readonly Draft[] => {
    const differing = statedDifferently(brokers, key, withoutBlanks);
    if (differing === null) return [];
    return [{ facts: { code: 'default-placement-differs', key }, ...placesOf(differing.first, differing.other) }];
  });
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Apache Kafka and the community image answer "Unknown topic config name: confluent.placement.constraints". */
function images({ brokers }: NodeFacts): readonly Draft[] {
  const plain = brokers.flatMap(({ uri, declared }) =>
    declared.image !== null && isPlainKafka(declared.image.value)
      ? [{ uri, broker: declared.name, image: declared.image }]
      : [],
  );
  return [...groupBy(plain, ({ uri, image }) => `${uri} ${image.span.start}`).values()].flatMap(([first]) =>
    first === undefined
      ? []
      : [
          {
            facts: { code: 'not-confluent-server' as const, image: first.image.value, broker: first.broker },
            place: at(first.uri, first.image.span),
          },
        ],
  );
}

function isPlainKafka(image: string): boolean {
  return /^(?:docker\.io\/)?(?:apache\/kafka(?:-native)?|bitnami\/kafka|confluentinc\/(?:cp-kafka|confluent-local)|wurstmeister\/kafka|strimzi\/kafka)(?::|@|$)/.test(
    image,
  );
}
