import type { PlacementDeclaration, PlacementSource, TopicDeclaration } from './declaration';
import type { EmbeddedText } from './embedded';
import { readPlacement } from './placementJson';
import type { Located, Span } from './span';
import { isTemplate } from './template';

/** The topic configuration that holds a placement. Source: docs.confluent.io, topic configuration reference. */
export const placementConfigKey = 'confluent.placement.constraints';

/** The topic configurations, besides its placement, that what is said of a topic's failures depends on. */
export const guaranteeConfigKeys = ['min.insync.replicas', 'unclean.leader.election.enable'] as const;

/** One configuration as a file states it. */
export interface StatedConfig {
  readonly key: string;
  readonly value: Located<string>;
  /** The value as text to read on, so that JSON in it keeps its offsets; `null` where it is not written as one. */
  readonly embedded: EmbeddedText | null;
}

export interface TopicResource {
  readonly action: TopicDeclaration['action'];
  readonly span: Span;
  readonly name: Located<string>;
  readonly partitions: Located<string> | null;
  readonly replicationFactor: Located<string> | null;
  readonly configs: readonly StatedConfig[];
  /** Placements that the same file holds under names, for references such as `${dir:/mnt:placement.json}`. */
  readonly files?: ReadonlyMap<string, PlacementDeclaration>;
}

/** A topic as configuration tools declare it: a name, counts, and a map of configurations. */
export function topicFrom(resource: TopicResource): TopicDeclaration {
  return {
    kind: 'topic',
    action: resource.action,
    span: resource.span,
    name: resource.name,
    placement: placementSource(resource),
    partitions: wholeNumberAt(resource.partitions),
    replicationFactor: assignedFactor(wholeNumberAt(resource.replicationFactor)),
    configs: new Map(resource.configs.map(({ key, value }) => [key, value])),
  };
}

/** `-1` asks the broker for its default, just like leaving it out. Source: KIP-464. */
function assignedFactor(factor: Located<number> | null): Located<number> | null {
  return factor?.value === -1 ? null : factor;
}

/** A whole number with its place, or `null` for what is no number (a template, say). */
export function wholeNumberAt(value: Located<string> | null): Located<number> | null {
  if (value === null || !/^\s*-?\d{1,9}\s*$/.test(value.value)) return null;
  return { value: Number(value.value), span: value.span };
}

function placementSource({ configs, files }: TopicResource): PlacementSource | null {
  const stated = configs.findLast(({ key }) => key === placementConfigKey);
  // A blank value means no placement.
  if (stated === undefined || stated.value.value.trim() === '') return null;
  const path = configProviderPath(stated.value.value);
  if (path !== null) {
    const known = files?.get(path.slice(path.lastIndexOf('/') + 1));
    if (known !== undefined) return { kind: 'inline', placement: known };
    return { kind: 'file', path: { value: path, span: stated.value.span } };
  }
  const placement = stated.embedded === null ? null : readPlacement(stated.embedded);
  const unknown = placement === null || (placement.placement === null && isTemplate(stated.value.value));
  return unknown ? { kind: 'unknown', span: stated.value.span } : { kind: 'inline', placement };
}

/** `${dir:/mnt/placements:orders.json}`: Kafka's `DirectoryConfigProvider`. */
function configProviderPath(value: string): string | null {
  const [, folder, file] = /^\s*\$\{dir:([^:{}]+):([^:{}]+)\}\s*$/.exec(value) ?? [];
  return folder === undefined || file === undefined ? null : `${folder.replace(/\/$/, '')}/${file}`;
}
