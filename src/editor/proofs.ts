import { type Claim, type ProofResult, proofSentence, prove } from '../analysis/prove';
import type { Cluster } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import type { Words } from '../panel/protocol';
import { statesPerSlice } from '../simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../simulator/partition/explorerFaults';

/**
 * What is shown of a topic, and the faults that it covers, in any order and at any moment. Durability holds for more than
 * the loss of a datacenter; that writes come back is asked of that loss alone, as a further broker may use up the headroom.
 */
const claims: readonly { readonly claim: Claim; readonly budget: FaultBudget }[] = [
  { claim: 'acknowledged-data-is-kept', budget: { ...noFaults, datacentersLostMax: 1, brokersDownMax: 1 } },
  { claim: 'writes-come-back', budget: { ...noFaults, datacentersLostMax: 1 } },
];

/** Beyond it the panel says so instead of going on: some seconds, in slices. */
const statesMax = 400_000;

/** Proves the claims one after another, or finds what speaks against them; a turn of the thread may pass at each yield. */
export function* proveClaims(cluster: Cluster, topic: Topic): Generator<void, readonly ProofResult[]> {
  const results: ProofResult[] = [];
  for (const { claim, budget } of claims) {
    const proof = prove(cluster, topic, claim, { budget, bounds: { statesMax } });
    let result = proof.step(statesPerSlice);
    for (; result === null; result = proof.step(statesPerSlice)) yield;
    results.push(result);
    yield;
  }
  return results;
}

/** A result as a line under the facts. */
export function proofWords(result: ProofResult): Words {
  const sentence = proofSentence(result);
  switch (result.kind) {
    case 'proved':
      return { text: `Proved. ${sentence}`, mark: 'good' };
    case 'bound-hit':
      return { text: sentence, mark: 'neutral' };
    case 'counterexample':
      return { text: sentence, mark: 'warning' };
  }
}
