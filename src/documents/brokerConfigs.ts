import type { BrokerDeclaration, ControllerDeclaration, Declaration, DefaultDeclaration } from './declaration';
import type { EmbeddedText } from './embedded';
import { readPlacement } from './placementJson';
import type { Located, Span } from './span';
import { wholeNumberAt } from './topicResource';

/**
 * The broker configurations that hold a placement, and the topics each is for. They count when a topic is created
 * without a replication factor. Source: docs.confluent.io, "Multi-Region Clusters", default replica placement.
 */
const placementConfigs = [
  ['confluent.log.placement.constraints', 'user'],
  ['confluent.offsets.topic.placement.constraints', 'offsets'],
  ['confluent.transaction.state.log.placement.constraints', 'transactions'],
] as const;

/** Whether a broker's configuration states a default placement under this key. */
export function isDefaultPlacement(key: string): boolean {
  return placementConfigs.some(([known]) => known === key);
}

/** The default placements that a broker's configuration states. */
export function defaultPlacements(configs: ReadonlyMap<string, EmbeddedText | null>): readonly DefaultDeclaration[] {
  return placementConfigs.flatMap(([key, topics]): readonly DefaultDeclaration[] => {
    const embedded = configs.get(key);
    // A blank value means no placement; a template is unknown.
    if (!embedded || embedded.text.trim() === '') return [];
    const placement = readPlacement(embedded);
    if (placement === null) return [];
    return [{ kind: 'default', span: placement.span, default: { of: 'placement', topics, placement } }];
  });
}

/** Configurations that every broker or controller has at least one of. Source: Kafka's `KafkaConfig`. */
const nodeKeys = ['node.id', 'broker.id', 'process.roles', 'broker.rack'];

/**
 * The broker or controller that a configuration makes, with the default placements in it. Where other parts of the file
 * say that there is one, they give its role; else the configuration itself has to show that it is a process's.
 */
export function brokerOrController(
  name: string,
  span: Span,
  configs: ReadonlyMap<string, EmbeddedText>,
  role?: ProcessRole,
): readonly Declaration[] {
  const defaults = defaultPlacements(configs);
  if (role === undefined && !nodeKeys.some((key) => configs.has(key))) return defaults;
  const values = new Map([...configs].map(([key, embedded]) => [key, locatedText(embedded)]));
  return [nodeOf(name, span, values, role), ...defaults];
}

export type ProcessRole = 'broker' | 'controller';

/**
 * A process of Kafka by its configuration: a controller only if its roles say so and nothing else. Without roles it is
 * what the rest of the file makes it. Source: KIP-631, `process.roles`.
 */
export function nodeOf(
  name: string,
  span: Span,
  configs: ReadonlyMap<string, Located<string>>,
  otherwise: ProcessRole = 'broker',
): BrokerDeclaration | ControllerDeclaration {
  const rack = configs.get('broker.rack') ?? null;
  const shared = {
    span,
    id: wholeNumberAt(configs.get('node.id') ?? configs.get('broker.id') ?? null),
    name,
    rack: rack?.value.trim() === '' ? null : rack,
    datacenter: null,
    configs,
  };
  const roles = (configs.get('process.roles')?.value ?? otherwise).split(',').map((role) => role.trim());
  if (roles.includes('controller') && !roles.includes('broker')) return { kind: 'controller', ...shared };
  return { kind: 'broker', ...shared, alsoController: roles.includes('controller'), image: null };
}

/** A value of a configuration as it is meant, with the place where it is written. */
export function locatedText(embedded: EmbeddedText): Located<string> {
  return {
    value: embedded.text,
    span: { start: embedded.toHost(0), end: embedded.toHost(embedded.text.length) },
  };
}
