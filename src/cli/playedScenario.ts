import { type Fact, stated } from '../kafka/origin';
import type { Topic } from '../kafka/topic';
import type { ScenarioReport } from '../simulator/cluster/scenario/timeline';
import type { TimelineStep } from '../simulator/timeline';
import type { PreparedScenario } from '../workspace/scenario';

/** A scenario that has been played out. */
export interface PlayedScenario extends PreparedScenario {
  readonly report: ScenarioReport;
}

/**
 * The topic as it is configured at a step: `min.insync.replicas` may change along the way.
 * @param index of the step in `steps`
 */
export function topicDuring(topic: Topic, steps: readonly TimelineStep[], index: number): Topic {
  const set = steps.slice(0, index + 1).findLast(({ cause }) => cause.kind === 'min-isr-set');
  if (set?.cause.kind !== 'min-isr-set') return topic;
  const minIsr: Fact<number> = stated(set.cause.minIsr, topic.placementPlace);
  return { ...topic, minIsr };
}
