import type { TopicAssessment } from '../analysis/assessment';
import type {
  AssignmentDeclaration,
  BrokerDeclaration,
  ControllerDeclaration,
  Declaration,
  DefaultDeclaration,
  Format,
  PlacementDeclaration,
  TopicDeclaration,
} from '../documents/declaration';
import type { Located, Span } from '../documents/span';
import type { Cluster } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import type { Placement } from '../kafka/placement';
import type { Draft } from './finding';

/** What rules are given. Linking makes these; a rule looks at nothing else. */

/** A declaration with the file that states it. */
export interface In<D extends Declaration> {
  readonly uri: string;
  readonly declared: D;
  /** The files of a node's settings by their names, where two files state the node: one of them and what overrides it. */
  readonly configUris?: ReadonlyMap<string, string>;
}

export interface ClusterFacts {
  readonly cluster: Cluster;
  /** Whether the racks of all brokers are known: none is a template, and no file holds only half of the cluster. */
  readonly racksKnown: boolean;
}

/** A placement in a file, and the cluster it belongs to. */
export interface PlacementFacts {
  readonly uri: string;
  readonly declared: PlacementDeclaration;
  /** What a broker makes of it; equal ones are the same object. `null` where no sense can be made of it. */
  readonly decoded: Placement | null;
  readonly cluster: ClusterFacts;
  /** What the rules that need no simulation find. They are asked once: the same facts are handed out while nothing changes. */
  readonly drafts: () => readonly Draft[];
}

/** A topic with what the files say of it and what its failures do. */
export interface TopicFacts {
  /** Where its placement stands. */
  readonly placement: PlacementFacts;
  readonly assessment: TopicAssessment;
  /** The command or resource that names it; `null` for a topic that is named after its file. */
  readonly command: CommandFacts | null;
  /** The topic and those like it, each name once. */
  readonly names: readonly string[];
  /** Other topics of which all the same holds: they share the placement, min ISR and everything else that counts. */
  readonly alike: readonly OneTopicFacts[];
}

/** One topic by itself, before it is held against others. */
export type OneTopicFacts = Omit<TopicFacts, 'alike' | 'names'>;

/** A command or resource about a topic, and what became of the placement it names. */
export interface CommandFacts extends In<TopicDeclaration> {
  readonly format: Format | null;
  readonly placement: CommandPlacement;
  /** What the rules about one command find, in a cluster of these nodes. Asked once while those stay as they are. */
  readonly drafts: (nodes: NodeFacts) => readonly Draft[];
}

export type CommandPlacement =
  | { readonly kind: 'none' }
  /** A variable or a template names it. */
  | { readonly kind: 'unknown' }
  /** Nothing like it is in the workspace, or what is there is no placement. */
  | { readonly kind: 'missing'; readonly path: Located<string> }
  | { readonly kind: 'ambiguous'; readonly path: Located<string>; readonly candidates: readonly string[] }
  | { readonly kind: 'own' | 'default'; readonly uri: string; readonly declared: PlacementDeclaration };

/** A topic as a `--describe` text or a dump shows it. */
export interface DescribedFacts {
  readonly topic: string;
  /** One row for each partition that is shown. */
  readonly rows: readonly In<AssignmentDeclaration>[];
  /** `null` where nobody says. */
  readonly minIsr: number | null;
  /** What the replicas should be; `null` where nobody says. */
  readonly placement: { readonly decoded: Placement; readonly place: Place } | null;
}

/** The nodes and defaults that files declare for one cluster. */
export interface NodeFacts {
  readonly brokers: readonly In<BrokerDeclaration>[];
  /** Brokers that other files declare, where one file is taken at its word. */
  readonly otherBrokers: readonly In<BrokerDeclaration>[];
  readonly controllers: readonly In<ControllerDeclaration>[];
  readonly defaults: readonly In<DefaultDeclaration>[];
}

/** Of a cluster that no file describes. One object, as what is found about a command is remembered by its nodes. */
export const noNodes: NodeFacts = { brokers: [], otherBrokers: [], controllers: [], defaults: [] };

/** The file that states a node's setting. */
export function configUri({ uri, configUris }: Pick<In<Declaration>, 'uri' | 'configUris'>, key: string): string {
  return configUris?.get(key) ?? uri;
}

/** The place of a span in a file. */
export function at(uri: string, span: Span): Place {
  return { uri, start: span.start, end: span.end };
}
