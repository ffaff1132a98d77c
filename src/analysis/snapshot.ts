import { size } from '../simulator/partition/mask';
import type { Shape } from '../simulator/partition/shape';
import { noLeader } from '../simulator/partition/state';
import { afterEach, catchUp } from '../simulator/partition/transitions';
import type { World } from '../simulator/partition/world';
import type { PartitionSnapshot, ProduceState } from '../simulator/timeline';
import { hasLiveLeader, writable } from './judgement';
import type { Names } from './names';

/** A world in the words of `kafka-topics --describe`. */
export function snapshot(shape: Shape, names: Names, world: World): PartitionSnapshot {
  const { state, surroundings } = world;
  return {
    leader: names.slots[state.leader] ?? null,
    replicas: names.slots,
    observers: names.observers,
    isr: names.brokers(state.inSync),
    offline: names.brokers(shape.all & ~state.up),
    caughtUp: names.brokers(holdingAll(shape, world)),
    elr: names.brokers(state.eligible),
    ...(shape.switches.eligibleLeaderReplicas ? { lastKnownElr: names.brokers(state.lastKnownElr) } : {}),
    produce: produceState(shape, world),
    quorum: surroundings.quorum,
  };
}

/**
 * Live replicas that hold every acknowledged record. Behind a live leader they are there within a fetch, which is too
 * short to be shown as lag; without one, only who was in the ISR is sure to hold the last records.
 */
function holdingAll(shape: Shape, { state, surroundings }: World): number {
  const fetched = afterEach(
    shape,
    surroundings,
    state,
    catchUp,
    catchUp.enabled(shape, surroundings, state) & state.complete,
  );
  // Once acknowledged records are gone for good, what the leader holds is all there is.
  const complete = fetched.complete === 0 ? shape.all : fetched.complete;
  return fetched.up & complete & (fetched.current | state.inSync);
}

function produceState(shape: Shape, world: World): ProduceState {
  if (writable(shape, world)) return 'accepted';
  if (world.state.leader === noLeader) return 'offline';
  const refused = hasLiveLeader(world) && size(world.state.inSync) < shape.effectiveMinIsr;
  return refused ? 'refused' : 'waiting';
}
