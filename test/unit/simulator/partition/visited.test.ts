import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitmapVisited, TableVisited, type Visited } from '../../../../src/simulator/partition/visited';

/** What was added to a set, and what it says it holds, in order. */
function fill(visited: Visited, states: readonly (readonly number[])[]): { added: boolean[]; held: number[][] } {
  const added = states.map((state) => visited.add(Int32Array.from(state)));
  const { count, wordCount } = visited;
  const held = Array.from({ length: count }, (_, index) => [
    ...visited.words.slice(index * wordCount, (index + 1) * wordCount),
  ]);
  return { added, held };
}

/** The same with a plain set. */
function expected(states: readonly (readonly number[])[]): { added: boolean[]; held: number[][] } {
  const seen = new Map<string, number[]>();
  const added = states.map((state) => {
    const isNew = !seen.has(state.join());
    seen.set(state.join(), seen.get(state.join()) ?? [...state]);
    return isNew;
  });
  return { added, held: [...seen.values()] };
}

describe('a set of states keeps each once, in the order of discovery', () => {
  it('as a bitmap', () => {
    const states = fc.array(fc.tuple(fc.integer({ min: 0, max: 4095 })), { maxLength: 5000 });
    fc.assert(
      fc.property(states, (list) => {
        expect(fill(new BitmapVisited(12), list)).toEqual(expected(list));
      }),
      { numRuns: 20 },
    );
  });

  it('as a table, of one word or of several, grown or not', () => {
    const word = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 9 }));
    for (const wordCount of [1, 2, 4]) {
      const states = fc.array(fc.array(word, { minLength: wordCount, maxLength: wordCount }), {
        maxLength: 4000,
        size: 'max',
      });
      fc.assert(
        fc.property(states, (list) => {
          expect(fill(new TableVisited(wordCount, 4000), list)).toEqual(expected(list));
        }),
        { numRuns: 10 },
      );
    }
  });

  it('as a bitmap that is given variants of one state, as if each had been added', () => {
    const bits = fc.integer({ min: 0, max: 4095 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bits, fc.boolean(), bits), { maxLength: 2000 }), (batches) => {
        const masks = Int32Array.from({ length: 12 }, (_, member) => 1 << (11 - member));
        const visited = new BitmapVisited(6 + 6);
        const states = batches.flatMap(([word, adds, members]) => {
          visited.addVariants(word, adds, masks, members);
          const chosen = [...masks].filter((_, member) => (members & (1 << member)) !== 0);
          return chosen.map((mask) => [adds ? word | mask : word & ~mask]);
        });
        expect([...visited.words.slice(0, visited.count)].map((word) => [word])).toEqual(expected(states).held);
      }),
      { numRuns: 20 },
    );
  });
});
