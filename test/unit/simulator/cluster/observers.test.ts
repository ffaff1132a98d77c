import { describe, expect, it } from 'vitest';
import type { ObserverPromotionPolicy } from '../../../../src/kafka/placement';
import { observersToDemote, wantsObserver } from '../../../../src/simulator/cluster/observers';
import { currentRules, type KafkaRules } from '../../../../src/simulator/cluster/rules';

/** Sync replicas 1 to 4, observers 5 and 6. */
function situation(isr: readonly number[], leader = isr[0] ?? -1, minInsyncReplicas = 3) {
  return { partition: { observers: [5, 6], leader }, isr, minInsyncReplicas };
}

const policyOf = (policy: ObserverPromotionPolicy) => ({ policy, syncReplicas: 4 });

function reading(change: Partial<KafkaRules['observers']>): KafkaRules {
  return { ...currentRules, observers: { ...currentRules.observers, ...change } };
}

describe('one more observer is wanted', () => {
  it.each<readonly [ObserverPromotionPolicy, readonly number[], boolean]>([
    ['under-min-isr', [1, 2, 3, 4], false],
    ['under-min-isr', [3, 4, 1], false],
    ['under-min-isr', [3, 4], true],
    ['under-min-isr', [3, 4, 6], false],
    ['under-replicated', [1, 2, 3, 4], false],
    ['under-replicated', [2, 3, 4], true],
    ['under-replicated', [2, 3, 4, 5], false],
    ['leader-is-observer', [3], false],
    ['leader-is-observer', [6, 3, 4], true],
  ])('%s with the ISR %j: %s', (policy, isr, wanted) => {
    expect(wantsObserver(policyOf(policy), currentRules, situation(isr))).toBe(wanted);
  });

  it('behind an observer that leads, under every policy if that is how one reads it', () => {
    const every = reading({ observerLeaderAdmitsAll: 'every-policy' });
    expect(wantsObserver(policyOf('under-min-isr'), currentRules, situation([6, 3, 4]))).toBe(false);
    expect(wantsObserver(policyOf('under-min-isr'), every, situation([6, 3, 4]))).toBe(true);
  });
});

describe('observers leave the ISR', () => {
  it('each as soon as the policy would not want it were it gone', () => {
    expect(observersToDemote(policyOf('under-min-isr'), currentRules, situation([3, 4, 6]))).toEqual([]);
    expect(observersToDemote(policyOf('under-min-isr'), currentRules, situation([3, 4, 6, 1]))).toEqual([6]);
    expect(observersToDemote(policyOf('under-min-isr'), currentRules, situation([3, 5, 6, 1]))).toEqual([5]);
    expect(observersToDemote(policyOf('under-min-isr'), currentRules, situation([3, 5, 6, 1, 2]))).toEqual([5, 6]);
  });

  it('or all together once the sync members alone suffice', () => {
    const together = reading({ demotion: 'all-at-threshold' });
    expect(observersToDemote(policyOf('under-min-isr'), together, situation([3, 5, 6, 1]))).toEqual([]);
    expect(observersToDemote(policyOf('under-min-isr'), together, situation([3, 5, 6, 1, 2]))).toEqual([5, 6]);
  });

  it('but never the one that leads: leadership must move first', () => {
    expect(observersToDemote(policyOf('under-min-isr'), currentRules, situation([6, 1, 2, 3, 5], 6))).toEqual([5]);
  });

  it('not while an observer leads, under leader-is-observer', () => {
    expect(observersToDemote(policyOf('leader-is-observer'), currentRules, situation([6, 5, 1], 6))).toEqual([]);
    expect(observersToDemote(policyOf('leader-is-observer'), currentRules, situation([1, 5, 6], 1))).toEqual([5, 6]);
  });
});
