import { causeShort } from '../analysis/causeLabels';
import { causeSentence, stepTime } from '../analysis/causeWords';
import { type DescribeForm, describeLine, partitionOf } from '../analysis/describeLine';
import { duration } from '../analysis/durations';
import { type Scenario, scenarioId } from '../analysis/scenario';
import { scenarioTitle } from '../analysis/words';
import type { Cluster, NodeId } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import type { ChangePart, LaneState, LaneView, PlayView, StepView } from '../panel/protocol';
import type { PartitionSnapshot, Timeline } from '../simulator/timeline';
import { defaultTimes } from '../simulator/times';

/** One failure played out: the lanes that are drawn and the steps that are listed. */
export function playView(topic: Topic, cluster: Cluster, scenario: Scenario, timeline: Timeline): PlayView {
  const { steps } = timeline;
  const partition = steps[0] === undefined ? 0 : partitionOf(topic, steps[0].state);
  return {
    scenario: scenarioId(scenario),
    title: scenarioTitle(scenario),
    minIsr: topic.minIsr.value,
    lanes: lanesOf(timeline, cluster),
    steps: steps.map(
      (step, index): StepView => ({
        at: step.at,
        time: stepTime(step),
        short: causeShort(step.cause),
        sentence: causeSentence(step, topic),
        changes: changesOf(steps[index - 1]?.state, step.state),
        produce: step.state.produce,
        isrSize: step.state.isr.length,
        describe: describeLine(topic.name.value, partition, step.state, formOf(step.state)).trimStart(),
      }),
    ),
    estimates: steps.some(({ at, sinceFault }) => (at ?? sinceFault)?.worst) ? estimates : '',
  };
}

/** Placements mean Confluent Server; its version, and with it the columns of KIP-966, is not known. */
function formOf({ elr }: PartitionSnapshot): DescribeForm {
  return { confluent: true, elr: elr.length > 0 ? 'listed' : 'absent' };
}

/** What the times rest on, as no file that is read sets these. */
const estimates = `Estimates from Kafka’s defaults: broker.session.timeout.ms ${duration(
  defaultTimes.brokerSessionTimeoutMs,
)} · replica.lag.time.max.ms ${duration(defaultTimes.replicaLagTimeMaxMs)}`;

/** One lane per replica, grouped by datacenter in the order in which the placement first names one. */
export function lanesOf(timeline: Timeline, cluster: Cluster): readonly LaneView[] {
  const first = timeline.steps[0]?.state;
  if (first === undefined) return [];
  const datacenterOf = (broker: NodeId): string => cluster.brokers.find(({ id }) => id === broker)?.datacenter ?? '';
  const cuts = cutsOf(timeline);
  const lanes = first.replicas.map((broker): LaneView => {
    const role = first.observers.includes(broker) ? 'observer' : 'sync';
    const datacenter = datacenterOf(broker);
    // An observer is always a little behind; it *catches up* only after it was away.
    let away = false;
    const states = timeline.steps.map(({ state }, index): LaneState => {
      const leads = state.leader === null ? null : datacenterOf(state.leader);
      const here = laneState(state, broker, role, leads !== null && isCut(cuts[index], datacenter, leads), away);
      if (here === 'down' || here === 'cut-off') away = true;
      else if (here !== 'catching-up') away = false;
      return here;
    });
    return { broker, label: String(broker), datacenter, role, states };
  });
  const order = [...new Set(lanes.map(({ datacenter }) => datacenter))];
  return order.flatMap((datacenter) => lanes.filter((lane) => lane.datacenter === datacenter));
}

function laneState(
  state: PartitionSnapshot,
  broker: NodeId,
  role: 'sync' | 'observer',
  cut: boolean,
  away: boolean,
): LaneState {
  if (state.offline.includes(broker)) return 'down';
  if (state.leader === broker) return 'leader';
  if (state.isr.includes(broker)) return role === 'observer' ? 'promoted' : 'in-sync';
  if (cut) return 'cut-off';
  return role === 'observer' && (!away || state.caughtUp.includes(broker)) ? 'observer' : 'catching-up';
}

/** Which datacenters do not hear which. */
interface Cuts {
  readonly isolated: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

/** The cuts that hold at each step. */
function cutsOf({ steps }: Timeline): readonly Cuts[] {
  const isolated = new Set<string>();
  const links = new Set<string>();
  return steps.map(({ cause }) => {
    if (cause.kind === 'datacenter-isolated') isolated.add(cause.datacenter);
    if (cause.kind === 'datacenter-rejoined') isolated.delete(cause.datacenter);
    if (cause.kind === 'link-cut') links.add(linkKey(...cause.between));
    if (cause.kind === 'link-healed') links.delete(linkKey(...cause.between));
    return { isolated: new Set(isolated), links: new Set(links) };
  });
}

function isCut(cuts: Cuts | undefined, one: string, other: string): boolean {
  if (cuts === undefined || one === other) return false;
  return cuts.isolated.has(one) || cuts.isolated.has(other) || cuts.links.has(linkKey(one, other));
}

function linkKey(one: string, other: string): string {
  return JSON.stringify([one, other].sort());
}

/** What differs from the step before; on the first step, what there is. */
export function changesOf(before: PartitionSnapshot | undefined, now: PartitionSnapshot): StepView['changes'] {
  const changes: { field: 'isr' | 'leader' | 'elr'; parts: readonly ChangePart[] }[] = [];
  const isr = listChange(before?.isr, now.isr);
  if (isr !== null) changes.push({ field: 'isr', parts: isr });
  const leader = leaderChange(before, now);
  if (leader !== null) changes.push({ field: 'leader', parts: leader });
  const elr = listChange(before?.elr ?? [], now.elr);
  if (elr !== null) changes.push({ field: 'elr', parts: elr });
  return changes;
}

/** Members in the order of the assignment, with those that left among them; `null` where nothing changed. */
function listChange(before: readonly NodeId[] | undefined, now: readonly NodeId[]): readonly ChangePart[] | null {
  if (before === undefined) return now.map((id) => ({ text: String(id), change: 'kept' }));
  const removed = before.filter((id) => !now.includes(id));
  const added = now.filter((id) => !before.includes(id));
  if (removed.length === 0 && added.length === 0) return null;
  return [
    ...before.map((id): ChangePart => ({ text: String(id), change: removed.includes(id) ? 'removed' : 'kept' })),
    ...added.map((id): ChangePart => ({ text: String(id), change: 'added' })),
  ];
}

function leaderChange(before: PartitionSnapshot | undefined, now: PartitionSnapshot): readonly ChangePart[] | null {
  if (before === undefined) return [{ text: leaderText(now.leader), change: 'kept' }];
  if (before.leader === now.leader) return null;
  return [
    { text: leaderText(before.leader), change: 'removed' },
    { text: leaderText(now.leader), change: 'added' },
  ];
}

function leaderText(leader: NodeId | null): string {
  return leader === null ? 'none' : String(leader);
}
