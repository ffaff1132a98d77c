import type { Broker, Cluster, NodeId } from '../kafka/cluster';
import {
  effectivePolicy,
  type Placement,
  type ReplicaConstraint,
  type ReplicaRole,
  replicaCount,
} from '../kafka/placement';
import type { PartitionAssignment, Topic } from '../kafka/topic';
import { maskOf, maxMembers } from '../simulator/partition/mask';
import { createShape, fitsShape, type OtherVoters, type Shape, type Switches } from '../simulator/partition/shape';
import { noLeader, type PartitionState } from '../simulator/partition/state';
import { healthyWorld, type World } from '../simulator/partition/world';
import type { LimitHit } from './assessment';
import { type Ground, groundOf, type Pool, poolsOf, type VoterCounts } from './ground';

/** One way the replicas of a partition may lie, with its shape and the world that scenarios start from. */
export interface Arrangement {
  readonly shape: Shape;
  readonly start: World;
  /** Slot → broker. Where the assignment is not known, brokers that stand for all like them. */
  readonly brokers: readonly NodeId[];
  /** Datacenter index of the shape → name. Ordered by what they hold, so that mirror images have the same shape. */
  readonly datacenters: readonly string[];
}

export interface Arrangements {
  readonly list: readonly Arrangement[];
  readonly limits: readonly LimitHit[];
}

/** At most so many arrangements of one topic are looked at; more are reported as a limit that was hit. */
export const maxArrangements = 256;

/** Of ways to place replicas, many are the same arrangement under other names: at most so many are tried. */
export const maxDrafts = 2_000;

/**
 * Every arrangement of a topic's partitions, up to the names of brokers that are alike: those that `--describe` shows, in
 * the state it shows them in, or else all that the placement allows, each sync replica leading in one of them.
 */
export function arrangementsOf(cluster: Cluster, topic: Topic, switches: Switches): Arrangements {
  const most = Math.max(
    replicasOf(topic.placement),
    ...(topic.assignments ?? []).map(({ replicas }) => replicas.length),
  );
  // Said before anything is placed: a list of thousands of constraints has more ways to be placed than there is time.
  if (most > maxMembers) return { list: [], limits: [{ limit: 'replicas', examined: 0, bound: maxMembers }] };
  const ground = groundOf(cluster);
  const drafts =
    topic.assignments === null
      ? placedDrafts(ground, topic)
      : topic.assignments.map((assignment) => describedDraft(ground, assignment));
  const byKey = new Map<string, Arrangement>();
  const limits: LimitHit[] = [];
  let tried = 0;
  for (const draft of drafts) {
    if (byKey.size >= maxArrangements || tried++ >= maxDrafts) {
      limits.push({ limit: 'assignments', examined: byKey.size, bound: maxArrangements });
      break;
    }
    const arrangement = arrange(ground, topic, switches, draft);
    if (arrangement === null) {
      return { list: [], limits: [{ limit: 'replicas', examined: 0, bound: maxMembers }] };
    }
    byKey.set(`${arrangement.shape.key}${arrangement.datacenters.join('\n')}${draft.startKey}`, arrangement);
  }
  return { list: [...byKey.values()], limits };
}

function replicasOf({ replicas, observers }: Placement): number {
  return replicaCount(replicas) + replicaCount(observers);
}

/** A replica on a broker. */
interface Seat {
  readonly role: ReplicaRole;
  readonly broker: Broker;
}

/** An arrangement before it is a shape. */
interface Draft {
  readonly slots: readonly Seat[];
  readonly order: 'assignment' | 'any';
  readonly start: (shape: Shape) => World;
  /** Tells drafts of one shape with different starts apart. */
  readonly startKey: string;
}

/** All drafts that the placement allows, one by one: there may be more than anybody wants. */
function* placedDrafts(ground: Ground, topic: Topic): Generator<Draft> {
  const { replicas, observers } = topic.placement;
  const constraints = [
    ...replicas.map((constraint) => ({ ...constraint, role: 'sync' as const })),
    ...observers.map((constraint) => ({ ...constraint, role: 'observer' as const })),
  ];
  const pools = poolsOf(ground, new Set(constraints.map(({ rack }) => rack)));
  for (const seats of seatings(ground, pools, constraints, [])) {
    const led = new Set<string>();
    for (const leader of seats) {
      const kind = `${leader.broker.datacenter}:${ground.isController(leader.broker.id)}`;
      if (leader.role !== 'sync' || led.has(kind)) continue;
      led.add(kind);
      const slots = [leader, ...seats.filter((seat) => seat !== leader)];
      yield { slots, order: 'any', start: healthyWorld, startKey: '' };
    }
    if (led.size === 0) yield { slots: seats, order: 'any', start: healthyWorld, startKey: '' };
  }
}

type RoleConstraint = ReplicaConstraint & { readonly role: ReplicaRole };

/** Seats all constraints, one after another; a broker holds at most one replica of a partition. */
function* seatings(
  ground: Ground,
  pools: readonly Pool[],
  constraints: readonly RoleConstraint[],
  seated: readonly Seat[],
): Generator<readonly Seat[]> {
  const [constraint, ...others] = constraints;
  if (constraint === undefined) {
    yield [...seated].sort((one, other) => Number(one.role === 'observer') - Number(other.role === 'observer'));
    return;
  }
  const fitting = pools.filter(({ rack }) => constraint.rack === null || rack === constraint.rack);
  for (const chosen of choices(ground, fitting, constraint, new Set(seated.map(({ broker }) => broker.id)))) {
    const seats = chosen.map((broker): Seat => ({ role: constraint.role, broker }));
    yield* seatings(ground, pools, others, [...seated, ...seats]);
  }
}

/** The ways to take as many brokers as a constraint asks for, up to brokers that are alike. */
function* choices(
  ground: Ground,
  pools: readonly Pool[],
  constraint: ReplicaConstraint,
  taken: ReadonlySet<NodeId>,
): Generator<readonly Broker[]> {
  const free = pools.map(({ brokers }) => brokers.filter(({ id }) => !taken.has(id)));
  const available = free.reduce((sum, brokers) => sum + brokers.length, 0);
  if (available >= constraint.count) {
    yield* distributions(free, constraint.count);
    return;
  }
  const invented = new Set(taken);
  const extra = Array.from({ length: constraint.count - available }, () => {
    const broker = ground.invent(constraint.rack, invented);
    invented.add(broker.id);
    return broker;
  });
  yield [...free.flat(), ...extra];
}

/**
 * The ways to take `count` brokers out of pools, each pool's first ones standing for it. Calls itself once per pool that is
 * taken from, not per pool: a cluster may have thousands of racks, a placement has a few replicas.
 */
function* distributions(pools: readonly (readonly Broker[])[], count: number): Generator<readonly Broker[]> {
  if (count === 0) {
    yield [];
    return;
  }
  let left = pools.reduce((sum, brokers) => sum + brokers.length, 0);
  for (const [index, pool] of pools.entries()) {
    if (left < count) return;
    left -= pool.length;
    for (let here = Math.min(count, pool.length); here >= Math.max(1, count - left); here--) {
      for (const rest of distributions(pools.slice(index + 1), count - here)) yield [...pool.slice(0, here), ...rest];
    }
  }
}

/** The draft of a partition as `--describe` shows it. */
function describedDraft(ground: Ground, assignment: PartitionAssignment): Draft {
  const observers = new Set(assignment.observers);
  const slots = assignment.replicas.map(
    (id): Seat => ({
      role: observers.has(id) ? 'observer' : 'sync',
      broker: ground.broker(id) ?? { ...ground.invent(null, new Set()), id },
    }),
  );
  return {
    slots,
    order: 'assignment',
    start: (shape) => ({ ...healthyWorld(shape), state: describedState(shape, assignment) }),
    startKey: JSON.stringify([
      slotsOf(assignment, assignment.isr),
      leaderSlot(assignment),
      slotsOf(assignment, assignment.offline ?? []),
    ]),
  };
}

function slotsOf(assignment: PartitionAssignment, brokers: readonly NodeId[]): number {
  return maskOf(brokers.map((broker) => assignment.replicas.indexOf(broker)).filter((slot) => slot >= 0));
}

function leaderSlot(assignment: PartitionAssignment): number {
  return assignment.leader === null ? noLeader : assignment.replicas.indexOf(assignment.leader);
}

/**
 * A settled partition whose ISR lacks a sync replica has lost that broker, or it would be back by itself; and a partition
 * without a leader has lost its whole ISR. Without a leader nobody can come back, so that there a sync replica may be
 * alive, if the text says which are not. An observer may be down in any case, and then nothing promotes it.
 */
function describedState(shape: Shape, assignment: PartitionAssignment): PartitionState {
  const inSync = slotsOf(assignment, assignment.isr);
  const leader = leaderSlot(assignment);
  const offline = slotsOf(assignment, assignment.offline ?? []);
  const behind = leader === noLeader && offline !== 0 ? 0 : shape.sync & ~inSync;
  const down = (offline & ~inSync) | behind | (leader === noLeader ? inSync : 0);
  const up = shape.all & ~down;
  const current = leader === noLeader ? 0 : up;
  return {
    up,
    fenced: down,
    inSync,
    current,
    complete: current | inSync,
    eligible: 0,
    lastKnownElr: 0,
    stoppedCleanly: 0,
    leader,
  };
}

/** Turns a draft into a shape; `null` if it has more replicas or voters than fit. */
function arrange(ground: Ground, topic: Topic, switches: Switches, draft: Draft): Arrangement | null {
  const voters = ground.votersBesides(draft.slots.map(({ broker }) => broker.id));
  const datacenters = orderDatacenters(ground, draft, voters);
  const seats = draft.order === 'any' ? inCanonicalOrder(ground, draft.slots, datacenters) : draft.slots;
  const parts = {
    slots: seats.map(({ role, broker }) => ({
      role,
      datacenter: datacenters.indexOf(broker.datacenter),
      votes: ground.isController(broker.id),
    })),
    datacenterCount: datacenters.length,
    minIsr: topic.minIsr.value,
    policy: effectivePolicy(topic.placement),
    placedSyncReplicas: replicaCount(topic.placement.replicas),
    uncleanElection: topic.uncleanLeaderElection.value,
    electionOrder: draft.order,
    otherVoters: voters === null ? null : inOrder(voters, datacenters),
    switches,
  };
  if (!fitsShape(parts)) return null;
  const shape = createShape(parts);
  return { shape, start: draft.start(shape), brokers: seats.map(({ broker }) => broker.id), datacenters };
}

function inOrder(voters: ReadonlyMap<string, VoterCounts>, datacenters: readonly string[]): readonly OtherVoters[] {
  const list: OtherVoters[] = [];
  datacenters.forEach((name, datacenter) => {
    const counts = voters.get(name);
    if (counts !== undefined) list.push({ datacenter, dedicated: counts.dedicated, combined: counts.combined });
  });
  return list;
}

/** The leader stays first; where the order of the others means nothing, it is one that does not depend on names either. */
function inCanonicalOrder(
  { isController }: Ground,
  [leader, ...others]: readonly Seat[],
  datacenters: readonly string[],
): readonly Seat[] {
  if (leader === undefined) return [];
  const place = ({ role, broker }: Seat): number =>
    (role === 'observer' ? 1_000 : 0) + datacenters.indexOf(broker.datacenter) * 2 + (isController(broker.id) ? 1 : 0);
  return [leader, ...others.sort((one, other) => place(one) - place(other))];
}

/** Datacenters in an order that depends on what they hold, not on their names: the leader's first; names settle ties. */
function orderDatacenters(
  ground: Ground,
  draft: Draft,
  voters: ReadonlyMap<string, VoterCounts> | null,
): readonly string[] {
  const names = new Set(draft.slots.map(({ broker }) => broker.datacenter));
  for (const name of voters?.keys() ?? []) names.add(name);
  const keyed = Array.from(names, (name) => ({ name, holds: holdings(ground, draft, voters, name) }));
  keyed.sort((one, other) => compare(other.holds, one.holds) || compare(one.name, other.name));
  return keyed.map(({ name }) => name);
}

/** What a datacenter holds, in words that are compared: whether the leader, which replicas, how many controllers else. */
function holdings(
  { isController }: Ground,
  { slots, order }: Draft,
  voters: ReadonlyMap<string, VoterCounts> | null,
  name: string,
): string {
  const replicas: string[] = [];
  slots.forEach(({ role, broker }, slot) => {
    if (broker.datacenter !== name) return;
    // Where the order is not known, only the first slot is special: the preferred leader's.
    const place = order === 'assignment' || slot === 0 ? slot : '';
    replicas.push(`"${place}${role}${isController(broker.id)}"`);
  });
  const { dedicated, combined } = voters?.get(name) ?? { dedicated: 0, combined: 0 };
  const leads = slots[0]?.broker.datacenter === name;
  return `[${leads},[${replicas.sort().join()}],${dedicated},${combined}]`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
