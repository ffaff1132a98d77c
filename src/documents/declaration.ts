import type { NodeId, SurvivalGoal } from '../kafka/cluster';
import type { Placement } from '../kafka/placement';
import type { EmbeddedText } from './embedded';
import type { JsonNode } from './json';
import type { Located, Span } from './span';

/**
 * What one file states, with the offsets of its parts. Every reader yields these, whatever its format, so that linking
 * and rules know no format. All spans are offsets of the file itself, also for JSON inside strings.
 */
export type Declaration =
  | PlacementDeclaration
  | TopicDeclaration
  | BrokerDeclaration
  | ControllerDeclaration
  | DefaultDeclaration
  | MountDeclaration
  | AssignmentDeclaration
  | ClusterDeclaration;

/** One replica placement in JSON, wherever it stands. */
export interface PlacementDeclaration {
  readonly kind: 'placement';
  /** The JSON object. */
  readonly span: Span;
  readonly embedded: EmbeddedText;
  /** The JSON as read, for rules about the text itself and for edits. */
  readonly json: JsonNode;
  /**
   * Whether the text is just as the docs have it: known names, each once, with values of their types and within bounds. Rules
   * about the text then have nothing to look for but racks that are named twice.
   */
  readonly regular: boolean;
  /** Where the names of the two lists stand; `null` where one is missing. */
  readonly listNames: Readonly<Record<'replicas' | 'observers', Span | null>>;
  /** `null` where no sense can be made of it as a whole; the rules of family `json` then say why. */
  readonly placement: Placement | null;
  readonly version: Located<number> | null;
  readonly policy: Located<string> | null;
  /** Each item of `replicas` and `observers` that has a count and constraints, in the order of the text. */
  readonly constraints: readonly ConstraintDeclaration[];
  /** Syntax errors in the JSON, where it was broken and still read. */
  readonly syntaxErrors: readonly SyntaxProblem[];
  /** Topic configuration stated beside it, where no topic is named: a file for `kafka-configs --add-config-file`, a policy. */
  readonly beside: ReadonlyMap<string, Located<string>> | null;
}

export interface SyntaxProblem {
  readonly span: Span;
  /** A person's words: what is wrong here and what would be right. */
  readonly message: string;
}

export interface ConstraintDeclaration {
  readonly list: 'replicas' | 'observers';
  /** Which item of its list, from 0. */
  readonly index: number;
  /** The whole `{ "count": …, "constraints": … }`. */
  readonly span: Span;
  readonly count: Located<number> | null;
  /** `null`: no rack condition. */
  readonly rack: Located<string> | null;
}

/** How a topic gets its placement. */
export type PlacementSource =
  /** A path as written, perhaps one inside a container. */
  | {
      readonly kind: 'file';
      readonly path: Located<string>;
      /** It is a file of configurations, in which a placement may stand or not. */
      readonly ofConfigs?: true;
    }
  | { readonly kind: 'inline'; readonly placement: PlacementDeclaration }
  /** It is stated, but by a variable or a template: unknowable here. */
  | { readonly kind: 'unknown'; readonly span: Span };

/** A command or a resource that creates or alters a topic, or the output of one that describes it as it is. */
export interface TopicDeclaration {
  readonly kind: 'topic';
  readonly action: 'create' | 'alter' | 'describe';
  /** The command or resource. */
  readonly span: Span;
  readonly name: Located<string>;
  readonly placement: PlacementSource | null;
  readonly partitions: Located<number> | null;
  readonly replicationFactor: Located<number> | null;
  /**
   * Topic configuration as stated here (`min.insync.replicas` → `"3"`), last one wins. A value that a variable or a
   * template leaves open stands as written (`${MIN_ISR}`): it is stated, but unknown. So it is with names.
   */
  readonly configs: ReadonlyMap<string, Located<string>>;
  /** The Kubernetes namespace of the cluster that it is for. */
  readonly namespace?: string;
}

/** A broker process, from compose, properties or a cluster file. */
export interface BrokerDeclaration {
  readonly kind: 'broker';
  readonly span: Span;
  readonly id: Located<number> | null;
  /** Name of the service or host. */
  readonly name: string;
  readonly rack: Located<string> | null;
  /** Stated only by cluster files. */
  readonly datacenter: Located<string> | null;
  /** Also a KRaft controller (`process.roles=broker,controller`). */
  readonly alsoController: boolean;
  /**
   * The configuration it starts with, keys as Kafka names them (`min.insync.replicas`), templates as written. The id of
   * its cluster, where a file states it, is under `cluster.id`: it tells clusters of one file apart.
   */
  readonly configs: ReadonlyMap<string, Located<string>>;
  /** The image of the container, where there is one: only Confluent Server knows placements. */
  readonly image: Located<string> | null;
}

/** A KRaft controller that is not a broker. */
export interface ControllerDeclaration {
  readonly kind: 'controller';
  readonly span: Span;
  readonly id: Located<number> | null;
  readonly name: string;
  readonly rack: Located<string> | null;
  readonly datacenter: Located<string> | null;
  readonly configs: ReadonlyMap<string, Located<string>>;
}

/** A default for topics that do not say otherwise: a default placement in a broker's configuration, a cluster file's. */
export interface DefaultDeclaration {
  readonly kind: 'default';
  readonly span: Span;
  readonly default:
    | { readonly of: 'min.insync.replicas'; readonly value: number }
    | { readonly of: 'unclean.leader.election.enable'; readonly value: boolean }
    | {
        readonly of: 'placement';
        readonly topics: 'user' | 'offsets' | 'transactions';
        readonly placement: PlacementDeclaration;
      };
}

/** A bind mount of a compose file: how a path inside a container becomes one of the workspace. */
export interface MountDeclaration {
  readonly kind: 'mount';
  readonly span: Span;
  readonly service: string;
  /** Relative to the compose file, as written. */
  readonly hostPath: string;
  readonly containerPath: string;
}

/** One partition as it is: a row of `kafka-topics --describe`, or its like in a dump. */
export interface AssignmentDeclaration {
  readonly kind: 'assignment';
  /** The row. */
  readonly span: Span;
  readonly topic: Located<string>;
  readonly partition: number;
  /** `null`: none. */
  readonly leader: NodeId | null;
  readonly replicas: Located<readonly NodeId[]>;
  readonly isr: readonly NodeId[];
  /** `null` where the text does not list them; brokers before Confluent Platform 6.1 list only those that live. */
  readonly observers: readonly NodeId[] | null;
  readonly offline: readonly NodeId[];
  /** Its replicas are being moved: old and new ones are listed together. */
  readonly reassigning: boolean;
}

/** A cluster file of ours: what no other format says. Its brokers and controllers are declarations of their own. */
export interface ClusterDeclaration {
  readonly kind: 'cluster';
  readonly span: Span;
  readonly name: Located<string> | null;
  readonly goal: Located<SurvivalGoal> | null;
  readonly confluentPlatform: Located<string> | null;
  readonly datacenters: readonly {
    readonly name: Located<string>;
    readonly racks: readonly Located<string>[];
  }[];
}

/** What went wrong while reading, as data; a rule turns it into a finding. */
export type ReaderProblem =
  | { readonly kind: 'syntax'; readonly span: Span; readonly message: string }
  | { readonly kind: 'invalid'; readonly span: Span; readonly message: string }
  | {
      readonly kind: 'limit';
      readonly span: Span;
      readonly limit: 'file-size' | 'line-length' | 'nesting' | 'declarations' | 'yaml-entries' | 'inheritance';
      readonly found: number;
      readonly bound: number;
    };

/** The formats that are read, in the order in which they are tried. */
export type Format =
  | 'scenario-file'
  | 'cluster-file'
  | 'placement-json'
  | 'topic-json'
  | 'compose'
  | 'kubernetes'
  | 'ansible'
  | 'julieops'
  | 'kafka-gitops'
  | 'terraform'
  | 'describe'
  | 'properties'
  | 'shell';

export interface DocumentReading {
  readonly uri: string;
  /** `null`: none of ours, or left alone for a limit; there is nothing more to say about this file. */
  readonly format: Format | null;
  readonly declarations: readonly Declaration[];
  readonly problems: readonly ReaderProblem[];
}
