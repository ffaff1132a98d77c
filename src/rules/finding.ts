import type { LimitHit } from '../analysis/assessment';
import type { Place } from '../kafka/origin';
import type { ObserverPromotionPolicy } from '../kafka/placement';
import type { TimeRangeMs } from '../simulator/timeline';

/** How loud a rule is, quietest first. `off` findings are not made. */
export const levels = ['off', 'hint', 'information', 'warning', 'error'] as const;
export type Level = (typeof levels)[number];
export type FindingLevel = Exclude<Level, 'off'>;

/** The quieter of two levels. */
export function quieter<L extends Level>(one: L, other: L): L {
  return levels.indexOf(one) <= levels.indexOf(other) ? one : other;
}

/** Orders by level, the loudest first. */
export function louderFirst(one: { readonly level: Level }, other: { readonly level: Level }): number {
  return levels.indexOf(other.level) - levels.indexOf(one.level);
}

/** A further place that a finding speaks of, with the words for it. */
export interface RelatedPlace {
  readonly place: Place;
  readonly message: string;
}

/** A text edit by offsets of the file as it was read. */
export interface TextEdit {
  readonly place: Place;
  readonly newText: string;
}

/** An edit that was applied in memory, re-read and re-analysed before being offered. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** At most one fix of a finding is preferred. */
  readonly preferred: boolean;
  /** Mechanical fixes may run in `source.fixAll`: they never move replicas and never lower min ISR. */
  readonly mechanical: boolean;
}

export type PlacementList = 'replicas' | 'observers';

/** Family `json`: the text of a placement, alone. */
export type JsonFacts =
  | { readonly code: 'json-syntax'; readonly detail: string }
  | { readonly code: 'json-duplicate-key'; readonly key: string }
  | {
      readonly code: 'wrong-type';
      readonly field: string;
      readonly expected: string;
      readonly found: string;
      /** The broker's JSON reader takes it for what was meant all the same. */
      readonly converted: boolean;
    }
  | { readonly code: 'unknown-field'; readonly field: string; readonly nearest: string | null }
  | { readonly code: 'version-missing' }
  | { readonly code: 'version-unknown'; readonly found: string }
  | { readonly code: 'version-string'; readonly version: 1 | 2 }
  | { readonly code: 'replicas-empty'; readonly absent: boolean }
  | { readonly code: 'count-invalid'; readonly list: PlacementList; readonly found: string | null }
  | { readonly code: 'rack-missing'; readonly list: PlacementList; readonly form: 'absent' | 'empty' | 'blank' }
  | { readonly code: 'constraint-key'; readonly key: string; readonly nearest: string | null }
  | {
      readonly code: 'rack-duplicate';
      readonly list: PlacementList;
      readonly rack: string;
      /** Sum of the counts of all items with this rack. */
      readonly count: number;
    }
  | { readonly code: 'invalid-value'; readonly detail: string }
  | { readonly code: 'not-read'; readonly limit: string; readonly found: number; readonly bound: number };

/** Family `policy`: what the version and the policy will really do. */
export type PolicyFacts =
  | { readonly code: 'policy-unknown'; readonly found: string; readonly nearest: ObserverPromotionPolicy | null }
  | { readonly code: 'policy-on-version-1'; readonly policy: ObserverPromotionPolicy }
  | { readonly code: 'policy-implicit' }
  | { readonly code: 'policy-without-observers'; readonly policy: ObserverPromotionPolicy }
  | { readonly code: 'policy-leader-is-observer'; readonly observers: number }
  | {
      readonly code: 'policy-under-replicated-remote';
      readonly syncReplicas: number;
      readonly racks: readonly string[];
    }
  | { readonly code: 'version-1-with-observers'; readonly observers: number }
  | {
      readonly code: 'needs-newer-platform';
      readonly feature: 'placement' | 'version-2' | 'rack-in-both-lists';
      /** Confluent Platform versions: the first with the feature, and the one that the cluster file states. */
      readonly since: string;
      readonly stated: string;
    };

/** Family `rack`: racks and brokers that exist. */
export type RackFacts =
  | {
      readonly code: 'rack-unknown';
      readonly rack: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | { readonly code: 'rack-wildcard'; readonly rack: string }
  | { readonly code: 'rack-capacity'; readonly rack: string; readonly needed: number; readonly brokers: number }
  | { readonly code: 'rack-no-spare'; readonly racks: readonly string[] }
  | { readonly code: 'one-broker-per-rack'; readonly racks: readonly string[] }
  | { readonly code: 'preferred-leaders-first-rack'; readonly rack: string; readonly datacenter: string }
  | { readonly code: 'broker-rack-missing'; readonly broker: string; readonly racks: readonly string[] }
  | {
      readonly code: 'racks-look-like-sites';
      readonly sites: readonly { readonly site: string; readonly racks: readonly string[] }[];
    };

/** One or several topics that share a placement and a fate, and the min ISR that they are measured against. */
export interface OfTopics {
  readonly topics: readonly string[];
  readonly minIsr: number;
  /** No file states it: the finding then says so and is at most information. */
  readonly minIsrAssumed: boolean;
}

/** Family `min-isr`: min ISR against the replicas it counts. */
export type MinIsrFacts = { readonly of: OfTopics } & (
  | {
      readonly code: 'min-isr-within-datacenter';
      /** Those that hold the most sync replicas, `syncReplicas` each: at least min ISR. */
      readonly datacenters: readonly string[];
      readonly syncReplicas: number;
    }
  | {
      readonly code: 'min-isr-above-sync-replicas';
      readonly syncReplicas: number;
      readonly observers: number;
      /** Whether the policy keeps observers promoted for good, so that writes are accepted all the same. */
      readonly promotes: boolean;
    }
  | {
      readonly code: 'min-isr-no-slack';
      readonly syncReplicas: number;
      /** Whether an observer takes the place of a broker that restarts. */
      readonly promotes: boolean;
    }
  | { readonly code: 'min-isr-one-never-promotes'; readonly observers: number }
  | { readonly code: 'min-isr-not-set' }
);

/** Why acks=all writes don't come back by themselves. */
export type StopReason = 'quorum-lost' | 'no-observers' | 'version-1' | 'leader-is-observer' | 'too-few-observers';

/** What the loss of one datacenter leaves behind. */
export interface DatacenterLoss {
  readonly datacenter: string;
  readonly isr: number;
  readonly minIsr: number;
  readonly promoted: number;
  readonly reason: StopReason;
}

/** Family `survival`: what the simulator says of the loss of each datacenter. */
export type SurvivalFacts = { readonly of: OfTopics } & (
  | {
      readonly code: 'datacenter-loss-stops-writes';
      readonly losses: readonly DatacenterLoss[];
      /** Datacenters whose loss writes survive: failover then works one way only. */
      readonly survived: readonly string[];
    }
  | {
      readonly code: 'datacenter-loss-offline';
      readonly datacenters: readonly string[];
      readonly syncReplicas: number;
      readonly reason: 'all-sync-replicas' | 'quorum-lost' | 'last-in-sync';
      /** Observers that live on elsewhere and can't be elected cleanly. */
      readonly observersLeft: number;
      readonly survived: readonly string[];
    }
  | { readonly code: 'observers-with-replicas'; readonly datacenter: string; readonly observers: number }
  | {
      readonly code: 'observers-all-used';
      readonly datacenters: readonly string[];
      readonly promoted: number;
      /** How long acks=all writes are blocked until all are promoted; `null` if they are not. */
      readonly blockedMs: TimeRangeMs | null;
    }
  | {
      readonly code: 'simulation-limited';
      readonly limits: readonly LimitHit[];
    }
  | {
      readonly code: 'survival-goal-broken';
      readonly goal: 'durable-first' | 'available-first';
      readonly datacenters: readonly string[];
    }
);

/** Voters of the KRaft quorum in one datacenter. */
export interface VotersAt {
  readonly datacenter: string;
  readonly voters: number;
}

/** Family `quorum`: controllers over datacenters. */
export type QuorumFacts = { readonly voters: readonly VotersAt[]; readonly majority: number } & (
  | { readonly code: 'quorum-lost-with-datacenter'; readonly datacenters: readonly string[] }
  | { readonly code: 'quorum-even' }
);

/** Family `topic`: what commands and configurations do to a topic and its placement. */
export type TopicRuleFacts =
  | { readonly code: 'replication-factor-with-placement'; readonly topic: string; readonly replicationFactor: number }
  | { readonly code: 'replication-factor-minus-one'; readonly topic: string }
  | {
      readonly code: 'replication-factor-shadows-default';
      readonly topic: string;
      readonly replicationFactor: number;
      readonly placementReplicas: number;
    }
  | { readonly code: 'placement-file-not-found'; readonly topic: string; readonly path: string }
  | {
      readonly code: 'placement-file-ambiguous';
      readonly topic: string;
      readonly path: string;
      readonly candidates: readonly string[];
    }
  | { readonly code: 'config-key-misspelt'; readonly key: string; readonly nearest: string }
  | { readonly code: 'config-value-invalid'; readonly key: string; readonly found: string; readonly expected: string }
  | { readonly code: 'unclean-election-enabled'; readonly topics: readonly string[]; readonly observers: number }
  | { readonly code: 'internal-topics-not-placed'; readonly missing: readonly ('offsets' | 'transactions')[] }
  | { readonly code: 'default-placement-not-on-controllers'; readonly controllers: number }
  | { readonly code: 'default-placement-differs'; readonly key: string }
  | { readonly code: 'alter-needs-reassignment'; readonly topic: string }
  | {
      readonly code: 'topic-created-differently';
      readonly topic: string;
      readonly what: 'placement' | 'min.insync.replicas' | 'partitions' | 'replication factor';
      readonly stated: string | null;
      readonly otherStated: string | null;
      readonly file: string;
      readonly otherFile: string;
    }
  | {
      readonly code: 'described-differently';
      readonly topic: string;
      readonly what: 'placement' | 'min.insync.replicas';
      /** As described, and as the file states it; `null` for what is too long to say. */
      readonly described: string | null;
      readonly stated: string | null;
      readonly file: string;
    }
  | {
      readonly code: 'broker-rack-contradicts';
      readonly broker: number;
      readonly rack: string;
      readonly otherRack: string;
      readonly file: string;
      readonly otherFile: string;
    }
  | {
      readonly code: 'broker-settings-differ';
      readonly key: 'min.insync.replicas' | 'unclean.leader.election.enable' | 'transaction.state.log.min.isr';
      readonly broker: string;
      readonly stated: string;
      readonly otherBroker: string;
      readonly otherStated: string;
      readonly file: string;
      readonly otherFile: string;
    }
  | { readonly code: 'not-confluent-server'; readonly image: string; readonly broker: string };

/** How many replicas of a list a partition has in a rack, or in all (`null`), and how many the placement asks for. */
export interface ReplicaDifference {
  readonly list: 'replicas' | 'observers';
  readonly rack: string | null;
  readonly found: number;
  readonly expected: number;
}

/** Family `topic`: what a description of a topic shows. Of `of` partitions that it shows, `partitions` are meant. */
export type DriftFacts = { readonly topic: string; readonly partitions: readonly number[]; readonly of: number } & (
  | { readonly code: 'described-offline' }
  | { readonly code: 'described-under-min-isr'; readonly isr: number; readonly minIsr: number }
  | { readonly code: 'described-out-of-sync'; readonly replicas: readonly number[] }
  | { readonly code: 'described-observers-offline'; readonly observers: readonly number[] }
  | {
      readonly code: 'described-observer-promoted';
      readonly observers: readonly number[];
      /** Sync replicas that are out of the ISR meanwhile. */
      readonly syncMissing: number;
    }
  | { readonly code: 'described-not-preferred'; readonly leader: number; readonly preferred: number }
  | { readonly code: 'assignment-differs'; readonly differences: readonly ReplicaDifference[] }
  | { readonly code: 'preferred-leaders-together'; readonly datacenter: string }
);

/** What a rule found, as data: everything that its message needs and nothing else. */
export type FindingFacts =
  | JsonFacts
  | PolicyFacts
  | RackFacts
  | MinIsrFacts
  | SurvivalFacts
  | QuorumFacts
  | TopicRuleFacts
  | DriftFacts;

/** The stable name of a rule: documentation anchor, setting key and the test's name. */
export type RuleCode = FindingFacts['code'];

/** What a related place is to the finding; `messages.ts` has the words. */
export type RelatedRole =
  | { readonly role: 'min-isr-set' | 'placement' | 'first-item' | 'topic-command' | 'platform-version' }
  | { readonly role: 'other-copy' | 'default-placement' | 'goal' | 'other-creation' | 'other-rack' }
  | { readonly role: 'broken-topic'; readonly topic: string; readonly datacenters: readonly string[] };

/** A rule's result before settings give it a level and `messages.ts` gives it words. */
export interface Draft {
  readonly facts: FindingFacts;
  readonly place: Place;
  readonly related?: readonly (RelatedRole & { readonly place: Place })[];
  /** Caps the level where the evidence is an assumption or the case is milder than the rule's usual one. */
  readonly atMost?: FindingLevel | undefined;
}

/** A finding as its readers see it, whatever its code. */
export interface Finding {
  readonly code: RuleCode;
  readonly level: FindingLevel;
  readonly place: Place;
  /** Made by the one switch in `messages.ts`. */
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  /** The data, for those who ask for what the code's own rule found. */
  readonly facts: FindingFacts;
}
