import { describe, expect, it } from 'vitest';
import { drain, eachInSteps } from '../../../src/analysis/steps';

const itemsPerStepMax = 50;

describe('each of many items', () => {
  it('has its turn, in order, with no more than so many between two yields', () => {
    const items = Array.from({ length: 230 }, (_, n) => n);
    const visited: number[] = [];
    const counts: number[] = [];
    const steps = eachInSteps(items, (item) => visited.push(item));
    for (let before = 0, step = steps.next(); ; step = steps.next()) {
      counts.push(visited.length - before);
      before = visited.length;
      if (step.done === true) break;
    }
    expect(visited).toEqual(items);
    expect(Math.max(...counts)).toBeLessThanOrEqual(itemsPerStepMax);
  });

  it('costs no step where there is none', () => {
    expect(eachInSteps([], () => {}).next()).toEqual({ done: true, value: undefined });
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
