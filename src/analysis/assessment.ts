import type { Deployment } from '../kafka/deployment';
import type { Topic } from '../kafka/topic';
import type { Outcome } from './outcome';
import type { Scenario } from './scenario';

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
}

/** A bound that was hit: the verdict then says what it did not look at. */
export interface LimitHit {
  readonly limit: 'assignments' | 'states' | 'replicas' | 'datacenters';
  readonly examined: number;
  readonly bound: number;
}

/** The answer in one word, worst first when topics are sorted. */
export type VerdictLevel = 'good' | 'warning' | 'bad';

export interface Verdict {
  readonly level: VerdictLevel;
  /** Datacenters whose loss at once stops acks=all writes or leaves the topic offline. */
  readonly stoppedBy: readonly string[];
  /** Datacenters whose loss puts acknowledged data at risk or loses it. */
  readonly dataAtRiskBy: readonly string[];
  /** The least headroom over all single-datacenter losses that writes survive; `null` if none is survived. */
  readonly headroomAfterLoss: number | null;
  /** Longest pause over all single-datacenter losses that writes survive, in milliseconds; `null` if none pauses. */
  readonly worstPauseMs: number | null;
}

/** What the loss of one datacenter does, all of it at once. */
export interface SingleLoss {
  readonly datacenter: string;
  readonly outcome: Outcome;
}

/** What each failure does, in the order the panel's table shows. */
export interface EveryFailure {
  readonly results: readonly ScenarioResult[];
  /** Distinct settled states examined for this answer. */
  readonly statesExamined: number;
  readonly limits: readonly LimitHit[];
}

/**
 * The answer for all topics that are placed and configured alike. What verdicts and findings rest on is there; the whole table
 * costs ten times as much, and only who looks at a topic asks for it.
 */
export interface TopicAnswer {
  /** The loss of each single datacenter. Empty where the topic is beyond what can be simulated. */
  readonly losses: readonly SingleLoss[];
  /** Further brokers that may fail from the healthy state before acks=all writes stop; `null` if they never start. */
  readonly headroom: number | null;
  readonly verdict: Verdict;
  /** Bounds that were hit on the way to these. */
  readonly limits: readonly LimitHit[];
  /** Simulated when it is first asked for. */
  readonly everyFailure: () => EveryFailure;
  /** The same in small steps, one scenario of one arrangement each, for a thread that others use as well. */
  readonly everyFailureInSteps: () => Generator<void, EveryFailure>;
}

export interface TopicAssessment extends TopicAnswer {
  readonly topic: Topic;
}

export interface Assessment {
  readonly deployment: Deployment;
  readonly topics: readonly TopicAssessment[];
}
