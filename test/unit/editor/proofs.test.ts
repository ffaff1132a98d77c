import { describe, expect, it } from 'vitest';
import type { ProofResult } from '../../../src/analysis/prove';
import { proofWords, proveClaims } from '../../../src/editor/proofs';
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
    const [kept, back] = results.map(proofWords);
    expect([kept?.mark, back?.mark]).toEqual(['good', 'good']);
    expect(kept?.text).toMatch(
      /^Proved\. No acknowledged write is lost to an election: all [\d,]+ reachable states checked \(alike ones counted once\), with one datacenter lost and one further broker down in any order, nothing repaired\.$/,
    );
    expect(back?.text).toMatch(
      /^Proved\. After the loss of any one datacenter, and of nothing else, writes come back by themselves: all [\d,]+ reachable states checked \(alike ones counted once\), with one datacenter lost, nothing repaired\.$/,
    );
    expect(turns).toBeGreaterThan(results.length);
  });

  it('is the shortest way in which writes stay away, step by step', () => {
    const { results } = proved(topic({ west: 2, east: 2 }, {}, { minIsr: 3 }));
    expect(results.map(({ kind }) => kind)).toEqual(['proved', 'counterexample']);
    expect(results.map(proofWords)[1]).toEqual({
      text: 'After the loss of any one datacenter, and of nothing else, writes may not come back by themselves. The shortest way there: east lost → broker 4 fenced → broker 5 fenced.',
      mark: 'warning',
    });
  });
});
