import { effectivePolicy, replicaCount } from '../kafka/placement';
import { at, type TopicFacts } from './facts';
import type { Draft } from './finding';
import { isOlder } from './platform';
import { listSpan, policySpan, rackSpan, spreadOf } from './spread';
import { together, topicDraft } from './topicDraft';

/** Family `min-isr`: min ISR against the replicas per datacenter and against the sync replicas. */
export function addMinIsr(facts: TopicFacts, found: Draft[]): void {
  addWithinDatacenter(facts, found);
  addAboveSyncReplicas(facts, found);
  addNoSlack(facts, found);
  addOneNeverPromotes(facts, found);
  addNotSet(facts, found);
}

/**
 * min ISR must exceed the sync replicas of every one datacenter, or the whole ISR may be there. Source: A. McDonald,
 * Streaming Audio 151 ("min ISR one greater than the number of replicas located in one DC"); Confluent's architecture
 * page on multi-region clusters. Not raised where the goal is availability first: min ISR then stays low on purpose.
 */
function addWithinDatacenter(facts: TopicFacts, found: Draft[]): void {
  const { cluster } = facts.placement.cluster;
  const { topic } = facts.assessment;
  if (cluster.goal.value === 'available-first') return;
  const spread = spreadOf(topic.placement, cluster);
  let [most, holding] = [0, 0];
  for (const { syncAtMost } of spread) {
    most = Math.max(most, syncAtMost);
    if (syncAtMost > 0) holding++;
  }
  if (topic.minIsr.value > most || holding < 2) return;
  const datacenters = spread.filter(({ syncAtMost }) => syncAtMost >= topic.minIsr.value).map((at) => at.datacenter);
  const worst = spread.find(({ syncAtMost }) => syncAtMost === most)?.datacenter ?? '';
  const span = rackSpan(facts.placement.declared, cluster, 'replicas', worst);
  found.push(
    topicDraft(facts, (of) => ({ code: 'min-isr-within-datacenter', of, datacenters, syncReplicas: most }), span),
  );
}

/** Sync replicas alone must be able to meet min ISR, or observers stay promoted for good, or nothing is ever accepted. */
function addAboveSyncReplicas(facts: TopicFacts, found: Draft[]): void {
  const { placement, minIsr } = facts.assessment.topic;
  const [syncReplicas, observers] = [replicaCount(placement.replicas), replicaCount(placement.observers)];
  if (minIsr.value <= syncReplicas) return;
  const promotes = observers > 0 && effectivePolicy(placement) === 'under-min-isr';
  // From 3.7 (Confluent Platform 7.7) min ISR is capped at the number of replicas, so that writes are accepted.
  const capped = minIsr.value > syncReplicas + observers && (promotes || observers === 0);
  const refused = capped ? isOlder(facts.placement.cluster.cluster.confluentPlatform?.value, '7.7') : !promotes;
  found.push(
    topicDraft(
      facts,
      (of) => ({ code: 'min-isr-above-sync-replicas', of, syncReplicas, observers, promotes }),
      listSpan(facts.placement.declared, 'replicas'),
      { atMost: refused ? undefined : 'warning' },
    ),
  );
}

/** min ISR equal to the sync replicas: any restart leaves the ISR under it. */
function addNoSlack(facts: TopicFacts, found: Draft[]): void {
  const { placement, minIsr } = facts.assessment.topic;
  const syncReplicas = replicaCount(placement.replicas);
  if (minIsr.value !== syncReplicas || syncReplicas < 2) return;
  const promotes = placement.observers.length > 0 && effectivePolicy(placement) !== 'leader-is-observer';
  found.push(
    topicDraft(
      facts,
      (of) => ({ code: 'min-isr-no-slack', of, syncReplicas, promotes }),
      listSpan(facts.placement.declared, 'replicas'),
      { atMost: promotes ? 'hint' : undefined },
    ),
  );
}

/** An ISR smaller than 1 has no leader, and only a leader promotes. */
function addOneNeverPromotes(facts: TopicFacts, found: Draft[]): void {
  const { placement, minIsr } = facts.assessment.topic;
  const observers = replicaCount(placement.observers);
  if (minIsr.value !== 1 || observers === 0 || effectivePolicy(placement) !== 'under-min-isr') return;
  found.push(
    topicDraft(
      facts,
      (of) => ({ code: 'min-isr-one-never-promotes', of, observers }),
      policySpan(facts.placement.declared),
    ),
  );
}

function addNotSet(facts: TopicFacts, found: Draft[]): void {
  if (facts.assessment.topic.minIsr.origin.kind === 'stated') return;
  if (facts.command === null) {
    // Nobody said which topic this is for: not yet a thing to answer for.
    const span = policySpan(facts.placement.declared);
    found.push(topicDraft(facts, (of) => ({ code: 'min-isr-not-set', of }), span, { atMost: 'hint' }));
    return;
  }
  for (const topic of [facts, ...facts.alike]) {
    if (topic.command === null) continue;
    const { uri, declared } = topic.command;
    const { span } = declared.name;
    const draft = topicDraft(together(topic, []), (of) => ({ code: 'min-isr-not-set', of }), span);
    found.push({ ...draft, place: at(uri, span), related: [] });
  }
}
