import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundsIn } from '../../../src/cli/rounds';

/** `abab` twice more: letters told, what is left out in brackets. */
const told = (letters: string): string =>
  roundsIn([...letters], (letter) => letter)
    .map(({ items, repeated, times }) => items.join('') + (times > 0 ? `[${times}×${repeated.length / times}]` : ''))
    .join('');

describe('what comes again and again', () => {
  it.each([
    ['xabababababy', 'xabab[3×2]y'],
    ['aaaa', 'aa[2×1]'],
    ['ababab', 'ababab'],
    ['abcabcabcabcabcz', 'abcabc[3×3]z'],
    ['abababababcdcdcdcd', 'abab[3×2]cdcd[2×2]'],
    ['', ''],
  ])('%s is told as %s', (letters, expected) => expect(told(letters)).toBe(expected));

  it('is all there, in its order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), (letters) => {
        const rounds = roundsIn(letters, (letter) => letter);
        expect(rounds.flatMap(({ items, repeated }) => [...items, ...repeated])).toEqual(letters);
        for (const { items, repeated, times } of rounds) {
          const round = items.slice(items.length - repeated.length / Math.max(1, times));
          expect(Array.from({ length: times }, () => round).flat()).toEqual(repeated);
        }
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});
