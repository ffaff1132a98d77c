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

/** What each failure does to one topic, in the order the panel's table shows. */
export interface TopicAssessment {
  readonly topic: Topic;
  readonly results: readonly ScenarioResult[];
  /** Further brokers that may fail from the healthy state before acks=all writes stop; `null` if they never start. */
  readonly headroom: number | null;
  readonly verdict: Verdict;
  /** Distinct settled states examined for this answer. */
  readonly statesExamined: number;
  readonly limits: readonly LimitHit[];
}

export interface Assessment {
  readonly deployment: Deployment;
  readonly topics: readonly TopicAssessment[];
}
