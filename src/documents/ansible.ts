import { brokerOrController, defaultPlacements, type ProcessRole } from './brokerConfigs';
import type { Declaration } from './declaration';
import type { EmbeddedText } from './embedded';
import { limits } from './limits';
import type { Found, SourceFile } from './reader';
import { cover, type Located } from './span';
import { isTemplate } from './template';
import { propertiesOf } from './yaml/configs';
import { readYaml, type YamlNode } from './yaml/document';

/** Groups inside groups. */
const groupDepthMax = 10;
/** Hosts that a range such as `kafka[1:9]` stands for. */
const rangeMax = 200;

interface Role {
  readonly group: string;
  readonly properties: string;
  /** The variable that sets a host's id, and the id of the first host where none does. Source: cp-ansible. */
  readonly idVariable: string;
  readonly firstId: number;
  readonly processRole: ProcessRole;
}

const roles: readonly Role[] = [
  {
    group: 'kafka_broker',
    properties: 'kafka_broker_custom_properties',
    idVariable: 'broker_id',
    firstId: 1,
    processRole: 'broker',
  },
  {
    group: 'kafka_controller',
    properties: 'kafka_controller_custom_properties',
    idVariable: 'node_id',
    firstId: 9991,
    processRole: 'controller',
  },
];

interface Host {
  readonly name: Located<string>;
  readonly node: YamlNode;
  /** Variables that hold for the host, the nearest first: its own, its group's, those of the groups around. */
  readonly variables: readonly YamlNode[];
}

/**
 * Format `ansible`: an inventory of Confluent's cp-ansible, or a file of its group variables. A host's custom properties
 * replace those of its group as a whole, as Ansible's variables do.
 */
export function readAnsible(file: SourceFile): Found | null {
  const yaml = readYaml(file);
  if ('problem' in yaml) return yaml.problem && { declarations: [], problems: [yaml.problem] };
  const declarations = yaml.documents.flatMap(readInventory);
  return declarations.length === 0 ? null : { declarations, problems: yaml.limitsHit() };
}

function readInventory(root: YamlNode): readonly Declaration[] {
  const all = root.get('all');
  const outer = [all?.get('vars'), root].filter((node) => node !== undefined);
  const found = roles.flatMap((role) => {
    const groups = [root.get(role.group), ...groupsNamed(all, role.group, 0)].filter((node) => node !== undefined);
    const hosts = groups.flatMap((group) => hostsOf(group, outer, 0));
    return hosts.flatMap((host, index) => readHost(host, role, index));
  });
  return withoutCopies(found.length > 0 ? found : roles.flatMap((role) => groupDefaults(role, outer)));
}

/** A group may be written at the top, or below the groups that contain it. */
function groupsNamed(group: YamlNode | undefined, name: string, depth: number): readonly YamlNode[] {
  if (group === undefined || depth > groupDepthMax) return [];
  return (group.get('children')?.entries() ?? []).flatMap(({ key, value }) =>
    key.value === name ? [value] : groupsNamed(value, name, depth + 1),
  );
}

function hostsOf(group: YamlNode, outer: readonly YamlNode[], depth: number): readonly Host[] {
  if (depth > groupDepthMax) return [];
  const own = group.get('vars');
  const variables = own === undefined ? outer : [own, ...outer];
  const hosts: Host[] = [];
  for (const { key, value } of group.get('hosts')?.entries() ?? []) {
    // A range can stand for many hosts, so that the bound for declarations has to hold while reading too.
    if (hosts.length > limits.declarationCountMax) break;
    for (const name of hostNames(key.value)) {
      hosts.push({ name: { value: name, span: key.span }, node: value, variables: [value, ...variables] });
    }
  }
  const children = (group.get('children')?.entries() ?? []).flatMap(({ value }) =>
    hostsOf(value, variables, depth + 1),
  );
  return [...hosts, ...children].slice(0, limits.declarationCountMax);
}

/** `kafka[01:03].example` stands for three hosts. Source: Ansible, "Adding ranges of hosts". */
function hostNames(pattern: string): readonly string[] {
  const [, before, from, to, after] = /^([^[\]]*)\[(\d{1,6}):(\d{1,6})\]([^[\]]*)$/.exec(pattern) ?? [];
  if (from === undefined || to === undefined) return [pattern];
  const count = Number(to) - Number(from) + 1;
  if (count < 1 || count > rangeMax) return [pattern];
  return Array.from(
    { length: count },
    (_, n) => `${before}${String(Number(from) + n).padStart(from.length, '0')}${after}`,
  );
}

function readHost(host: Host, role: Role, index: number): readonly Declaration[] {
  const span = cover(host.name.span, host.node.span);
  const configs = customProperties(host.variables, role);
  const [node, ...defaults] = brokerOrController(host.name.value, span, configs, role.processRole);
  if (node?.kind !== 'broker' && node?.kind !== 'controller') return [];
  return [{ ...node, id: node.id ?? hostId(host, role, index) }, ...defaults];
}

function hostId(host: Host, role: Role, index: number): Located<number> | null {
  const stated = host.node.get(role.idVariable)?.scalar();
  if (stated === undefined || stated === null) return { value: role.firstId + index, span: host.name.span };
  return /^\d{1,9}$/.test(stated.value) ? { value: Number(stated.value), span: stated.span } : null;
}

/** The nearest statement wins whole; `broker.rack` may also come from a template, and is then unknown. */
function customProperties(variables: readonly YamlNode[], role: Role): ReadonlyMap<string, EmbeddedText> {
  const nearest = variables.map((scope) => scope.get(role.properties)).find((node) => node !== undefined);
  return new Map(propertiesOf(nearest).map(({ key, value }) => [key, value]));
}

function groupDefaults(role: Role, scopes: readonly YamlNode[]): readonly Declaration[] {
  const configs = customProperties(scopes, role);
  return defaultPlacements(new Map([...configs].filter(([, { text }]) => !isTemplate(text))));
}

/** Hosts of a group share one text; its default placement is declared once. */
function withoutCopies(declarations: readonly Declaration[]): readonly Declaration[] {
  const seen = new Set<string>();
  return declarations.filter((declaration) => {
    if (declaration.kind !== 'default' || declaration.default.of !== 'placement') return true;
    const key = `${declaration.default.topics} ${declaration.span.start}`;
    return !seen.has(key) && seen.add(key);
  });
}
