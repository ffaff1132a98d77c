import { durationRange } from '../analysis/durations';
import { limitWords } from '../analysis/limitWords';
import { and, capital, or } from '../analysis/lists';
import type { DatacenterLoss, MinIsrFacts, QuorumFacts, StopReason, SurvivalFacts } from './finding';
import { groupBy } from './grouping';
import { count, topics } from './phrases';

// Called by the one switch in `messages.ts`.

/** The words of family `min-isr`. */
export function minIsrMessage(facts: MinIsrFacts): string {
  const of = topics(facts.of.topics);
  switch (facts.code) {
    case 'min-isr-within-datacenter': {
      const where = facts.datacenters.length === 1 ? or(facts.datacenters) : `each of ${and(facts.datacenters)}`;
      return `Losing ${or(facts.datacenters)} may lose acknowledged writes of ${of} if others are out of sync by then: with min.insync.replicas ${facts.of.minIsr}, all in-sync copies of a write may be there. There can be ${count(facts.syncReplicas, 'sync replica')} in ${where}; only a min ISR of ${facts.syncReplicas + 1} or more always spans two datacenters.`;
    }
    case 'min-isr-above-sync-replicas':
      return aboveSyncReplicas(facts, of);
    case 'min-isr-no-slack':
      return facts.promotes
        ? `The restart of any one broker of ${of} needs an observer promoted before acks=all writes go on. All ${count(facts.syncReplicas, 'sync replica')} are needed for min.insync.replicas ${facts.of.minIsr}.`
        : `The restart of any one broker stops acks=all writes of ${of}. All ${count(facts.syncReplicas, 'sync replica')} are needed for min.insync.replicas ${facts.of.minIsr}, and nothing takes the place of a missing one.`;
    case 'min-isr-one-never-promotes':
      return `No observer of ${of} will ever be promoted. The policy "under-min-isr" promotes when fewer than min.insync.replicas = 1 replicas are in sync, and then no leader is left to promote; min ISR must be 2 or more.`;
    case 'min-isr-not-set':
      return `min.insync.replicas of ${of} is not known from any file; all that is said here assumes ${facts.of.minIsr}. It decides what acks=all guarantees, and when observers are promoted.`;
  }
}

function aboveSyncReplicas(facts: MinIsrFacts & { readonly code: 'min-isr-above-sync-replicas' }, of: string): string {
  const have = `${facts.syncReplicas === 1 ? 'there is' : 'there are'} ${count(facts.syncReplicas, 'sync replica')}`;
  if (facts.of.minIsr > facts.syncReplicas + facts.observers && (facts.promotes || facts.observers === 0)) {
    return `Brokers before Confluent Platform 7.7 refuse every acks=all write to ${of}, and later ones silently take min.insync.replicas as ${facts.syncReplicas + facts.observers}. It is ${facts.of.minIsr}, and there are only ${count(facts.syncReplicas + facts.observers, 'replica')}.`;
  }
  if (facts.promotes) {
    return `Observers of ${of} stay promoted for good, so they are not asynchronous any more. min.insync.replicas is ${facts.of.minIsr} and ${have}.`;
  }
  return `No acks=all write to ${of} will ever be accepted: min.insync.replicas is ${facts.of.minIsr} and ${have}. The observers don't count, because nothing promotes them.`;
}

/** The words of family `survival`. */
export function survivalMessage(facts: SurvivalFacts): string {
  const of = topics(facts.of.topics);
  switch (facts.code) {
    case 'datacenter-loss-stops-writes':
      return `${stopSentences(facts.losses, of)}${oneWay(facts.survived)}`;
    case 'datacenter-loss-offline':
      return `Losing ${or(facts.datacenters)} takes ${of} offline: ${offlineWhy(facts)}${oneWay(facts.survived)}`;
    case 'observers-with-replicas':
      return `Losing ${facts.datacenter} loses the ${count(facts.observers, 'observer')} of ${of} together with the replicas they stand in for. All sync replicas and all observers are in that datacenter.`;
    case 'observers-all-used':
      return `${oneMoreStops(facts, of)} ${facts.promoted === 1 ? 'The one observer is' : `All ${facts.promoted} observers are`} promoted by then, and the ISR is at min.insync.replicas ${facts.of.minIsr}.`;
    case 'simulation-limited':
      return `What is said of ${of} may not be the worst: ${and(facts.limits.map(limitWords))}. Beyond a bound nothing is looked at, so that the editor never waits.`;
    case 'survival-goal-broken':
      return facts.goal === 'durable-first'
        ? `${capital(of)} may lose acknowledged writes with the loss of ${or(facts.datacenters)}. The cluster file's goal is durable-first: no acknowledged write is lost with any one datacenter.`
        : `${capital(of)} stops taking acks=all writes with the loss of ${or(facts.datacenters)}. The cluster file's goal is available-first: writes go on without any one datacenter.`;
  }
}

function oneMoreStops(
  { datacenters, blockedMs }: SurvivalFacts & { readonly code: 'observers-all-used' },
  of: string,
): string {
  const loss = `the loss of ${or(datacenters)}`;
  return blockedMs === null
    ? `After ${loss}, one more broker stops acks=all writes of ${of}.`
    : `After ${loss}, acks=all writes of ${of} come back within ${durationRange(blockedMs)}, and one more broker stops them.`;
}

/** One sentence what stops, for losses of the same fate together; one more why. */
function stopSentences(losses: readonly DatacenterLoss[], of: string): string {
  const fates = groupBy(losses, (loss) => `${loss.isr} ${loss.minIsr} ${loss.promoted} ${loss.reason}`);
  return [...fates.values()]
    .map((same) => {
      const [first] = same;
      if (first === undefined) return '';
      const lost = or(same.map((loss) => loss.datacenter));
      if (first.reason === 'quorum-lost') {
        return `Losing ${lost} stops acks=all writes to ${of}: the controllers lose their majority with it. ${why(first)}`;
      }
      return `Losing ${lost} stops acks=all writes to ${of}: ${stayInSync(first.isr)} and min.insync.replicas is ${first.minIsr}. ${why(first)}`;
    })
    .join(' ');
}

function stayInSync(isr: number): string {
  return isr === 1 ? '1 replica stays in sync' : `${isr} replicas stay in sync`;
}

function why(loss: DatacenterLoss): string {
  const reasons: Record<StopReason, string> = {
    'quorum-lost': 'Without a majority nobody elects a leader, shrinks the ISR or promotes an observer.',
    'no-observers': 'No observer outside it could take the place of what is lost.',
    'version-1': "Its observers outside it can't help, because version 1 never promotes them by itself.",
    'leader-is-observer':
      'Its observers outside it can\'t help, because "leader-is-observer" waits for an unclean election.',
    'too-few-observers': `${loss.promoted === 0 ? 'No observer' : `Only ${count(loss.promoted, 'observer')}`} could be promoted in its place.`,
  };
  return reasons[loss.reason];
}

function offlineWhy(facts: SurvivalFacts & { readonly code: 'datacenter-loss-offline' }): string {
  switch (facts.reason) {
    case 'all-sync-replicas': {
      const observers =
        facts.observersLeft === 0
          ? 'Nothing of it is left elsewhere.'
          : `No leader is left to promote ${facts.observersLeft === 1 ? 'the observer' : `one of the ${facts.observersLeft} observers`} elsewhere; only an unclean election brings the topic back, and it may lose acknowledged writes.`;
      return `all ${count(facts.syncReplicas, 'sync replica')} are there. ${observers}`;
    }
    case 'quorum-lost':
      return 'the controllers lose their majority with it. Without a majority no new leader is elected.';
    case 'last-in-sync':
      return 'the last replicas in sync may be there. Whoever was not in sync is not elected without an unclean election.';
  }
}

function oneWay(survived: readonly string[]): string {
  return survived.length === 0 ? '' : ` Losing ${or(survived)} is survived, so failover works one way only.`;
}

/** The words of family `quorum`. */
export function quorumMessage(facts: QuorumFacts): string {
  const total = facts.voters.reduce((sum, at) => sum + at.voters, 0);
  const layout = facts.voters.map((at) => `${at.voters} in ${at.datacenter}`).join(', ');
  switch (facts.code) {
    case 'quorum-lost-with-datacenter':
      return `Losing ${or(facts.datacenters)} breaks the controller quorum: ${facts.majority} of ${total} voters must stand (${layout}). Without it no leader is elected and no observer is promoted anywhere, until a person restores it.`;
    case 'quorum-even':
      return `${total} voters survive the loss of ${total - facts.majority}, no more than ${total - 1} would (${layout}). A majority of ${total} is ${facts.majority}; an odd number in three datacenters survives any one of them.`;
  }
}
