import type { Kinds } from './kinds';
import { bit, lowest, type Mask, members } from './mask';
import type { Shape } from './shape';
import { leaderBit, noLeader, onePerKind, type PartitionState, stateKey } from './state';
import type { Surroundings } from './surroundings';
import {
  after,
  catchUp,
  demoteObserver,
  electLeader,
  electPreferredLeader,
  electUncleanLeader,
  expandIsr,
  fenceBroker,
  promoteObserver,
  type SystemTransitionName,
  shrinkIsr,
  systemTransitions,
  type Transition,
  unfenceBroker,
} from './transitions';

/** One transition that was taken, and what it led to. */
export interface Taken {
  readonly transition: SystemTransitionName;
  readonly slot: number;
  readonly state: PartitionState;
}

/** A state in which nothing more happens by itself, and one shortest way there. */
export interface Settled {
  readonly state: PartitionState;
  readonly path: readonly Taken[];
}

export interface Settling {
  /**
   * Every state the system may settle in, up to the names of interchangeable replicas: which observer wins, which of several
   * brokers is fenced last, is not picked.
   */
  readonly ends: readonly Settled[];
  /** Distinct states looked at. */
  readonly examined: number;
  /** Whether {@link maxStatesPerSettling} was hit, so that ends may be missing. */
  readonly cut: boolean;
}

/** A bound on the states of one settling. Thirty replicas of one role in each of two datacenters stay far below it. */
export const maxStatesPerSettling = 50_000;

/**
 * Lets a partition settle, in all ways. It ends on every input: the brokers to fence and to unfence are fixed by the
 * surroundings and disjoint, so those steps run out; a replica catches up once per leader; leadership changes once for
 * each fenced leader and at most once more to the preferred one; and between two such changes sync replicas only join,
 * while an observer joins under the policy's threshold and leaves above it, which never undo each other.
 * @param kinds replicas that the caller does not tell apart; by default all are.
 */
export function settle(shape: Shape, surroundings: Surroundings, start: PartitionState, kinds = shape.alike): Settling {
  return explore(shape, surroundings, start, isReducible(shape) ? decisiveMoves(kinds) : allMoves);
}

/** The same without leaving out interleavings that make no difference: the yardstick for {@link settle}. */
export function settleExhaustively(shape: Shape, surroundings: Surroundings, start: PartitionState): Settling {
  return explore(shape, surroundings, start, allMoves);
}

/** A transition for one replica. */
interface Move {
  readonly transition: Transition<SystemTransitionName>;
  readonly slot: number;
}

/** Moves that are taken one after another without a choice in between. */
type Run = readonly Move[];

type Moves = (shape: Shape, surroundings: Surroundings, state: PartitionState) => readonly Run[];

/** A visited state, how it was reached, and from where. */
interface Visit {
  readonly state: PartitionState;
  readonly taken: readonly Taken[];
  readonly from: Visit | null;
}

function explore(shape: Shape, surroundings: Surroundings, start: PartitionState, moves: Moves): Settling {
  const seen = new Set([stateKey(start)]);
  const queue: Visit[] = [{ state: start, taken: [], from: null }];
  const ends: Settled[] = [];
  for (let next = 0; next < queue.length; next++) {
    const visit = queue[next];
    if (visit === undefined) break;
    const runs = moves(shape, surroundings, visit.state);
    if (runs.length === 0) ends.push({ state: visit.state, path: pathTo(visit) });
    for (const run of runs) {
      const taken = follow(shape, surroundings, visit.state, run, moves);
      const state = taken.at(-1)?.state ?? visit.state;
      const key = stateKey(state);
      if (seen.has(key)) continue;
      if (seen.size >= maxStatesPerSettling) return { ends, examined: seen.size, cut: true };
      seen.add(key);
      queue.push({ state, taken, from: visit });
    }
  }
  return { ends, examined: seen.size, cut: false };
}

/** A path is cut into pieces no longer than this: were there a cycle, it would be seen. */
const maxStepsUnseen = 500;

/** Takes a run, and then whatever leaves no choice: states on the way to the next fork need not be remembered. */
function follow(
  shape: Shape,
  surroundings: Surroundings,
  start: PartitionState,
  run: Run,
  moves: Moves,
): readonly Taken[] {
  const taken: Taken[] = [];
  let state = start;
  for (
    let next: readonly Run[] = [run];
    next.length === 1 && taken.length < maxStepsUnseen;
    next = moves(shape, surroundings, state)
  ) {
    const [only] = next;
    if (only === undefined) break;
    taken.push(...take(shape, surroundings, state, only));
    state = taken.at(-1)?.state ?? state;
  }
  return taken;
}

function take(shape: Shape, surroundings: Surroundings, start: PartitionState, run: Run): readonly Taken[] {
  let state = start;
  return run.map(({ transition, slot }) => {
    state = after(shape, surroundings, state, transition, slot);
    return { transition: transition.name, slot, state };
  });
}

function pathTo(end: Visit): readonly Taken[] {
  const parts: (readonly Taken[])[] = [];
  for (let visit: Visit | null = end; visit !== null; visit = visit.from) parts.push(visit.taken);
  return parts.reverse().flat();
}

const each = (transition: Move['transition'], slots: Mask): readonly Run[] =>
  members(slots).map((slot) => [{ transition, slot }]);

/** One run for a whole set, where the order within it makes no difference. */
const together = (transition: Move['transition'], slots: Mask): readonly Run[] => [
  members(slots).map((slot) => ({ transition, slot })),
];

const allMoves: Moves = (shape, surroundings, state) =>
  systemTransitions.flatMap((transition) => each(transition, transition.enabled(shape, surroundings, state)));

/** What decides who leads. */
const membership = [fenceBroker, unfenceBroker, electLeader, electUncleanLeader];

/** Where the shortcuts of {@link decisiveMoves} hold; elsewhere every order is explored. */
function isReducible(shape: Shape): boolean {
  return !shape.switches.eligibleLeaderReplicas && shape.switches.observers.demotion === 'one-by-one';
}

/**
 * The moves that are worth telling apart. Steps that commute with all others are taken at once, in an order in which they
 * leave the most choice to those that follow: first the fencings, then the election they bring about, then fetching and
 * rejoining, last of all who of the observers comes or goes. That {@link settle} ends in the same states as
 * {@link settleExhaustively} is a property test.
 */
const decisiveMoves =
  (kinds: Kinds): Moves =>
  (shape, surroundings, state) => {
    const eachKind = (transition: Move['transition'], slots: Mask): readonly Run[] =>
      each(transition, onePerKind(kinds, state, slots));
    if (shape.uncleanElection && (leaderBit(state) & state.up & surroundings.hearsQuorum) === 0) {
      // Whoever is first in order and not fenced *yet* is elected, dead or alive: every order makes a difference.
      const runs = membership.flatMap((transition) =>
        eachKind(transition, transition.enabled(shape, surroundings, state)),
      );
      if (runs.length > 0) return runs;
    }
    const fence = fenceBroker.enabled(shape, surroundings, state);
    if (fence !== 0) return fencings(kinds, state, fence);
    for (const election of [electLeader, electUncleanLeader]) {
      const candidates = election.enabled(shape, surroundings, state);
      if (candidates !== 0) return eachKind(election, candidates);
    }
    const unfence = unfenceBroker.enabled(shape, surroundings, state);
    if (unfence !== 0) {
      // Without a leader the first broker to return may be elected: who it is matters.
      return state.leader === noLeader ? eachKind(unfenceBroker, unfence) : together(unfenceBroker, unfence);
    }
    const silent = shrinkIsr.enabled(shape, surroundings, state);
    if (silent !== 0) return together(shrinkIsr, silent);
    if (leaderMayHearOthers(shape, surroundings, state)) {
      return ledByOne.flatMap((transition) => eachKind(transition, transition.enabled(shape, surroundings, state)));
    }
    const behind = catchUp.enabled(shape, surroundings, state);
    if (behind !== 0) return together(catchUp, behind);
    // Sync replicas and observers race for a short ISR; who comes first decides which observers are in it in the end.
    const expand = expandIsr.enabled(shape, surroundings, state);
    const promotions = eachKind(promoteObserver, promoteObserver.enabled(shape, surroundings, state));
    if (expand !== 0) return [...together(expandIsr, expand), ...promotions];
    return [demoteObserver, electPreferredLeader]
      .flatMap((transition) => eachKind(transition, transition.enabled(shape, surroundings, state)))
      .concat(promotions);
  };

/** What happens under one leader, until another one is elected. */
const ledByOne = [catchUp, expandIsr, promoteObserver, demoteObserver, electPreferredLeader];

/**
 * Whether leadership is about to go to the preferred leader and that one hears others than this one does, as where links are
 * cut: who has caught up or joined the ISR by then makes a difference, so every order does.
 */
function leaderMayHearOthers(shape: Shape, { hears }: Surroundings, { leader, up }: PartitionState): boolean {
  const preferred = 0;
  return (
    shape.switches.autoLeaderRebalance &&
    leader > preferred &&
    (up & bit(preferred)) !== 0 &&
    hears[leader] !== hears[preferred]
  );
}

/** The last member of the ISR stays in it: which one is fenced last matters if all are to be fenced, and only then. */
function fencings(kinds: Kinds, state: PartitionState, fence: Mask): readonly Run[] {
  const lastOnes = (state.inSync & ~fence) === 0 ? state.inSync & fence : 0;
  if (lastOnes === lowest(lastOnes)) return together(fenceBroker, fence);
  return members(onePerKind(kinds, state, lastOnes)).map((last) =>
    [...members(fence & ~(1 << last)), last].map((slot) => ({ transition: fenceBroker, slot })),
  );
}
