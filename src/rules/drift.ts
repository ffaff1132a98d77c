import type { AssignmentDeclaration } from '../documents/declaration';
import { type Cluster, datacenterOfRack, type NodeId } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import { type Placement, type ReplicaConstraint, replicaCount } from '../kafka/placement';
import { at, type DescribedFacts, type In } from './facts';
import type { Draft, DriftFacts, ReplicaDifference } from './finding';
import { groupBy } from './grouping';

/**
 * Family `topic`, as far as a topic is described as it is: partitions in trouble now, and assignments that are not what the
 * placement asks for. "Changing the configuration of a topic does not change the replica assignment" (docs), and nothing in
 * Kafka tells people that the two have drifted apart. One finding per topic and kind, however many partitions there are.
 */
export function checkDrift(described: DescribedFacts, cluster: Cluster): readonly Draft[] {
  const rows = described.rows.map((row) => ({
    row,
    roles: rolesOf(row.declared, described.placement?.decoded ?? null),
  }));
  const related =
    described.placement === null ? [] : [{ role: 'placement' as const, place: described.placement.place }];
  const found = (
    hits: readonly Row[],
    facts: (first: Row) => DistributiveOmit<DriftFacts, 'topic' | 'partitions' | 'of'>,
    others: Draft['related'] = [],
  ): readonly Draft[] => {
    const [first] = hits;
    if (first === undefined) return [];
    const partitions = hits.map(({ row }) => row.declared.partition);
    const about = { topic: described.topic, partitions, of: rows.length };
    return [{ facts: { ...facts(first), ...about }, place: placeOf(first.row), related: others }];
  };
  const offline = rows.filter(({ row }) => row.declared.leader === null);
  const led = rows.filter(({ row }) => row.declared.leader !== null);
  const underMinIsr = led.filter((one) => isUnderMinIsr(one, described.minIsr));
  const behind = led.filter((one) => !underMinIsr.includes(one) && missingSync(one).length > 0);
  const unpromotable = rows.filter((one) => observersOffline(one).length > 0);
  const promoted = led.filter((one) => observersInIsr(one).length > 0);
  return [
    ...found(offline, () => ({ code: 'described-offline' })),
    ...found(underMinIsr, ({ row }) => ({
      code: 'described-under-min-isr',
      isr: row.declared.isr.length,
      minIsr: described.minIsr ?? 1,
    })),
    ...found(behind, (one) => ({ code: 'described-out-of-sync', replicas: missingSync(one) })),
    ...found(unpromotable, (one) => ({ code: 'described-observers-offline', observers: observersOffline(one) })),
    ...found(promoted, (one) => ({
      code: 'described-observer-promoted',
      observers: observersInIsr(one),
      syncMissing: missingSync(one).length,
    })),
    ...found(led.filter(isLedByAnother), ({ row }) => ({
      code: 'described-not-preferred',
      leader: row.declared.leader ?? -1,
      preferred: row.declared.replicas.value[0] ?? -1,
    })),
    ...differing(rows, described, cluster).flatMap(({ differences, hits }) =>
      found(hits, () => ({ code: 'assignment-differs', differences }), related),
    ),
    ...preferredTogether(rows, cluster).flatMap(({ datacenter, hits }) =>
      found(hits, () => ({ code: 'preferred-leaders-together', datacenter })),
    ),
  ];
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

interface Row {
  readonly row: In<AssignmentDeclaration>;
  readonly roles: Roles;
}

export interface Roles {
  readonly sync: readonly NodeId[];
  readonly observers: readonly NodeId[];
}

/**
 * Which replicas are observers: those that the text lists. They are the last ones, so where it lists none, or only those that
 * live (Confluent Platform 5.4 to 6.0), the placement tells how many they are.
 */
export function rolesOf({ replicas, observers }: AssignmentDeclaration, placement: Placement | null): Roles {
  const all = replicas.value;
  const listed: Roles = { sync: all.filter((id) => !observers?.includes(id)), observers: observers ?? [] };
  if (placement === null) return listed;
  const syncReplicas = replicaCount(placement.replicas);
  const last = all.slice(syncReplicas);
  const isAsPlaced =
    last.length === replicaCount(placement.observers) && listed.observers.every((id) => last.includes(id));
  return observers === null || isAsPlaced ? { sync: all.slice(0, syncReplicas), observers: last } : listed;
}

/** Min ISR counts for no more than the replicas that there are. Source: `Partition.effectiveMinIsr`. */
function isUnderMinIsr({ row }: Row, minIsr: number | null): boolean {
  const { isr, replicas } = row.declared;
  return minIsr !== null && isr.length < Math.min(minIsr, replicas.value.length);
}

function missingSync({ row, roles }: Row): readonly NodeId[] {
  return roles.sync.filter((id) => !row.declared.isr.includes(id));
}

function observersInIsr({ row, roles }: Row): readonly NodeId[] {
  return roles.observers.filter((id) => row.declared.isr.includes(id));
}

function observersOffline({ row, roles }: Row): readonly NodeId[] {
  return roles.observers.filter((id) => row.declared.offline.includes(id));
}

/** Led by another than the preferred leader, though that one is in sync. */
function isLedByAnother({ row }: Row): boolean {
  const { leader, replicas, isr } = row.declared;
  const [preferred] = replicas.value;
  return preferred !== undefined && leader !== preferred && isr.includes(preferred);
}

/** Partitions whose replicas are not what the placement asks for, those that differ alike together. */
function differing(
  rows: readonly Row[],
  { placement }: DescribedFacts,
  cluster: Cluster,
): readonly { readonly differences: readonly ReplicaDifference[]; readonly hits: readonly Row[] }[] {
  if (placement === null) return [];
  const { decoded } = placement;
  const rackOf = racksOf(cluster);
  const differences = (row: Row): readonly ReplicaDifference[] => [
    ...differencesIn('replicas', row.roles.sync, decoded.replicas, rackOf),
    ...differencesIn('observers', row.roles.observers, decoded.observers, rackOf),
  ];
  const different = rows
    // While replicas move both the old ones and the new ones are listed.
    .filter(({ row }) => !row.declared.reassigning)
    .map((row) => ({ row, differences: differences(row) }))
    .filter((one) => one.differences.length > 0);
  const alike = groupBy(different, (one) => JSON.stringify(one.differences));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ differences: first.differences, hits: group.map(({ row }) => row) }];
  });
}

/** Racks of brokers as files state them: what was concluded from the placement itself can't speak against it. */
function racksOf({ brokers }: Cluster): ReadonlyMap<NodeId, string> {
  return new Map(
    brokers.flatMap(({ id, rack, place }) => (rack === null || place === undefined ? [] : [[id, rack] as const])),
  );
}

function differencesIn(
  list: ReplicaDifference['list'],
  ids: readonly NodeId[],
  constraints: readonly ReplicaConstraint[],
  rackOf: ReadonlyMap<NodeId, string>,
): readonly ReplicaDifference[] {
  const expected = replicaCount(constraints);
  const total = ids.length === expected ? [] : [{ list, rack: null, found: ids.length, expected }];
  const racks = ids.map((id) => rackOf.get(id));
  const known = racks.filter((rack) => rack !== undefined);
  // A constraint without a rack takes any broker: counts of single racks tell nothing then.
  if (known.length < ids.length || constraints.some(({ rack }) => rack === null)) return total;
  const wanted = new Map(constraints.map(({ rack, count }) => [rack ?? '', count] as const));
  const byRack = groupBy(known, (rack) => rack);
  const perRack = [...new Set([...wanted.keys(), ...byRack.keys()])].flatMap((rack): readonly ReplicaDifference[] => {
    const [is, asked] = [byRack.get(rack)?.length ?? 0, wanted.get(rack) ?? 0];
    return is === asked ? [] : [{ list, rack, found: is, expected: asked }];
  });
  return perRack.length > 0 ? perRack : total;
}

/** Several partitions whose first replicas are all in one datacenter, though others hold sync replicas as well. */
function preferredTogether(
  rows: readonly Row[],
  cluster: Cluster,
): readonly { readonly datacenter: string; readonly hits: readonly Row[] }[] {
  // The id of a broker that is only taken to be there says nothing of the broker that has it.
  const described = cluster.origins.brokers;
  const allKnown = described.kind === 'assumed' && described.assumption === 'brokers-of-described-replicas';
  const known = cluster.brokers.filter(({ place }) => allKnown || place !== undefined);
  const homes = new Map(
    known.map(
      ({ id, rack, datacenter }) =>
        [id, rack === null ? datacenter : (datacenterOfRack(cluster, rack) ?? datacenter)] as const,
    ),
  );
  const home = (id: NodeId | undefined): string | undefined => (id === undefined ? undefined : homes.get(id));
  const preferred = new Set(rows.map(({ row }) => home(row.declared.replicas.value[0])));
  const [datacenter] = preferred;
  if (rows.length < 2 || preferred.size !== 1 || datacenter === undefined) return [];
  const elsewhere = rows.every(({ roles }) =>
    roles.sync.some((id) => home(id) !== undefined && home(id) !== datacenter),
  );
  return elsewhere ? [{ datacenter, hits: rows }] : [];
}

function placeOf({ uri, declared }: In<AssignmentDeclaration>): Place {
  return at(uri, declared.replicas.span);
}
