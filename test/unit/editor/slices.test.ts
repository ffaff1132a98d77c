import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slices } from '../../../src/editor/slices';

/** What the clock shows. */
let now = 0;

/** Each step takes so long by the clock, which only steps move. */
function* job(log: string[], stepMs: number): Generator<void, string> {
  for (const name of ['first', 'second', 'third']) {
    now += stepMs;
    log.push(name);
    yield;
  }
  return 'done';
}

describe('a job in slices', () => {
  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('comes to its end with what it returns', async () => {
    const log: string[] = [];
    expect(await new Slices().run(job(log, 1))).toEqual({ value: 'done' });
    expect(log).toEqual(['first', 'second', 'third']);
  });

  it('lets everybody else have a turn at the end of a slice', async () => {
    const log: string[] = [];
    setTimeout(() => log.push('somebody else'), 0);
    await new Slices().run(job(log, 30));
    expect(log).toEqual(['first', 'somebody else', 'second', 'third']);
  });

  it('keeps its turn within a slice', async () => {
    const log: string[] = [];
    setTimeout(() => log.push('somebody else'), 0);
    await new Slices().run(job(log, 1));
    expect(log).toEqual(['first', 'second', 'third']);
  });

  it('is left alone once nobody waits for it', async () => {
    const log: string[] = [];
    expect(await new Slices().run(job(log, 1), () => log.length < 2)).toBeNull();
    expect(log).toEqual(['first', 'second']);
  });

  it('that is done at once comes to its end whoever waits', async () => {
    // biome-ignore lint/correctness/useYield: a job without steps
    function* nothing(): Generator<void, number> {
      return 7;
    }
    expect(await new Slices().run(nothing(), () => false)).toEqual({ value: 7 });
  });
});
