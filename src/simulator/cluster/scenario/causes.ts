import type { NodeId } from '../../../kafka/cluster';
import type { Cause } from '../../timeline';
import { promotionThreshold } from '../observers';
import { except, NO_LEADER, type PartitionRegistration } from '../partition';
import type { World } from './world';

/** How a leader came about. */
export type ElectionKind = 'clean' | 'preferred' | 'unclean' | 'last-known-leader';

/** Who brought a change about, where the records alone do not say. */
export interface ChangeContext {
  readonly by: 'leader' | 'controller';
  readonly preferred?: boolean;
  /** A person asked for it. */
  readonly commanded?: boolean;
  /** What comes before the changes of the partition that it brings about. */
  readonly first?: Cause;
}

/**
 * What happened between two registrations of the partition, in Kafka's words. Where one record both elects a leader and
 * shrinks the ISR, the election is named: the rest shows in the state.
 */
export function partitionCauses(
  world: World,
  before: PartitionRegistration,
  after: PartitionRegistration,
  context: ChangeContext,
): Cause[] {
  if (before.partitionEpoch === after.partitionEpoch) return [];
  const causes = reassignmentCauses(before, after);
  if (before.leader !== after.leader) {
    causes.push(
      after.leader === NO_LEADER
        ? { kind: 'leader-lost', leader: before.leader }
        : {
            kind: 'leader-elected',
            leader: after.leader,
            election: electionKind(world, before, after, context),
            ...(context.commanded ? { commanded: true } : {}),
          },
    );
    return causes;
  }
  causes.push(...isrCauses(world, before, after, context));
  // Members that leave the ELR as they join the ISR, or as it is at min ISR again, are told by that.
  const noLonger = except(before.elr, after.elr);
  if (causes.length === 0 && noLonger.length > 0) causes.push({ kind: 'elr-shrunk', removed: noLonger });
  return causes;
}

/** How the new leader was chosen. */
export function electionKind(
  world: World,
  before: PartitionRegistration,
  after: PartitionRegistration,
  context: ChangeContext,
): ElectionKind {
  const { leader } = after;
  if (!isUnclean(before, after, context)) return context.preferred ? 'preferred' : 'clean';
  const lastKnown = world.setup.elrEnabled && before.isr.length === 0 && except(before.elr, [leader]).length === 0;
  return lastKnown && before.lastKnownElr[0] === leader ? 'last-known-leader' : 'unclean';
}

/**
 * An unclean election leaves the partition RECOVERING. So it stays through clean ones until the leader's first
 * AlterPartition: then the leader came from the ISR or the ELR, which a replica that registers after an unclean stop has left.
 */
function isUnclean(before: PartitionRegistration, after: PartitionRegistration, { first }: ChangeContext): boolean {
  const { leader } = after;
  if (after.recovery !== 'RECOVERING') return false;
  if (before.recovery !== 'RECOVERING') return true;
  const hasLeftElr = first?.kind === 'broker-registered' && !first.clean && first.broker === leader;
  return !before.isr.includes(leader) && (hasLeftElr || !before.elr.includes(leader));
}

function reassignmentCauses(before: PartitionRegistration, after: PartitionRegistration): Cause[] {
  const wasRunning = before.addingReplicas.length + before.removingReplicas.length > 0;
  const isRunning = after.addingReplicas.length + after.removingReplicas.length > 0;
  if (!wasRunning && isRunning) {
    return [{ kind: 'reassignment-started', adding: after.addingReplicas, removing: after.removingReplicas }];
  }
  const replicasChanged = before.replicas.join() !== after.replicas.join();
  if (replicasChanged && !isRunning) return [{ kind: 'reassignment-completed', replicas: after.replicas }];
  return [];
}

function isrCauses(
  world: World,
  before: PartitionRegistration,
  after: PartitionRegistration,
  { by }: ChangeContext,
): Cause[] {
  const { observers } = after;
  const removed = except(before.isr, after.isr);
  // An observer that the leader drops though it keeps up is demoted; else it left like any replica that fell behind.
  const demoted = by === 'leader' ? removed.filter((id) => observers.includes(id) && isKeepingUp(world, id)) : [];
  const fellOut = except(removed, demoted);
  const causes: Cause[] = [];
  if (fellOut.length > 0) causes.push({ kind: 'isr-shrunk', removed: fellOut, by });
  for (const observer of demoted) causes.push({ kind: 'observer-demoted', observer });
  for (const added of except(after.isr, before.isr)) {
    causes.push(observers.includes(added) ? promotion(world, added, before) : { kind: 'isr-expanded', added });
  }
  return causes;
}

function isKeepingUp(world: World, id: NodeId): boolean {
  return world.keepsUpWith(id, world.cluster.controller.partition.leader);
}

function promotion(world: World, observer: NodeId, before: PartitionRegistration): Cause {
  const { controller } = world.cluster;
  // Behind an observer that leads there is no threshold: all of them may join.
  const threshold = promotionThreshold(world.observerPolicy, controller.effectiveMinIsr) ?? before.observers.length;
  return { kind: 'observer-promoted', observer, isrSize: before.isr.length, threshold };
}
