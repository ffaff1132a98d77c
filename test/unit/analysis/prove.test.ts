import { describe, expect, it } from 'vitest';
import { type Claim, type ProofOptions, type ProofResult, proofSentence, prove } from '../../../src/analysis/prove';
import type { Topic } from '../../../src/kafka/topic';
import { noFaults } from '../../../src/simulator/partition/explorerFaults';
import { topic, twoAndAHalf } from './topics';

function proved(subject: Topic, claim: Claim, options: ProofOptions = {}): ProofResult {
  const proof = prove(twoAndAHalf, subject, claim, options);
  for (;;) {
    const result = proof.step(1000);
    if (result !== null) return result;
  }
}

/** The causes of a counterexample, in order. */
function causes(result: ProofResult): string[] {
  return result.kind === 'counterexample' ? result.timeline.steps.map(({ cause }) => cause.kind) : [result.kind];
}

const withObservers = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 });
const withoutObservers = topic({ west: 2, east: 2 }, {}, { minIsr: 3 });
const allInOne = topic({ west: 3 }, { east: 2 }, { minIsr: 2 });

describe('a proof about a topic', () => {
  it('covers every state that the budget can lead to, and says how many those are', () => {
    const result = proved(withObservers, 'writes-come-back');
    expect(proofSentence(result)).toBe(
      `After the loss of any one datacenter, and of nothing else, writes come back by themselves: all ${result.states.toLocaleString('en-US')} reachable states checked (alike ones counted once), with one datacenter lost and one further broker down in any order, nothing repaired.`,
    );
    expect(result.states).toBeGreaterThan(1000);
    expect(result.arrangements).toBe(1);
  });

  it('finds the shortest way in which writes stay away', () => {
    const result = proved(withoutObservers, 'writes-come-back');
    expect(causes(result)).toEqual(['healthy', 'datacenter-lost', 'broker-fenced', 'broker-fenced']);
    expect(proofSentence(result)).toMatch(
      /^After the loss of any one datacenter, and of nothing else, writes may not come back by themselves\. The shortest way there: (west|east) lost → broker \d fenced → broker \d fenced\.$/,
    );
  });

  it('names brokers and datacenters as the cluster does', () => {
    const result = proved(allInOne, 'writes-come-back');
    if (result.kind !== 'counterexample') throw new Error(result.kind);
    expect(result.timeline.steps[1]?.cause).toEqual({
      kind: 'datacenter-lost',
      datacenter: 'west',
      brokers: [1, 2, 3],
      controllers: [101, 102],
    });
  });

  it('finds that clean elections keep acknowledged data and that unclean ones do not', () => {
    const unclean = topic({ west: 3 }, { east: 2 }, { minIsr: 2, uncleanElection: true });
    expect(proved(allInOne, 'acknowledged-data-is-kept').kind).toBe('proved');
    expect(causes(proved(unclean, 'acknowledged-data-is-kept'))).toEqual([
      'healthy',
      'record-acknowledged',
      'datacenter-lost',
      'broker-fenced',
      'broker-fenced',
      'broker-fenced',
      'leader-elected',
    ]);
  });

  it('says what it did not look at', () => {
    const result = proved(withObservers, 'writes-come-back', { bounds: { statesMax: 500 } });
    expect(proofSentence(result)).toMatch(
      /^Not decided whether writes come back by themselves after the loss of [a-z, ]+: \d+ states examined and nothing wrong found, then the bound on states was hit \(500\)\.$/,
    );
  });

  it('says of each claim that there are too many replicas for it, and not that nothing was wrong', () => {
    const bound = {
      ...proved(withObservers, 'writes-come-back'),
      states: 0,
      kind: 'bound-hit',
      bound: 'replicas',
      boundValue: 15,
    } as const;
    expect(proofSentence(bound)).toMatch(
      /^Not decided whether writes come back [a-z, ]+[a-z]: there are more than 15 replicas\.$/,
    );
    expect(proofSentence({ ...bound, claim: 'acknowledged-data-is-kept' })).toBe(
      'Not decided whether an acknowledged write can be lost to an election: there are more than 15 replicas.',
    );
  });

  it('starts from the state that --describe shows', () => {
    const degraded = topic(
      { west: 2, east: 2 },
      { west: 1, east: 1 },
      {
        minIsr: 3,
        assignments: [{ partition: 0, replicas: [1, 2, 4, 5, 3, 6], observers: [3, 6], isr: [2, 4, 5], leader: 2 }],
      },
    );
    // With a sync replica of west already gone, the loss of east leaves two of the three that are needed.
    const budget = { ...noFaults, datacentersLostMax: 1 };
    expect(causes(proved(degraded, 'writes-come-back', { budget })).slice(0, 2)).toEqual([
      'healthy',
      'datacenter-lost',
    ]);
  });
});
