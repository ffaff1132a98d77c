import type { Cluster } from '../kafka/cluster';
import { effectivePolicy, type ObserverPromotionPolicy } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import type { Assessor } from './assess';
import type { TopicAssessment } from './assessment';
import { type Change, noChange, type Price, priceOf, type RackCount, spareIn, withChange } from './change';
import type { Outcome } from './outcome';

/** A change that was simulated before it is named. */
export interface Help {
  readonly change: Change;
  readonly price: Price;
  /** What the changed topic comes to. */
  readonly assessment: TopicAssessment;
}

/** What a change is to achieve: the loss of any one datacenter is survived, with so much headroom left meanwhile. */
export interface HelpGoal {
  readonly headroom: number;
}

/** No more observers than this are added. */
export const maxObserversAdded = 12;

/** No more candidates than this are simulated for one kind of change. */
export const maxCandidates = 300;

/**
 * The smallest changes after which acks=all writes come back by themselves from the loss of any one datacenter with no
 * acknowledged write at risk: one of each kind, cheapest first, each verified by simulating the changed topic. For a topic
 * that survives already, what gives it one broker more headroom. Empty if nothing within the bounds helps.
 */
export function whatHelps(assessor: Assessor, cluster: Cluster, topic: Topic): readonly Help[] {
  const { verdict } = assessor.assessTopic(cluster, topic);
  const goal: HelpGoal = { headroom: verdict.level === 'good' ? (verdict.headroomAfterLoss ?? 0) + 1 : 0 };
  return helpFor(assessor, cluster, topic, goal);
}

/** The same for a goal of one's own. */
export function helpFor(assessor: Assessor, cluster: Cluster, topic: Topic, goal: HelpGoal): readonly Help[] {
  const places = placesFor(cluster, topic);
  const candidates = [
    policyChanges(topic),
    movedReplicas(cluster, topic, places),
    observerChanges(topic, places, goal),
    movedWithObservers(cluster, topic, places, goal),
    minIsrChanges(cluster, topic, places),
  ];
  const helps = candidates.flatMap((changes) => firstHelp(assessor, cluster, topic, goal, changes) ?? []);
  return withoutDominated(helps.sort((one, other) => worth(one.price) - worth(other.price)));
}

/** A change that costs more than another one must buy more. */
function withoutDominated(helps: readonly Help[]): readonly Help[] {
  const headroomOf = ({ assessment }: Help): number => assessment.verdict.headroomAfterLoss ?? -1;
  return helps.filter((help, index) =>
    helps.slice(0, index).every((cheaper) => headroomOf(cheaper) < headroomOf(help)),
  );
}

/** A copied replica is the unit; a moved one costs no disk; a lowered min ISR is dearer than either. */
function worth({ replicasAdded, replicasMoved, minIsrLowered }: Price): number {
  return replicasAdded + replicasMoved * 0.9 + minIsrLowered * 100;
}

/**
 * Observers alone: as few as needed, in the racks that have room for them. `null` if no number of them within the bounds
 * reaches the goal.
 */
export function observersThatHelp(assessor: Assessor, cluster: Cluster, topic: Topic, goal: HelpGoal): Help | null {
  return firstHelp(assessor, cluster, topic, goal, observerChanges(topic, placesFor(cluster, topic), goal));
}

/** The first of several changes that reaches the goal when it is simulated. */
function firstHelp(
  assessor: Assessor,
  cluster: Cluster,
  topic: Topic,
  goal: HelpGoal,
  changes: Iterable<Change>,
): Help | null {
  let tried = 0;
  for (const change of changes) {
    if (tried++ >= maxCandidates) return null;
    const changed = withChange(topic, change);
    if (!reaches(assessor, cluster, changed, goal)) continue;
    return { change, price: priceOf(change, topic), assessment: assessor.assessTopic(cluster, changed) };
  }
  return null;
}

/** Whether every loss of one datacenter leaves enough. */
function reaches(assessor: Assessor, cluster: Cluster, topic: Topic, goal: HelpGoal): boolean {
  return cluster.datacenters.every(({ name }) => {
    const outcome = assessor.examine(cluster, topic, { kind: 'datacenters', datacenters: [name] });
    return outcome !== null && isEnough(outcome, goal);
  });
}

function isEnough({ acknowledgedData, headroom }: Outcome, goal: HelpGoal): boolean {
  return acknowledgedData === 'kept' && headroom !== null && headroom >= goal.headroom;
}

/** What a datacenter holds of a topic, and where it has room. */
interface Place {
  readonly name: string;
  readonly sync: number;
  readonly observers: number;
  /** Racks with room, the best one first, each as often as it has room (up to {@link maxObserversAdded}). */
  readonly room: readonly string[];
}

function placesFor(cluster: Cluster, { placement }: Topic): readonly Place[] {
  return cluster.datacenters.flatMap(({ name, racks }) => {
    const here = (list: readonly { readonly rack: string | null; readonly count: number }[]): number =>
      list.reduce((sum, { rack, count }) => sum + (rack !== null && racks.includes(rack) ? count : 0), 0);
    const holdsBrokers = cluster.brokers.some(({ datacenter }) => datacenter === name);
    if (!holdsBrokers) return [];
    return [
      {
        name,
        sync: here(placement.replicas),
        observers: here(placement.observers),
        room: roomIn(cluster, placement, racks),
      },
    ];
  });
}

/** Racks that hold observers already come first, then those with the most room: one replica each, round after round. */
function roomIn(cluster: Cluster, placement: Topic['placement'], racks: readonly string[]): readonly string[] {
  const left = new Map(racks.map((rack) => [rack, Math.min(spareIn(cluster, placement, rack), maxObserversAdded)]));
  const familiar = (rack: string): number =>
    placement.observers.some((constraint) => constraint.rack === rack) ? 1 : 0;
  const order = [...racks].sort(
    (one, other) => familiar(other) - familiar(one) || (left.get(other) ?? 0) - (left.get(one) ?? 0),
  );
  const room: string[] = [];
  for (let round = 1; round <= maxObserversAdded; round++) {
    for (const rack of order) if ((left.get(rack) ?? 0) >= round) room.push(rack);
  }
  return room.slice(0, maxObserversAdded);
}

/** The policy under which observers help, where the topic's own never promotes by itself. */
function helpfulPolicy(topic: Topic): ObserverPromotionPolicy | null {
  return effectivePolicy(topic.placement) === 'leader-is-observer' ? 'under-min-isr' : null;
}

function* policyChanges(topic: Topic): Generator<Change> {
  const policy = helpfulPolicy(topic);
  if (policy !== null && topic.placement.observers.length > 0) yield { ...noChange, policy };
}

/** As few observers as needed, and where: all ways to spread 1, 2, 3 … over the datacenters that pass the arithmetic. */
function* observerChanges(topic: Topic, places: readonly Place[], goal: HelpGoal): Generator<Change> {
  const policy = helpfulPolicy(topic);
  for (let total = 1; total <= maxObserversAdded; total++) {
    for (const added of spreads(places, total)) {
      if (passesArithmetic(places, added, topic.minIsr.value + goal.headroom)) {
        yield { ...noChange, policy, observersAdded: byRack(places, added) };
      }
    }
  }
}

/** Without any one datacenter there must be min ISR copies (and the headroom) left: no simulation can pass without. */
function passesArithmetic(places: readonly Place[], added: readonly number[], needed: number): boolean {
  const copies = places.map(({ sync, observers }, index) => sync + observers + (added[index] ?? 0));
  const all = copies.reduce((sum, here) => sum + here, 0);
  return copies.every((here) => all - here >= needed);
}

/** All ways to put a number of replicas into the datacenters, the most even ones first. */
function spreads(places: readonly Place[], total: number): readonly (readonly number[])[] {
  const ways: number[][] = [];
  const fill = (index: number, left: number, chosen: readonly number[]): void => {
    const place = places[index];
    if (ways.length >= maxCandidates) return;
    if (place === undefined) {
      if (left === 0) ways.push([...chosen]);
      return;
    }
    for (let here = Math.min(left, place.room.length); here >= 0; here--)
      fill(index + 1, left - here, [...chosen, here]);
  };
  fill(0, total, []);
  return ways.sort((one, other) => Math.max(...one) - Math.max(...other));
}

function byRack(places: readonly Place[], added: readonly number[]): readonly RackCount[] {
  const counts = new Map<string, number>();
  places.forEach(({ room }, index) => {
    for (const rack of room.slice(0, added[index] ?? 0)) counts.set(rack, (counts.get(rack) ?? 0) + 1);
  });
  return [...counts].map(([rack, count]) => ({ rack, count }));
}

/** One to all but one of the sync replicas of a datacenter move to another one. */
function* movedReplicas(cluster: Cluster, topic: Topic, places: readonly Place[]): Generator<Change> {
  const most = Math.max(0, ...places.map(({ sync }) => sync));
  for (let count = 1; count < most; count++) {
    for (const from of places.filter(({ sync }) => sync > count)) {
      for (const to of places.filter((place) => place !== from && place.room.length > 0)) {
        const move = moveBetween(cluster, topic, from, to, count);
        if (move !== null)
          yield {
            ...noChange,
            policy: topic.placement.observers.length > 0 ? helpfulPolicy(topic) : null,
            syncReplicasMoved: move,
          };
      }
    }
  }
}

function moveBetween(
  cluster: Cluster,
  { placement }: Topic,
  from: Place,
  to: Place,
  count: number,
): Change['syncReplicasMoved'] | null {
  const racks = cluster.datacenters.find(({ name }) => name === from.name)?.racks ?? [];
  const source = placement.replicas.find(
    ({ rack, count: here }) => rack !== null && racks.includes(rack) && here >= count,
  );
  const target = to.room[0];
  const fits = to.room.filter((rack) => rack === target).length >= count;
  return source === undefined || source.rack === null || target === undefined || !fits
    ? null
    : [{ from: source.rack, to: target, count }];
}

/** A topic that needs both: sync replicas in a second datacenter, and observers beside them. */
function* movedWithObservers(
  cluster: Cluster,
  topic: Topic,
  places: readonly Place[],
  goal: HelpGoal,
): Generator<Change> {
  for (const moved of movedReplicas(cluster, topic, places)) {
    const changed = withChange(topic, moved);
    const changedPlaces = placesFor(cluster, changed);
    for (let total = 1; total <= maxObserversAdded; total++) {
      for (const added of spreads(changedPlaces, total)) {
        if (!passesArithmetic(changedPlaces, added, topic.minIsr.value + goal.headroom)) continue;
        yield { ...moved, policy: helpfulPolicy(topic), observersAdded: byRack(changedPlaces, added) };
      }
    }
  }
}

/**
 * Another min ISR, the nearest first. Under `durable-first` only values that always span two datacenters are offered:
 * greater than the sync replicas of any one.
 */
function* minIsrChanges(cluster: Cluster, topic: Topic, places: readonly Place[]): Generator<Change> {
  const floor = cluster.goal.value === 'durable-first' ? Math.max(0, ...places.map(({ sync }) => sync)) + 1 : 1;
  const now = topic.minIsr.value;
  const all = places.reduce((sum, { sync }) => sum + sync, 0);
  const values = Array.from({ length: all }, (_, index) => index + 1).filter(
    (value) => value >= floor && value !== now,
  );
  for (const minIsr of values.sort((one, other) => Math.abs(one - now) - Math.abs(other - now))) {
    yield { ...noChange, minIsr };
  }
}
