import { and } from '../analysis/lists';
import type { Outcome } from '../analysis/outcome';
import type { Scenario } from '../analysis/scenario';
import type { PlacementChange } from '../documents/placementEdits';
import { type Cluster, datacenterOfRack } from '../kafka/cluster';
import { effectivePolicy, type Placement, type ReplicaConstraint, replicaCount } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import { count } from './phrases';
import { isOlder } from './platform';
import { datacentersWithBrokers, spreadOf } from './spread';

/** A placement changed so that writes go on after the loss of any one datacenter, by the fewest further observers. */
export interface Reinforcement {
  readonly placement: Placement;
  readonly changes: readonly PlacementChange[];
  /** Datacenter → observers added there; empty where a policy that promotes is enough. */
  readonly added: ReadonlyMap<string, number>;
  readonly changesPolicy: boolean;
}

/** What a scenario does to a topic; `null` where that cannot be told. */
export type Examine = (cluster: Cluster, topic: Topic, scenario: Scenario) => Outcome | null;

/** More observers than these in all are no small change any more. */
const addedMax = 6;
/** Ways to spread them that are tried; the arithmetic rules most of them out without a simulation. */
const triedMax = 2_000;

/**
 * The smallest reinforcements of a placement for all topics that use it: first the one whose observers stand beside sync
 * replicas, so that after a promotion acks=all still waits for nobody far away; then, if it needs fewer, the one that uses
 * any datacenter. Every candidate is simulated; the arithmetic only saves simulations that would fail.
 */
export function reinforcements(topics: readonly Topic[], cluster: Cluster, examine: Examine): readonly Reinforcement[] {
  const [first] = topics;
  if (first === undefined) return [];
  const populated = datacentersWithBrokers(cluster);
  const holding = new Set(
    spreadOf(first.placement, cluster).flatMap(({ datacenter, syncAtMost }) => (syncAtMost > 0 ? [datacenter] : [])),
  );
  const beside = populated.filter((name) => holding.has(name));
  const near = reinforce(topics, cluster, examine, beside);
  if (near !== null && addedTotal(near) === 0) return [near];
  const anywhere = [...beside, ...populated.filter((name) => !holding.has(name))];
  const far = anywhere.length > beside.length ? reinforce(topics, cluster, examine, anywhere) : null;
  const isFewer = far !== null && (near === null || addedTotal(far) < addedTotal(near));
  return [near, isFewer ? far : null].filter((found) => found !== null);
}

function addedTotal({ added }: Reinforcement): number {
  return [...added.values()].reduce((sum, observers) => sum + observers, 0);
}

/** A policy that promotes, then ever more observers in some datacenters, as even as possible. */
function reinforce(
  topics: readonly Topic[],
  cluster: Cluster,
  examine: Examine,
  datacenters: readonly string[],
): Reinforcement | null {
  const base = topics[0]?.placement;
  if (base === undefined) return null;
  const policyChanges = changesToPromote(base);
  const promoting = promotingPlacement(base);
  let tried = 0;
  for (let total = 0; total <= addedMax; total++) {
    for (const spread of spreads(datacenters.length, total)) {
      if (++tried > triedMax) return null;
      const added = new Map(datacenters.map((name, index) => [name, spread[index] ?? 0]));
      const placed = addObservers(promoting, cluster, added);
      if (placed === null || !mayReachMinIsr(placed.placement, cluster, topics)) continue;
      if (!topics.every((topic) => survives({ ...topic, placement: placed.placement }, cluster, examine))) continue;
      return {
        placement: placed.placement,
        changes: [...policyChanges, ...placed.changes],
        added: new Map([...added].filter(([, observers]) => observers > 0)),
        changesPolicy: policyChanges.length > 0,
      };
    }
  }
  return null;
}

/** `1 observer in each of west and east`, `2 observers in west and 1 observer in east`. */
export function addedWords(added: ReadonlyMap<string, number>): string {
  const names = [...added.keys()];
  const counts = [...new Set(added.values())];
  const [same] = counts;
  if (same !== undefined && counts.length === 1 && names.length > 1) {
    return `${count(same, 'observer')} in each of ${and(names)}`;
  }
  return and([...added].map(([name, observers]) => `${count(observers, 'observer')} in ${name}`));
}

/**
 * Whether writes go on, by themselves, after the loss of any one datacenter at once.
 * @param durably whether no acknowledged write may be at risk either
 */
export function survives(topic: Topic, cluster: Cluster, examine: Examine, durably = false): boolean {
  return cluster.datacenters.every(({ name }) => {
    const outcome = examine(cluster, topic, { kind: 'datacenters', datacenters: [name] });
    if (outcome === null || (durably && outcome.acknowledgedData !== 'kept')) return false;
    return outcome.writes === 'continue' || outcome.writes === 'pause';
  });
}

function changesToPromote(base: Placement): readonly PlacementChange[] {
  const changes: PlacementChange[] = [];
  if (base.version === 1) changes.push({ kind: 'set-version', version: 2 });
  if (effectivePolicy(base) === 'leader-is-observer') changes.push({ kind: 'set-policy', policy: 'under-min-isr' });
  return changes;
}

function promotingPlacement(base: Placement): Placement {
  return effectivePolicy(base) === 'leader-is-observer'
    ? { ...base, version: 2, observerPromotionPolicy: 'under-min-isr' }
    : base;
}

/** Ways to spread a number over places, the most even ones over the first places first. */
function spreads(places: number, total: number): readonly (readonly number[])[] {
  const all: number[][] = [];
  const fill = (left: number, chosen: readonly number[]): void => {
    if (all.length > triedMax) return;
    if (chosen.length === places) {
      if (left === 0) all.push([...chosen]);
      return;
    }
    for (let here = left; here >= 0; here--) fill(left - here, [...chosen, here]);
  };
  fill(total, []);
  // `fill` puts much on the first places; a stable sort by the largest pile brings the even ones to the front.
  return all.sort((a, b) => Math.max(...a) - Math.max(...b));
}

/** `(S - s_d) + observers elsewhere ≥ min ISR` for each datacenter d that is lost: without it no promotion can help. */
function mayReachMinIsr(placement: Placement, cluster: Cluster, topics: readonly Topic[]): boolean {
  const most = Math.max(...topics.map(({ minIsr }) => minIsr.value));
  const total = replicaCount(placement.replicas) + replicaCount(placement.observers);
  return spreadOf(placement, cluster).every(({ syncAtMost, observers }) => total - syncAtMost - observers >= most);
}

interface Placed {
  readonly placement: Placement;
  readonly changes: readonly PlacementChange[];
}

/** Seats the observers on racks with brokers to spare, where observers of the placement are already if possible. */
function addObservers(base: Placement, cluster: Cluster, added: ReadonlyMap<string, number>): Placed | null {
  let observers = [...base.observers];
  const changes: PlacementChange[] = [];
  for (const [datacenter, wanted] of added) {
    let left = wanted;
    for (const rack of racksIn(base, cluster, datacenter)) {
      const here = Math.min(left, roomIn(rack, { ...base, observers }, cluster));
      if (here <= 0) continue;
      const index = observers.findIndex((constraint) => constraint.rack === rack);
      const existing = observers[index];
      if (existing === undefined) {
        observers = [...observers, { rack, count: here }];
        changes.push({ kind: 'add-constraint', list: 'observers', count: here, rack });
      } else {
        const raised: ReplicaConstraint = { rack, count: existing.count + here };
        observers = observers.with(index, raised);
        changes.push({ kind: 'set-count', list: 'observers', index, count: raised.count });
      }
      left -= here;
      if (left === 0) break;
    }
    if (left > 0) return null;
  }
  return { placement: { ...base, observers }, changes };
}

/** Racks of a datacenter, those with observers first. One rack in both lists needs Confluent Platform 7.3. */
function racksIn(base: Placement, cluster: Cluster, datacenter: string): readonly string[] {
  const racks = cluster.datacenters.find(({ name }) => name === datacenter)?.racks ?? [];
  const apart = isOlder(cluster.confluentPlatform?.value, '7.3');
  const holds = (list: readonly ReplicaConstraint[], rack: string): boolean => list.some((item) => item.rack === rack);
  return racks
    .filter((rack) => datacenterOfRack(cluster, rack) === datacenter && !(apart && holds(base.replicas, rack)))
    .toSorted((a, b) => Number(holds(base.observers, b)) - Number(holds(base.observers, a)));
}

/** Brokers of a rack that hold nothing of the placement yet; as many as it takes where brokers are assumed. */
function roomIn(rack: string, { replicas, observers }: Placement, cluster: Cluster): number {
  if (cluster.origins.brokers.kind === 'assumed') return Number.POSITIVE_INFINITY;
  const used = replicaCount([...replicas, ...observers].filter((constraint) => constraint.rack === rack));
  return cluster.brokers.filter((broker) => broker.rack === rack).length - used;
}
