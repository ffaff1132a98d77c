import { describe, expect, it } from 'vitest';
import { createAssessor } from '../../../src/analysis/assess';
import type { Topic } from '../../../src/kafka/topic';
import { cluster, topic, twoAndAHalf } from './topics';

/** A topic with one partition, which a text describes under some number: another question for each number, soon answered. */
function described(partition: number): Topic {
  return topic({ west: 1 }, {}, { assignments: [{ partition, leader: 1, isr: [1], replicas: [1], observers: [] }] });
}

describe('an assessor', () => {
  it('knows the answer for an equal topic of the same cluster', () => {
    const { assessTopic } = createAssessor();
    const { losses } = assessTopic(twoAndAHalf, described(0));
    expect(losses).not.toEqual([]);
    expect(assessTopic(twoAndAHalf, described(0)).losses).toBe(losses);
    expect(assessTopic({ ...twoAndAHalf }, described(0)).losses).not.toBe(losses);
  });

  it('forgets what it was asked long ago, of whichever cluster', () => {
    const { assessTopic } = createAssessor();
    const [one, other] = [cluster({ west: 1 }, null), cluster({ west: 1, east: 1 }, null)];
    const { losses } = assessTopic(one, described(0));
    for (let partition = 1; partition < 2_500; partition++) {
      assessTopic(one, described(partition));
      assessTopic(other, described(partition));
    }
    expect(assessTopic(one, described(0)).losses).toBe(losses);
    for (const partition of [2_500, 2_501]) assessTopic(one, described(partition));
    expect(assessTopic(one, described(0)).losses).not.toBe(losses);
    expect(assessTopic(one, described(0)).losses).toEqual(losses);
  });
});
