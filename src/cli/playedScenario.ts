import { stated } from '../kafka/origin';
import type { Topic } from '../kafka/topic';
import type { ScenarioReport } from '../simulator/cluster/scenario/timeline';
import type { TimelineStep } from '../simulator/timeline';
import type { PreparedScenario } from '../workspace/scenario';

/** A scenario that has been played out. */
export interface PlayedScenario extends PreparedScenario {
  readonly report: ScenarioReport;
}

/**
 * The topic as it is configured at a step: what a person can set may change along the way.
 * @param index of the step in `steps`
 */
export function topicDuring(topic: Topic, steps: readonly TimelineStep[], index: number): Topic {
  let { minIsr, uncleanLeaderElection } = topic;
  for (const { cause } of steps.slice(0, index + 1)) {
    if (cause.kind === 'min-isr-set') minIsr = stated(cause.minIsr, topic.placementPlace);
    else if (cause.kind === 'unclean-election-set') {
      uncleanLeaderElection = stated(cause.enabled, topic.placementPlace);
    }
  }
  return { ...topic, minIsr, uncleanLeaderElection };
}
