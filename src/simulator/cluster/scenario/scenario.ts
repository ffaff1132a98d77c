import type { NodeId } from '../../../kafka/cluster';
import type { ObserverPromotionPolicy } from '../../../kafka/placement';
import { type ClockSettings, defaultClock } from '../clock';
import type { LinkScope, Location } from '../network';
import { currentRules, type KafkaRules } from '../rules';

/** One thing that breaks, is repaired or is commanded. */
export type Fault =
  /**
   * SIGKILL: what was written survives in the page cache, but the stop is unclean. A controller of the same node id is
   * the same process (combined mode): it dies, and returns, with the broker.
   */
  | { readonly kind: 'crash-brokers'; readonly brokers: readonly NodeId[] }
  /** The last `lostRecords` of each log were not flushed and are gone. */
  | { readonly kind: 'power-loss'; readonly brokers: readonly NodeId[]; readonly lostRecords: number }
  /** SIGTERM: controlled shutdown, then a clean stop. */
  | { readonly kind: 'stop-brokers'; readonly brokers: readonly NodeId[] }
  /** Starts brokers that are down; cleanly if they stopped cleanly. */
  | { readonly kind: 'return-brokers'; readonly brokers: readonly NodeId[] }
  | { readonly kind: 'freeze-brokers'; readonly brokers: readonly NodeId[] }
  | { readonly kind: 'resume-brokers'; readonly brokers: readonly NodeId[] }
  | { readonly kind: 'slow-replicas'; readonly brokers: readonly NodeId[] }
  | { readonly kind: 'recover-replicas'; readonly brokers: readonly NodeId[] }
  /** Cut off from all other brokers, and with `controllers` from these too. */
  | { readonly kind: 'cut-off-brokers'; readonly brokers: readonly NodeId[]; readonly controllers: boolean }
  | { readonly kind: 'reconnect-brokers'; readonly brokers: readonly NodeId[] }
  /** All brokers of a datacenter crash at one instant, with `controllers` its controllers too. */
  | {
      readonly kind: 'lose-datacenter';
      readonly datacenter: string;
      readonly controllers: boolean;
      readonly lostRecords?: number;
    }
  | { readonly kind: 'return-datacenter'; readonly datacenter: string }
  /** Cut off from every other datacenter, controllers included. */
  | { readonly kind: 'isolate-datacenter'; readonly datacenter: string }
  | { readonly kind: 'rejoin-datacenter'; readonly datacenter: string }
  | { readonly kind: 'cut-link'; readonly between: readonly [string, string]; readonly scope: LinkScope }
  | { readonly kind: 'heal-link'; readonly between: readonly [string, string] }
  | { readonly kind: 'lose-controllers'; readonly controllers: readonly NodeId[] }
  | { readonly kind: 'return-controllers'; readonly controllers: readonly NodeId[] }
  | { readonly kind: 'set-min-isr'; readonly minIsr: number }
  | { readonly kind: 'set-unclean-election'; readonly enabled: boolean }
  | { readonly kind: 'elect-leader'; readonly election: 'preferred' | 'unclean' }
  | { readonly kind: 'reassign'; readonly replicas: readonly NodeId[]; readonly observers: readonly NodeId[] };

export type FaultKind = Fault['kind'];

/** Faults that bring something back, as opposed to taking it away. */
const repairs: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'return-brokers',
  'resume-brokers',
  'recover-replicas',
  'reconnect-brokers',
  'return-datacenter',
  'rejoin-datacenter',
  'heal-link',
  'return-controllers',
]);

export interface ScenarioStep {
  /**
   * Milliseconds from the scenario's start; once nothing more happens by itself after the step before; or in the same
   * instant as the step before, whenever that was.
   */
  readonly when: number | 'settled' | 'at-once';
  readonly fault: Fault;
}

/** Faults and repairs in order. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly ScenarioStep[];
}

/** The same scenario with nothing that was lost ever coming back. */
export function withoutRepairs(scenario: Scenario): Scenario {
  return { ...scenario, steps: scenario.steps.filter((step) => !repairs.has(step.fault.kind)) };
}

/** The cluster and the partition a scenario befalls. */
export interface ScenarioSetup {
  readonly brokers: readonly Location[];
  /**
   * The KRaft voters; `null` where nobody knows them: the quorum then always stands, apart from all brokers, and who is
   * isolated does not hear it.
   */
  readonly controllers: readonly Location[] | null;
  /** The assignment, observers last. */
  readonly replicas: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly policy: ObserverPromotionPolicy;
  readonly minIsr: number;
  readonly uncleanLeaderElection: boolean;
  /** Feature `eligible.leader.replicas.version` (KIP-966). */
  readonly elrEnabled: boolean;
  /** `auto.leader.rebalance.enable`. */
  readonly autoLeaderRebalance: boolean;
  readonly rules: KafkaRules;
  readonly clock: ClockSettings;
  /**
   * Which of several that may act at the same moment acts first: brokers whose sessions lapse together, followers that
   * fetch together. Kafka leaves it to chance; a run takes this order, by default that of the assignment.
   */
  readonly order?: readonly NodeId[];
  /**
   * The ISR that a `--describe` text shows at the start; by default all sync replicas. A sync replica that it lacks
   * though its broker runs is taken to be too slow for it, until a fault says otherwise.
   */
  readonly isr?: readonly NodeId[];
  /** The leader at the start; by default the first of the ISR. */
  readonly leader?: NodeId;
  /**
   * What becomes of replicas that the leader no longer hears though the controllers do. Kafka's leader drops them from
   * the ISR after `replica.lag.time.max.ms`; Confluent's documentation says the ISR stays and a person must act.
   */
  readonly brokerLinkCut?: 'leader-shrinks' | 'isr-stays';
  /** The active controller at the start; by default the first voter. */
  readonly activeController?: NodeId;
}

/** Kafka's defaults for what a setup does not say; ELR is off, as it must be turned on in a cluster that was upgraded. */
export const defaultSetup = {
  policy: 'under-min-isr',
  minIsr: 1,
  uncleanLeaderElection: false,
  elrEnabled: false,
  autoLeaderRebalance: true,
  rules: currentRules,
  clock: defaultClock,
} as const satisfies Partial<ScenarioSetup>;
