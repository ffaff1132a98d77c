import type { Location } from '../../src/simulator/cluster/network';
import { except } from '../../src/simulator/cluster/partition';
import type { PartitionSnapshot } from '../../src/simulator/timeline';
import { sameMembers } from './checks';
import type { Fields } from './json';

/** A cluster as the scenarios describe it. */
export interface KnownCluster {
  readonly brokers: readonly Location[];
  readonly controllers: readonly Location[] | null;
  /** Observers that the description of the cluster names, where no topic does. */
  readonly observers: readonly number[];
}

/** A state that some `kafka-topics --describe` printed. */
export interface PrintedState {
  readonly fields: Fields;
  readonly leader: number | null | undefined;
  readonly replicas: readonly number[];
  readonly isAssignmentStated: boolean;
  readonly isr: readonly number[];
  readonly offline: readonly number[] | undefined;
  readonly observers: readonly number[];
}

/** The assignment as far as the scenario states it beside the printed states. */
export interface StatedAssignment {
  readonly replicas: readonly number[] | undefined;
  readonly observers: readonly number[] | undefined;
}

/** The states that a step prints, one for each partition. */
export function readPrinted(step: Fields, cluster: KnownCluster | undefined, stated: StatedAssignment): PrintedState[] {
  if (step.has('printedPartitions'))
    return step.objects('printedPartitions').map((state) => readState(state, cluster, stated));
  return step.has('printed') ? [readState(step.child('printed'), cluster, stated)] : [];
}

/** An assignment that is printed nowhere is every broker of the cluster, the observers last. */
function readState(fields: Fields, cluster: KnownCluster | undefined, stated: StatedAssignment): PrintedState {
  const observers = fields.numbersOr('observers', stated.observers ?? cluster?.observers ?? []);
  const all = cluster?.brokers.map((broker) => broker.id) ?? [];
  const assigned = stated.replicas ?? [...except(all, observers), ...observers];
  return {
    fields,
    leader: 'leader' in fields.object ? (fields.has('leader') ? fields.number('leader') : null) : undefined,
    replicas: fields.numbersOr('replicas', assigned),
    isAssignmentStated: fields.has('replicas') || stated.replicas !== undefined,
    isr: fields.numbers('isr'),
    offline: fields.has('offline') ? fields.numbers('offline') : undefined,
    observers,
  };
}

/** A printed state that contradicts itself: no run of anything could lead there. */
export function contradictions({ replicas, isr, offline, observers }: PrintedState): string[] {
  const lists = { isr, offline: offline ?? [], observers };
  return Object.entries(lists).flatMap(([name, members]) => {
    const strangers = members.filter((id) => !replicas.includes(id));
    return strangers.length === 0 ? [] : [`${name}: [${strangers}] of [${members}] are no replicas`];
  });
}

/** How a printed assignment departs from the one that the scenario states: the order may be another one. */
export function assignmentDifferences(stated: StatedAssignment, { replicas, observers }: PrintedState): string[] {
  const found: string[] = [];
  if (stated.replicas !== undefined && !sameMembers(stated.replicas, replicas)) {
    found.push(`replicas: printed [${replicas}], stated [${stated.replicas}]`);
  }
  if (stated.observers !== undefined && !sameMembers(stated.observers, observers)) {
    found.push(`observers: printed [${observers}], stated [${stated.observers}]`);
  }
  return found;
}

/** A topic that was just placed has as many replicas and observers as its placement asks for. */
export function placementDifferences(placement: Fields, { replicas, observers }: PrintedState): string[] {
  const count = (key: string): number =>
    (placement.has(key) ? placement.objects(key) : []).reduce((total, group) => total + group.number('count'), 0);
  const asked = { replicas: count('replicas') + count('observers'), observers: count('observers') };
  return [
    ...(asked.replicas === replicas.length ? [] : [`replicas: placed ${asked.replicas}, printed [${replicas}]`]),
    ...(asked.observers === observers.length ? [] : [`observers: placed ${asked.observers}, printed [${observers}]`]),
  ];
}

/** How the one error begins that follows from a state: a leader, and an ISR under min ISR. */
export const notEnoughReplicas = 'NotEnoughReplicasException';

/** How the model's state departs from a printed one and from what the step states beside it. */
export function compareState(printed: PrintedState, step: Fields, model: PartitionSnapshot, minIsr: number): string[] {
  const found: string[] = [];
  const say = (what: string, recorded: unknown, actual: unknown): void => {
    found.push(`${what}: printed ${JSON.stringify(recorded)}, model ${JSON.stringify(actual)}`);
  };
  if (printed.leader !== undefined && printed.leader !== model.leader) say('leader', printed.leader, model.leader);
  const isDead = isDeadMember(printed, model);
  if (!isDead && !sameMembers(printed.isr, model.isr)) say('isr', printed.isr, model.isr);
  if (printed.offline !== undefined && !sameMembers(printed.offline, model.offline)) {
    say('offline', printed.offline, model.offline);
  }
  const writable = model.leader !== null && model.isr.length >= minIsr;
  if (step.has('producible') && step.boolean('producible') !== writable) {
    say('producible', step.value('producible'), writable);
  }
  if (step.has('error') && step.string('error').startsWith(notEnoughReplicas)) {
    const refused = model.leader !== null && !writable;
    if (!refused) say('error', step.value('error'), writable ? 'accepted' : 'no leader');
  }
  if (step.has('jmx')) found.push(...compareMetrics(step.child('jmx'), model));
  if (printed.fields.has('derived')) {
    const observersInIsr = isDead ? [] : model.isr.filter((id) => model.observers.includes(id));
    found.push(...compareDerived(printed.fields.child('derived'), model, writable, observersInIsr));
  }
  return found;
}

/**
 * The ISR printed for a leaderless partition is one dead last member, which one depending on the run: it must be alone
 * and offline, here and there.
 */
function isDeadMember(printed: PrintedState, model: PartitionSnapshot): boolean {
  if (printed.leader !== null) return false;
  const offline = printed.offline ?? model.offline;
  const isAloneAndOffline = (isr: readonly number[], down: readonly number[]): boolean =>
    isr.length === 1 && isr.every((id) => down.includes(id));
  return isAloneAndOffline(printed.isr, offline) && isAloneAndOffline(model.isr, model.offline);
}

/** What follows from a printed state, worked out by whoever transcribed it. */
function compareDerived(
  derived: Fields,
  model: PartitionSnapshot,
  writable: boolean,
  observersInIsr: readonly number[],
): string[] {
  const leaderIsObserver = model.leader !== null && model.observers.includes(model.leader);
  const found: string[] = [];
  if (derived.has('observersInIsr') && !sameMembers(derived.numbers('observersInIsr'), observersInIsr)) {
    found.push(`observersInIsr: model [${observersInIsr}]`);
  }
  if (derived.has('leaderIsObserver') && derived.boolean('leaderIsObserver') !== leaderIsObserver) {
    found.push(`leaderIsObserver: model ${leaderIsObserver}`);
  }
  if (derived.has('acksAllWritable') && derived.boolean('acksAllWritable') !== writable) {
    found.push(`acksAllWritable: model ${writable}`);
  }
  return found;
}

/** Metrics exist on the leader alone. `CaughtUpReplicasCount` is not consistent while a broker is down. */
function compareMetrics(jmx: Fields, model: PartitionSnapshot): string[] {
  const led = model.leader !== null;
  const metrics: readonly (readonly [string, number])[] = [
    ['ReplicasCount', led ? model.replicas.length : 0],
    ['InSyncReplicasCount', led ? model.isr.length : 0],
    ['ObserversInIsrCount', led ? model.isr.filter((id) => model.observers.includes(id)).length : 0],
    ...(model.offline.length === 0 ? [['CaughtUpReplicasCount', model.replicas.length] as const] : []),
  ];
  return metrics.flatMap(([name, value]) =>
    !jmx.has(name) || jmx.number(name) === value ? [] : [`${name}: printed ${jmx.number(name)}, model ${value}`],
  );
}
