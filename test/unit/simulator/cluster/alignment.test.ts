import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignRuns } from '../../../../src/simulator/cluster/scenario/alignment';

interface Step {
  readonly key: string;
  readonly atMs: number;
  readonly stage: number;
}

/** `fence@1000/1`: what, when, and after how many faults. */
const steps = (...written: readonly string[]): readonly Step[] =>
  written.map((text) => {
    const [, key = '', atMs, stage] = /^(\w+)@(\d+)\/(\d+)$/.exec(text) ?? [];
    return { key, atMs: Number(atMs), stage: Number(stage) };
  });

function aligned(best: readonly Step[], worst: readonly Step[]): { merged: string[]; bestOnly: string[] } {
  const { merged, bestOnly } = alignRuns(best, worst, ({ key }) => key);
  return {
    merged: merged.map(({ item, partner, at }) => `${item.key} ${at.best}..${at.worst}${partner ? '' : ' alone'}`),
    bestOnly: bestOnly.map(({ key, atMs }) => `${key} ${atMs}`),
  };
}

describe('two runs of a scenario', () => {
  it('are told in the order of the worst case, whatever the order of two timers in the best', () => {
    const best = steps('crash@0/1', 'promote@7010/1', 'fence@7020/1');
    const worst = steps('crash@0/1', 'fence@10145/1', 'promote@10675/1');
    expect(aligned(best, worst)).toEqual({
      merged: ['crash 0..0', 'fence 7020..10145', 'promote 7010..10675'],
      bestOnly: [],
    });
  });

  it('share a step that comes before the next fault in one of them and after it in the other', () => {
    const best = steps('crash@0/1', 'fence@7000/1', 'cut@8000/2');
    const worst = steps('crash@0/1', 'cut@8000/2', 'fence@10125/2');
    expect(aligned(best, worst)).toEqual({
      merged: ['crash 0..0', 'cut 8000..8000', 'fence 7000..10125'],
      bestOnly: [],
    });
  });

  it('keep what each does alone apart', () => {
    const best = steps('crash@0/1', 'fence@7000/1', 'elect@7000/1', 'return@8000/2');
    const worst = steps('crash@0/1', 'return@8000/2', 'elect@9000/2', 'resign@9100/2');
    expect(aligned(best, worst)).toEqual({
      merged: ['crash 0..0', 'return 8000..8000', 'elect 7000..9000', 'resign 9100..9100 alone'],
      bestOnly: ['fence 7000'],
    });
  });

  it('pair a step with the same one of the same stage, though another comes first', () => {
    const best = steps('elect@1000/1', 'elect@21000/3');
    const worst = steps('elect@22000/3');
    expect(aligned(best, worst)).toEqual({ merged: ['elect 21000..22000'], bestOnly: ['elect 1000'] });
  });

  it('lose and double nothing, whatever they are', () => {
    const run = fc
      .array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), atMs: fc.nat(9), stage: fc.nat(3) }), { maxLength: 12 })
      .map((items) => items.toSorted((one, other) => one.stage - other.stage || one.atMs - other.atMs));
    fc.assert(
      fc.property(run, run, (best, worst) => {
        const { merged, bestOnly } = alignRuns(best, worst, ({ key }) => key);
        const partners = merged.flatMap(({ partner }) => partner ?? []);
        expect(merged.map(({ item }) => item)).toEqual(worst);
        expect(new Set([...partners, ...bestOnly]).size).toBe(best.length);
        expect(partners.length + bestOnly.length).toBe(best.length);
        for (const { item, partner } of merged) if (partner !== undefined) expect(partner.key).toBe(item.key);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });
});
