import { and } from '../analysis/lists';
import type { DriftFacts, ReplicaDifference } from './finding';
import { count, quoted } from './phrases';

/** What is said of topics as `kafka-topics --describe` shows them. */
export function driftMessage(facts: DriftFacts): string {
  const where = `${partitions(facts)} of topic ${facts.topic}`;
  const many = facts.partitions.length > 1;
  switch (facts.code) {
    case 'described-offline':
      return `${where} ${many ? 'are' : 'is'} offline: no leader. Nothing is written or read there until a replica of the ISR, or of the eligible leader replicas (ELR), returns.`;
    case 'described-under-min-isr':
      return `acks=all writes to ${lower(where)} are refused: ${facts.isr} in sync of min.insync.replicas ${facts.minIsr}. ${many ? 'They have' : 'It has'} a leader, and still no write is acknowledged.`;
    case 'described-out-of-sync':
      return `${where} ${many ? 'have' : 'has'} fewer copies than the placement counts on: ${count(facts.replicas.length, 'sync replica')} (${facts.replicas.join(', ')}) ${facts.replicas.length === 1 ? 'is' : 'are'} out of the ISR. Until ${facts.replicas.length === 1 ? 'it is' : 'they are'} back, a failure costs more than is said of the healthy topic.`;
    case 'described-observers-offline':
      return `${observers(facts.observers)} of ${lower(where)} ${facts.observers.length === 1 ? 'is' : 'are'} offline and can't be promoted in place of a sync replica. Until ${facts.observers.length === 1 ? 'it is' : 'they are'} back, a failure costs more than is said of the healthy topic.`;
    case 'described-observer-promoted':
      return facts.syncMissing > 0
        ? `${observers(facts.observers)} ${facts.observers.length === 1 ? 'stands' : 'stand'} in for ${count(facts.syncMissing, 'sync replica')} of ${lower(where)}. Automatic promotion did its work; one failure is used up.`
        : `${observers(facts.observers)} of ${lower(where)} ${facts.observers.length === 1 ? 'is' : 'are'} in the ISR though all sync replicas are back. acks=all writes wait for ${facts.observers.length === 1 ? 'it; it' : 'them; they'} should be demoted within half of replica.lag.time.max.ms.`;
    case 'described-not-preferred':
      return `${where} ${many ? 'are' : 'is'} not led by the preferred leader: ${facts.leader} leads, ${facts.preferred} is in sync. The controller moves leadership back every leader.imbalance.check.interval.seconds, or kafka-leader-election does now.`;
    case 'assignment-differs':
      return `${where} ${many ? 'do' : 'does'} not follow the placement: ${and(facts.differences.map(difference))}. A changed placement moves no replica; confluent-rebalancer or Self-Balancing has to reassign them, and what is said of the placement holds only then.`;
    case 'preferred-leaders-together':
      return `All ${facts.of} preferred leaders of topic ${facts.topic} are in ${facts.datacenter}. Its loss moves every leader at once, and until then the other datacenters serve no writes.`;
  }
}

const namedPartitions = 5;

/** `Partition 3`, `Partitions 0 and 2 of 6`, `All 6 partitions`, `Partitions 0, 1, 2, 3, 4 and 7 more of 20`. */
function partitions({ partitions: hit, of }: DriftFacts): string {
  if (hit.length === of && of > 1) return `All ${of} partitions`;
  if (hit.length === 1) return `Partition ${hit.join('')}`;
  if (hit.length <= namedPartitions) return `Partitions ${and(hit.map(String))} of ${of}`;
  return `Partitions ${hit.slice(0, namedPartitions).join(', ')} and ${hit.length - namedPartitions} more of ${of}`;
}

function difference({ list, rack, found, expected }: ReplicaDifference): string {
  const what = list === 'replicas' ? 'sync replica' : 'observer';
  return `${count(found, what)}${rack === null ? '' : ` in ${quoted(rack)}`} instead of ${expected}`;
}

/** `Observer 3`, `Observers 3 and 6`. */
function observers(ids: readonly number[]): string {
  return `Observer${ids.length === 1 ? '' : 's'} ${and(ids.map(String))}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
