import type { DocumentReading, PlacementDeclaration, TopicDeclaration } from '../documents/declaration';
import type { Placement } from '../kafka/placement';
import { placementFacts } from '../rules/check';
import type { ClusterFacts, CommandFacts, CommandPlacement, In, PlacementFacts } from '../rules/facts';
import type { Ground } from './ground';
import type { LinkedTopic } from './linked';
import { type ByKind, ofKind } from './ofKind';
import { hasSameItems } from './sameItems';
import type { ClusterSource } from './sources';
import { isSameSaid, type Said, type TopicSettings } from './topicValues';

type Sorted = { readonly [K in keyof ByKind]: readonly In<ByKind[K]>[] };

/** All that a topic depends on besides who names it. */
export interface Evidence {
  readonly placement: PlacementFacts;
  readonly source: ClusterSource | null;
  readonly settings: TopicSettings;
  /** `null` where no command names it. */
  readonly said: Said | null;
}

/** Who names a topic, a command or a placement that nobody speaks of, with the topic as it was linked last. */
export interface Subject {
  topic: { readonly evidence: Evidence; readonly linked: LinkedTopic } | null;
}

/** A command, the cluster that it speaks to, and what it was linked upon. */
export interface LinkedCommand extends Subject {
  readonly facts: CommandFacts;
  readonly source: ClusterSource | null;
  ground: Ground;
}

/** How a command's placement and cluster are found, and whether a placement that was found still is what would be found. */
export interface CommandLinking {
  readonly isCurrent: (facts: CommandFacts) => boolean;
  readonly placementOf: (declared: TopicDeclaration) => CommandPlacement;
  readonly sourceOf: (declared: TopicDeclaration, placement: CommandPlacement) => ClusterSource | null;
  readonly factsOf: (declared: TopicDeclaration, placement: CommandPlacement) => CommandFacts;
}

/** A placement, and the cluster that it is for where nobody speaks of it. */
interface LinkedPlacement extends Subject {
  facts: PlacementFacts | null;
  source: { readonly ground: Ground; readonly source: ClusterSource | null } | null;
}

/**
 * One file, sorted, with what was found out about its declarations. It goes as a whole when the file changes, so plain maps
 * hold it: weak ones cost several times as much for the thousands of declarations that a keystroke in a large file makes anew.
 */
export class FileMemory {
  readonly reading: DocumentReading;
  readonly declared: Sorted;
  /** Whether it says anything of clusters, of their defaults, or of where files are mounted. */
  readonly describesClusters: boolean;
  private readonly placements = new Map<PlacementDeclaration, LinkedPlacement>();
  /** Most files have none. */
  private commands: Map<TopicDeclaration, LinkedCommand> | null = null;

  constructor(reading: DocumentReading) {
    this.reading = reading;
    this.declared = sortByKind(reading);
    const { broker, controller, default: defaults, mount, cluster } = this.declared;
    this.describesClusters = broker.length + controller.length + defaults.length + mount.length + cluster.length > 0;
  }

  /** What is remembered of a placement of this file. */
  placement(declared: PlacementDeclaration): LinkedPlacement {
    const known = this.placements.get(declared);
    if (known !== undefined) return known;
    const linked: LinkedPlacement = { facts: null, source: null, topic: null };
    this.placements.set(declared, linked);
    return linked;
  }

  /**
   * A placement of this file, ready for the rules: the same object while its cluster is the same.
   * @param decode the placement that stands for all equal ones
   */
  placementFacts(
    declared: PlacementDeclaration,
    cluster: ClusterFacts,
    decode: (placement: Placement) => Placement,
  ): PlacementFacts {
    const linked = this.placement(declared);
    if (linked.facts?.cluster === cluster) return linked.facts;
    const decoded = declared.placement === null ? null : decode(declared.placement);
    linked.facts = placementFacts(this.reading.uri, declared, decoded, cluster);
    return linked.facts;
  }

  /** The cluster of a placement of which nobody speaks. */
  sourceOf(declared: PlacementDeclaration, ground: Ground): ClusterSource | null {
    const linked = this.placement(declared);
    if (linked.source?.ground === ground) return linked.source.source;
    const source = ground.sourceOf([this.reading.uri], declared);
    linked.source = { ground, source };
    return source;
  }

  /** A command of this file: the same object while the placement that it names and its cluster are what they were. */
  command(declared: TopicDeclaration, ground: Ground, linking: CommandLinking): LinkedCommand {
    this.commands ??= new Map();
    const known = this.commands.get(declared);
    const isCurrent = known !== undefined && linking.isCurrent(known.facts);
    if (isCurrent && known.ground === ground) return known;
    const placement = linking.placementOf(declared);
    const source = linking.sourceOf(declared, placement);
    if (isCurrent && known.source === source && isSamePlacement(known.facts.placement, placement)) {
      known.ground = ground;
      return known;
    }
    const linked = { facts: linking.factsOf(declared, placement), source, ground, topic: null };
    this.commands.set(declared, linked);
    return linked;
  }
}

/** Of one command, found at two moments. */
function isSamePlacement(one: CommandPlacement, other: CommandPlacement): boolean {
  if (one.kind === 'ambiguous') return other.kind === 'ambiguous' && hasSameItems(one.candidates, other.candidates);
  if (one.kind !== 'own' && one.kind !== 'default') return one.kind === other.kind;
  return one.kind === other.kind && one.uri === other.uri && one.declared === other.declared;
}

/** The topic that was linked before, if nothing that it depends on has changed. */
export function rememberedTopic(
  { topic }: Subject,
  { placement, source, settings, said }: Evidence,
): LinkedTopic | null {
  if (topic === null) return null;
  const { evidence } = topic;
  const isCurrent =
    evidence.placement === placement &&
    evidence.source === source &&
    evidence.settings === settings &&
    isSameSaid(evidence.said, said);
  return isCurrent ? topic.linked : null;
}

function sortByKind(reading: DocumentReading): Sorted {
  return {
    placement: ofKind(reading, 'placement'),
    topic: ofKind(reading, 'topic'),
    broker: ofKind(reading, 'broker'),
    controller: ofKind(reading, 'controller'),
    default: ofKind(reading, 'default'),
    mount: ofKind(reading, 'mount'),
    assignment: ofKind(reading, 'assignment'),
    cluster: ofKind(reading, 'cluster'),
  };
}
