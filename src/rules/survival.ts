import type { SingleLoss } from '../analysis/assessment';
import type { Cluster } from '../kafka/cluster';
import { effectivePolicy, replicaCount } from '../kafka/placement';
import { at, type TopicFacts } from './facts';
import type { DatacenterLoss, Draft, StopReason } from './finding';
import { datacentersWithBrokers, listSpan, policySpan, rackSpan, spreadOf } from './spread';
import { topicDraft } from './topicDraft';

/**
 * Family `survival`: what the simulator says of the loss of each datacenter. No verdict is computed here, only named:
 * which loss, what is left, and why it does not come back by itself. Silent in a cluster of one datacenter, whose loss
 * nothing can survive.
 */
export function addSurvival(facts: TopicFacts, found: Draft[]): void {
  const { cluster } = facts.placement.cluster;
  addSimulationLimited(facts, found);
  // A topic that does not take writes while all is well has a worse finding already (min-isr-above-sync-replicas).
  if (datacentersWithBrokers(cluster).length < 2 || facts.assessment.headroom === null) return;
  const { losses } = facts.assessment;
  addStopsWrites(facts, losses, found);
  addOffline(facts, losses, found);
  addObserversWithReplicas(facts, found);
  addObserversAllUsed(facts, losses, found);
}

/** Half an answer must not pass for a whole one. */
function addSimulationLimited(facts: TopicFacts, found: Draft[]): void {
  const { limits } = facts.assessment;
  if (limits.length === 0) return;
  const { start } = facts.placement.declared.span;
  const span = { start, end: start + 1 };
  const code = 'simulation-limited';
  found.push(topicDraft(facts, (of) => ({ code, of, limits }), span, { whateverMinIsr: true }));
}

function survivedOf(losses: readonly SingleLoss[], cluster: Cluster): readonly string[] {
  const populated = datacentersWithBrokers(cluster);
  return losses
    .filter(({ datacenter, outcome }) => populated.includes(datacenter) && isSurvived(outcome))
    .map(({ datacenter }) => datacenter);
}

function isSurvived({ writes }: SingleLoss['outcome']): boolean {
  return writes === 'continue' || writes === 'pause';
}

/** A leader is left, but the ISR stays under min ISR until something returns or somebody acts. */
function addStopsWrites(facts: TopicFacts, losses: readonly SingleLoss[], found: Draft[]): void {
  const { cluster } = facts.placement.cluster;
  const stopped = losses
    .filter(({ outcome }) => outcome.writes === 'stop')
    .map(
      ({ datacenter, outcome }): DatacenterLoss => ({
        datacenter,
        isr: outcome.isr,
        minIsr: outcome.minIsr,
        promoted: outcome.promoted,
        reason: stopReason(facts, datacenter, outcome),
      }),
    );
  const [first] = stopped;
  if (first === undefined) return;
  const survived = survivedOf(losses, cluster).filter((name) => holdsSyncReplicas(facts, name));
  found.push(
    topicDraft(
      facts,
      (of) => ({ code: 'datacenter-loss-stops-writes', of, losses: stopped, survived }),
      stopSpan(facts, first.reason),
    ),
  );
}

function stopReason(facts: TopicFacts, lost: string, { person }: SingleLoss['outcome']): StopReason {
  const { placement } = facts.assessment.topic;
  if (person === 'restore-quorum') return 'quorum-lost';
  if (observersOutside(facts, lost) === 0) return 'no-observers';
  if (placement.version === 1) return 'version-1';
  return effectivePolicy(placement) === 'leader-is-observer' ? 'leader-is-observer' : 'too-few-observers';
}

function stopSpan({ placement }: TopicFacts, reason: StopReason): { readonly start: number; readonly end: number } {
  switch (reason) {
    case 'version-1':
    case 'leader-is-observer':
      return policySpan(placement.declared);
    case 'too-few-observers':
      return listSpan(placement.declared, 'observers');
    case 'no-observers':
    case 'quorum-lost':
      return listSpan(placement.declared, 'replicas');
  }
}

/** No leader is left. With all sync replicas gone at once nobody is left to promote an observer. */
function addOffline(facts: TopicFacts, losses: readonly SingleLoss[], found: Draft[]): void {
  const { cluster } = facts.placement.cluster;
  const lost = losses.filter(({ outcome }) => outcome.writes === 'offline');
  const [first] = lost;
  if (first === undefined) return;
  const syncReplicas = replicaCount(facts.assessment.topic.placement.replicas);
  const datacenters = lost.map(({ datacenter }) => datacenter);
  const holdsAll = spreadOf(facts.assessment.topic.placement, cluster).some(
    (spread) => datacenters.includes(spread.datacenter) && spread.syncAtMost === syncReplicas,
  );
  const quorumLost = lost.some(({ outcome }) => outcome.person === 'restore-quorum');
  const reason = holdsAll ? 'all-sync-replicas' : quorumLost ? 'quorum-lost' : 'last-in-sync';
  found.push(
    topicDraft(
      facts,
      (of) => ({
        code: 'datacenter-loss-offline',
        of,
        datacenters,
        syncReplicas,
        reason,
        observersLeft: observersOutside(facts, first.datacenter),
        survived: survivedOf(losses, cluster).filter((name) => holdsSyncReplicas(facts, name)),
      }),
      rackSpan(facts.placement.declared, cluster, 'replicas', first.datacenter),
      { whateverMinIsr: reason !== 'last-in-sync' },
    ),
  );
}

/** Observers that are lost with everything they could stand in for. */
function addObserversWithReplicas(facts: TopicFacts, found: Draft[]): void {
  const { placement } = facts.assessment.topic;
  const { cluster } = facts.placement.cluster;
  const [syncReplicas, observers] = [replicaCount(placement.replicas), replicaCount(placement.observers)];
  const home = spreadOf(placement, cluster).find(
    (spread) => spread.observers === observers && spread.syncAtMost === syncReplicas,
  );
  if (observers === 0 || home === undefined || placement.replicas.some(({ rack }) => rack === null)) return;
  const { datacenter } = home;
  const span = listSpan(facts.placement.declared, 'observers');
  const code = 'observers-with-replicas';
  found.push(topicDraft(facts, (of) => ({ code, of, datacenter, observers }), span, { whateverMinIsr: true }));
}

/** Promotion stops at min ISR, so a spare observer is what the next broker's loss needs. */
function addObserversAllUsed(facts: TopicFacts, losses: readonly SingleLoss[], found: Draft[]): void {
  const used = losses.filter(
    ({ datacenter, outcome }) =>
      isSurvived(outcome) &&
      outcome.headroom === 0 &&
      outcome.promoted > 0 &&
      outcome.promoted === observersOutside(facts, datacenter),
  );
  const [first] = used;
  if (first === undefined) return;
  const same = used.filter(({ outcome }) => outcome.promoted === first.outcome.promoted);
  const datacenters = same.map(({ datacenter }) => datacenter);
  const span = listSpan(facts.placement.declared, 'observers');
  const { promoted, blockedMs } = first.outcome;
  const code = 'observers-all-used';
  found.push(topicDraft(facts, (of) => ({ code, of, datacenters, promoted, blockedMs }), span));
}

/** The goal that a cluster file states, against every topic: one finding where the goal stands. */
export function checkGoal(cluster: Cluster, topics: readonly TopicFacts[]): readonly Draft[] {
  const { origin, value: goal } = cluster.goal;
  if (origin.kind !== 'stated' || datacentersWithBrokers(cluster).length < 2) return [];
  const broken = topics.flatMap((facts) => {
    const datacenters = facts.assessment.losses
      .filter(({ outcome }) => (goal === 'durable-first' ? outcome.acknowledgedData !== 'kept' : !isSurvived(outcome)))
      .map(({ datacenter }) => datacenter);
    return datacenters.length === 0 ? [] : [{ facts, topic: facts.assessment.topic, datacenters }];
  });
  const [first] = broken;
  if (first === undefined) return [];
  return [
    {
      facts: {
        code: 'survival-goal-broken',
        of: {
          topics: broken.flatMap(({ facts }) => facts.names),
          minIsr: first.topic.minIsr.value,
          minIsrAssumed: false,
        },
        goal,
        datacenters: [...new Set(broken.flatMap(({ datacenters }) => datacenters))],
      },
      place: origin.place,
      related: broken.slice(0, brokenTopicsShown).map(({ facts, topic, datacenters }) => ({
        role: 'broken-topic',
        topic: topic.name.value,
        datacenters,
        place: at(facts.placement.uri, listSpan(facts.placement.declared, 'replicas')),
      })),
    },
  ];
}

const brokenTopicsShown = 10;

/** Observers that certainly live outside a datacenter. */
function observersOutside(facts: TopicFacts, lost: string): number {
  const spread = spreadOf(facts.assessment.topic.placement, facts.placement.cluster.cluster);
  return spread.filter(({ datacenter }) => datacenter !== lost).reduce((sum, { observers }) => sum + observers, 0);
}

function holdsSyncReplicas(facts: TopicFacts, name: string): boolean {
  const spread = spreadOf(facts.assessment.topic.placement, facts.placement.cluster.cluster);
  return spread.some(({ datacenter, syncAtMost }) => datacenter === name && syncAtMost > 0);
}
