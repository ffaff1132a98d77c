import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepAt, timeAxis } from '../../../src/panel/axis';

const atMs = (...times: readonly (number | null)[]) =>
  times.map((ms) => ({ at: ms === null ? null : { best: ms, worst: ms } }));

describe('the time axis', () => {
  it('gives each step a stretch, from edge to edge without a gap', () => {
    const times = fc.array(fc.option(fc.integer({ min: 0, max: 1e9 })), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(times, fc.integer({ min: -50, max: 2000 }), (ats, available) => {
        const { stretches, width } = timeAxis(atMs(...ats), available);
        expect(stretches).toHaveLength(ats.length);
        expect(width).toBeGreaterThanOrEqual(available);
        let edge = 0;
        for (const stretch of stretches) {
          expect(stretch.x).toBe(edge);
          expect(stretch.width).toBeGreaterThanOrEqual(17);
          edge += stretch.width;
        }
        expect(edge).toBe(width);
      }),
    );
  });

  it('draws what lasts longer wider, but compresses it', () => {
    const [, lost, promoted, settled] = timeAxis(atMs(null, 0, 500, 300_500, 300_600), 800).stretches;
    expect(promoted!.width).toBeGreaterThan(lost!.width);
    expect(promoted!.width).toBeLessThan(lost!.width * 20);
    expect([lost, promoted, settled].map((stretch) => stretch!.compressed)).toEqual([true, true, false]);
  });

  it('says when there are no times, only an order', () => {
    const axis = timeAxis(atMs(null, null, null), 300);
    expect(axis.timed).toBe(false);
    expect(axis.stretches.map(({ width, compressed }) => [width, compressed])).toEqual([
      [100, false],
      [100, false],
      [100, false],
    ]);
  });

  it('finds the step under each of its pixels, and the outermost ones beyond', () => {
    const axis = timeAxis(atMs(null, 0, 9000, 9500), 400);
    axis.stretches.forEach(({ x, width }, index) => {
      expect(stepAt(axis, x)).toBe(index);
      expect(stepAt(axis, x + width - 1)).toBe(index);
    });
    expect([stepAt(axis, -5), stepAt(axis, 5000)]).toEqual([0, 3]);
  });
});
