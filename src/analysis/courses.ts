import { bit } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import { pathTimes } from '../simulator/partition/pathTimes';
import type { Settled } from '../simulator/partition/settle';
import type { Shape } from '../simulator/partition/shape';
import { noLeader } from '../simulator/partition/state';
import { votersOfQuorum } from '../simulator/partition/surroundings';
import { type Strike, strike, type World } from '../simulator/partition/world';
import type { TimeRangeMs } from '../simulator/timeline';
import type { KafkaTimes } from '../simulator/times';
import { restarts, type Stage } from './failures';
import { hasLiveLeader, writable } from './judgement';

/** One way a scenario may go, up to a settled world. */
export interface Course {
  readonly world: World;
  /** What happened last: a strike, the world right after it, and how it settled. `null` before the first one. */
  readonly last: Leg | null;
  readonly before: Course | null;
  /** The longest time for which acks=all writes were blocked and came back; `null` if they never were. */
  readonly blockedMs: TimeRangeMs | null;
  /** Whether reads stood still for a while. */
  readonly stalled: boolean;
}

export interface Leg {
  readonly blow: Strike;
  readonly struck: World;
  readonly settled: Settled;
}

/** The beginning: nothing has happened. */
export function beginning(world: World): Course {
  return { world, last: null, before: null, blockedMs: null, stalled: false };
}

/** All courses through the stages; those that end alike are told once, with the longest wait. */
export function runStages(
  model: PartitionModel,
  starts: readonly World[],
  stages: readonly Stage[],
  times: KafkaTimes,
): readonly Course[] {
  return stages.reduce<readonly Course[]>(
    (courses, stage) =>
      distinct(
        model,
        courses.flatMap((course) => {
          const blows = stage(model, course.world);
          // With nothing left to break, such as no further broker, things stay as they are.
          return blows.length === 0 ? [course] : blows.flatMap((blow) => continueWith(model, course, blow, times));
        }),
      ),
    starts.map(beginning),
  );
}

/**
 * Clean restarts, one broker after another in every order. As restarting changes nothing once all are back, the search ends
 * when no new world turns up. If writes are not possible while some broker is out, that is where the courses end; else they
 * end with all brokers back.
 */
export function runRestarts(model: PartitionModel, starts: readonly World[], times: KafkaTimes): readonly Course[] {
  const seen = new Set(starts.map(model.key));
  const between: Course[] = starts.map(beginning);
  const stuck: Course[] = [];
  const back: Course[] = [];
  for (let next = 0; next < between.length; next++) {
    const course = between[next];
    if (course === undefined) break;
    for (const { stop, start } of restarts(model, course.world)) {
      for (const stopped of continueWith(model, course, stop, times)) {
        if (!writable(model.shape, stopped.world)) stuck.push(stopped);
        for (const returned of continueWith(model, stopped, start, times)) {
          back.push(returned);
          const key = model.key(returned.world);
          if (!seen.has(key)) between.push(returned);
          seen.add(key);
        }
      }
    }
  }
  const ended = [stuck, back].find((courses) => courses.length > 0) ?? starts.map(beginning);
  return distinct(model, ended);
}

/** One more strike, and every way it may settle. */
export function continueWith(
  model: PartitionModel,
  course: Course,
  blow: Strike,
  times: KafkaTimes,
): readonly Course[] {
  const struck = strike(model.shape, course.world, blow);
  return model.settle(struck).map((settled) => {
    const leg = { blow, struck, settled };
    const blocked = blockedDuring(model, course.world, leg, times);
    return {
      world: settled,
      last: leg,
      before: course,
      blockedMs: longer(course.blockedMs, blocked),
      stalled: course.stalled || blocked !== null || stalledDuring(leg),
    };
  });
}

/** The legs of a course, first to last. */
export function legsOf(course: Course): readonly Leg[] {
  const legs: Leg[] = [];
  for (let at: Course | null = course; at !== null; at = at.before) if (at.last !== null) legs.push(at.last);
  return legs.reverse();
}

/** The world in which a course began. */
export function startOf(course: Course): World {
  let first = course;
  while (first.before !== null) first = first.before;
  return first.world;
}

/** Whether controllers died in a leg or were cut off from the quorum, so that the active one may have had to be replaced. */
export function controllersLost(shape: Shape, before: World, leg: Leg): boolean {
  const was = votersOfQuorum(shape, before.surroundings.conditions);
  return (was & ~votersOfQuorum(shape, leg.struck.surroundings.conditions)) !== 0;
}

/**
 * How long writes were blocked in one leg, if they were and came back by its end: from the strike, or from the first step
 * that stopped them. A step that makes good what it stops is one record of metadata, and blocks nobody. A leader that is cut
 * off from the controllers serves on, whatever they decide, until they name another.
 */
function blockedDuring(model: PartitionModel, before: World, leg: Leg, times: KafkaTimes): TimeRangeMs | null {
  if (!writable(model.shape, leg.settled)) return null;
  const { path, surroundings } = leg.settled;
  const accepts = path.map(({ state }) => writable(model.shape, { state, surroundings }));
  const refusedAtOnce = !isPlannedMove(leg) && !writable(model.shape, leg.struck);
  if (accepts.every(Boolean) && !refusedAtOnce) return null;
  const at = pathTimes(leg.struck.state, path, controllersLost(model.shape, before, leg), times);
  const until = at[accepts.lastIndexOf(false) + 1]?.noticed;
  if (until === undefined) return null;
  const servesOn = (surroundings.hearsQuorum & bit(leg.struck.state.leader)) === 0 ? leg.struck.state.leader : null;
  const stopped = path.findIndex(({ state }, index) => accepts[index] === false && state.leader !== servesOn);
  const from = refusedAtOnce ? { best: 0, worst: 0 } : (at[stopped]?.noticed ?? until);
  const blocked = { best: until.best - from.best, worst: until.worst - from.worst };
  return blocked.worst === 0 ? null : blocked;
}

/**
 * A clean shutdown hands leadership over before the process ends; clients are told where to go and retry at once. That the
 * partition is without a leader between two fields of one metadata record blocks nobody.
 */
export function isPlannedMove({ blow, struck, settled }: Leg): boolean {
  if (blow.stop === undefined || struck.state.leader !== noLeader) return false;
  const first = settled.path[0]?.transition;
  return first === 'electLeader' || first === 'electUncleanLeader';
}

function stalledDuring(leg: Leg): boolean {
  return !isPlannedMove(leg) && !hasLiveLeader(leg.struck);
}

function longer(one: TimeRangeMs | null, other: TimeRangeMs | null): TimeRangeMs | null {
  if (one === null || other === null) return one ?? other;
  return { best: Math.max(one.best, other.best), worst: Math.max(one.worst, other.worst) };
}

function distinct(model: PartitionModel, courses: readonly Course[]): readonly Course[] {
  if (courses.length < 2) return courses;
  const found = new Map<string, Course>();
  for (const course of courses) {
    const key = model.key(course.world);
    const known = found.get(key);
    found.set(key, known === undefined ? course : worseOf(known, course));
  }
  return [...found.values()];
}

/** Of two courses to the same world, the one with the longer wait stands for both. */
function worseOf(one: Course, other: Course): Course {
  const longest = (other.blockedMs?.worst ?? -1) > (one.blockedMs?.worst ?? -1) ? other : one;
  return { ...longest, blockedMs: longer(one.blockedMs, other.blockedMs), stalled: one.stalled || other.stalled };
}
