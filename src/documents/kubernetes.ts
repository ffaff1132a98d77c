import { brokerOrController, defaultPlacements, type ProcessRole } from './brokerConfigs';
import type { Declaration, PlacementDeclaration } from './declaration';
import { limits } from './limits';
import { isPlacement, mentionsPlacement, readPlacement } from './placementJson';
import type { Found, SourceFile } from './reader';
import { readShellText } from './shell';
import type { Located } from './span';
import { topicFrom, wholeNumberAt } from './topicResource';
import { configsOf, listedProperties } from './yaml/configs';
import { readYamlInSteps, type YamlNode } from './yaml/document';

/** Replicas of one `Kafka` resource that are listed; a larger number is no cluster but a typing error. */
const replicasMax = 1000;

/** Placements in the file's config maps, under the names of their files. */
type PlacementFiles = ReadonlyMap<string, PlacementDeclaration>;

/**
 * Format `kubernetes`: resources of Confluent for Kubernetes (`Kafka`, `KRaftController`, `KafkaTopic`), the topics of
 * Strimzi, Jikkou and ns4kafka, config maps that hold placements, and jobs whose commands create topics.
 */
export function* readKubernetes(file: SourceFile): Generator<void, Found | null> {
  const yaml = yield* readYamlInSteps(file);
  if ('problem' in yaml) return yaml.problem && { declarations: [], problems: [yaml.problem] };
  const resources = yaml.documents.flatMap((document) => [document, ...(document.get('items')?.items() ?? [])]);
  const files = new Map<string, PlacementDeclaration>();
  for (const resource of resources) {
    for (const [name, placement] of configMapFiles(resource)) files.set(name, placement);
    yield;
  }
  const declarations: Declaration[] = [];
  for (const resource of resources) {
    // One number can stand for a thousand brokers, so that the bound for declarations has to hold while reading too.
    if (declarations.length > limits.declarationCountMax) break;
    for (const found of readResource(resource, files)) declarations.push(found);
    yield;
  }
  const used = new Set(declarations.flatMap(inlinePlacement));
  const unused = [...files.values()].filter((placement) => !used.has(placement));
  const all = [...declarations, ...unused];
  return all.length === 0 ? null : { declarations: all, problems: yaml.limitsHit() };
}

function inlinePlacement(declaration: Declaration): readonly PlacementDeclaration[] {
  if (declaration.kind !== 'topic' || declaration.placement?.kind !== 'inline') return [];
  return [declaration.placement.placement];
}

function readResource(resource: YamlNode, files: PlacementFiles): readonly Declaration[] {
  const api = resource.get('apiVersion')?.scalar()?.value ?? '';
  const kind = resource.get('kind')?.scalar()?.value ?? '';
  if (kind === 'KafkaTopic' || (kind === 'Topic' && api === 'v1')) return topic(resource, files);
  if (api.startsWith('platform.confluent.io/')) {
    if (kind === 'Kafka') return nodes(resource, 'broker');
    if (kind === 'KRaftController') return nodes(resource, 'controller');
  }
  return commandsOf(resource);
}

/**
 * A topic of any of the operators. Sources: Confluent for Kubernetes' `KafkaTopic` (`partitionCount`, `configs`),
 * Strimzi's (`topicName`, `config`), Jikkou's and ns4kafka's (`replicationFactor`).
 */
function topic(resource: YamlNode, files: PlacementFiles): readonly Declaration[] {
  const spec = resource.get('spec');
  const name = [spec?.get('name'), spec?.get('topicName'), resource.at('metadata', 'name')]
    .map((node) => node?.scalar() ?? null)
    .find((scalar) => scalar !== null);
  if (name === undefined || spec === undefined) return [];
  const number = (...keys: readonly string[]): Located<string> | null =>
    keys.map((key) => spec.get(key)?.scalar() ?? null).find((scalar) => scalar !== null) ?? null;
  const declared = topicFrom({
    action: 'create',
    span: resource.span,
    name,
    partitions: number('partitionCount', 'partitions'),
    replicationFactor: number('replicas', 'replicationFactor'),
    configs: [...configsOf(spec.get('configs')), ...configsOf(spec.get('config'))],
    files,
  });
  // Source: CFK's API reference, `kafkaClusterRef`: without a namespace the cluster is in that of the topic.
  const namespace = spec.at('kafkaClusterRef', 'namespace') ?? resource.at('metadata', 'namespace');
  const stated = namespace?.scalar()?.value;
  return [stated === undefined ? declared : { ...declared, namespace: stated }];
}

/**
 * The processes of a `Kafka` or `KRaftController`. Their racks are only known where an override states one: those that
 * the operator takes from the labels of nodes stand in no file. Such a rack is stated, but unknown, like a template.
 */
function nodes(resource: YamlNode, role: ProcessRole): readonly Declaration[] {
  const spec = resource.get('spec');
  const overrides = new Map(
    listedProperties(spec?.at('configOverrides', 'server')).map(({ key, value }) => [key, value]),
  );
  const defaults = defaultPlacements(overrides);
  const replicas = Number(spec?.get('replicas')?.scalar()?.value);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > replicasMax) return defaults;
  const metadata = resource.get('metadata');
  const namespace = metadata?.get('namespace')?.scalar()?.value;
  const name = metadata?.get('name')?.scalar() ?? { value: 'kafka', span: resource.span };
  const prefix = namespace === undefined ? name.value : `${namespace}/${name.value}`;
  const offset = metadata?.at('annotations', 'platform.confluent.io/broker-id-offset')?.scalar() ?? null;
  // Brokers count from 0 if nothing is said; controllers have a range of their own that no file states.
  const firstId =
    wholeNumberAt(offset) ?? (role === 'broker' && offset === null ? { value: 0, span: name.span } : null);
  const clusterId = spec?.get('clusterID')?.embedded();
  const configs = clusterId ? new Map([...overrides, ['cluster.id', clusterId] as const]) : overrides;
  const image = spec?.at('image', 'application')?.scalar() ?? null;
  const rack = overrides.has('broker.rack') ? null : labelledRack(spec?.get('rackAssignment'));
  const found = Array.from({ length: replicas }, (_, ordinal) => {
    const [node] = brokerOrController(`${prefix}-${ordinal}`, resource.span, configs, role);
    const id = firstId && { value: firstId.value + ordinal, span: firstId.span };
    if (node?.kind === 'broker') return [{ ...node, id, image, rack: node.rack ?? rack }];
    return node?.kind === 'controller' ? [{ ...node, id }] : [];
  });
  return [...found.flat(), ...defaults];
}

/** A rack that the operator reads from a label of the node that a pod runs on. Source: CFK, "Configure rack awareness". */
function labelledRack(assignment: YamlNode | undefined): Located<string> | null {
  if (assignment === undefined) return null;
  const label = assignment.get('nodeLabels')?.items()[0]?.scalar()?.value ?? 'rack';
  return { value: `\${${label}}`, span: assignment.span };
}

function configMapFiles(resource: YamlNode): readonly (readonly [string, PlacementDeclaration])[] {
  if (resource.get('kind')?.scalar()?.value !== 'ConfigMap') return [];
  return (resource.get('data')?.entries() ?? []).flatMap(({ key, value }) => {
    const embedded = value.embedded();
    if (embedded === null || !mentionsPlacement(embedded.text)) return [];
    const placement = readPlacement(embedded);
    return placement !== null && isPlacement(placement) ? [[key.value, placement] as const] : [];
  });
}

/** Topics that the containers of a job or pod create, or a script in a config map. */
function commandsOf(resource: YamlNode): readonly Declaration[] {
  const spec = resource.get('spec');
  const pod = spec?.at('template', 'spec') ?? spec;
  const containers = ['initContainers', 'containers'].flatMap((key) => pod?.get(key)?.items() ?? []);
  const texts = [
    ...containers.flatMap((container) => ['command', 'args'].flatMap((key) => container.get(key)?.items() ?? [])),
    ...(resource.get('data')?.entries() ?? []).map(({ value }) => value),
  ];
  return texts.flatMap((node) => {
    const embedded = node.embedded();
    return embedded !== null && /kafka-(?:topics|configs)/.test(embedded.text)
      ? readShellText(embedded).declarations
      : [];
  });
}
