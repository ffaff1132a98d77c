import { bit, size } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import type { Shape } from '../simulator/partition/shape';
import { leaderBit } from '../simulator/partition/state';
import { islandsOf, surroundingsOf } from '../simulator/partition/surroundings';
import { acceptsWrites } from '../simulator/partition/transitions';
import { strike, type World } from '../simulator/partition/world';
import { everythingReturns } from './failures';
import type { AcknowledgedData, Reads, Writes } from './outcome';

/** Whether acks=all writes are acknowledged right now. */
export function writable(shape: Shape, { surroundings, state }: World): boolean {
  return acceptsWrites(shape, surroundings, state);
}

/** Whether the leader runs. Without a quorum a dead leader stays in the metadata: nobody answers all the same. */
export function hasLiveLeader({ state }: World): boolean {
  return (leaderBit(state) & state.up) !== 0;
}

/** What `writes` says of a settled world, given whether they were blocked on the way there. */
export function judgeWrites(shape: Shape, world: World, blocked: boolean): Writes {
  if (writable(shape, world)) return blocked ? 'pause' : 'continue';
  return hasLiveLeader(world) ? 'stop' : 'offline';
}

/**
 * What a consumer at the end of the log meets in a settled world, given whether reads stood still on the way there. They
 * are stale where the high watermark is frozen, because an ISR member does not answer or the ISR is under min ISR (from
 * 3.7 on), and for whoever reads from a replica that runs but is cut off from the leader.
 */
export function judgeReads(shape: Shape, world: World, stalled: boolean): Reads {
  if (!hasLiveLeader(world)) return 'offline';
  const { state, surroundings } = world;
  const heard = surroundings.hears[state.leader] ?? 0;
  const silentMember = (state.inSync & ~(heard & state.up)) !== 0;
  const frozen =
    silentMember || (shape.switches.freezeHighWatermarkUnderMinIsr && size(state.inSync) < shape.effectiveMinIsr);
  const cutOff = (state.up & ~heard) !== 0;
  if (frozen || cutOff) return 'stale';
  return stalled ? 'pause' : 'continue';
}

/**
 * Whether every acknowledged record can still be read in the end. Lost: it is gone even when everything returns. Kept: the
 * leader holds it, or whom the controllers will elect once they have a majority again. At risk: it takes a replica that was
 * lost, or is lost when a person forces an unclean election meanwhile.
 */
export function judgeAcknowledgedData(model: PartitionModel, world: World): AcknowledgedData {
  if (!isHeldByAllWhoMayLead(model.shape, world)) {
    const returned = strike(model.shape, world, everythingReturns(model.shape));
    if (model.settle(returned).some(hasLostData)) return 'lost';
  }
  return isKept(world) || quorumForced(model, world).some((island) => island.every(isKept)) ? 'kept' : 'at-risk';
}

/**
 * Whether nothing can be lost any more, whatever returns: the ISR has members, they and all who are up to date with the leader
 * hold every acknowledged record, and all elections are clean. Whoever leads then comes from the ISR, its last member stays in
 * it, and others join it with what they fetched from such a leader.
 */
function isHeldByAllWhoMayLead({ switches, uncleanElection }: Shape, { state }: World): boolean {
  const { inSync, current, complete } = state;
  if (switches.eligibleLeaderReplicas || uncleanElection || inSync === 0) return false;
  return ((inSync | current | leaderBit(state)) & ~complete) === 0;
}

function hasLostData({ state }: World): boolean {
  return state.complete === 0 || (state.leader >= 0 && (state.complete & leaderBit(state)) === 0);
}

function isKept(world: World): boolean {
  return hasLiveLeader(world) && (world.state.complete & bit(world.state.leader)) !== 0;
}

/**
 * What comes of it when a person makes the controllers of one part a quorum again (`kafka-metadata-recovery`), for each
 * part of the network; nothing if the quorum stands.
 */
export function quorumForced(model: PartitionModel, world: World): readonly (readonly World[])[] {
  const { conditions, quorum } = world.surroundings;
  if (quorum) return [];
  return islandsOf(model.shape, conditions).map((island) => {
    const surroundings = surroundingsOf(model.shape, { ...conditions, quorumForcedIn: island });
    return model.settle({ state: world.state, surroundings });
  });
}
