import type { Kinds } from './kinds';
import { bit, firstOf, type Mask } from './mask';
import type { Shape } from './shape';

/** The leader of a partition that has none (`NO_LEADER` in Kafka's metadata). */
export const noLeader = -1;

/**
 * One partition as the controller records it, and what its replicas hold: a handful of sets of slots. Messages, offsets
 * and epochs are collapsed into the transitions they bring about.
 */
export interface PartitionState {
  /** Brokers whose process runs. */
  readonly up: Mask;
  /** Brokers the controller holds for dead. It notices a death (or a cut) later, and one broker after another. */
  readonly fenced: Mask;
  /** The ISR. Its last member stays in it when it dies, unless eligible leader replicas are on. */
  readonly inSync: Mask;
  /** Replicas that hold all that the leader holds up to the high watermark: they pass `Partition.isFollowerInSync`. */
  readonly current: Mask;
  /** Replicas that hold every record ever acknowledged with acks=all. Empty once such a record is lost for good. */
  readonly complete: Mask;
  /** Eligible leader replicas (KIP-966); empty where the feature is off. */
  readonly eligible: Mask;
  /**
   * The last known leader (KIP-966, `lastKnownElr`): who led before nobody did. Empty while somebody leads, and where the
   * feature is off.
   */
  readonly lastKnownElr: Mask;
  /**
   * Of the brokers that are down, those that stopped in order: they left a clean shutdown file, so that their logs are whole and
   * eligible leader replicas trust them. Empty where the feature is off: it then makes no difference.
   */
  readonly stoppedCleanly: Mask;
  /** The leader's slot, or {@link noLeader}. It may be dead, as long as the controller has not noticed. */
  readonly leader: number;
}

/** A state that a transition's effect may write to. Only `transitions.ts`, `settle.ts` and the explorer hold one. */
export type MutableState = { -readonly [Field in keyof PartitionState]: PartitionState[Field] };

/** A copy to write to. Field by field, which costs a fraction of what a spread does; all states look alike to the compiler. */
export function copyOf(state: PartitionState): MutableState {
  return {
    up: state.up,
    fenced: state.fenced,
    inSync: state.inSync,
    current: state.current,
    complete: state.complete,
    eligible: state.eligible,
    lastKnownElr: state.lastKnownElr,
    stoppedCleanly: state.stoppedCleanly,
    leader: state.leader,
  };
}

/** All up, the ISR is the sync replicas, all caught up, the preferred leader leads. */
export function healthyState(shape: Shape): PartitionState {
  return {
    up: shape.all,
    fenced: 0,
    inSync: shape.sync,
    current: shape.all,
    complete: shape.all,
    eligible: 0,
    lastKnownElr: 0,
    stoppedCleanly: 0,
    leader: firstOf(shape.sync),
  };
}

/** The leader as a set: empty when there is none. */
export function leaderBit(state: PartitionState): Mask {
  return bit(state.leader);
}

/** All that a state says of one slot, as nine bits. */
export function column(state: PartitionState, slot: number): number {
  return (
    ((state.up >>> slot) & 1) |
    (((state.fenced >>> slot) & 1) << 1) |
    (((state.inSync >>> slot) & 1) << 2) |
    (((state.current >>> slot) & 1) << 3) |
    (((state.complete >>> slot) & 1) << 4) |
    (((state.eligible >>> slot) & 1) << 5) |
    (((state.lastKnownElr >>> slot) & 1) << 6) |
    (((state.stoppedCleanly >>> slot) & 1) << 7) |
    (state.leader === slot ? 256 : 0)
  );
}

/** Of slots that are interchangeable and in the same state, one. */
export function onePerKind(kinds: Kinds, state: PartitionState, slots: Mask): Mask {
  if ((slots & (slots - 1)) === 0) return slots;
  let chosen = 0;
  for (let rest = slots; rest !== 0; rest &= rest - 1) {
    const slot = firstOf(rest);
    let alike = chosen & (kinds[slot] ?? 0);
    while (alike !== 0 && column(state, firstOf(alike)) !== column(state, slot)) alike &= alike - 1;
    if (alike === 0) chosen |= bit(slot);
  }
  return chosen;
}

/** A key by which equal states are found again. */
export function stateKey(state: PartitionState): string {
  const { up, fenced, inSync, current, complete, eligible, lastKnownElr, stoppedCleanly, leader } = state;
  return `${up},${fenced},${inSync},${current},${complete},${eligible},${lastKnownElr},${stoppedCleanly},${leader}`;
}
