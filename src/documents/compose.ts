import { defaultPlacements, nodeOf } from './brokerConfigs';
import type {
  BrokerDeclaration,
  ControllerDeclaration,
  Declaration,
  DefaultDeclaration,
  MountDeclaration,
  ReaderProblem,
} from './declaration';
import { type EmbeddedText, embeddedPart } from './embedded';
import type { Found, SourceFile } from './reader';
import { readShellText } from './shell';
import { cover, type Located } from './span';
import { readYaml, type YamlNode } from './yaml/document';

/** One environment variable: its value as text to read on, so that JSON in it keeps its offsets. */
interface Variable {
  readonly key: Located<string>;
  readonly value: Located<string>;
  readonly embedded: EmbeddedText | null;
}
type Environment = ReadonlyMap<string, Variable>;

/** Variables that only Kafka's own containers have; other services of the ecosystem have prefixes of their own. */
const kafkaMarks = [
  'node.id',
  'broker.id',
  'process.roles',
  'broker.rack',
  'zookeeper.connect',
  'advertised.listeners',
  'listeners',
];

/** Services that extend services that extend …, at most this often, and what all of them inherit together. */
const extendsMax = 8;
const inheritedMax = 100_000;

interface Budget {
  left: number;
}

function inheritanceLimit({ left }: Budget): readonly ReaderProblem[] {
  if (left > 0) return [];
  const found = inheritedMax - left;
  return [{ kind: 'limit', span: { start: 0, end: 0 }, limit: 'inheritance', found, bound: inheritedMax }];
}

/**
 * Format `compose`: the brokers and controllers of a Docker Compose file with their racks, images, configuration,
 * default placements and bind mounts, and the topics that its containers' commands create. Services that are not Kafka
 * declare nothing. Source of the naming: docs.confluent.io, "Docker configuration parameters"; Bitnami's image.
 */
export function readCompose(file: SourceFile): Found | null {
  const yaml = readYaml(file);
  if ('problem' in yaml) return yaml.problem && { declarations: [], problems: [yaml.problem] };
  const services = yaml.documents.flatMap((document) => document.get('services') ?? []);
  const budget = { left: inheritedMax };
  const declarations = services.flatMap((map) =>
    map.entries().flatMap(({ key, value }) => readService(map, key, value, budget)),
  );
  if (declarations.length === 0) return null;
  return { declarations: withoutCopies(declarations), problems: [...yaml.limitsHit(), ...inheritanceLimit(budget)] };
}

function readService(
  services: YamlNode,
  name: Located<string>,
  service: YamlNode,
  budget: Budget,
): readonly Declaration[] {
  const environment = environmentOf(services, service, 0, budget);
  const configs = kafkaConfigs(environment);
  const node = nodeDeclaration(name, service, configs);
  const commands = ['entrypoint', 'command']
    .flatMap((key) => commandTexts(service.get(key)))
    .flatMap((text) => readShellText(text).declarations);
  if (node === null) return [...commands, ...(commands.length > 0 ? mountsOf(name.value, service) : [])];
  const defaults = defaultPlacements(new Map([...configs].map(([key, { embedded }]) => [key, embedded])));
  return [node, ...defaults, ...mountsOf(name.value, service), ...commands];
}

/** Compose merges the environment of a service that this one extends. Source: compose-spec, "extends". */
function environmentOf(services: YamlNode, service: YamlNode, depth: number, budget: Budget): Environment {
  const extended = service.get('extends');
  const baseName =
    extended?.get('file') === undefined ? (extended?.get('service') ?? extended)?.scalar()?.value : undefined;
  const ends = baseName === undefined || depth >= extendsMax || budget.left <= 0;
  const base = ends ? undefined : services.get(baseName);
  const inherited: Environment = base === undefined ? new Map() : environmentOf(services, base, depth + 1, budget);
  budget.left -= inherited.size;
  return new Map([...inherited, ...variablesOf(service.get('environment'))]);
}

function variablesOf(environment: YamlNode | undefined): readonly (readonly [string, Variable])[] {
  if (environment === undefined) return [];
  const mapped = environment.entries().flatMap(({ key, value }): readonly Variable[] => {
    const scalar = value.scalar();
    return scalar === null ? [] : [{ key, value: scalar, embedded: value.embedded() }];
  });
  return [...mapped, ...environment.items().flatMap(listedVariable)].map((variable) => [variable.key.value, variable]);
}

/** `- KEY=value`. */
function listedVariable(item: YamlNode): readonly Variable[] {
  const embedded = item.embedded();
  const equals = embedded?.text.indexOf('=') ?? -1;
  if (embedded === null || equals <= 0) return [];
  const at = (start: number, end: number): Located<string> => ({
    value: embedded.text.slice(start, end),
    span: { start: embedded.toHost(start), end: embedded.toHost(end) },
  });
  const part = embeddedPart(embedded, { start: equals + 1, end: embedded.text.length });
  return [{ key: at(0, equals), value: at(equals + 1, embedded.text.length), embedded: part }];
}

/** The variables that configure Kafka, under the names that Kafka gives them. */
function kafkaConfigs(environment: Environment): ReadonlyMap<string, Variable> {
  const configs = new Map<string, Variable>();
  for (const [name, variable] of environment) {
    const key = configName(name);
    if (key !== null) configs.set(key, variable);
  }
  return configs;
}

/**
 * `KAFKA_BROKER_RACK` and Bitnami's `KAFKA_CFG_BROKER_RACK` are `broker.rack`; two underscores stand for a dash, three
 * for an underscore. The cluster's id, which tells clusters of one file apart, comes as `cluster.id`.
 */
function configName(variable: string): string | null {
  if (variable === 'CLUSTER_ID' || variable === 'KAFKA_CLUSTER_ID' || variable === 'KAFKA_KRAFT_CLUSTER_ID')
    return 'cluster.id';
  const name = /^KAFKA_(?:CFG_)?(?!REST_)([A-Z0-9_]+)$/.exec(variable)?.[1];
  if (name === undefined) return null;
  return name
    .toLowerCase()
    .replace(/_{1,3}/g, (underscores) => (underscores.length === 1 ? '.' : underscores.length === 2 ? '-' : '_'));
}

function nodeDeclaration(
  name: Located<string>,
  service: YamlNode,
  configs: ReadonlyMap<string, Variable>,
): BrokerDeclaration | ControllerDeclaration | null {
  if (!kafkaMarks.some((mark) => configs.has(mark))) return null;
  const idText = (configs.get('node.id') ?? configs.get('broker.id'))?.value;
  // Tools run in Kafka's image too, with `KAFKA_BROKER_ID: ignored`: they are no brokers.
  if (idText !== undefined && /^[a-z]+$/i.test(idText.value)) return null;
  const values = new Map([...configs].map(([key, { value }]) => [key, value]));
  const node = nodeOf(name.value, cover(name.span, service.span), values);
  return node.kind === 'broker' ? { ...node, image: service.get('image')?.scalar() ?? null } : node;
}

/** Bind mounts, short (`./config:/etc/config:ro`) and long. Named volumes hold no files of the workspace. */
function mountsOf(service: string, node: YamlNode): readonly MountDeclaration[] {
  return (node.get('volumes')?.items() ?? []).flatMap((item): readonly MountDeclaration[] => {
    const short = item.scalar();
    const [hostPath, containerPath] =
      short === null
        ? [item.get('source')?.scalar()?.value, item.get('target')?.scalar()?.value]
        : (/^(.*?):(\/[^:]*)(?::[^:/]*)?$/.exec(short.value)?.slice(1) ?? []);
    if (hostPath === undefined || containerPath === undefined || !/^[./~]/.test(hostPath)) return [];
    return [{ kind: 'mount', span: item.span, service, hostPath, containerPath }];
  });
}

/** A command as text: a script in one scalar, or the scripts in a list such as `[bash, -c, "…"]`. */
function commandTexts(command: YamlNode | undefined): readonly EmbeddedText[] {
  const texts = command === undefined ? [] : command.isSequence() ? command.items() : [command];
  return texts.flatMap((text) => {
    const embedded = text.embedded();
    return embedded === null || !/kafka-(?:topics|configs)/.test(embedded.text) ? [] : [embedded];
  });
}

/** Anchors and merge keys make several services share one text; what stands once is declared once. */
function withoutCopies(declarations: readonly Declaration[]): readonly Declaration[] {
  const seen = new Set<string>();
  return declarations.filter((declaration) => {
    if (declaration.kind !== 'default' && declaration.kind !== 'topic') return true;
    const name = declaration.kind === 'topic' ? declaration.name.value : describe(declaration);
    const key = `${declaration.kind} ${name} ${declaration.span.start} ${declaration.span.end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function describe({ default: found }: DefaultDeclaration): string {
  return found.of === 'placement' ? `placement ${found.topics}` : found.of;
}
