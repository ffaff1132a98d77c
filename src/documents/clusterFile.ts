import type { SurvivalGoal } from '../kafka/cluster';
import { append } from './append';
import type {
  BrokerDeclaration,
  ClusterDeclaration,
  ControllerDeclaration,
  Declaration,
  DefaultDeclaration,
  ReaderProblem,
  SyntaxProblem,
} from './declaration';
import { type EmbeddedText, embeddedPart, wholeDocument } from './embedded';
import { type JsonMember, type JsonNode, type JsonObject, type JsonString, member } from './json';
import { FieldReader, membersThatCount, nodeIdMax, opening } from './jsonFields';
import { readJson } from './jsonText';
import { limits } from './limits';
import { readPlacementWithComments } from './placementJson';
import { type Found, nestingProblem, type SourceFile } from './reader';
import type { Located, Span } from './span';

const rootKeys = ['$schema', 'name', 'confluentPlatform', 'survivalGoal', 'datacenters', 'topicDefaults'];
const clusterPartKeys = ['name', 'confluentPlatform', 'datacenters'];
const datacenterKeys = ['racks', 'brokers', 'controllers'];
const topicDefaultKeys = ['min.insync.replicas', 'unclean.leader.election.enable', 'placement'];
const survivalGoals: readonly SurvivalGoal[] = ['durable-first', 'available-first'];

/** How many brokers or controllers a count may stand for. Kafka's largest clusters have some hundred. */
const nodeCountMax = 1000;

/** Whether a file could be a cluster file: by its name, which may stand for itself, or by its words. */
export function mayBeClusterFile(file: SourceFile): boolean {
  const { text } = file;
  return hasClusterFileName(file) || (text.includes('"datacenters"') && /^\ufeff?\s*[{/]/.test(text));
}

function hasClusterFileName({ name }: SourceFile): boolean {
  return name.endsWith('kafka-cluster.json');
}

/**
 * Format `cluster-file`, our own (docs/cluster-file.md): datacenters with their racks, brokers and controllers, what
 * topics get by default, and what the loss of a datacenter must not cost. Comments and trailing commas are welcome.
 * Unknown names are reported, since a misspelt one would quietly mean something else than was written.
 */
export function readClusterFile(file: SourceFile): Found | null {
  const embedded = wholeDocument(file.text);
  const json = readJson(embedded, { dialect: 'with-comments' });
  if (json.nesting > limits.nestingMax) {
    const problems = [nestingProblem(embedded.hostSpan, json.nesting)];
    return hasClusterFileName(file) ? { declarations: [], problems } : null;
  }
  if (!hasClusterFileName(file) && !looksLikeClusterFile(json.root)) return null;
  // One that is about to be written, by a person or by our own command, has no mistakes yet.
  if (file.text.trim() === '') return { declarations: [], problems: [] };
  const reader = new ClusterFileReader(embedded);
  if (json.root?.type === 'object') reader.readRoot(json.root);
  else if (json.root !== undefined)
    reader.invalid(json.root.span, 'A cluster file is an object: { "datacenters": … }.');
  const broken = firstSyntaxError(json.errors);
  return { declarations: reader.declarations, problems: broken ?? reader.problems };
}

/** Half a word typed breaks what stands behind it: only what comes first is said, and no rule about names or values. */
export function firstSyntaxError([first]: readonly SyntaxProblem[]): readonly ReaderProblem[] | null {
  return first === undefined ? null : [{ kind: 'syntax', span: first.span, message: first.message }];
}

/**
 * The cluster in a part of another file of ours: the same object, under a name of its own. What one topic needs is said
 * beside it, so it has neither a goal nor defaults.
 */
export function readClusterPart(embedded: EmbeddedText, root: JsonObject): Found {
  const reader = new ClusterFileReader(embedded);
  reader.readRoot(root, clusterPartKeys);
  return { declarations: reader.declarations, problems: reader.problems };
}

/** A file of another name is ours only if it could hardly be anything else. */
function looksLikeClusterFile(root: JsonNode | undefined): boolean {
  if (root?.type !== 'object') return false;
  const datacenters = member(root, 'datacenters')?.value;
  if (datacenters?.type !== 'object' || datacenters.members.length === 0) return false;
  return datacenters.members.every(
    ({ value }) => value?.type === 'object' && value.members.some(({ key }) => datacenterKeys.includes(key.value)),
  );
}

type Rack = { readonly name: Located<string>; readonly brokers: JsonNode | undefined };

class ClusterFileReader extends FieldReader {
  readonly declarations: Declaration[] = [];
  private readonly embedded: EmbeddedText;
  private readonly brokers: BrokerDeclaration[] = [];
  private readonly controllers: ControllerDeclaration[] = [];
  private counted = 0;
  private readonly seenRacks = new Map<string, string>();

  constructor(embedded: EmbeddedText) {
    super();
    this.embedded = embedded;
  }

  readRoot(root: JsonObject, known = rootKeys): void {
    this.checkNames(root, known, 'a cluster file');
    const datacenters = this.object(root, 'datacenters');
    if (datacenters !== undefined) this.checkTwice(datacenters);
    if (member(root, 'datacenters') === undefined) {
      this.invalid(opening(root), 'Name the datacenters: "datacenters": { "west": { "brokers": [1, 2, 3] } }.');
    }
    const cluster: ClusterDeclaration = {
      kind: 'cluster',
      span: root.span,
      name: this.string(root, 'name'),
      goal: this.choice(root, 'survivalGoal', survivalGoals, 'survival goal'),
      confluentPlatform: this.version(root),
      datacenters: [...(datacenters === undefined ? [] : membersThatCount(datacenters))].map((entry) =>
        this.readDatacenter(entry),
      ),
    };
    this.declarations.push(cluster);
    append(this.declarations, this.combinedNodes());
    this.readTopicDefaults(root);
  }

  private readDatacenter({ key, value }: JsonMember): ClusterDeclaration['datacenters'][number] {
    if (key.value.trim() === '') this.invalid(key.span, 'A datacenter needs a name.');
    if (value === undefined) return { name: key, racks: [] };
    if (value.type !== 'object') {
      this.invalid(value.span, `Say what ${key.value} has: { "brokers": [1, 2, 3], "controllers": [101] }.`);
      return { name: key, racks: [] };
    }
    this.checkNames(value, datacenterKeys, 'a datacenter');
    const racks = this.racksOf(key, value);
    for (const rack of racks) {
      this.noteRack(rack.name, key.value);
      for (const { id, span, name } of this.nodes(rack.brokers, rack.name.value)) {
        this.brokers.push(brokerOf(id, span, name, rack.name, key));
      }
    }
    for (const { id, span, name } of this.nodes(member(value, 'controllers')?.value, `${key.value}-controller`)) {
      this.controllers.push(controllerOf(id, span, name, key));
    }
    return { name: key, racks: racks.map((rack) => rack.name) };
  }

  /** `racks` by name, with or without their brokers; or `brokers` alone, in a rack called like the datacenter. */
  private racksOf(datacenter: Located<string>, value: JsonObject): readonly Rack[] {
    const racks = member(value, 'racks');
    const brokers = member(value, 'brokers');
    if (racks?.value === undefined || racks.value.type === 'null') {
      return brokers?.value === undefined ? [] : [{ name: datacenter, brokers: brokers.value }];
    }
    if (brokers !== undefined) {
      this.invalid(
        brokers.key.span,
        'Where there are racks, each broker belongs to one: "racks": { "west-a": [1, 2] }.',
      );
    }
    if (racks.value.type === 'object') {
      return racks.value.members.map(({ key, value: list }) => ({ name: key, brokers: list }));
    }
    if (racks.value.type === 'array' && racks.value.items.every((item) => item.type === 'string')) {
      return racks.value.items
        .filter((item): item is JsonString => item.type === 'string')
        .map((item) => ({ name: item, brokers: undefined }));
    }
    this.invalid(
      racks.value.span,
      'Racks are names, ["west-a", "west-b"], or names with brokers, { "west-a": [1, 2] }.',
    );
    return [];
  }

  private noteRack(rack: Located<string>, datacenter: string): void {
    const other = this.seenRacks.get(rack.value);
    if (other === undefined) this.seenRacks.set(rack.value, datacenter);
    else this.invalid(rack.span, `The rack ${rack.value} is already listed in ${other}; a rack is in one datacenter.`);
  }

  /** Brokers or controllers: their ids, or how many there are. */
  private nodes(
    value: JsonNode | undefined,
    prefix: string,
  ): readonly { readonly id: Located<number> | null; readonly span: Span; readonly name: string }[] {
    if (value === undefined || value.type === 'null') return [];
    if (value.type === 'number') {
      if (!Number.isInteger(value.value) || value.value < 0 || value.value > nodeCountMax) {
        this.invalid(value.span, `A count is a whole number from 0 to ${nodeCountMax}.`);
        return [];
      }
      // Many small counts come to a large one; beyond what a file may declare, they are not made.
      this.counted += value.value;
      if (this.counted > limits.declarationCountMax) return [];
      return Array.from({ length: value.value }, (_, n) => ({
        id: null,
        span: value.span,
        name: `${prefix}-${n + 1}`,
      }));
    }
    if (value.type !== 'array') {
      this.invalid(value.span, 'List the ids, [1, 2, 3], or say how many there are, 3.');
      return [];
    }
    return value.items.flatMap((item) => {
      if (item.type === 'number' && Number.isInteger(item.value) && item.value >= 0 && item.value <= nodeIdMax) {
        return [{ id: { value: item.value, span: item.span }, span: item.span, name: `${prefix}-${item.value}` }];
      }
      this.invalid(item.span, 'An id is a whole number, as node.id or broker.id has it.');
      return [];
    });
  }

  /** An id listed both as broker and as controller is one process in combined mode: a broker that is also a voter. */
  private combinedNodes(): readonly Declaration[] {
    this.checkIds(this.brokers);
    this.checkIds(this.controllers);
    const voters = new Map(this.controllers.flatMap((node) => (node.id === null ? [] : [[node.id.value, node]])));
    const combined = new Set<ControllerDeclaration>();
    const brokers = this.brokers.map((broker) => {
      const voter = broker.id === null ? undefined : voters.get(broker.id.value);
      if (voter === undefined) return broker;
      combined.add(voter);
      if (voter.datacenter?.value !== broker.datacenter?.value) {
        this.invalid(
          voter.span,
          `Node ${broker.id?.value} is a broker of ${broker.datacenter?.value}: it runs in one datacenter.`,
        );
      }
      return { ...broker, alsoController: true };
    });
    return [...brokers, ...this.controllers.filter((node) => !combined.has(node))];
  }

  private checkIds(nodes: readonly (BrokerDeclaration | ControllerDeclaration)[]): void {
    const seen = new Set<number>();
    for (const { id } of nodes) {
      if (id === null) continue;
      if (seen.has(id.value)) this.invalid(id.span, `The id ${id.value} is listed twice; each node has its own.`);
      seen.add(id.value);
    }
  }

  private readTopicDefaults(root: JsonObject): void {
    const defaults = this.object(root, 'topicDefaults');
    if (defaults === undefined) return;
    this.checkNames(defaults, topicDefaultKeys, 'topicDefaults');
    for (const key of topicDefaultKeys) {
      const value = member(defaults, key)?.value;
      const found = value && this.topicDefault(key, value);
      if (value && found) this.declarations.push({ kind: 'default', span: value.span, default: found });
    }
  }

  private topicDefault(key: string, value: JsonNode): DefaultDeclaration['default'] | undefined {
    if (key === 'min.insync.replicas') {
      if (value.type === 'number' && Number.isInteger(value.value) && value.value >= 1) {
        return { of: key, value: value.value };
      }
      this.invalid(value.span, 'min.insync.replicas is a whole number from 1.');
      return undefined;
    }
    if (key === 'unclean.leader.election.enable') {
      if (value.type === 'boolean') return { of: key, value: value.value };
      this.invalid(value.span, 'unclean.leader.election.enable is true or false.');
      return undefined;
    }
    const placement = readPlacementWithComments(embeddedPart(this.embedded, value.span));
    if (placement !== null) return { of: 'placement', topics: 'user', placement };
    this.invalid(value.span, 'A placement is an object: { "version": 2, "replicas": [ … ] }.');
    return undefined;
  }

  private version(root: JsonObject): Located<string> | null {
    const value = member(root, 'confluentPlatform')?.value;
    if (value?.type === 'number') {
      this.invalid(value.span, 'Write the version in quotes, "7.6": as a number, 7.10 would be 7.1.');
      return null;
    }
    const written = this.string(root, 'confluentPlatform');
    if (written === null || /^\d+(\.\d+)*/.test(written.value)) return written;
    this.invalid(written.span, 'A version of Confluent Platform looks like "7.6" or "7.6.1".');
    return null;
  }
}

function brokerOf(
  id: Located<number> | null,
  span: Span,
  name: string,
  rack: Located<string>,
  datacenter: Located<string>,
): BrokerDeclaration {
  return { kind: 'broker', span, id, name, rack, datacenter, alsoController: false, configs: new Map(), image: null };
}

function controllerOf(
  id: Located<number> | null,
  span: Span,
  name: string,
  datacenter: Located<string>,
): ControllerDeclaration {
  return { kind: 'controller', span, id, name, rack: null, datacenter, configs: new Map() };
}
