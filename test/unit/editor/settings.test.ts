import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/editor/settings';

function read(values: Readonly<Record<string, unknown>>) {
  return readSettings((name) => values[name]);
}

describe('settings', () => {
  it('has a default for everything', () => {
    expect(read({})).toEqual({
      enable: true,
      codeLens: true,
      core: { levels: {}, assumedMinIsr: null, survivalGoal: 'durable-first' },
      problems: [],
    });
  });

  it('takes what is well said', () => {
    const settings = read({
      enable: false,
      rules: { 'rack-unknown': 'off' },
      assumedMinInsyncReplicas: 2,
      survivalGoal: 'available-first',
    });
    expect(settings.enable).toBe(false);
    expect(settings.core).toEqual({
      levels: { 'rack-unknown': 'off' },
      assumedMinIsr: 2,
      survivalGoal: 'available-first',
    });
  });

  it.each([
    [{ rules: { 'rack-unknwon': 'off' } }, 'there is no rule "rack-unknwon"'],
    [{ rules: { 'rack-unknown': 'loud' } }, 'rack-unknown can be off, hint, information, warning, error'],
    [{ rules: ['rack-unknown'] }, 'is not an object'],
    [{ rules: { toString: 'off' } }, 'there is no rule "toString"'],
    [{ assumedMinInsyncReplicas: 0 }, 'not a whole number of at least 1'],
    [{ assumedMinInsyncReplicas: '3' }, 'not a whole number of at least 1'],
    [{ survivalGoal: 'both' }, 'neither durable-first nor available-first'],
    [{ enable: 'yes' }, 'neither true nor false'],
  ])('%j: %s', (values, problem) => {
    const settings = read(values);
    expect(settings.problems.join()).toContain(problem);
    expect({ ...settings, problems: [] }).toEqual(read({}));
  });
});
