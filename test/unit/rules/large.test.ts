import { describe, expect, it } from 'vitest';
import { check } from './check';

describe('a placement that is far too large', () => {
  it('is checked in time that grows with it, not with its square', async () => {
    const constraints = Array.from({ length: 20_000 }, (_, rack) => ({
      count: 1,
      constraints: { rack: `rack-${rack}` },
    }));
    const { analysis } = await check({
      'placement.json': JSON.stringify({ version: 2, replicas: constraints }, null, 1),
    });
    expect(analysis.topicsIn('placement.json').map(({ limits }) => limits)).toEqual([
      [{ limit: 'replicas', examined: 0, bound: 30 }],
    ]);
  });
});
