import { observerPromotionPolicies } from '../kafka/placement';
import { append } from './append';
import { firstSyntaxError, readClusterPart } from './clusterFile';
import type { ReaderProblem } from './declaration';
import { type EmbeddedText, embeddedPart, wholeDocument } from './embedded';
import { type JsonObject, member } from './json';
import { FieldReader, fieldOf, opening } from './jsonFields';
import { readJson } from './jsonText';
import { limits } from './limits';
import { readPlacementWithComments } from './placementJson';
import { type Found, nestingProblem, type SourceFile } from './reader';
import {
  type ScenarioCluster,
  type ScenarioDeclaration,
  type ScenarioReplicas,
  type ScenarioTopic,
  scenarioLimits,
} from './scenarioDeclaration';
import { knownNodes, unknownNames } from './scenarioNames';
import { observersProblem } from './scenarioObservers';
import { SettingsReader } from './scenarioSettings';
import { StepsReader } from './scenarioSteps';

const rootKeys = ['$schema', 'name', 'cluster', 'topic', 'settings', 'steps'];
const topicKeys = [
  'name',
  'replicas',
  'observers',
  'observerPromotionPolicy',
  'placement',
  'min.insync.replicas',
  'unclean.leader.election.enable',
  'isr',
  'leader',
];

/** What was read: a scenario where there is enough to play out, and what is wrong, in the order of the text. */
export interface ScenarioReading {
  readonly scenario: ScenarioDeclaration | null;
  readonly problems: readonly ReaderProblem[];
}

/** Whether a file is a scenario file: by its name alone, as its content could be anybody's. */
export function mayBeScenarioFile({ name }: SourceFile): boolean {
  return name.endsWith('kafka-scenario.json');
}

/** Format `scenario-file` for the table of readers. It declares nothing that a workspace would link: only its problems count. */
export function readScenarioDocument({ text }: SourceFile): Found {
  return { declarations: [], problems: readScenarioFile(text).problems };
}

/**
 * Reads a scenario file, our own format (docs/scenario-file.md): a cluster, a topic, and what befalls them. Comments and
 * trailing commas are welcome. Total: whatever the text, it returns, and every span lies in the text.
 */
export function readScenarioFile(text: string): ScenarioReading {
  const embedded = wholeDocument(text);
  const json = readJson(embedded, { dialect: 'with-comments' });
  if (json.nesting > limits.nestingMax) {
    return { scenario: null, problems: [nestingProblem(embedded.hostSpan, json.nesting)] };
  }
  const broken = firstSyntaxError(json.errors);
  if (json.root?.type !== 'object') {
    const message = 'A scenario is an object: { "cluster": …, "topic": …, "steps": [ … ] }.';
    const invalid: readonly ReaderProblem[] =
      json.root === undefined ? [] : [{ kind: 'invalid', span: json.root.span, message }];
    return { scenario: null, problems: broken ?? invalid };
  }
  const { scenario, problems } = new ScenarioFileReader(embedded).read(json.root);
  return { scenario, problems: broken ?? problems.toSorted((a, b) => a.span.start - b.span.start) };
}

class ScenarioFileReader extends FieldReader {
  readonly #embedded: EmbeddedText;

  constructor(embedded: EmbeddedText) {
    super();
    this.#embedded = embedded;
  }

  read(root: JsonObject): ScenarioReading {
    this.checkNames(root, rootKeys, 'a scenario file');
    const cluster = this.cluster(root);
    const topic = this.topic(root);
    const settings = new SettingsReader();
    const steps = new StepsReader();
    const rest = { name: this.string(root, 'name'), settings: settings.read(root), steps: steps.read(root) };
    append(this.problems, [...settings.problems, ...steps.problems]);
    if (cluster === null || topic === null) return { scenario: null, problems: this.problems };
    const scenario: ScenarioDeclaration = { span: root.span, cluster, topic, ...rest };
    const known = cluster.kind === 'inline' ? knownNodes(cluster.declarations) : null;
    if (known !== null) append(this.problems, unknownNames(scenario, known));
    return { scenario, problems: this.problems };
  }

  private cluster(root: JsonObject): ScenarioCluster | null {
    const written = fieldOf(root, 'cluster');
    if (written === null) {
      const example = '"shop.kafka-cluster.json", or { "datacenters": { "west": { "brokers": [1, 2] } } }';
      this.invalid(opening(root), `Say which cluster: "cluster": ${example}.`);
      return null;
    }
    switch (written.type) {
      case 'string':
        return { kind: 'files', span: written.span, paths: [written] };
      case 'object': {
        const { declarations, problems } = readClusterPart(this.#embedded, written);
        append(this.problems, problems);
        const nodes = declarations.filter(({ kind }) => kind === 'broker' || kind === 'controller');
        if (nodes.length <= scenarioLimits.nodesMax) return { kind: 'inline', span: written.span, declarations };
        this.invalid(written.span, `A scenario has at most ${scenarioLimits.nodesMax} brokers and controllers.`);
        return null;
      }
      case 'array': {
        const paths = written.items.filter((item) => item.type === 'string');
        if (paths.length === written.items.length && paths.length > 0) {
          return { kind: 'files', span: written.span, paths };
        }
      }
    }
    this.invalid(written.span, 'A cluster is the path of its file, a list of such paths, or { "datacenters": { … } }.');
    return null;
  }

  private topic(root: JsonObject): ScenarioTopic | null {
    const topic = this.object(root, 'topic');
    if (topic === undefined) {
      if (member(root, 'topic') === undefined) {
        this.invalid(opening(root), 'Say which topic: "topic": { "replicas": [1, 2, 3], "min.insync.replicas": 2 }.');
      }
      return null;
    }
    this.checkNames(topic, topicKeys, 'a topic');
    const replicas = fieldOf(topic, 'placement') === null ? this.listed(topic) : this.placement(topic);
    const rest = {
      name: this.string(topic, 'name'),
      minIsr: this.number(topic, 'min.insync.replicas', 1, scenarioLimits.replicasMax),
      uncleanLeaderElection: this.boolean(topic, 'unclean.leader.election.enable'),
      isr: this.ids(topic, 'isr'),
      leader: this.number(topic, 'leader', 0, Number.MAX_SAFE_INTEGER),
    };
    if (replicas === null) return null;
    if (replicas.kind === 'listed') this.checkStart(replicas, rest);
    return { replicas, ...rest };
  }

  private listed(topic: JsonObject): ScenarioReplicas | null {
    const replicas = this.ids(topic, 'replicas');
    const observers = this.ids(topic, 'observers') ?? [];
    const policy = this.choice(
      topic,
      'observerPromotionPolicy',
      observerPromotionPolicies,
      'observer promotion policy',
    );
    if (replicas === null || replicas.length === 0) {
      if (fieldOf(topic, 'replicas') === null) {
        const message = 'Say where the replicas are: "replicas": [1, 2, 3], or a "placement".';
        this.invalid(opening(topic), message);
      } else if (replicas !== null) {
        this.invalid(opening(topic), 'A partition has at least one replica: "replicas": [1, 2, 3].');
      }
      return null;
    }
    const beyond = replicas[scenarioLimits.replicasMax];
    if (beyond !== undefined) {
      this.invalid(beyond.span, `A partition has at most ${scenarioLimits.replicasMax} replicas here.`);
      return null;
    }
    const problem = observersProblem(replicas, observers);
    if (problem !== null) {
      this.invalid(problem.span, problem.message);
      return null;
    }
    return { kind: 'listed', replicas, observers, policy: policy?.value ?? null };
  }

  private checkStart(
    { replicas, observers }: ScenarioReplicas & { readonly kind: 'listed' },
    { isr, leader }: Pick<ScenarioTopic, 'isr' | 'leader'>,
  ): void {
    const all = replicas.map(({ value }) => value);
    const healthy = all.filter((id) => !observers.some(({ value }) => value === id));
    for (const { value, span } of isr ?? []) {
      if (!all.includes(value)) this.invalid(span, `${value} is in the ISR, but not among the replicas.`);
    }
    const members = isr?.map(({ value }) => value) ?? healthy;
    if (leader === null || members.includes(leader.value)) return;
    this.invalid(leader.span, `${leader.value} leads, but is not in the ISR ${members.join(',')}.`);
  }

  private placement(topic: JsonObject): ScenarioReplicas | null {
    for (const key of ['replicas', 'observers', 'observerPromotionPolicy', 'isr', 'leader']) {
      const other = member(topic, key);
      if (other !== undefined)
        this.invalid(other.key.span, `${key} cannot stand beside a placement: list the replicas by id.`);
    }
    const written = fieldOf(topic, 'placement');
    if (written?.type === 'string') return { kind: 'placement-file', path: written };
    const placement = written && readPlacementWithComments(embeddedPart(this.#embedded, written.span));
    if (placement !== null && placement.placement !== null) return { kind: 'placement', placement };
    const example = '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }] }';
    if (written !== null) this.invalid(written.span, `A placement is an object, ${example}, or the path of its file.`);
    return null;
  }
}
