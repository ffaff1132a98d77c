import { expect, it } from 'vitest';
import { remember } from '../../../src/workspace/remember';

it('what was computed once is found again, until there is too much of it', () => {
  const computed: string[] = [];
  const memory = new Map<string, string>();
  const shout = (word: string): string =>
    remember(memory, word, 2, () => {
      computed.push(word);
      return word.toUpperCase();
    });
  expect(['a', 'b', 'a', 'b'].map(shout)).toEqual(['A', 'B', 'A', 'B']);
  expect(computed).toEqual(['a', 'b']);
  expect(['c', 'a'].map(shout)).toEqual(['C', 'A']);
  expect(computed).toEqual(['a', 'b', 'c', 'a']);
  expect(memory.size).toBe(2);
});
