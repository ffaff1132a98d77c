import { type ObserverPromotionPolicy, observerPromotionPolicies } from '../../src/kafka/placement';

/** A policy by its name; `none` and others stand for version 1, which behaves as `leader-is-observer`; absent is the default. */
export function readPolicy(name: string): ObserverPromotionPolicy {
  if (name === '') return 'under-min-isr';
  return observerPromotionPolicies.find((known) => known === name) ?? 'leader-is-observer';
}
