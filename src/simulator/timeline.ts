import type { NodeId } from '../kafka/cluster';

/** A time that Kafka itself varies: the best and the worst case, in milliseconds from the scenario's first fault. */
export interface TimeRangeMs {
  readonly best: number;
  readonly worst: number;
}

/** What a producer with acks=all meets: see `kafka-replication.md` §6 (admission test, then the high watermark). */
export type ProduceState =
  /** Acknowledged by the whole ISR, which is at least min ISR. */
  | 'accepted'
  /** Admitted but not acknowledged yet: an ISR member does not answer, or the leader is dead and not yet replaced. */
  | 'waiting'
  /** NOT_ENOUGH_REPLICAS: the ISR is under min ISR. */
  | 'refused'
  /** No leader. */
  | 'offline';

/** One partition at one moment, in the words of `kafka-topics --describe`. */
export interface PartitionSnapshot {
  readonly leader: NodeId | null;
  /** Assignment order: sync replicas first, observers last. */
  readonly replicas: readonly NodeId[];
  readonly observers: readonly NodeId[];
  /** In assignment order. */
  readonly isr: readonly NodeId[];
  /** Replicas whose broker is down. */
  readonly offline: readonly NodeId[];
  /** Live replicas that hold every acknowledged record. */
  readonly caughtUp: readonly NodeId[];
  /** Eligible leader replicas (KIP-966); empty where the feature is off. */
  readonly elr: readonly NodeId[];
  /** The leader before nobody led (KIP-966); absent where the feature is off or the model does not keep it. */
  readonly lastKnownElr?: readonly NodeId[];
  /** What a reassignment is adding and removing, while one runs. */
  readonly reassignment?: { readonly adding: readonly NodeId[]; readonly removing: readonly NodeId[] };
  readonly produce: ProduceState;
  /** Whether a majority of the controllers stands. */
  readonly quorum: boolean;
}

/** Why a step happened, as data; `analysis/words.ts` turns it into a sentence in Kafka's own terms. */
export type Cause =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'brokers-crashed'; readonly brokers: readonly NodeId[] }
  /** Power gone: the last records of each log were not flushed yet and are lost when it starts again. */
  | { readonly kind: 'power-lost'; readonly brokers: readonly NodeId[]; readonly lostRecords: number }
  | { readonly kind: 'brokers-stopped'; readonly brokers: readonly NodeId[] }
  /** SIGSTOP, a long garbage collection, a frozen virtual machine: nothing is sent, nothing is forgotten. */
  | { readonly kind: 'brokers-frozen'; readonly brokers: readonly NodeId[] }
  | { readonly kind: 'brokers-resumed'; readonly brokers: readonly NodeId[] }
  /** Replicas that fetch, but slower than records are written. */
  | { readonly kind: 'replicas-slowed'; readonly replicas: readonly NodeId[] }
  | { readonly kind: 'replicas-recovered'; readonly replicas: readonly NodeId[] }
  /** Brokers that no other broker hears; with `controllers`, no controller either. */
  | { readonly kind: 'brokers-cut-off'; readonly brokers: readonly NodeId[]; readonly controllers: boolean }
  | { readonly kind: 'brokers-reconnected'; readonly brokers: readonly NodeId[] }
  | {
      readonly kind: 'brokers-returned';
      readonly brokers: readonly NodeId[];
      readonly clean: boolean;
      /** The end of their logs was not flushed when they died: they may lack records they had acknowledged. */
      readonly withoutTail?: true;
    }
  | {
      readonly kind: 'datacenter-lost';
      readonly datacenter: string;
      readonly brokers: readonly NodeId[];
      readonly controllers: readonly NodeId[];
      /** The last records of each log were not flushed, and went with the power. */
      readonly lostRecords?: number;
    }
  | {
      readonly kind: 'datacenter-returned';
      readonly datacenter: string;
      readonly brokers: readonly NodeId[];
      readonly controllers: readonly NodeId[];
    }
  | { readonly kind: 'controllers-lost'; readonly controllers: readonly NodeId[] }
  | { readonly kind: 'controllers-returned'; readonly controllers: readonly NodeId[] }
  | { readonly kind: 'link-cut'; readonly between: readonly [string, string]; readonly controllers: boolean }
  /** Controllers of one side no longer hear brokers and controllers of the other; brokers still hear each other. */
  | { readonly kind: 'controller-link-cut'; readonly between: readonly [string, string] }
  | { readonly kind: 'link-healed'; readonly between: readonly [string, string] }
  | { readonly kind: 'datacenter-isolated'; readonly datacenter: string }
  | { readonly kind: 'datacenter-rejoined'; readonly datacenter: string }
  | { readonly kind: 'controller-elected' }
  | { readonly kind: 'quorum-lost'; readonly standing: number; readonly needed: number }
  | { readonly kind: 'quorum-regained' }
  /** `stopped`: at the end of its controlled shutdown, instead of for want of heartbeats. */
  | { readonly kind: 'broker-fenced'; readonly broker: NodeId; readonly stopped?: true }
  | { readonly kind: 'broker-unfenced'; readonly broker: NodeId }
  | {
      readonly kind: 'leader-elected';
      readonly leader: NodeId;
      readonly election: 'clean' | 'preferred' | 'unclean' | 'last-known-leader';
      /** ISR members that were fenced in the same metadata records, where the election is told together with that. */
      readonly removed?: readonly NodeId[];
      /** A person asked for it (`kafka-leader-election`). */
      readonly commanded?: true;
    }
  | { readonly kind: 'leader-lost'; readonly leader: NodeId }
  /** An election that was commanded, and elected nobody. */
  | { readonly kind: 'election-refused'; readonly error: string }
  /** No active controller takes a person's command: it times out. */
  | {
      readonly kind: 'command-unanswered';
      readonly command: 'election' | 'min-isr' | 'unclean-election' | 'reassignment';
    }
  | WithoutEffect
  /** A leader that stops gives up leadership and the ISR first (controlled shutdown). */
  | { readonly kind: 'controlled-shutdown'; readonly broker: NodeId }
  /** A process that stops in order waited in vain for a controller to take its leadership over, and ended (`BrokerServer`). */
  | { readonly kind: 'shutdown-given-up'; readonly broker: NodeId }
  /** A new incarnation, fenced until its first heartbeat; `clean`: it found its clean shutdown file. */
  | { readonly kind: 'broker-registered'; readonly broker: NodeId; readonly clean: boolean }
  /** A replica that did not stop in order is no eligible leader replica any more (KIP-966). */
  | { readonly kind: 'elr-shrunk'; readonly removed: readonly NodeId[] }
  /** A new incarnation is refused while the session of the old one lasts (DUPLICATE_BROKER_REGISTRATION). */
  | { readonly kind: 'registration-refused'; readonly broker: NodeId }
  | { readonly kind: 'reassignment-started'; readonly adding: readonly NodeId[]; readonly removing: readonly NodeId[] }
  | { readonly kind: 'reassignment-completed'; readonly replicas: readonly NodeId[] }
  | {
      readonly kind: 'isr-shrunk';
      readonly removed: readonly NodeId[];
      readonly by: 'leader' | 'controller';
      /** They were fenced, which is told together with it. */
      readonly fenced?: true;
    }
  | { readonly kind: 'isr-expanded'; readonly added: NodeId }
  | {
      readonly kind: 'observer-promoted';
      readonly observer: NodeId;
      readonly isrSize: number;
      readonly threshold: number;
    }
  | { readonly kind: 'observer-demoted'; readonly observer: NodeId }
  /** A produce with acks=all succeeded: these replicas, the whole ISR, hold the record. */
  | { readonly kind: 'record-acknowledged'; readonly by: readonly NodeId[] }
  | { readonly kind: 'caught-up'; readonly replica: NodeId }
  | { readonly kind: 'alter-partition-rejected'; readonly error: string }
  | { readonly kind: 'truncated'; readonly replica: NodeId; readonly lostAcknowledged: boolean }
  | { readonly kind: 'min-isr-set'; readonly minIsr: number }
  /** `unclean.leader.election.enable` is another: of itself that elects nobody. */
  | { readonly kind: 'unclean-election-set'; readonly enabled: boolean }
  | { readonly kind: 'settled' };

/** A fault or a repair that finds things as it would make them. */
export type WithoutEffect = { readonly kind: 'without-effect' } & (
  | {
      readonly why: 'down' | 'running' | 'frozen' | 'not-frozen' | 'slow' | 'not-slow' | 'connected';
      readonly brokers: readonly NodeId[];
    }
  | { readonly why: 'down' | 'running'; readonly controllers: readonly NodeId[] }
  | { readonly why: 'down' | 'running' | 'connected'; readonly datacenters: readonly string[] }
  | { readonly why: 'set'; readonly minIsr: number }
  | { readonly why: 'set-unclean'; readonly enabled: boolean }
  | { readonly why: 'assigned'; readonly replicas: readonly NodeId[] }
);

export interface TimelineStep {
  /** `null` where only the order is known (the settled model), not the time. */
  readonly at: TimeRangeMs | null;
  /** Where the moment of the last fault is not known: how long after it. */
  readonly sinceFault?: TimeRangeMs;
  readonly cause: Cause;
  readonly state: PartitionSnapshot;
}

/** The states that a scenario goes through. What changed is the difference between neighbouring states. */
export interface Timeline {
  readonly scenario: string;
  /** The first step is always `healthy` (or the state that a `--describe` text shows). */
  readonly steps: readonly TimelineStep[];
}
