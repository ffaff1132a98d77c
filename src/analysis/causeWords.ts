import { effectivePolicy, replicaCount } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import type { Cause, PartitionSnapshot, TimelineStep, TimeRangeMs } from '../simulator/timeline';
import { duration, durationRange } from './durations';
import { and, count, subject, verb } from './lists';

/** What happened at one step and why, in Kafka's own terms. */
export function causeSentence({ cause, state }: TimelineStep, topic: Topic): string {
  switch (cause.kind) {
    case 'healthy':
      return healthySentence(state);
    case 'brokers-crashed':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'crashes', 'crash')}. ${meanwhile(state)}`;
    case 'power-lost':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'loses', 'lose')} power, and with it the last ${count(cause.lostRecords, 'record')} of ${verb(cause.brokers, 'its log', 'their logs')} not flushed yet. ${meanwhile(state)}`;
    case 'brokers-frozen':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'freezes', 'freeze')}: nothing is sent, nothing is forgotten. ${meanwhile(state)}`;
    case 'brokers-resumed':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'runs', 'run')} again.`;
    case 'replicas-slowed':
      return `${subject('Replica', cause.replicas)} ${verb(cause.replicas, 'fetches', 'fetch')} slower than records are written.`;
    case 'replicas-recovered':
      return `${subject('Replica', cause.replicas)} ${verb(cause.replicas, 'fetches', 'fetch')} at full speed again.`;
    case 'brokers-cut-off':
      return cause.controllers
        ? `Nobody hears ${subject('broker', cause.brokers)} any more, not even the controllers. ${meanwhile(state)}`
        : `No other broker hears ${subject('broker', cause.brokers)} any more; the controllers do. ${meanwhile(state)}`;
    case 'brokers-reconnected':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'is', 'are')} connected again.`;
    case 'brokers-stopped':
      return `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'is', 'are')} stopped cleanly: the controller moves leadership away and takes ${verb(cause.brokers, 'it', 'them')} out of the ISR first.`;
    case 'brokers-returned':
      return cause.withoutTail === true
        ? `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'returns without the end of its log', 'return without the end of their logs')}, which was not flushed.`
        : `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'returns', 'return')}.`;
    case 'datacenter-lost':
      return `Datacenter ${cause.datacenter} is lost: ${processes(cause)}. ${meanwhile(state)}`;
    case 'datacenter-returned':
      return `Datacenter ${cause.datacenter} returns.`;
    case 'controllers-lost':
      return `${subject('Controller', cause.controllers)} ${verb(cause.controllers, 'stops', 'stop')}.`;
    case 'controllers-returned':
      return `${subject('Controller', cause.controllers)} ${verb(cause.controllers, 'returns', 'return')}.`;
    case 'link-cut':
      return linkCutSentence(cause, state);
    case 'controller-link-cut':
      return `Controllers of ${and(cause.between)} no longer hear the other side; its brokers still hear each other.`;
    case 'link-healed':
      return `Datacenters ${and(cause.between)} hear each other again.`;
    case 'datacenter-isolated':
      return `Datacenter ${cause.datacenter} is cut off from all other datacenters. ${meanwhile(state)}`;
    case 'datacenter-rejoined':
      return `Datacenter ${cause.datacenter} is connected again.`;
    case 'controller-elected':
      return 'The controllers elect a new active controller, which starts every broker session anew.';
    case 'quorum-lost':
      return `Only ${cause.standing} controllers stand and ${cause.needed} are needed: no leader is elected, no ISR changes, no observer is promoted.`;
    case 'quorum-regained':
      return 'A majority of the controllers stands again.';
    case 'broker-fenced':
      return cause.stopped
        ? `Broker ${cause.broker} has shut down in order, and is fenced at once.`
        : `The controller fences broker ${cause.broker}: no heartbeat for broker.session.timeout.ms.`;
    case 'broker-unfenced':
      return `Broker ${cause.broker} sends heartbeats again: the controller unfences it.`;
    case 'leader-elected':
      return electionSentence(cause);
    case 'leader-lost':
      return `The controller fences the last members of the ISR: no leader is left${replicaCount(topic.placement.observers) > 0 ? ' to promote an observer' : ''}. Only ${and(state.isr.map(String))} may lead without an unclean election.`;
    case 'election-refused':
      return `The election is refused: ${cause.error}.`;
    case 'controlled-shutdown':
      return `Broker ${cause.broker} announces its shutdown: it gives up leadership and leaves the ISR first.`;
    case 'registration-refused':
      return `The controller refuses broker ${cause.broker}: the session of its old incarnation has not expired.`;
    case 'reassignment-started':
      return `A reassignment adds ${and(cause.adding.map(String)) || 'nobody'} and removes ${and(cause.removing.map(String)) || 'nobody'}.`;
    case 'reassignment-completed':
      return `The reassignment is complete: the replicas are ${cause.replicas.join(',')}.`;
    case 'isr-shrunk':
      return shrinkSentence(cause, state);
    case 'isr-expanded':
      return `Replica ${cause.added} is caught up and rejoins the ISR.`;
    case 'observer-promoted':
      return promotionSentence(cause, state, topic);
    case 'observer-demoted':
      return `The ISR no longer needs observer ${cause.observer}: it is demoted, with no election.`;
    case 'record-acknowledged':
      return `A produce with acks=all succeeds: ${and(cause.by.map(String))} hold the record.`;
    case 'caught-up':
      return `Replica ${cause.replica} fetches what it missed and is caught up.`;
    case 'alter-partition-rejected':
      return `The controller rejects the leader's change of the ISR: ${cause.error}.`;
    case 'truncated':
      return cause.lostAcknowledged
        ? `Replica ${cause.replica} truncates its log to the leader's: acknowledged records are lost.`
        : `Replica ${cause.replica} truncates its log to the leader's.`;
    case 'min-isr-set':
      return `min.insync.replicas is set to ${cause.minIsr}.`;
    case 'settled':
      return settledSentence(state, topic);
  }
}

function healthySentence(state: PartitionSnapshot): string {
  return state.produce === 'accepted'
    ? `All is well: ${leaderName(state)} leads, acks=all writes wait for the ISR ${isrList(state)}.`
    : `At first ${leaderName(state)} leads and the ISR is ${isrList(state)}. ${meanwhile(state)}`;
}

/** What producers meet until the partition has reacted. */
function meanwhile(state: PartitionSnapshot): string {
  const silent = state.isr.filter((id) => state.offline.includes(id));
  switch (state.produce) {
    case 'accepted':
      return 'acks=all writes go on.';
    case 'refused':
      return `acks=all writes are refused: the ISR is ${isrList(state)}.`;
    case 'waiting':
      return silent.length === 0
        ? 'Producers wait: not every member of the ISR hears the leader.'
        : `Producers wait: the ISR still names ${and(silent.map(String))}.`;
    case 'offline':
      return 'No leader is left.';
  }
}

function processes(cause: { readonly brokers: readonly number[]; readonly controllers: readonly number[] }): string {
  const combined = cause.controllers.filter((id) => cause.brokers.includes(id));
  const dedicated = cause.controllers.filter((id) => !combined.includes(id));
  const parts = [
    ...(cause.brokers.length > 0 ? [subject('broker', cause.brokers)] : []),
    ...(dedicated.length > 0 ? [subject('controller', dedicated)] : []),
  ];
  return `${and(parts)} ${verb([...cause.brokers, ...dedicated], 'stops', 'stop')}`;
}

function linkCutSentence(cause: Cause & { readonly kind: 'link-cut' }, state: PartitionSnapshot): string {
  const cut = `Brokers of ${and(cause.between)} no longer hear each other; all of them still hear the controllers.`;
  return state.produce === 'accepted'
    ? `${cut} acks=all writes go on.`
    : `${cut} Nobody is fenced, the ISR stays ${isrList(state)}, no observer is promoted: producers wait.`;
}

function electionSentence({ leader, election, removed = [] }: Cause & { readonly kind: 'leader-elected' }): string {
  switch (election) {
    case 'clean':
      if (removed.length > 0) {
        return `The controller fences ${and(removed.map(String))}, takes ${verb(removed, 'it', 'them')} out of the ISR and elects ${leader}, the first live member.`;
      }
      return `The controller elects ${leader}, the first live member of the ISR.`;
    case 'preferred':
      return `Preferred leader election gives leadership back to ${leader}, within leader.imbalance.check.interval.seconds.`;
    case 'unclean':
      return `Unclean election: ${leader} leads though it was not in the ISR. Acknowledged records it does not hold are lost.`;
    case 'last-known-leader':
      return `The last known leader ${leader} is elected, whatever its log holds.`;
  }
}

function shrinkSentence({ removed, by }: Cause & { readonly kind: 'isr-shrunk' }, state: PartitionSnapshot): string {
  const who = and(removed.map(String));
  const rest = `The ISR is ${isrList(state)}.`;
  return by === 'controller'
    ? `The controller fences ${who} and takes ${verb(removed, 'it', 'them')} out of the ISR. ${rest}`
    : `Leader ${leaderName(state)} drops ${who} from the ISR, silent for replica.lag.time.max.ms. ${rest}`;
}

function promotionSentence(
  { observer, isrSize, threshold }: Cause & { readonly kind: 'observer-promoted' },
  state: PartitionSnapshot,
  topic: Topic,
): string {
  const admits = `leader ${leaderName(state)} admits observer ${observer}, which is caught up.`;
  switch (effectivePolicy(topic.placement)) {
    case 'under-min-isr':
      return `The ISR (${isrSize}) is under min.insync.replicas (${threshold}): ${admits}`;
    case 'under-replicated':
      return `The ISR (${isrSize}) is smaller than the placement's sync replicas (${threshold}): ${admits}`;
    case 'leader-is-observer':
      return `An observer leads, so all observers may join: ${admits}`;
  }
}

function settledSentence(state: PartitionSnapshot, topic: Topic): string {
  const isr = `the ISR is ${isrList(state)}`;
  switch (state.produce) {
    case 'accepted':
      return `Settled: ${leaderName(state)} leads, ${isr}.`;
    case 'refused':
      return `Settled: ${isr}, under min.insync.replicas (${topic.minIsr.value}).`;
    case 'waiting':
      return `Settled: ${isr}, but not all of it answers.`;
    case 'offline':
      return 'Settled: no leader.';
  }
}

function leaderName({ leader }: PartitionSnapshot): string {
  return leader === null ? 'nobody' : String(leader);
}

function isrList({ isr }: PartitionSnapshot): string {
  return isr.length === 0 ? 'empty' : isr.join(',');
}

const shortWords: Readonly<Record<Cause['kind'], string>> = {
  healthy: 'healthy',
  'brokers-crashed': 'crashed',
  'power-lost': 'power lost',
  'brokers-frozen': 'frozen',
  'brokers-resumed': 'resumed',
  'replicas-slowed': 'slow',
  'replicas-recovered': 'recovered',
  'brokers-cut-off': 'cut off',
  'brokers-reconnected': 'connected',
  'brokers-stopped': 'stopped',
  'brokers-returned': 'returned',
  'datacenter-lost': 'lost',
  'datacenter-returned': 'returns',
  'controllers-lost': 'controllers lost',
  'controllers-returned': 'controllers return',
  'link-cut': 'cut',
  'controller-link-cut': 'controllers cut',
  'link-healed': 'healed',
  'datacenter-isolated': 'cut off',
  'datacenter-rejoined': 'connected',
  'controller-elected': 'new controller',
  'quorum-lost': 'no quorum',
  'quorum-regained': 'quorum',
  'broker-fenced': 'fenced',
  'broker-unfenced': 'unfenced',
  'leader-elected': 'leader elected',
  'leader-lost': 'leader lost',
  'election-refused': 'refused',
  'controlled-shutdown': 'shutting down',
  'registration-refused': 'refused',
  'reassignment-started': 'reassigning',
  'reassignment-completed': 'reassigned',
  'isr-shrunk': 'ISR shrunk',
  'isr-expanded': 'rejoined',
  'observer-promoted': 'promoted',
  'observer-demoted': 'demoted',
  'record-acknowledged': 'record acknowledged',
  'caught-up': 'caught up',
  'alter-partition-rejected': 'rejected',
  truncated: 'truncated',
  'min-isr-set': 'min ISR set',
  settled: 'settled',
};

/** A word or two for a time axis; a datacenter goes by its name. */
export function causeShort(cause: Cause): string {
  if (cause.kind === 'datacenter-lost' || cause.kind === 'datacenter-returned') {
    return `${cause.datacenter} ${shortWords[cause.kind]}`;
  }
  return cause.kind === 'leader-elected' && cause.election === 'preferred'
    ? 'preferred leader'
    : shortWords[cause.kind];
}

/** The same in a sentence that has no lanes beside it, so that it says who: `west lost`, `broker 201 fenced`. */
export function causeTold(cause: Cause): string {
  switch (cause.kind) {
    case 'brokers-crashed':
    case 'brokers-stopped':
    case 'brokers-returned':
    case 'brokers-frozen':
      return `${subject('broker', cause.brokers)} ${shortWords[cause.kind]}`;
    case 'broker-fenced':
    case 'broker-unfenced':
      return `broker ${cause.broker} ${shortWords[cause.kind]}`;
    case 'leader-elected':
      return `${cause.leader} elected${cause.election === 'unclean' ? ' uncleanly' : ''}`;
    case 'isr-shrunk':
      return `${and(cause.removed.map(String))} out of the ISR`;
    case 'isr-expanded':
      return `${cause.added} back in the ISR`;
    case 'caught-up':
      return `${cause.replica} caught up`;
    case 'observer-promoted':
    case 'observer-demoted':
      return `observer ${cause.observer} ${shortWords[cause.kind]}`;
    case 'record-acknowledged':
      return `a write acknowledged by ${and(cause.by.map(String))}`;
    case 'controllers-lost':
    case 'controllers-returned':
      return `${subject('controller', cause.controllers)} ${cause.kind === 'controllers-lost' ? 'lost' : 'returned'}`;
    case 'datacenter-isolated':
      return `${cause.datacenter} cut off`;
    case 'link-cut':
      return `link between ${and(cause.between)} cut`;
    default:
      return causeShort(cause);
  }
}

/**
 * When a step happens, as a label: `0 s`, `7–10.1 s`; `+7–10.1 s` where it counts from the last fault; empty where only the
 * order is known.
 */
export function stepTime({ at, sinceFault }: TimelineStep): string {
  if (at !== null) return timeLabel(at);
  if (sinceFault === undefined) return '';
  const { best, worst } = sinceFault;
  return best === 0 && worst > 0 ? `+0–${duration(worst)}` : `+${timeLabel(sinceFault)}`;
}

function timeLabel(at: TimeRangeMs): string {
  return at.worst === 0 ? '0 s' : durationRange(at);
}
