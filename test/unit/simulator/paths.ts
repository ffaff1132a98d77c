import type { NodeId } from '../../../src/kafka/cluster';
import type { RunStep } from '../../../src/simulator/cluster/scenario/run';
import { bit, type Mask, maskOf, members } from '../../../src/simulator/partition/mask';
import { brokerExits, brokerReturns, brokerStops } from '../../../src/simulator/partition/processTransitions';
import type { Shape } from '../../../src/simulator/partition/shape';
import { leaderBit, noLeader, type PartitionState, stateKey } from '../../../src/simulator/partition/state';
import type { Surroundings } from '../../../src/simulator/partition/surroundings';
import {
  after,
  afterEach,
  appendAcked,
  catchUp,
  expandIsr,
  fetching,
  promoteObserver,
  shrinkIsr,
  systemTransitions,
} from '../../../src/simulator/partition/transitions';
import { type Strike, strike, type World } from '../../../src/simulator/partition/world';

/** What a `--describe` shows of a state, and who runs. The rest of the settled model's variables is hidden in a run. */
export interface Seen {
  readonly up: Mask;
  readonly inSync: Mask;
  readonly eligible: Mask;
  readonly lastKnownElr: Mask;
  readonly leader: number;
}

/** One step of an exact run on the settled model's variables. */
export function project(slots: readonly NodeId[], { state }: RunStep): Seen {
  const mask = (ids: readonly NodeId[]): Mask => maskOf(ids.map((id) => slots.indexOf(id)));
  return {
    up: mask(slots) & ~mask(state.offline),
    inSync: mask(state.isr),
    eligible: mask(state.elr),
    lastKnownElr: mask(state.lastKnownElr ?? []),
    leader: state.leader === null ? noLeader : slots.indexOf(state.leader),
  };
}

/**
 * Follows an exact run in the settled model: keeps every state of it that explains all that was seen so far, the hidden
 * variables being whatever they must be. What the environment does later than the fault that asked for it (a process
 * that stops in order exits when the controller lets it; one that returns registers once its old session has lapsed) is
 * taken when it is seen.
 */
export class Follower {
  readonly #shape: Shape;
  readonly #slots: readonly NodeId[];
  #surroundings: Surroundings;
  #states: readonly PartitionState[];
  #seen: Seen;
  #stopping: Mask = 0;
  /** Of those, the ones that no controller heard for a while: they may have given up waiting for it, unseen. */
  #givingUp: Mask = 0;
  /** Replicas whose joining the leader may have asked for when a fault struck: the controller may admit them all the same. */
  #inFlight: Mask = 0;
  /** Replicas that the leader may have asked to drop, as it did not hear them: they leave even if it hears them by then. */
  #dropping: Mask = 0;
  /** Replicas that are down and will lack the end of their log. */
  #unflushed: Mask = 0;
  #mayHaveLost = false;

  constructor(shape: Shape, slots: readonly NodeId[], start: World) {
    this.#shape = shape;
    this.#slots = slots;
    this.#surroundings = start.surroundings;
    this.#states = [start.state];
    const { up, inSync, eligible, lastKnownElr, leader } = start.state;
    this.#seen = { up, inSync, eligible, lastKnownElr, leader };
  }

  get states(): readonly PartitionState[] {
    return this.#states;
  }

  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  /** Whether on one of the paths somebody came to lead who lacks an acknowledged record. */
  get mayHaveLost(): boolean {
    return this.#mayHaveLost;
  }

  /**
   * What breaks or returns at once. Brokers that stop in order, or register, do so later: see {@link follow}.
   *
   * @param unflushed of the brokers that die, those that lose the end of their log.
   */
  befall({ stop, restore: _later, ...blow }: Strike, unflushed: Mask = 0): void {
    this.#unflushed |= unflushed & this.#seen.up;
    if (stop !== undefined) this.#stopping |= bit(stop);
    this.#stopping &= ~(blow.crash ?? 0);
    this.#givingUp |= this.#stopping & ~this.#surroundings.hearsQuorum;
    this.#inFlight |= this.#joining();
    this.#dropping |= this.#silent();
    const struck = this.#states.map((state) => strike(this.#shape, { state, surroundings: this.#surroundings }, blow));
    this.#surroundings = struck[0]?.surroundings ?? this.#surroundings;
    this.#states = distinct(struck.map(({ state }) => state));
    this.#seen = { ...this.#seen, up: this.#seen.up & ~(blow.crash ?? 0) };
  }

  /** Whether some path leads from what was to what is seen now. */
  follow(step: RunStep): boolean {
    const next = project(this.#slots, step);
    this.#states = this.#search(next).filter((state) => this.#explains(state, next));
    this.#seen = next;
    this.#mayHaveLost ||= this.#states.some((state) => (leaderBit(state) & ~state.complete) !== 0);
    this.#stopping &= next.up;
    this.#givingUp &= next.up;
    this.#unflushed &= ~next.up;
    this.#inFlight &= ~next.inSync;
    this.#dropping &= next.inSync;
    return this.#states.length > 0;
  }

  /** Who may join the ISR in one of the states, once it has fetched. */
  #joining(): Mask {
    return this.#states.reduce((joining, state) => {
      const fetched = afterEach(
        this.#shape,
        this.#surroundings,
        state,
        catchUp,
        catchUp.enabled(this.#shape, this.#surroundings, state),
      );
      const enabled = [expandIsr, promoteObserver].map((join) =>
        join.enabled(this.#shape, this.#surroundings, fetched),
      );
      return enabled.reduce((all, slots) => all | slots, joining);
    }, 0);
  }

  /** Members of the ISR that the leader does not hear in one of the states. */
  #silent(): Mask {
    return this.#states.reduce((silent, state) => {
      const isLed = (leaderBit(state) & state.up) !== 0;
      return isLed ? silent | (state.inSync & ~fetching(this.#surroundings, state)) : silent;
    }, 0);
  }

  #explains(state: PartitionState, seen: Seen): boolean {
    // A broker that stops in order still runs while it hands over; for the settled model it is gone by then.
    const compared = ~this.#stopping;
    return (
      (state.up & compared) === (seen.up & compared) &&
      state.inSync === seen.inSync &&
      state.eligible === seen.eligible &&
      state.lastKnownElr === seen.lastKnownElr &&
      state.leader === seen.leader
    );
  }

  /** All states that can be reached by going from the one observation towards the other. */
  #search(next: Seen): readonly PartitionState[] {
    const least = this.#seen.inSync & next.inSync;
    const most = this.#seen.inSync | next.inSync;
    const isBetween = ({ inSync, leader }: PartitionState): boolean =>
      (least & ~inSync) === 0 &&
      (inSync & ~most) === 0 &&
      (leader === this.#seen.leader || leader === next.leader || leader === noLeader);
    const found = new Map(this.#states.map((state) => [stateKey(state), state]));
    for (const state of found.values()) {
      for (const reached of this.#successors(state, next)) {
        if (isBetween(reached)) found.set(stateKey(reached), found.get(stateKey(reached)) ?? reached);
      }
    }
    return [...found.values()];
  }

  #successors(state: PartitionState, next: Seen): readonly PartitionState[] {
    const surroundings = this.#surroundings;
    const returning = next.up & ~state.up & ~this.#stopping & brokerReturns.enabled(this.#shape, surroundings, state);
    const handingOver = this.#stopping & brokerStops.enabled(this.#shape, surroundings, state);
    // Whom the controllers do not hear gives up waiting for them after a while.
    const givingUp = this.#stopping & ~next.up & state.up & (this.#givingUp | ~handingOver);
    const committing = (bit(state.leader) & state.up & surroundings.hearsQuorum) !== 0;
    const leaving = committing ? this.#dropping & state.inSync & ~leaderBit(state) : 0;
    const dropping: Surroundings = { ...surroundings, hears: surroundings.hears.map((heard) => heard & ~leaving) };
    const late = committing ? this.#inFlight & ~state.fenced & ~state.inSync : 0;
    const written = appendAcked.enabled(this.#shape, surroundings, state);
    return [
      // Clients write all the while.
      ...members(written).map((slot) => after(this.#shape, surroundings, state, appendAcked, slot)),
      ...members(leaving === 0 ? 0 : shrinkIsr.enabled(shrinking(this.#shape), dropping, state)).map((slot) =>
        after(this.#shape, dropping, state, shrinkIsr, slot),
      ),
      ...members(late).map((slot) => after(this.#shape, surroundings, state, expandIsr, slot)),
      ...systemTransitions.flatMap((transition) =>
        members(transition.enabled(this.#shape, surroundings, state)).map((slot) =>
          after(this.#shape, surroundings, state, transition, slot),
        ),
      ),
      ...members(returning).flatMap((slot) => this.#returns(state, slot)),
      ...members(handingOver).map((slot) => after(this.#shape, surroundings, state, brokerStops, slot)),
      ...members(givingUp).map((slot) => after(this.#shape, surroundings, state, brokerExits, slot)),
    ];
  }

  /** What was not flushed may have been acknowledged, or not. */
  #returns(state: PartitionState, slot: number): readonly PartitionState[] {
    const whole = after(this.#shape, this.#surroundings, state, brokerReturns, slot);
    const isWhole = (this.#unflushed & bit(slot)) === 0;
    return isWhole ? [whole] : [whole, { ...whole, complete: whole.complete & ~bit(slot) }];
  }
}

/** The shape whose leader drops whoever it does not hear: what it has asked for, it has asked for. */
function shrinking(shape: Shape): Shape {
  return { ...shape, switches: { ...shape.switches, brokerLinkCut: 'leader-shrinks' } };
}

function distinct(states: readonly PartitionState[]): readonly PartitionState[] {
  return [...new Map(states.map((state) => [stateKey(state), state])).values()];
}
