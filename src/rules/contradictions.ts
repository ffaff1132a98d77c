import { oncePerObject } from '../analysis/once';
import type { Format } from '../documents/declaration';
import type { Located } from '../documents/span';
import { at, type CommandFacts, type NodeFacts } from './facts';
import { fileName, fileNames } from './fileNames';
import type { Draft } from './finding';
import { repeatedBy } from './grouping';
import { placesOf, statedDifferently } from './statedDifferently';
import { isTemplate } from './template';

/**
 * Family `topic`, where two files contradict each other. Both are named, and which of them the analysis goes by. What is meant
 * as an alternative is no contradiction: files of other folders, of other environments by their names, and of other clusters.
 */
export function checkContradictions(commands: readonly CommandFacts[], nodes: NodeFacts): readonly Draft[] {
  const ofNodes = nodesDiffer(nodes);
  return commands.length < 2 ? ofNodes : [...createdDifferently(commands), ...ofNodes];
}

/** A topic is created once: whoever comes second is refused, or with `--if-not-exists` ignored. */
function createdDifferently(commands: readonly CommandFacts[]): readonly Draft[] {
  const creations = commands.filter(({ declared }) => declared.action === 'create');
  const again = repeatedBy(creations, ({ declared }) => declared.name.value).flat();
  const named = again.filter(({ declared }) => !isTemplate(declared.name.value));
  const inOneFolder = repeatedBy(named, ({ uri, declared }) => `${folderOf(uri)}\n${declared.name.value}`);
  return inOneFolder.flatMap(([first, ...rest]) => {
    const others = rest.filter((one) => one.uri !== first.uri && !areAlternatives(first, one));
    const other = others.find((one) => differenceOf(first, one) !== null);
    const difference = other === undefined ? null : differenceOf(first, other);
    if (other === undefined || difference === null) return [];
    const [file = '', otherFile = ''] = fileNames([first.uri, other.uri]);
    return [
      {
        facts: {
          code: 'topic-created-differently',
          topic: first.declared.name.value,
          ...difference,
          file,
          otherFile,
        },
        place: at(other.uri, other.declared.name.span),
        related: [{ role: 'other-creation', place: at(first.uri, first.declared.name.span) }],
      },
    ];
  });
}

interface Difference {
  readonly what: 'placement' | 'min.insync.replicas' | 'partitions' | 'replication factor';
  /** As stated by the first and by the other file; `null` for what is too long to say. */
  readonly stated: string | null;
  readonly otherStated: string | null;
}

function differenceOf(one: CommandFacts, other: CommandFacts): Difference | null {
  if (placementsDiffer(one, other)) return { what: 'placement', stated: null, otherStated: null };
  const minIsr = ({ declared }: CommandFacts) => declared.configs.get('min.insync.replicas') ?? null;
  return (
    valuesDiffer('min.insync.replicas', minIsr(one), minIsr(other)) ??
    valuesDiffer('replication factor', one.declared.replicationFactor, other.declared.replicationFactor) ??
    valuesDiffer('partitions', one.declared.partitions, other.declared.partitions)
  );
}

function placementsDiffer(one: CommandFacts, other: CommandFacts): boolean {
  if (one.placement.kind !== 'own' || other.placement.kind !== 'own') return false;
  const [decoded, otherDecoded] = [one.placement.declared.placement, other.placement.declared.placement];
  return decoded !== null && otherDecoded !== null && JSON.stringify(decoded) !== JSON.stringify(otherDecoded);
}

/** Where only one of them says, the other leaves it to defaults, and nothing contradicts it. */
function valuesDiffer(
  what: Difference['what'],
  one: Located<string | number> | null,
  other: Located<string | number> | null,
): Difference | null {
  if (one === null || other === null) return null;
  const [stated, otherStated] = [String(one.value).trim(), String(other.value).trim()];
  if (stated === otherStated || isTemplate(stated) || isTemplate(otherStated)) return null;
  return { what, stated, otherStated };
}

/** Resources of Kubernetes are told apart by namespaces; scripts of environments by their names. */
function areAlternatives(one: CommandFacts, other: CommandFacts): boolean {
  const isResource = (format: Format | null): boolean => format === 'kubernetes';
  if (isResource(one.format) && isResource(other.format)) return true;
  return environmentOf(one.uri) !== environmentOf(other.uri);
}

const environments =
  /(?:^|[^a-z])(dev|develop|development|test|testing|qa|uat|int|integration|stage|staging|pre-?prod|prod|production|live|local|demo|sandbox|perf|old|new|backup|bak|v\d+|\d+)(?:[^a-z]|$)/i;

function environmentOf(uri: string): string {
  return environments.exec(fileName(uri))?.[1]?.toLowerCase() ?? '';
}

/** Nodes mostly stay as they are while commands change. */
const nodesDiffer = oncePerObject((nodes: NodeFacts) => [...racksDiffer(nodes), ...settingsDiffer(nodes)]);

/** Settings of brokers on which verdicts rest. */
const brokerSettings = [
  'min.insync.replicas',
  'unclean.leader.election.enable',
  'transaction.state.log.min.isr',
] as const;

/**
 * Where nodes differ, it is left to chance what topics get that set none of their own: min ISR is the leader's (`LogManager`,
 * whose `LogConfig` takes the broker's own configuration where a topic has no override), unclean election the active
 * controller's (`ConfigurationControlManager.uncleanLeaderElectionEnabledForTopic`), and the topic of transactions is created
 * with the min ISR of the broker that asks for it (`TransactionStateManager.transactionTopicConfigs`).
 */
function settingsDiffer({ brokers, otherBrokers, defaults }: NodeFacts): readonly Draft[] {
  return brokerSettings.flatMap((key): readonly Draft[] => {
    // The cluster's own default stands above the brokers' files.
    if (defaults.some(({ declared }) => declared.default.of === key)) return [];
    const differing = statedDifferently([...brokers, ...otherBrokers], key, (value) => value.trim().toLowerCase());
    if (differing === null) return [];
    const { first, other } = differing;
    const [file = '', otherFile = ''] = fileNames([first.uri, other.uri]);
    return [
      {
        facts: {
          code: 'broker-settings-differ',
          key,
          broker: first.broker,
          stated: first.value.value.trim(),
          otherBroker: other.broker,
          otherStated: other.value.value.trim(),
          file,
          otherFile,
        },
        ...placesOf(first, other),
      },
    ];
  });
}

/** A cluster file is taken at its word; what starts the brokers may say otherwise, and is what the brokers do. */
function racksDiffer({ brokers, otherBrokers }: NodeFacts): readonly Draft[] {
  const byId = new Map(
    brokers.flatMap((node) => (node.declared.id === null ? [] : [[node.declared.id.value, node] as const])),
  );
  return otherBrokers.flatMap(({ uri, declared }): readonly Draft[] => {
    const known = declared.id === null ? undefined : byId.get(declared.id.value);
    const [rack, otherRack] = [known?.declared.rack ?? null, declared.rack];
    if (known === undefined || rack === null || otherRack === null || declared.id === null) return [];
    if (rack.value === otherRack.value || isTemplate(rack.value) || isTemplate(otherRack.value)) return [];
    const [file = '', otherFile = ''] = fileNames([known.uri, uri]);
    return [
      {
        facts: {
          code: 'broker-rack-contradicts',
          broker: declared.id.value,
          rack: rack.value,
          otherRack: otherRack.value,
          file,
          otherFile,
        },
        place: at(known.uri, known.declared.id?.span ?? rack.span),
        related: [{ role: 'other-rack', place: at(uri, otherRack.span) }],
      },
    ];
  });
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
