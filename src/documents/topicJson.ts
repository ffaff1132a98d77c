import type { NodeId } from '../kafka/cluster';
import type { AssignmentDeclaration, BrokerDeclaration, Declaration, TopicDeclaration } from './declaration';
import { type JsonMember, type JsonNode, type JsonObject, member } from './json';
import { jsonStringText } from './jsonString';
import { limits } from './limits';
import { isPlacement, readPlacement } from './placementJson';
import { type Found, nestingProblem, type SourceFile } from './reader';
import type { Located } from './span';
import { guaranteeConfigKeys, placementConfigKey, type StatedConfig, topicFrom } from './topicResource';

/** The names that tools give a topic's parts: Confluent's REST API, Kafka's `NewTopic`, and their relatives. */
const nameKeys = ['topic_name', 'topicName', 'name', 'topic'];
const partitionKeys = ['partitions_count', 'partitions', 'numPartitions', 'num_partitions', 'partitionCount'];
const factorKeys = ['replication_factor', 'replicationFactor'];
const configKeys = ['configs', 'config', 'topicConfig'];

const words = ['placement.constraints', 'min.insync.replicas', 'topicDescriptionMap'];

/** JSON that tools write or read about topics. */
export function mayBeTopicJson({ text }: SourceFile): boolean {
  return /^\ufeff?\s*[{[]/.test(text) && words.some((word) => text.includes(word));
}

/**
 * Format `topic-json`: bodies of REST requests that create topics, topics as Kafka's `NewTopic` has them, a dump of a
 * cluster's descriptions, and any other JSON that holds a placement in a string under its configuration key.
 */
export function readTopicJson(file: SourceFile): Found | null {
  const { text } = file;
  const json = file.json();
  if (json.nesting > limits.nestingMax) {
    return { declarations: [], problems: [nestingProblem({ start: 0, end: text.length }, json.nesting)] };
  }
  if (json.root === undefined) return null;
  const declarations = new TopicJsonReader(text).read(json.root);
  return declarations.length === 0 ? null : { declarations, problems: [] };
}

class TopicJsonReader {
  private readonly text: string;
  private readonly declarations: Declaration[] = [];

  constructor(text: string) {
    this.text = text;
  }

  read(root: JsonNode): readonly Declaration[] {
    if (root.type === 'object' && isDump(root)) this.dump(root);
    else this.visit(root);
    return this.declarations;
  }

  private add(declarations: readonly Declaration[]): void {
    for (const declaration of declarations) this.declarations.push(declaration);
  }

  /** Nesting is bounded by the reader of JSON, so this may call itself. */
  private visit(node: JsonNode): void {
    const topic = node.type === 'object' ? this.topic(node) : null;
    if (topic !== null) this.declarations.push(topic);
    else if (node.type === 'array') for (const item of node.items) this.visit(item);
    else if (node.type === 'object') for (const entry of node.members) this.entry(entry, node);
  }

  /** A placement under its key, outside of a topic: a policy's default, a check's expectation. */
  private entry({ key, value }: JsonMember, around: JsonObject): void {
    if (value === undefined) return;
    if (!key.value.endsWith(placementConfigKey)) {
      this.visit(value);
      return;
    }
    const stated = policyValue(value);
    if (stated?.type !== 'string') return;
    const placement = readPlacement(jsonStringText(this.text, stated), besides(around, key.value));
    if (placement !== null && isPlacement(placement)) this.declarations.push(placement);
  }

  private topic(node: JsonObject): TopicDeclaration | null {
    const name = first(node, nameKeys);
    const configs = first(node, configKeys);
    if (name?.type !== 'string' || (configs?.type !== 'object' && configs?.type !== 'array')) return null;
    const stated =
      configs.type === 'object' ? configs.members.flatMap((entry) => this.config(entry)) : this.listed(configs.items);
    if (!stated.some(({ key }) => words.some((word) => key.includes(word)))) return null;
    return topicFrom({
      action: 'create',
      span: node.span,
      name: { value: name.value, span: name.span },
      partitions: scalarText(first(node, partitionKeys)),
      replicationFactor: scalarText(first(node, factorKeys)),
      configs: stated,
    });
  }

  /** `"configs": [{ "name": …, "value": … }]`, as the REST API has it. */
  private listed(items: readonly JsonNode[]): readonly StatedConfig[] {
    return items.flatMap((item) => {
      if (item.type !== 'object') return [];
      const name = member(item, 'name')?.value;
      const value = member(item, 'value')?.value;
      return name?.type === 'string' && value !== undefined
        ? this.config({ key: { value: name.value, span: name.span }, value })
        : [];
    });
  }

  private config({ key, value }: JsonMember): readonly StatedConfig[] {
    // A dump has more than the value: { "value": "2", "source": "DEFAULT_CONFIG" }.
    const stated = value?.type === 'object' ? member(value, 'value')?.value : value;
    const text = scalarText(stated);
    if (text === null) return [];
    const embedded = stated?.type === 'string' ? jsonStringText(this.text, stated) : null;
    return [{ key: key.value, value: text, embedded }];
  }

  /** What Kafka's `Admin` says of a cluster, written out: nodes, topics with their partitions, and their configs. */
  private dump(root: JsonObject): void {
    const nodes = member(root, 'nodes')?.value;
    if (nodes?.type === 'array') this.add(nodes.items.flatMap(brokerOfDump));
    const descriptions = member(root, 'topicDescriptionMap')?.value;
    const configs = configsByTopic(member(root, 'resourceConfigMap')?.value);
    if (descriptions?.type !== 'object') return;
    for (const { key, value } of descriptions.members) {
      const partitions = value?.type === 'object' ? member(value, 'partitions')?.value : undefined;
      if (value === undefined || partitions?.type !== 'array') continue;
      const stated = (configs.get(key.value)?.members ?? []).filter(isTelling).flatMap((entry) => this.config(entry));
      const count: Located<string> = { value: String(partitions.items.length), span: key.span };
      const topic = { action: 'describe', span: value.span, name: key, configs: stated } as const;
      this.declarations.push(topicFrom({ ...topic, partitions: count, replicationFactor: null }));
      this.add(partitions.items.flatMap((item) => assignmentOfDump(key, item)));
    }
  }
}

/** A value, or what a policy has for it: `{ "default": "2", "overridable": true }`. */
function policyValue(value: JsonNode): JsonNode | undefined {
  return value.type === 'object' ? (member(value, 'default') ?? member(value, 'value'))?.value : value;
}

/** What stands beside a placement for the same topics, under keys with the same prefix. */
function besides(around: JsonObject, placementKey: string): ReadonlyMap<string, Located<string>> {
  const prefix = placementKey.slice(0, -placementConfigKey.length);
  return new Map(
    guaranteeConfigKeys.flatMap((key) => {
      const value = member(around, prefix + key)?.value;
      const text = value === undefined ? null : scalarText(policyValue(value));
      return text === null ? [] : [[key, text] as const];
    }),
  );
}

function isDump(root: JsonObject): boolean {
  return member(root, 'topicDescriptionMap')?.value?.type === 'object';
}

function configsByTopic(map: JsonNode | undefined): ReadonlyMap<string, JsonObject> {
  const configs = new Map<string, JsonObject>();
  if (map?.type !== 'object') return configs;
  for (const { key, value } of map.members) {
    const topic = /^ConfigResource\(type=TOPIC, name='([^']*)'\)$/.exec(key.value)?.[1];
    const entries = value?.type === 'object' ? member(value, 'entries')?.value : undefined;
    if (topic !== undefined && entries?.type === 'object') configs.set(topic, entries);
  }
  return configs;
}

/**
 * A configuration that the topic has of its own, not one that it would get anyway; or one that counts wherever it comes from, as
 * a dump shows the values that hold. Source: `ConfigEntry.ConfigSource`.
 */
function isTelling({ key, value }: JsonMember): boolean {
  if (guaranteeConfigKeys.some((known) => known === key.value)) return true;
  const source = value?.type === 'object' ? member(value, 'source')?.value : undefined;
  return source?.type !== 'string' || source.value === 'DYNAMIC_TOPIC_CONFIG';
}

function brokerOfDump(node: JsonNode): readonly BrokerDeclaration[] {
  const id = idOf(node);
  if (node.type !== 'object' || id === undefined) return [];
  const rack = member(node, 'rack')?.value;
  const host = member(node, 'host')?.value;
  return [
    {
      kind: 'broker',
      span: node.span,
      id: { value: id, span: member(node, 'id')?.value?.span ?? node.span },
      name: host?.type === 'string' ? host.value : String(id),
      rack: rack?.type === 'string' ? { value: rack.value, span: rack.span } : null,
      datacenter: null,
      alsoController: false,
      configs: new Map(),
      image: null,
    },
  ];
}

function assignmentOfDump(topic: Located<string>, node: JsonNode): readonly AssignmentDeclaration[] {
  if (node.type !== 'object') return [];
  const partition = member(node, 'partition')?.value;
  const replicas = member(node, 'replicas')?.value;
  if (partition?.type !== 'number' || replicas?.type !== 'array') return [];
  const ids = (key: string): readonly NodeId[] | null => {
    const list = member(node, key)?.value;
    return list?.type === 'array' ? list.items.flatMap((item) => idOf(item) ?? []) : null;
  };
  const leader = member(node, 'leader')?.value;
  return [
    {
      kind: 'assignment',
      span: node.span,
      topic,
      partition: partition.value,
      leader: leader === undefined ? null : (idOf(leader) ?? null),
      replicas: { value: ids('replicas') ?? [], span: replicas.span },
      isr: ids('isr') ?? [],
      observers: ids('observers'),
      offline: ids('offlineReplicas') ?? [],
      reassigning: false,
    },
  ];
}

function idOf(node: JsonNode): NodeId | undefined {
  const id = node.type === 'object' ? member(node, 'id')?.value : node;
  return id?.type === 'number' && Number.isInteger(id.value) && id.value >= 0 ? id.value : undefined;
}

function first(object: JsonObject, keys: readonly string[]): JsonNode | undefined {
  return keys.map((key) => member(object, key)?.value).find((value) => value !== undefined);
}

function scalarText(node: JsonNode | undefined): Located<string> | null {
  if (node?.type !== 'string' && node?.type !== 'number' && node?.type !== 'boolean') return null;
  const span =
    node.type === 'string'
      ? { start: node.span.start + 1, end: Math.max(node.span.start + 1, node.span.end - 1) }
      : node.span;
  return { value: String(node.value), span };
}
