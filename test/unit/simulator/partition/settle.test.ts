import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../../src/simulator/partition/mask';
import { healthyWorld } from '../../../../src/simulator/partition/world';
import { settledAfter, shapeOf, words } from './shapes';

const west = { crash: maskOf([0, 1, 4]) };

describe('two sync replicas and an observer in each of two datacenters, min ISR 3', () => {
  const shape = shapeOf([2, 2], [1, 1], { minIsr: 3 });

  it('elects the first live ISR member and promotes the observer beside it', () => {
    const ends = settledAfter(shape, healthyWorld(shape), west);
    expect(ends.map(({ state }) => words(state))).toEqual(['leader 2 isr 2,3,5']);
  });

  it('demotes the observer and gives leadership back when the datacenter returns', () => {
    const ends = settledAfter(shape, healthyWorld(shape), west, { restore: maskOf([0, 1, 4]) });
    expect(ends.map(({ state }) => words(state))).toEqual(['leader 0 isr 0,1,2,3']);
  });
});

describe('all sync replicas in one datacenter', () => {
  const shape = shapeOf([3, 0], [0, 2], { minIsr: 2 });

  it('is leaderless when they die at once, whichever is fenced last', () => {
    const ends = settledAfter(shape, healthyWorld(shape), { crash: maskOf([0, 1, 2]) });
    expect(ends.map(({ state }) => words(state))).toEqual([
      'leader none isr 0',
      'leader none isr 1',
      'leader none isr 2',
    ]);
  });

  it('goes on behind an observer when they die one after another', () => {
    const ends = settledAfter(shape, healthyWorld(shape), ...[0, 1, 2].map((slot) => ({ crash: 1 << slot })));
    expect(new Set(ends.map(({ state }) => words(state)))).toEqual(new Set(['leader 3 isr 3,4', 'leader 4 isr 3,4']));
  });
});
