import type { PlacementDeclaration } from '../documents/declaration';
import { member } from '../documents/json';
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
  const anywhere = replicaCount(placement.replicas.filter(({ rack }) => rack === null));
  return cluster.datacenters.map(({ name }) => {
    const here = (constraints: readonly ReplicaConstraint[]): number =>
      replicaCount(constraints.filter(({ rack }) => rack !== null && datacenterOfRack(cluster, rack) === name));
    const [sync, observers] = [here(placement.replicas), here(placement.observers)];
    const brokers = cluster.brokers.filter(({ datacenter }) => datacenter === name).length;
    const room = Math.max(0, brokers - sync - observers);
    return { datacenter: name, syncAtMost: sync + Math.min(anywhere, room), observers };
  });
}

/** Datacenters in which replicas could be at all. */
export function datacentersWithBrokers(cluster: Cluster): readonly string[] {
  return cluster.datacenters
    .map(({ name }) => name)
    .filter((name) => cluster.brokers.some(({ datacenter }) => datacenter === name));
}

/** Where a finding about a whole list stands: its name, or the beginning of the placement where it is missing. */
export function listSpan(declared: PlacementDeclaration, list: PlacementList): Span {
  const found = declared.json.type === 'object' ? member(declared.json, list) : undefined;
  return found?.key.span ?? beginning(declared);
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
