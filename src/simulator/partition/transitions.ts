import {
  acknowledges,
  catchable,
  demotable,
  demotableTogether,
  electable,
  expandable,
  promotable,
  shrinkable,
} from './guards';
import { bit, firstOf, lowest, type Mask, size } from './mask';
import type { Shape } from './shape';
import { copyOf, leaderBit, type MutableState, noLeader, type PartitionState } from './state';
import type { Surroundings } from './surroundings';

/** What the controller, the leader and the followers do by themselves. */
export type SystemTransitionName =
  | 'fenceBroker'
  | 'unfenceBroker'
  | 'electLeader'
  | 'electLastKnownLeader'
  | 'electUncleanLeader'
  | 'electPreferredLeader'
  | 'shrinkIsr'
  | 'catchUp'
  | 'expandIsr'
  | 'demoteObserver'
  | 'promoteObserver';

/** One way a partition changes: a guard that says for which replicas it is enabled, and an effect. Both are pure arithmetic. */
export interface Transition<Name extends string = string> {
  readonly name: Name;
  /** The replicas for which the transition may be taken now. */
  readonly enabled: (shape: Shape, surroundings: Surroundings, state: PartitionState) => Mask;
  /** Takes it for one enabled replica, in place: the explorer runs it on one scratch state. */
  readonly apply: (shape: Shape, state: MutableState, slot: number, surroundings: Surroundings) => void;
}

/** Whether the leader runs and its AlterPartition requests reach the controllers: else no ISR changes. */
function leaderCommits(surroundings: Surroundings, state: PartitionState): boolean {
  return (leaderBit(state) & state.up & surroundings.hearsQuorum) !== 0;
}

/** Replicas that run and can fetch from the leader (the leader included); none without a live leader. */
export function fetching(surroundings: Surroundings, state: PartitionState): Mask {
  if ((leaderBit(state) & state.up) === 0) return 0;
  return state.up & (surroundings.hears[state.leader] ?? 0);
}

/** Replicas the leader may take into the ISR: they fetch from it and are not fenced in its metadata (KIP-841). */
function joinable(surroundings: Surroundings, state: PartitionState): Mask {
  return leaderCommits(surroundings, state) ? fetching(surroundings, state) & ~state.fenced : 0;
}

/** Drops a replica from the ISR; what it was in sync with goes on without it. ELR: `PartitionChangeBuilder.maybePopulateTargetElr`. */
function leaveIsr(shape: Shape, state: MutableState, slots: Mask): void {
  const before = state.inSync;
  state.inSync &= ~slots;
  if (shape.switches.eligibleLeaderReplicas) {
    state.eligible = size(state.inSync) >= shape.effectiveMinIsr ? 0 : (state.eligible | before) & ~state.inSync;
  }
}

function joinIsr(shape: Shape, state: MutableState, slot: number): void {
  state.inSync |= bit(slot);
  if (size(state.inSync) >= shape.effectiveMinIsr) state.eligible = 0;
  else state.eligible &= ~state.inSync;
}

/**
 * The controller takes a broker out that it no longer hears: it leaves the ISR, unless it is the last member, and leads
 * no more. The election is part of the same metadata record, so no other state is ever seen between the two.
 * Source: `ReplicationControlManager.handleBrokerFenced`, `PartitionChangeBuilder.build` (an empty ISR is not recorded).
 */
export const fenceBroker: Transition<'fenceBroker'> = {
  name: 'fenceBroker',
  enabled: (shape, surroundings, state) =>
    surroundings.quorum && !electsFirst(shape, surroundings, state)
      ? shape.all & ~(state.up & surroundings.hearsQuorum) & ~state.fenced
      : 0,
  apply: (shape, state, slot) => {
    state.fenced |= bit(slot);
    // Whoever comes back has to fetch before anybody knows how far its log goes.
    state.current &= ~bit(slot);
    if (shape.switches.eligibleLeaderReplicas || state.inSync !== bit(slot)) leaveIsr(shape, state, bit(slot));
    if (state.leader === slot) loseLeader(shape, state);
  },
};

/** Nobody leads; with eligible leader replicas on it is noted who did last. Source: `PartitionChangeBuilder.populateLastKnownElr`. */
function loseLeader(shape: Shape, state: MutableState): void {
  if (shape.switches.eligibleLeaderReplicas) state.lastKnownElr = bit(state.leader);
  state.leader = noLeader;
}

function lead(shape: Shape, state: MutableState, slot: number): void {
  if (shape.switches.eligibleLeaderReplicas) state.lastKnownElr = 0;
  state.leader = slot;
}

/**
 * Whether somebody can be elected who has to be before the next broker is fenced: who was the last to lead makes a
 * difference only with eligible leader replicas on, so elsewhere no state is spent on it.
 */
function electsFirst(shape: Shape, surroundings: Surroundings, state: PartitionState): boolean {
  if (!shape.switches.eligibleLeaderReplicas || state.leader !== noLeader) return false;
  const lastKnown = electLastKnownLeader.enabled(shape, surroundings, state);
  return (
    (lastKnown | cleanCandidates(surroundings, state)) !== 0 || (shape.uncleanElection && state.fenced !== shape.all)
  );
}

/** A broker that is heard again may lead and join ISRs again. Source: `ReplicationControlManager.handleBrokerUnfenced`. */
export const unfenceBroker: Transition<'unfenceBroker'> = {
  name: 'unfenceBroker',
  enabled: (_shape, surroundings, state) => state.fenced & state.up & surroundings.hearsQuorum,
  apply: (_shape, state, slot) => {
    state.fenced &= ~bit(slot);
  },
};

/** Who may be elected cleanly, before the order is asked: the ISR, or the ELR when the ISR is empty. */
function cleanCandidates(surroundings: Surroundings, state: PartitionState): Mask {
  if (!surroundings.quorum) return 0;
  return electable(~state.fenced, state.inSync === 0 ? state.eligible : state.inSync);
}

/**
 * Whom an election would take of several candidates: the first in assignment order; where the order is not known, the
 * preferred leader if it is one of them, else each sync replica before any observer (observers are always listed last).
 */
function firstInOrder(shape: Shape, candidates: Mask): Mask {
  if (shape.electionOrder === 'assignment') return lowest(candidates);
  if ((candidates & 1) !== 0) return 1;
  return (candidates & shape.sync) !== 0 ? candidates & shape.sync : candidates;
}

/** The controller elects a leader from the ISR. Source: `PartitionChangeBuilder.electAnyLeader`. */
export const electLeader: Transition<'electLeader'> = {
  name: 'electLeader',
  enabled: (shape, surroundings, state) =>
    state.leader === noLeader ? firstInOrder(shape, cleanCandidates(surroundings, state)) : 0,
  apply: (shape, state, slot) => {
    lead(shape, state, slot);
    state.current |= bit(slot);
    if ((state.inSync & bit(slot)) === 0) {
      state.inSync = bit(slot);
      state.eligible &= ~bit(slot);
    }
  },
};

/** The effect of an unclean election: the ISR is the new leader alone, and all others follow its log, whatever they hold. */
function leadUncleanly(shape: Shape, state: MutableState, slot: number): void {
  lead(shape, state, slot);
  state.inSync = bit(slot);
  state.current = bit(slot);
  state.eligible = 0;
}

/**
 * With ISR and ELR empty, as after unclean restarts of all their members, the last known leader is elected as soon as it is
 * active, whatever its log holds and whatever `unclean.leader.election.enable` says: the election is unclean.
 * Source: `PartitionChangeBuilder.canElectLastKnownLeader` (4.1 and later: not while it is fenced, KAFKA-19522).
 */
export const electLastKnownLeader: Transition<'electLastKnownLeader'> = {
  name: 'electLastKnownLeader',
  enabled: (_shape, surroundings, state) =>
    surroundings.quorum && state.leader === noLeader && (state.inSync | state.eligible) === 0
      ? state.lastKnownElr & ~state.fenced
      : 0,
  apply: leadUncleanly,
};

/**
 * `unclean.leader.election.enable`: with nobody left to elect cleanly, the first live replica in assignment order leads.
 * Source: `PartitionChangeBuilder.tryElection`; order, not log length, decides.
 */
export const electUncleanLeader: Transition<'electUncleanLeader'> = {
  name: 'electUncleanLeader',
  enabled: (shape, surroundings, state) => (shape.uncleanElection ? uncleanCandidates(shape, surroundings, state) : 0),
  apply: leadUncleanly,
};

/** The same by a person's command, whatever the configuration: `kafka-leader-election --election-type UNCLEAN`. */
export const forceUncleanLeader: Transition<'forceUncleanLeader'> = {
  name: 'forceUncleanLeader',
  enabled: uncleanCandidates,
  apply: leadUncleanly,
};

function uncleanCandidates(shape: Shape, surroundings: Surroundings, state: PartitionState): Mask {
  if (!surroundings.quorum || state.leader !== noLeader || cleanCandidates(surroundings, state) !== 0) return 0;
  if (electLastKnownLeader.enabled(shape, surroundings, state) !== 0) return 0;
  return firstInOrder(shape, shape.all & ~state.fenced);
}

/** Leadership returns to the first replica of the assignment. Source: `ReplicationControlManager.maybeBalancePartitionLeaders`. */
export const electPreferredLeader: Transition<'electPreferredLeader'> = {
  name: 'electPreferredLeader',
  enabled: (shape, surroundings, state) =>
    shape.switches.autoLeaderRebalance && surroundings.quorum && state.leader > 0
      ? 1 & state.inSync & ~state.fenced
      : 0,
  apply: (_shape, state, slot) => {
    state.leader = slot;
  },
};

/**
 * The leader drops ISR members that it no longer hears, though the controller does (switch `brokerLinkCut`). Dead members
 * would go the same way, were the controller's fencing not sooner. Source: `Partition.maybeShrinkIsr`.
 */
export const shrinkIsr: Transition<'shrinkIsr'> = {
  name: 'shrinkIsr',
  enabled: (shape, surroundings, state) => {
    if (shape.switches.brokerLinkCut !== 'leader-shrinks' || !leaderCommits(surroundings, state)) return 0;
    const silent = silentMembers(shape, surroundings, state);
    return shape.switches.eligibleLeaderReplicas && size(silent) > 1 ? silent | leaderBit(state) : silent;
  },
  apply: (shape, state, slot, surroundings) => leaveIsr(shape, state, dropped(shape, state, slot, surroundings)),
};

/** Members of the ISR that the leader does not hear. */
function silentMembers(shape: Shape, surroundings: Surroundings, state: PartitionState): Mask {
  return shrinkable(fetching(surroundings, state), state.inSync, shape.all, leaderBit(state));
}

/**
 * Who leaves the ISR with one request of the leader. With eligible leader replicas on it makes a difference who leaves
 * together: all of them stay eligible if the ISR is under min ISR then. So those of one datacenter leave together, as they
 * fell silent together; the leader's own slot, which never leaves, stands for all that are silent.
 */
function dropped(shape: Shape, state: PartitionState, slot: number, surroundings: Surroundings): Mask {
  if (!shape.switches.eligibleLeaderReplicas) return bit(slot);
  const silent = silentMembers(shape, surroundings, state);
  const datacenter = shape.slots[slot]?.datacenter ?? -1;
  return slot === state.leader ? silent : silent & (shape.slotsIn[datacenter] ?? 0);
}

/**
 * A replica fetches until it holds what the leader holds, truncating first what the leader does not hold: it knows every
 * acknowledged record exactly if the leader does. (What a fenced replica fetches counts once it is unfenced.) Source:
 * `Partition.readRecords`, `AbstractFetcherThread.truncateOnFetchResponse`.
 */
export const catchUp: Transition<'catchUp'> = {
  name: 'catchUp',
  enabled: (_shape, surroundings, state) => catchable(fetching(surroundings, state) & ~state.fenced, state.current),
  apply: (_shape, state, slot) => {
    state.current |= bit(slot);
    if ((state.complete & leaderBit(state)) !== 0) state.complete |= bit(slot);
    else state.complete &= ~bit(slot);
  },
};

/** A caught-up sync replica joins the ISR on its next fetch. Source: `Partition.maybeExpandIsr`. */
export const expandIsr: Transition<'expandIsr'> = {
  name: 'expandIsr',
  enabled: (shape, surroundings, state) =>
    expandable(joinable(surroundings, state), state.inSync, state.current, shape.sync),
  apply: joinIsr,
};

/** Whether the policy lets all observers in because one of them leads. */
function leaderAdmitsAll(shape: Shape, state: PartitionState): boolean {
  if ((shape.observers & leaderBit(state)) === 0) return false;
  return shape.policy === 'leader-is-observer' || shape.switches.observers.observerLeaderAdmitsAll === 'every-policy';
}

/** The leader admits one caught-up observer, as long as the policy asks for one. */
export const promoteObserver: Transition<'promoteObserver'> = {
  name: 'promoteObserver',
  enabled: (shape, surroundings, state) =>
    promotable(
      joinable(surroundings, state),
      state.inSync,
      state.current,
      shape.observers,
      leaderAdmitsAll(shape, state) ? Number.POSITIVE_INFINITY : shape.threshold,
    ),
  apply: joinIsr,
};

/**
 * The leader drops an observer that the policy no longer asks for. With eligible leader replicas on its own slot, which never
 * leaves, stands for all observers that leave with one request, as they do: see {@link dropped}.
 */
export const demoteObserver: Transition<'demoteObserver'> = {
  name: 'demoteObserver',
  enabled: (shape, surroundings, state) => {
    if (!leaderCommits(surroundings, state) || leaderAdmitsAll(shape, state)) return 0;
    const leaving = shape.switches.observers.demotion === 'one-by-one' ? demotable : demotableTogether;
    const slots = leaving(state.inSync, shape.observers, leaderBit(state), shape.threshold);
    const allLeave = size(slots) > 1 && size(state.inSync & ~slots) >= shape.threshold;
    return shape.switches.eligibleLeaderReplicas && allLeave ? slots | leaderBit(state) : slots;
  },
  apply: (shape, state, slot) =>
    leaveIsr(shape, state, slot === state.leader ? state.inSync & shape.observers & ~bit(slot) : bit(slot)),
};

/** All that happens by itself, in the order in which it usually does. */
export const systemTransitions: readonly Transition<SystemTransitionName>[] = [
  fenceBroker,
  unfenceBroker,
  electLeader,
  electLastKnownLeader,
  electUncleanLeader,
  shrinkIsr,
  catchUp,
  expandIsr,
  demoteObserver,
  promoteObserver,
  electPreferredLeader,
];

/** Whether a produce with acks=all, from a client that reaches every live broker, is acknowledged in this state. */
export function acceptsWrites(shape: Shape, surroundings: Surroundings, state: PartitionState): boolean {
  return acknowledges(fetching(surroundings, state), state.inSync, leaderBit(state), shape.effectiveMinIsr);
}

/**
 * A record is acknowledged: the ISR holds it, and who is not in the ISR may not. Enabled, it is enabled for the leader.
 * Clients write all the time, so this happens before each fault; the others have caught up again when nothing strikes.
 */
export const appendAcked: Transition<'appendAcked'> = {
  name: 'appendAcked',
  enabled: (shape, surroundings, state) => (acceptsWrites(shape, surroundings, state) ? leaderBit(state) : 0),
  apply: (_shape, state) => {
    state.current = state.inSync;
    state.complete &= state.inSync;
  },
};

/** The state after a transition, as a new value. */
export function after(
  shape: Shape,
  surroundings: Surroundings,
  state: PartitionState,
  transition: Transition,
  slot: number,
): PartitionState {
  const next = copyOf(state);
  transition.apply(shape, next, slot, surroundings);
  return next;
}

/** The state after a transition is taken for each replica of a set, lowest slot first. */
export function afterEach(
  shape: Shape,
  surroundings: Surroundings,
  state: PartitionState,
  transition: Transition,
  slots: Mask,
): PartitionState {
  const next = copyOf(state);
  applyEach(shape, surroundings, next, transition, slots);
  return next;
}

/** The same in place. */
export function applyEach(
  shape: Shape,
  surroundings: Surroundings,
  state: MutableState,
  transition: Transition,
  slots: Mask,
): void {
  for (let rest = slots; rest !== 0; rest &= rest - 1) transition.apply(shape, state, firstOf(rest), surroundings);
}
