import type { ObserverPromotionPolicy } from '../kafka/placement';
import type { Declaration, PlacementDeclaration } from './declaration';
import type { Located, Span } from './span';

/** A scenario file of ours: a cluster and a topic, and what befalls them (docs/scenario-file.md). */
export interface ScenarioDeclaration {
  readonly span: Span;
  readonly name: Located<string> | null;
  readonly cluster: ScenarioCluster;
  readonly topic: ScenarioTopic;
  readonly settings: ScenarioSettings;
  readonly steps: readonly ScenarioStepDeclaration[];
}

export type ScenarioCluster =
  /** Paths as written, seen from the scenario file: a cluster file, compose files, or both. */
  | { readonly kind: 'files'; readonly span: Span; readonly paths: readonly Located<string>[] }
  /** Written here, as a cluster file would have it. */
  | { readonly kind: 'inline'; readonly span: Span; readonly declarations: readonly Declaration[] };

/** Where the replicas of the partition are. */
export type ScenarioReplicas =
  /** Broker by broker, in the order of the assignment: observers last. */
  | {
      readonly kind: 'listed';
      readonly replicas: readonly Located<number>[];
      readonly observers: readonly Located<number>[];
      readonly policy: ObserverPromotionPolicy | null;
    }
  | { readonly kind: 'placement'; readonly placement: PlacementDeclaration }
  /** A placement in a file of its own, its path seen from the scenario file. */
  | { readonly kind: 'placement-file'; readonly path: Located<string> };

export interface ScenarioTopic {
  readonly name: Located<string> | null;
  readonly replicas: ScenarioReplicas;
  readonly minIsr: Located<number> | null;
  readonly uncleanLeaderElection: Located<boolean> | null;
  /** Where the scenario does not start from all being well. */
  readonly isr: readonly Located<number>[] | null;
  readonly leader: Located<number> | null;
}

/** Kafka's own settings that a scenario may change, all of them whole numbers in the unit of their names. */
export const timeSettings = [
  'broker.session.timeout.ms',
  'broker.heartbeat.interval.ms',
  'replica.lag.time.max.ms',
  'replica.fetch.wait.max.ms',
  'replica.fetch.backoff.ms',
  'controller.quorum.append.linger.ms',
  'controller.quorum.fetch.timeout.ms',
  'controller.quorum.election.timeout.ms',
  'controller.quorum.election.backoff.max.ms',
  'leader.imbalance.check.interval.seconds',
  'unclean.leader.election.interval.ms',
] as const;

export type TimeSetting = (typeof timeSettings)[number];

/** What no public source settles, with the readings that can be chosen; the first is the one taken by default. */
export const openQuestions = {
  demotion: ['one-by-one', 'all-at-threshold'],
  observerLeaderAdmitsAll: ['leader-is-observer-only', 'every-policy'],
  caughtUp: ['high-watermark', 'log-end'],
  minIsrCapCounts: ['all-replicas', 'sync-replicas'],
  brokerLinkCut: ['leader-shrinks', 'isr-stays'],
} as const;

export type OpenQuestions = {
  readonly [Question in keyof typeof openQuestions]?: (typeof openQuestions)[Question][number];
};

/** A time from the best to the worst case. */
export interface DelayMs {
  readonly best: number;
  readonly worst: number;
}

export interface ScenarioSettings {
  /** Apache Kafka's, as `4.1` or `3.9.1`. */
  readonly kafkaVersion: Located<string> | null;
  readonly eligibleLeaderReplicas: Located<boolean> | null;
  readonly autoLeaderRebalance: Located<boolean> | null;
  readonly times: ReadonlyMap<TimeSetting, Located<number>>;
  /** What a replica that was away needs to copy what it missed. */
  readonly catchUpMs: DelayMs | null;
  readonly activeController: Located<number> | null;
  /** Who acts first of those that may act at the same moment. */
  readonly order: readonly Located<number>[] | null;
  readonly openQuestions: OpenQuestions;
}

export interface ScenarioStepDeclaration {
  readonly span: Span;
  /** Milliseconds from the scenario's start, or once nothing more happens by itself. */
  readonly when: number | 'settled';
  readonly action: ScenarioAction;
}

type Ids = readonly Located<number>[];
type Pair = readonly [Located<string>, Located<string>];

/** What breaks, is repaired or is commanded, under the names that a step's `do` has. */
export type ScenarioAction =
  | { readonly do: BrokersAction; readonly brokers: Ids }
  | { readonly do: 'power-loss'; readonly brokers: Ids; readonly lostRecords: number }
  | { readonly do: 'cut-off-brokers'; readonly brokers: Ids; readonly withControllers: boolean }
  | {
      readonly do: 'lose-datacenter';
      readonly datacenter: Located<string>;
      readonly withControllers: boolean;
      readonly lostRecords: number;
    }
  | { readonly do: DatacenterAction; readonly datacenter: Located<string> }
  | { readonly do: 'cut-link'; readonly between: Pair; readonly scope: 'brokers' | 'controllers' | 'both' }
  | { readonly do: 'heal-link'; readonly between: Pair }
  | { readonly do: 'lose-controllers' | 'return-controllers'; readonly controllers: Ids }
  | { readonly do: 'set-min-isr'; readonly minIsr: number }
  | { readonly do: 'set-unclean-election'; readonly enabled: boolean }
  | { readonly do: 'elect-leader'; readonly election: 'preferred' | 'unclean' }
  | { readonly do: 'reassign'; readonly replicas: Ids; readonly observers: Ids };

/** Actions on brokers that need no more than their ids. */
export type BrokersAction =
  | 'crash-brokers'
  | 'stop-brokers'
  | 'return-brokers'
  | 'freeze-brokers'
  | 'resume-brokers'
  | 'slow-replicas'
  | 'recover-replicas'
  | 'reconnect-brokers';

/** Actions on a datacenter that need no more than its name. */
export type DatacenterAction = 'return-datacenter' | 'isolate-datacenter' | 'rejoin-datacenter';

/** The bounds of a scenario. Real ones have a handful of steps. */
export const scenarioLimits = {
  stepsMax: 100,
  /** Brokers and controllers together. */
  nodesMax: 500,
  /** Replicas of the one partition; Kafka's own bound is far beyond what anybody runs. */
  replicasMax: 50,
  timeMaxMs: 24 * 3_600_000,
  /** Records that a power loss takes from the end of a log. */
  lostRecordsMax: 1_000_000,
} as const;
