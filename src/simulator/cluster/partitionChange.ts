import type { NodeId } from '../../kafka/cluster';
import {
  type Election,
  except,
  NO_LEADER,
  type PartitionRegistration,
  type RecoveryState,
  sameList,
} from './partition';

/** What the caller of {@link buildPartitionChange} wants; absent targets mean "as it is". */
export interface PartitionChangeRequest {
  /** May this replica's broker lead? The caller's predicate (`RCM.LeaderAcceptor`). */
  readonly acceptable: (replica: NodeId) => boolean;
  readonly election: Election;
  readonly targetIsr?: readonly NodeId[];
  /** Replicas that restarted uncleanly: they leave the ELR. */
  readonly uncleanShutdown?: readonly NodeId[];
  readonly targetRecovery?: RecoveryState;
  readonly targetReplicas?: readonly NodeId[];
  readonly targetObservers?: readonly NodeId[];
  readonly targetAdding?: readonly NodeId[];
  readonly targetRemoving?: readonly NodeId[];
}

/** What the change needs to know of the cluster. */
export interface PartitionChangeContext {
  /** min(min.insync.replicas, replication factor): `RCM.getTopicEffectiveMinIsr`. */
  readonly effectiveMinIsr: number;
  /** Feature `eligible.leader.replicas.version` is 1. */
  readonly elrEnabled: boolean;
  /** KAFKA-19522: the last known leader need not be acceptable. */
  readonly electFencedLastKnownLeader: boolean;
}

/** Kafka's `PartitionChangeRecord`: only the fields that change. A leader field, even unchanged, bumps the leader epoch. */
export interface PartitionChangeRecord {
  readonly leader?: NodeId;
  readonly isr?: readonly NodeId[];
  readonly elr?: readonly NodeId[];
  readonly lastKnownElr?: readonly NodeId[];
  readonly replicas?: readonly NodeId[];
  readonly observers?: readonly NodeId[];
  readonly adding?: readonly NodeId[];
  readonly removing?: readonly NodeId[];
  readonly recovery?: RecoveryState;
}

type Draft = { -readonly [Key in keyof PartitionChangeRecord]: PartitionChangeRecord[Key] };

interface Targets {
  isr: readonly NodeId[];
  elr: readonly NodeId[];
  replicas: readonly NodeId[];
  adding: readonly NodeId[];
  removing: readonly NodeId[];
}

/**
 * The one function that makes every partition record: shrinks, expansions, elections and reassignments alike.
 * Source: `PartitionChangeBuilder.build`. Returns `undefined` where nothing would change.
 */
export function buildPartitionChange(
  partition: PartitionRegistration,
  context: PartitionChangeContext,
  request: PartitionChangeRequest,
): PartitionChangeRecord | undefined {
  const targets: Targets = {
    isr: request.targetIsr ?? partition.isr,
    elr: partition.elr,
    replicas: request.targetReplicas ?? partition.replicas,
    adding: request.targetAdding ?? partition.addingReplicas,
    removing: request.targetRemoving ?? partition.removingReplicas,
  };
  completeReassignmentIfNeeded(targets);
  if (context.elrEnabled) populateTargetElr(targets, partition, context, request.uncleanShutdown ?? []);

  const record: Draft = {};
  tryElection(record, targets, partition, context, request);
  bumpLeaderEpochIfReplicaLeft(record, targets, partition);
  recordElr(record, targets, partition, context);
  recordIsr(record, targets, partition, context);
  if (context.elrEnabled) recordLastKnownLeader(record, partition);
  recordAssignment(record, targets, partition, request);
  return Object.keys(record).length === 0 ? undefined : record;
}

/** Applies a record: a leader field bumps the leader epoch, every record the partition epoch (`PartitionRegistration.merge`). */
export function applyPartitionChange(
  partition: PartitionRegistration,
  record: PartitionChangeRecord,
): PartitionRegistration {
  return {
    replicas: record.replicas ?? partition.replicas,
    observers: record.observers ?? partition.observers,
    addingReplicas: record.adding ?? partition.addingReplicas,
    removingReplicas: record.removing ?? partition.removingReplicas,
    isr: record.isr ?? partition.isr,
    elr: record.elr ?? partition.elr,
    lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    leader: record.leader ?? partition.leader,
    leaderEpoch: partition.leaderEpoch + (record.leader === undefined ? 0 : 1),
    partitionEpoch: partition.partitionEpoch + 1,
    recovery: record.recovery ?? partition.recovery,
  };
}

/** A reassignment ends when all added replicas are in the ISR and enough would remain (`completeReassignmentIfNeeded`). */
function completeReassignmentIfNeeded(targets: Targets): void {
  if (targets.adding.length === 0 && targets.removing.length === 0) return;
  const isr = except(targets.isr, targets.removing);
  const replicas = except(targets.replicas, targets.removing);
  const complete =
    isr.length > 0 &&
    replicas.length > 0 &&
    targets.adding.every((replica) => isr.includes(replica)) &&
    (targets.adding.length >= targets.removing.length || replicas.every((replica) => isr.includes(replica)));
  if (!complete) return;
  targets.isr = isr;
  targets.replicas = replicas;
  targets.adding = [];
  targets.removing = [];
}

/** Members that leave while the ISR goes under min ISR stay eligible (`maybePopulateTargetElr`, KIP-966). */
function populateTargetElr(
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
  uncleanShutdown: readonly NodeId[],
): void {
  if (targets.isr.length >= context.effectiveMinIsr) {
    targets.elr = [];
    return;
  }
  const candidates = [...targets.elr, ...except(partition.isr, targets.elr)];
  targets.elr = except(except(candidates, targets.isr), uncleanShutdown);
}

/** `electLeader`: a clean choice from ISR or ELR, else the last known leader, else an unclean choice, else none. */
function tryElection(
  record: Draft,
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
  request: PartitionChangeRequest,
): void {
  const { leader, unclean } = electLeader(targets, partition, context, request);
  if (leader === partition.leader) return;
  record.leader = leader;
  if (targets.elr.includes(leader)) {
    targets.isr = [leader];
    targets.elr = except(targets.elr, [leader]);
  } else if (unclean) {
    record.isr = [leader];
    if (partition.recovery !== 'RECOVERING') record.recovery = 'RECOVERING';
  }
}

function electLeader(
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
  request: PartitionChangeRequest,
): { leader: NodeId; unclean: boolean } {
  const { acceptable, election } = request;
  // isValidNewLeader: an ISR member, or with an empty ISR an eligible leader replica.
  const valid = (replica: NodeId): boolean =>
    (targets.isr.includes(replica) || (targets.isr.length === 0 && targets.elr.includes(replica))) &&
    acceptable(replica);
  // electPreferredLeader tries the first replica before the current leader; electAnyLeader keeps a valid leader.
  const preferred = targets.replicas[0];
  if (election === 'preferred' && preferred !== undefined && valid(preferred)) {
    return { leader: preferred, unclean: false };
  }
  if (partition.leader !== NO_LEADER && valid(partition.leader)) return { leader: partition.leader, unclean: false };
  const clean = targets.replicas.find(valid);
  if (clean !== undefined) return { leader: clean, unclean: false };

  const lastKnown = lastKnownLeader(targets, partition, context, acceptable);
  if (lastKnown !== undefined) return { leader: lastKnown, unclean: true };
  // The choice is the first live replica in assignment order, not the one with the longest log.
  const anyReplica = election === 'unclean' ? targets.replicas.find(acceptable) : undefined;
  return anyReplica === undefined ? { leader: NO_LEADER, unclean: false } : { leader: anyReplica, unclean: true };
}

/** `canElectLastKnownLeader`: with ELR on and nobody eligible, whatever `unclean.leader.election.enable` says. */
function lastKnownLeader(
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
  acceptable: (replica: NodeId) => boolean,
): NodeId | undefined {
  if (!context.elrEnabled || targets.isr.length > 0 || targets.elr.length > 0) return undefined;
  const [lastKnown, ...others] = partition.lastKnownElr;
  if (lastKnown === undefined || others.length > 0) return undefined;
  return context.electFencedLastKnownLeader || acceptable(lastKnown) ? lastKnown : undefined;
}

/** A replica that left the assignment must learn it: its fetches are fenced by a new leader epoch. */
function bumpLeaderEpochIfReplicaLeft(record: Draft, targets: Targets, partition: PartitionRegistration): void {
  if (record.leader !== undefined) return;
  if (partition.replicas.some((replica) => !targets.replicas.includes(replica))) record.leader = partition.leader;
}

function recordElr(
  record: Draft,
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
): void {
  if (record.isr !== undefined || !context.elrEnabled) targets.elr = [];
  if (!sameList(targets.elr, partition.elr)) record.elr = targets.elr;
}

/** Without ELR an empty ISR is never written: the last member stays in it though dead. */
function recordIsr(
  record: Draft,
  targets: Targets,
  partition: PartitionRegistration,
  context: PartitionChangeContext,
): void {
  if (record.isr !== undefined || sameList(targets.isr, partition.isr)) return;
  if (targets.isr.length > 0 || context.elrEnabled) record.isr = targets.isr;
}

function recordLastKnownLeader(record: Draft, partition: PartitionRegistration): void {
  if (record.leader === undefined) return;
  if (record.leader === NO_LEADER) {
    if (partition.lastKnownElr.length === 0) record.lastKnownElr = [partition.leader];
  } else if (partition.lastKnownElr.length > 0) {
    record.lastKnownElr = [];
  }
}

function recordAssignment(
  record: Draft,
  targets: Targets,
  partition: PartitionRegistration,
  request: PartitionChangeRequest,
): void {
  if (!sameList(targets.replicas, partition.replicas)) record.replicas = targets.replicas;
  if (!sameList(targets.removing, partition.removingReplicas)) record.removing = targets.removing;
  if (!sameList(targets.adding, partition.addingReplicas)) record.adding = targets.adding;
  const observers = (request.targetObservers ?? partition.observers).filter((id) => targets.replicas.includes(id));
  if (!sameList(observers, partition.observers)) record.observers = observers;
  const recovery = request.targetRecovery ?? partition.recovery;
  if (recovery !== partition.recovery) record.recovery = recovery;
}
