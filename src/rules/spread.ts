import { oncePerObject } from '../analysis/once';
import type { PlacementDeclaration } from '../documents/declaration';
import type { Span } from '../documents/span';
import { type Cluster, datacenterOfRack } from '../kafka/cluster';
import { type Placement, type ReplicaConstraint, replicaCount } from '../kafka/placement';
import type { PlacementList } from './finding';

/** Replicas of a placement in one datacenter. */
export interface ReplicasAt {
  readonly datacenter: string;
  /** The most sync replicas of a partition that may be here. */
  readonly syncAtMost: number;
  /** Observers that are here for certain. */
  readonly observers: number;
}

/**
 * How a placement spreads over the datacenters of a cluster. A constraint without a rack may place all its replicas in
 * one datacenter, as far as brokers are left there: the worst case counts.
 */
export function spreadOf(placement: Placement, cluster: Cluster): readonly ReplicasAt[] {
  return spreadsIn(cluster)(placement);
}

const spreadsIn = oncePerObject((cluster: Cluster) =>
  oncePerObject((placement: Placement) => computeSpread(placement, cluster)),
);

function computeSpread(placement: Placement, cluster: Cluster): readonly ReplicasAt[] {
  const homes = homesOf(cluster);
  const brokersIn = brokersByDatacenter(cluster);
  const [replicasIn, observersIn] = [placedIn(homes, placement.replicas), placedIn(homes, placement.observers)];
  const anywhere = replicaCount(placement.replicas.filter(({ rack }) => rack === null));
  return cluster.datacenters.map(({ name }) => {
    const [sync, observers] = [replicasIn.get(name) ?? 0, observersIn.get(name) ?? 0];
    const room = Math.max(0, (brokersIn.get(name) ?? 0) - sync - observers);
    return { datacenter: name, syncAtMost: sync + Math.min(anywhere, room), observers };
  });
}

/** Rack → datacenter, as {@link datacenterOfRack} finds it: the first datacenter that lists it. */
const homesOf = oncePerObject(
  ({ datacenters }: Cluster): ReadonlyMap<string, string> =>
    new Map(datacenters.toReversed().flatMap(({ name, racks }) => racks.map((rack) => [rack, name] as const))),
);

const brokersByDatacenter = oncePerObject(({ brokers }: Cluster) =>
  tally(brokers.map(({ datacenter }) => [datacenter, 1])),
);

/** Replicas by datacenter, of the constraints that name a rack of one. */
function placedIn(
  homes: ReadonlyMap<string, string>,
  constraints: readonly ReplicaConstraint[],
): ReadonlyMap<string, number> {
  return tally(
    constraints.flatMap(({ rack, count }) => {
      const home = rack === null ? undefined : homes.get(rack);
      return home === undefined ? [] : [[home, count] as const];
    }),
  );
}

function tally(counts: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** Datacenters in which replicas could be at all. */
export const datacentersWithBrokers = oncePerObject((cluster: Cluster): readonly string[] => {
  const populated = brokersByDatacenter(cluster);
  return cluster.datacenters.map(({ name }) => name).filter((name) => populated.has(name));
});

/** Where a finding about a whole list stands: its name, or the beginning of the placement where it is missing. */
export function listSpan(declared: PlacementDeclaration, list: PlacementList): Span {
  return declared.listNames[list] ?? beginning(declared);
}

/** Where a finding about what a datacenter gets stands: the rack of the first of its items in a list. */
export function rackSpan(
  declared: PlacementDeclaration,
  cluster: Cluster,
  list: PlacementList,
  datacenter: string,
): Span {
  const item = declared.constraints.find(
    (constraint) =>
      constraint.list === list &&
      constraint.rack !== null &&
      datacenterOfRack(cluster, constraint.rack.value) === datacenter,
  );
  return item?.rack?.span ?? listSpan(declared, list);
}

/** Where a finding about what the version and policy do stands: whichever of the two says it. */
export function policySpan(declared: PlacementDeclaration): Span {
  if (declared.placement?.version === 2 && declared.policy !== null) return declared.policy.span;
  return declared.version?.span ?? beginning(declared);
}

/** The opening brace: a finding about the whole must not underline a whole screen. */
function beginning({ span }: PlacementDeclaration): Span {
  return { start: span.start, end: Math.min(span.start + 1, span.end) };
}
