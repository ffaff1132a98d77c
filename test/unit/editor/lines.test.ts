import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/editor/lines';

describe('offsets become lines and columns', () => {
  const lines = new LineIndex('ab\r\nc\rd\n\ne');

  it.each([
    [0, 0, 0],
    [2, 0, 2],
    [4, 1, 0],
    [6, 2, 0],
    [8, 3, 0],
    [9, 4, 0],
    [10, 4, 1],
  ])('offset %i is line %i, column %i', (offset, line, character) => {
    expect(lines.locate(offset)).toEqual({ line, character });
    expect(lines.offsetOf(line, character)).toBe(offset);
  });

  it('takes an offset outside the text for its nearest end', () => {
    expect(lines.locate(-5)).toEqual({ line: 0, character: 0 });
    expect(lines.locate(99)).toEqual({ line: 4, character: 1 });
  });

  it('agrees with splitting the text at its line breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n', 'é') }), (text) => {
        const split = text.split(/\r\n|\r|\n/);
        const last = new LineIndex(text).locate(text.length);
        expect(last).toEqual({ line: split.length - 1, character: split.at(-1)?.length });
      }),
    );
  });
});
