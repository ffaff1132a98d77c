import { describe, expect, it } from 'vitest';
import { drain, eachInSteps } from '../../../src/analysis/steps';

const itemsPerStepMax = 50;

describe('each of many items', () => {
  it('has its turn, in order, with no more than so many between two yields', () => {
    for (const length of [0, 1, itemsPerStepMax, itemsPerStepMax + 1, 230]) {
      const items = Array.from({ length }, (_, n) => n);
      const visited: number[] = [];
      const counts: number[] = [];
      let before = 0;
      const note = (): void => {
        counts.push(visited.length - before);
        before = visited.length;
      };
      for (const _ of eachInSteps(items, (item) => visited.push(item))) note();
      note();
      expect(visited).toEqual(items);
      expect(Math.max(...counts)).toBeLessThanOrEqual(itemsPerStepMax);
    }
  });

  it('costs no step where there are few', () => {
    expect([...eachInSteps([1, 2, 3], () => {})]).toEqual([]);
  });
});

describe('a job that is drained', () => {
  it('comes to its end with what it returns', () => {
    function* job(): Generator<void, string> {
      yield;
      yield;
      return 'done';
    }
    expect(drain(job())).toBe('done');
  });
});
