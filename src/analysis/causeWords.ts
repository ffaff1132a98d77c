import { effectivePolicy, replicaCount } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import type { Cause, PartitionSnapshot, TimelineStep, TimeRangeMs, WithoutEffect } from '../simulator/timeline';
import { duration, durationRange } from './durations';
import { and, capital, count, subject, verb } from './lists';

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
      return state.quorum
        ? `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'is', 'are')} stopped cleanly: the controller moves leadership away and takes ${verb(cause.brokers, 'it', 'them')} out of the ISR first.`
        : `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'is', 'are')} asked to stop in order, but no controller takes leadership over: ${verb(cause.brokers, 'it waits', 'they wait')} for one.`;
    case 'brokers-returned':
      return cause.withoutTail === true
        ? `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'returns without the end of its log', 'return without the end of their logs')}, which was not flushed.`
        : `${subject('Broker', cause.brokers)} ${verb(cause.brokers, 'returns', 'return')}.`;
    case 'datacenter-lost':
      return `Datacenter ${cause.datacenter} is lost: ${processes(cause)}${tailWords(cause)}. ${meanwhile(state)}`;
    case 'datacenter-returned':
      return `Datacenter ${cause.datacenter} returns.`;
    case 'controllers-lost':
      return `${subject('Controller', cause.controllers)} ${verb(cause.controllers, 'stops', 'stop')}.`;
    case 'controllers-returned':
      return `${subject('Controller', cause.controllers)} ${verb(cause.controllers, 'returns', 'return')}.`;
    case 'link-cut':
      return linkCutSentence(cause, state);
    case 'controller-link-cut':
      return `Controllers of ${and(cause.between)} no longer hear the other side, neither its brokers nor its controllers; brokers still hear each other.`;
    case 'link-healed':
      return `Datacenters ${and(cause.between)} hear each other again.`;
    case 'datacenter-isolated':
      return `Datacenter ${cause.datacenter} is cut off from all other datacenters. ${meanwhile(state)}`;
    case 'datacenter-rejoined':
      return `Datacenter ${cause.datacenter} is connected again.`;
    case 'controller-elected':
      return 'The controllers elect a new active controller, which starts every broker session anew.';
    case 'quorum-lost':
      return `${standingWords(cause)}: no leader is elected, no ISR changes, no observer is promoted.`;
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
      return leaderLostSentence(state, topic);
    case 'election-refused':
      return `The election is refused: ${cause.error}.`;
    case 'controlled-shutdown':
      return `Broker ${cause.broker} announces its shutdown: it gives up leadership and leaves the ISR first.`;
    case 'command-unanswered':
      return `No active controller takes the command to ${commandWords[cause.command]}: it times out, and nothing changes.`;
    case 'without-effect':
      return `${withoutEffectWords(cause)}: nothing changes.`;
    case 'shutdown-given-up':
      return `Broker ${cause.broker} gives up waiting for a controller to take its leadership over, and ends; its log is whole.`;
    case 'broker-registered':
      return cause.clean
        ? `Broker ${cause.broker} registers anew, fenced until its next heartbeat; it had stopped in order.`
        : `Broker ${cause.broker} registers anew, fenced until its next heartbeat; it had not stopped in order.`;
    case 'elr-shrunk':
      return `The eligible leader replicas are without ${and(cause.removed.map(String))} now, which did not stop in order and may lack the end of ${verb(cause.removed, 'its log', 'their logs')}.`;
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
      return state.lastKnownElr === undefined
        ? `min.insync.replicas is set to ${cause.minIsr}.`
        : `min.insync.replicas is set to ${cause.minIsr}, which clears the eligible leader replicas.`;
    case 'unclean-election-set':
      return cause.enabled
        ? 'unclean.leader.election.enable is set to true. That elects nobody: the next fencing or unfencing may, and the periodic task.'
        : 'unclean.leader.election.enable is set to false: a replica outside the ISR no longer becomes leader by itself.';
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
  if (cause.controllers) {
    return `Datacenters ${and(cause.between)} no longer hear each other, neither brokers nor controllers. ${meanwhile(state)}`;
  }
  const cut = `Brokers of ${and(cause.between)} no longer hear each other; all of them still hear the controllers.`;
  return state.produce === 'accepted'
    ? `${cut} acks=all writes go on.`
    : `${cut} So nobody is fenced, and producers wait: not every member of the ISR hears the leader.`;
}

/** Whom an election without loss could choose: the ISR, or with eligible leader replicas on those, once the ISR is empty. */
function leaderLostSentence({ isr, elr, lastKnownElr = [] }: PartitionSnapshot, topic: Topic): string {
  const promotes = replicaCount(topic.placement.observers) > 0 ? ', so nobody promotes an observer' : '';
  const lost = `No live member of the ISR is left: the partition has no leader${promotes}.`;
  if (isr.length > 0) return `${lost} Only ${and(isr.map(String))} may lead without an unclean election.`;
  if (elr.length > 0)
    return `${lost} Only ${and(elr.map(String))} may lead cleanly, as eligible leader ${elr.length === 1 ? 'replica' : 'replicas'}.`;
  return `${lost} Only the last known leader ${and(lastKnownElr.map(String))} is elected by itself, whatever its log holds.`;
}

function standingWords({ standing, needed }: Cause & { readonly kind: 'quorum-lost' }): string {
  const stand = standing === 1 ? '1 controller stands' : `${standing} controllers stand`;
  // Enough may stand, but on two sides of a cut.
  return standing >= needed
    ? `${capital(stand)}, but no ${needed} of them hear each other`
    : `Only ${stand} and ${needed} are needed`;
}

function tailWords({ brokers, lostRecords = 0 }: Cause & { readonly kind: 'datacenter-lost' }): string {
  if (lostRecords === 0) return '';
  return `, and the last ${count(lostRecords, 'record')} of ${verb(brokers, 'its log', 'their logs')} not flushed yet ${lostRecords === 1 ? 'is' : 'are'} gone`;
}

const commandWords = {
  election: 'elect a leader',
  'min-isr': 'set min.insync.replicas',
  'unclean-election': 'set unclean.leader.election.enable',
  reassignment: 'reassign the replicas',
} as const;

function withoutEffectWords(cause: WithoutEffect): string {
  if (cause.why === 'set') return `min.insync.replicas is ${cause.minIsr} already`;
  if (cause.why === 'set-unclean') return `unclean.leader.election.enable is ${cause.enabled} already`;
  if (cause.why === 'assigned') return `The replicas are ${cause.replicas.join(',')} already`;
  const words = whyWords[cause.why];
  if ('datacenters' in cause) {
    const [here = '', there] = cause.datacenters;
    if (there !== undefined) return `Datacenters ${here} and ${there} hear each other`;
    return cause.why === 'connected' ? `Datacenter ${here} is not cut off` : `All of ${here} is ${words}`;
  }
  const [name, nodes] =
    'brokers' in cause ? (['Broker', cause.brokers] as const) : (['Controller', cause.controllers] as const);
  return `${subject(name, nodes)} ${verb(nodes, 'is', 'are')} ${words}`;
}

const whyWords = {
  down: 'down already',
  running: 'running already',
  frozen: 'frozen already',
  'not-frozen': 'not frozen',
  slow: 'slow already',
  'not-slow': 'not slow',
  connected: 'not cut off',
} as const;

function electionSentence({
  leader,
  election,
  removed = [],
  commanded,
}: Cause & { readonly kind: 'leader-elected' }): string {
  const byCommand = commanded ? ', as commanded' : '';
  switch (election) {
    case 'clean':
      if (removed.length > 0) {
        return `The controller fences ${and(removed.map(String))}, takes ${verb(removed, 'it', 'them')} out of the ISR and elects ${leader}, the first live member.`;
      }
      return `The controller elects ${leader}, the first live member of the ISR.`;
    case 'preferred':
      if (commanded) return `Preferred leader election gives leadership back to ${leader}${byCommand}.`;
      return `Preferred leader election gives leadership back to ${leader}, within leader.imbalance.check.interval.seconds.`;
    case 'unclean':
      return `Unclean election${byCommand}: ${leader} leads though it was not in the ISR. Acknowledged records it does not hold are lost.`;
    case 'last-known-leader':
      return `The last known leader ${leader} is elected, whatever its log holds.`;
  }
}

function shrinkSentence(
  { removed, by, fenced }: Cause & { readonly kind: 'isr-shrunk' },
  state: PartitionSnapshot,
): string {
  const who = and(removed.map(String));
  const rest = `The ISR is ${isrList(state)}.`;
  if (by === 'leader') {
    return `Leader ${leaderName(state)} drops ${who} from the ISR, not caught up for replica.lag.time.max.ms. ${rest}`;
  }
  return fenced
    ? `The controller fences ${who} and takes ${verb(removed, 'it', 'them')} out of the ISR. ${rest}`
    : `The controller takes ${who} out of the ISR. ${rest}`;
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
