import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noPageState, type PageState, readPageState } from '../../../src/panel/state';

describe('the kept state', () => {
  it('is read back as it was kept', () => {
    const kept: PageState = { topic: 'orders', scenario: 'datacenter:west', step: 3, more: true, scrollTop: 120 };
    expect(readPageState(structuredClone(kept))).toEqual(kept);
  });

  it('starts empty where nothing, or nothing of ours, was kept', () => {
    for (const kept of [undefined, null, 'x', 7, [], { step: -1, scrollTop: Number.NaN, topic: 4, more: 'yes' }]) {
      expect(readPageState(kept)).toEqual(noPageState);
    }
  });

  it('never throws and always yields whole counts', () => {
    fc.assert(
      fc.property(fc.anything(), (kept) => {
        const { step, scrollTop } = readPageState(kept);
        expect([Number.isInteger(step), Number.isInteger(scrollTop)]).toEqual([true, true]);
      }),
    );
  });
});
