import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBy, repeatedBy } from '../../../src/rules/grouping';

const initial = (word: string): string => word.charAt(0);

describe('groups', () => {
  it('stand in the order in which their first items came, and their items in theirs', () => {
    expect([...groupBy(['east', 'west', 'edge', 'wide'], initial)]).toEqual([
      ['e', ['east', 'edge']],
      ['w', ['west', 'wide']],
    ]);
  });
});

describe('repeated items', () => {
  it('are groups of two and more; who stands alone is left out', () => {
    expect(repeatedBy(['east', 'west', 'north', 'edge', 'wide', 'earth'], initial)).toEqual([
      ['east', 'edge', 'earth'],
      ['west', 'wide'],
    ]);
  });

  it('are none among items that differ', () => {
    expect(repeatedBy(['east', 'west'], initial)).toEqual([]);
    expect(repeatedBy([], initial)).toEqual([]);
  });

  it('are what grouping leaves when single items are taken away', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 })), (words) => {
        const groups = [...groupBy(words, initial).values()].filter((group) => group.length > 1);
        const byKey = (one: readonly string[], other: readonly string[]) =>
          initial(one[0]!) < initial(other[0]!) ? -1 : 1;
        expect(repeatedBy(words, initial).toSorted(byKey)).toEqual(groups.toSorted(byKey));
      }),
    );
  });
});
