import type { Kinds } from './kinds';
import { firstOf, lowest, type Mask, size } from './mask';
import type { Shape } from './shape';
import { copyOf, leaderBit, noLeader, onePerKind, type PartitionState } from './state';
import { StateSet } from './stateSet';
import type { Surroundings } from './surroundings';
import {
  after,
  applyEach,
  catchUp,
  demoteObserver,
  electLeader,
  electPreferredLeader,
  electUncleanLeader,
  expandIsr,
  fenceBroker,
  promoteObserver,
  type SystemTransitionName,
  systemTransitions,
  type Transition,
  unfenceBroker,
} from './transitions';
import type { World } from './world';

/** One transition that was taken, and what it led to. */
export interface Taken {
  readonly transition: SystemTransitionName;
  readonly slot: number;
  readonly state: PartitionState;
}

/** A world in which nothing more happens by itself. */
export interface Settled extends World {
  /** One shortest way there. It is found out when it is first asked for: most who let a partition settle never do. */
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
  return explore({ shape, surroundings, kinds, moves: movesFor(shape, surroundings) }, start);
}

/** The same without leaving out interleavings that make no difference: the yardstick for {@link settle}. */
export function settleExhaustively(shape: Shape, surroundings: Surroundings, start: PartitionState): Settling {
  return explore({ shape, surroundings, kinds: shape.alike, moves: allMoves }, start);
}

/** What stays the same while a partition settles, and which moves are told apart. */
interface Setting {
  readonly shape: Shape;
  readonly surroundings: Surroundings;
  readonly kinds: Kinds;
  readonly moves: (setting: Setting, state: PartitionState) => readonly Run[];
}

/** One transition that is taken for several replicas one after another, lowest slot first, without a choice in between. */
interface Run {
  readonly transition: Transition<SystemTransitionName>;
  readonly slots: Mask;
}

/** A visited state, how it was reached, from where, and what may happen next. */
interface Visit {
  readonly state: PartitionState;
  readonly taken: readonly Run[];
  readonly from: Visit | null;
  readonly next: readonly Run[];
}

function explore(setting: Setting, start: PartitionState): Settling {
  const { moves } = setting;
  const first: Visit = { state: start, taken: [], from: null, next: moves(setting, start) };
  const [only] = first.next;
  if (only === undefined) return { ends: [new End(setting, first)], examined: 1, cut: false };
  if (first.next.length === 1) {
    // Most settlings are one straight path: nothing on it needs to be found again.
    const end = follow(setting, first, only);
    if (end.next.length === 0) return { ends: [new End(setting, end)], examined: 2, cut: false };
  }
  return exploreForks(setting, first);
}

function exploreForks(setting: Setting, first: Visit): Settling {
  const seen = new StateSet();
  seen.add(first.state);
  const queue: Visit[] = [first];
  const ends: Settled[] = [];
  for (let at = 0; at < queue.length; at++) {
    const visit = queue[at];
    if (visit === undefined) break;
    if (visit.next.length === 0) ends.push(new End(setting, visit));
    for (const run of visit.next) {
      const reached = follow(setting, visit, run);
      if (seen.size >= maxStatesPerSettling && !seen.has(reached.state)) {
        return { ends, examined: seen.size, cut: true };
      }
      if (seen.add(reached.state)) queue.push(reached);
    }
  }
  return { ends, examined: seen.size, cut: false };
}

/** A path is cut into pieces no longer than this: were there a cycle, it would be seen. */
const maxStepsUnseen = 500;

/** Takes a run, and then whatever leaves no choice: states on the way to the next fork need not be remembered. */
function follow(setting: Setting, from: Visit, run: Run): Visit {
  const { shape, surroundings, moves } = setting;
  const state = copyOf(from.state);
  const taken: Run[] = [];
  let next: readonly Run[] = [run];
  for (let steps = 0; next.length === 1 && steps < maxStepsUnseen; ) {
    const [only] = next;
    if (only === undefined) break;
    applyEach(shape, surroundings, state, only.transition, only.slots);
    taken.push(only);
    steps += size(only.slots);
    next = moves(setting, state);
  }
  return { state, taken, from, next };
}

/** Where a path ends. */
class End implements Settled {
  readonly state: PartitionState;
  readonly surroundings: Surroundings;
  readonly #setting: Setting;
  readonly #visit: Visit;
  #path: readonly Taken[] | null = null;

  constructor(setting: Setting, visit: Visit) {
    this.state = visit.state;
    this.surroundings = setting.surroundings;
    this.#setting = setting;
    this.#visit = visit;
  }

  get path(): readonly Taken[] {
    this.#path ??= replay(this.#setting, this.#visit);
    return this.#path;
  }
}

/** Takes the runs that led to a visit once more, one replica at a time. */
function replay({ shape, surroundings }: Setting, end: Visit): readonly Taken[] {
  const visits: Visit[] = [];
  for (let visit: Visit | null = end; visit !== null; visit = visit.from) visits.push(visit);
  let state = visits.at(-1)?.state ?? end.state;
  const path: Taken[] = [];
  for (const { transition, slots } of visits.reverse().flatMap(({ taken }) => taken)) {
    for (let rest = slots; rest !== 0; rest &= rest - 1) {
      const slot = firstOf(rest);
      state = after(shape, surroundings, state, transition, slot);
      path.push({ transition: transition.name, slot, state });
    }
  }
  return path;
}

/** Nothing more happens. */
const nothing: readonly Run[] = [];

/** A run for each replica of a set. */
function each(transition: Run['transition'], slots: Mask): readonly Run[] {
  if (slots === 0) return nothing;
  const runs: Run[] = [];
  for (let rest = slots; rest !== 0; rest &= rest - 1) runs.push({ transition, slots: lowest(rest) });
  return runs;
}

/** One run for a whole set, where the order within it makes no difference. */
function together(transition: Run['transition'], slots: Mask): readonly Run[] {
  return [{ transition, slots }];
}

const allMoves: Setting['moves'] = ({ shape, surroundings }, state) =>
  systemTransitions.flatMap((transition) => each(transition, transition.enabled(shape, surroundings, state)));

/** The same up to replicas that are interchangeable. */
const movesOfEachKind: Setting['moves'] = (setting, state) => eachKind(systemTransitions, setting, state);

/** A run of each of some transitions for each kind of replica. */
function eachKind(
  transitions: readonly Run['transition'][],
  { shape, surroundings, kinds }: Setting,
  state: PartitionState,
): readonly Run[] {
  return transitions.flatMap((transition) =>
    each(transition, onePerKind(kinds, state, transition.enabled(shape, surroundings, state))),
  );
}

/**
 * Which moves have to be told apart. The shortcuts of {@link decisiveMoves} do not hold everywhere. With a link cut, leaders hear
 * different replicas: who has caught up, joined the ISR or left it by the time of an election is not made up for later.
 */
function movesFor({ switches }: Shape, { conditions }: Surroundings): Setting['moves'] {
  if (switches.eligibleLeaderReplicas || switches.observers.demotion !== 'one-by-one') return allMoves;
  return conditions.cutFrom.some((cut) => cut !== 0) ? movesOfEachKind : decisiveMoves;
}

/**
 * The moves that are worth telling apart. Steps that commute with all others are taken at once, in an order in which they
 * leave the most choice to those that follow: first the fencings, then the election they bring about, then fetching and
 * rejoining, last of all who of the observers comes or goes. That {@link settle} ends in the same states as
 * {@link settleExhaustively} is a property test.
 */
const decisiveMoves: Setting['moves'] = (setting, state) => {
  const { shape, surroundings, kinds } = setting;
  if (shape.uncleanElection && (leaderBit(state) & state.up & surroundings.hearsQuorum) === 0) {
    // Whoever is first in order and not fenced *yet* is elected, dead or alive: every order makes a difference.
    const runs = eachKind(membership, setting, state);
    if (runs.length > 0) return runs;
  }
  const fence = fenceBroker.enabled(shape, surroundings, state);
  if (fence !== 0) return fencings(kinds, state, fence);
  if (state.leader === noLeader) {
    const clean = electLeader.enabled(shape, surroundings, state);
    if (clean !== 0) return each(electLeader, onePerKind(kinds, state, clean));
    const unclean = electUncleanLeader.enabled(shape, surroundings, state);
    if (unclean !== 0) return each(electUncleanLeader, onePerKind(kinds, state, unclean));
  }
  const unfence = unfenceBroker.enabled(shape, surroundings, state);
  if (unfence !== 0) {
    // Without a leader the first broker to return may be elected: who it is matters.
    return state.leader === noLeader
      ? each(unfenceBroker, onePerKind(kinds, state, unfence))
      : together(unfenceBroker, unfence);
  }
  const behind = catchUp.enabled(shape, surroundings, state);
  if (behind !== 0) return together(catchUp, behind);
  return membersOfIsr(shape, surroundings, kinds, state);
};

/** What decides who leads. */
const membership = [fenceBroker, unfenceBroker, electLeader, electUncleanLeader];

/** Who joins the ISR and who leaves it, once the leader stands and all that can have caught up; then the preferred leader. */
function membersOfIsr(shape: Shape, surroundings: Surroundings, kinds: Kinds, state: PartitionState): readonly Run[] {
  const expand = expandIsr.enabled(shape, surroundings, state);
  const promote = promoteObserver.enabled(shape, surroundings, state);
  const promotions = each(promoteObserver, onePerKind(kinds, state, promote));
  // Sync replicas and observers race for a short ISR; who comes first decides which observers are in it in the end.
  if (expand !== 0) return [...together(expandIsr, expand), ...promotions];
  const demote = demoteObserver.enabled(shape, surroundings, state);
  const prefer = electPreferredLeader.enabled(shape, surroundings, state);
  if ((demote | prefer) === 0) return promotions;
  return [
    ...each(demoteObserver, onePerKind(kinds, state, demote)),
    ...each(electPreferredLeader, prefer),
    ...promotions,
  ];
}

/**
 * The last member of the ISR stays in it: which one is fenced last matters if all are to be fenced, and only then. All others
 * are fenced without a choice in between; then it is the only one left to fence.
 */
function fencings(kinds: Kinds, state: PartitionState, fence: Mask): readonly Run[] {
  const lastOnes = (state.inSync & ~fence) === 0 ? state.inSync & fence : 0;
  if (lastOnes === lowest(lastOnes)) return together(fenceBroker, fence);
  const runs: Run[] = [];
  for (let rest = onePerKind(kinds, state, lastOnes); rest !== 0; rest &= rest - 1) {
    runs.push({ transition: fenceBroker, slots: fence & ~lowest(rest) });
  }
  return runs;
}
