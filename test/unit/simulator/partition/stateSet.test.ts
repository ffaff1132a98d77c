import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyOf, type PartitionState } from '../../../../src/simulator/partition/state';
import { StateSet } from '../../../../src/simulator/partition/stateSet';

/** Few values of each field, so that states are often equal; small ones and the largest there are. */
const masks = fc.constantFrom(0, 1, 2, 3, 2 ** 30 - 1);
const states: fc.Arbitrary<PartitionState> = fc.record({
  up: masks,
  fenced: masks,
  inSync: masks,
  current: masks,
  complete: fc.constantFrom(0, 5),
  eligible: fc.constantFrom(0, 1),
  lastKnownElr: fc.constantFrom(0, 1),
  stoppedCleanly: fc.constantFrom(0, 1),
  leader: fc.constantFrom(-1, 0, 29),
});

it('holds each state once, whichever object says it, and no other', () => {
  fc.assert(
    fc.property(fc.array(states, { maxLength: 200 }), fc.array(states, { maxLength: 50 }), (list, others) => {
      const set = new StateSet();
      const expected = new Set<string>();
      for (const state of [...list, ...list.map(copyOf)]) {
        const key = JSON.stringify(copyOf(state));
        expect(set.has(state)).toBe(expected.has(key));
        expect(set.add(state)).toBe(!expected.has(key));
        expected.add(key);
        expect(set.size).toBe(expected.size);
      }
      for (const state of others) expect(set.has(state)).toBe(expected.has(JSON.stringify(copyOf(state))));
    }),
  );
});
