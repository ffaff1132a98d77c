import { describe, expect, it } from 'vitest';
import type { ProofResult } from '../../../src/analysis/prove';
import { proofFact, proveClaims } from '../../../src/editor/proofs';
import type { Topic } from '../../../src/kafka/topic';
import { topic, twoAndAHalf } from '../analysis/topics';

function proved(of: Topic): { readonly results: readonly ProofResult[]; readonly turns: number } {
  const steps = proveClaims(twoAndAHalf, of);
  let turns = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return { results: step.value, turns };
    turns++;
  }
}

describe('what the panel proves of a topic', () => {
  it('is that data is kept and that writes come back, with the states that were checked', () => {
    const { results, turns } = proved(topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 }));
    const [kept, back] = results.map((result) => proofFact(result).value);
    expect(kept).toMatch(
      /^✓ Proved\. No acknowledged write is ever lost to an election: every reachable state checked \([\d,]+, alike ones counted once\), within 1 lost datacenter and 1 further broker down, nothing repaired\.$/,
    );
    expect(back).toMatch(
      /^✓ Proved\. After the loss of any one datacenter, and of nothing else, writes come back by themselves: every reachable state checked \([\d,]+, alike ones counted once\), within 1 lost datacenter, nothing repaired\.$/,
    );
    expect(turns).toBeGreaterThan(results.length);
  });

  it('is the shortest way in which writes stay away, step by step', () => {
    const { results } = proved(topic({ west: 2, east: 2 }, {}, { minIsr: 3 }));
    expect(results.map(({ kind }) => kind)).toEqual(['proved', 'counterexample']);
    expect(results.map((result) => proofFact(result).value)[1]).toMatch(/^▲ .+ It goes: .+ → .+\.$/);
  });
});
