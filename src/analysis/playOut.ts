import type { Cluster } from '../kafka/cluster';
import { bit, type Mask, size } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import { pathTimes } from '../simulator/partition/pathTimes';
import type { Taken } from '../simulator/partition/settle';
import type { Shape } from '../simulator/partition/shape';
import { noLeader, type PartitionState } from '../simulator/partition/state';
import type { World } from '../simulator/partition/world';
import type { Cause, Timeline, TimelineStep, TimeRangeMs } from '../simulator/timeline';
import type { KafkaTimes } from '../simulator/times';
import type { Arrangement } from './assignments';
import { type Course, continueWith, controllersLost, isPlannedMove, type Leg, legsOf, startOf } from './courses';
import { runExactly } from './exactRun';
import { everythingReturns } from './failures';
import { foldSteps } from './foldSteps';
import { createNames, type Names } from './names';
import { type Scenario, scenarioId } from './scenario';
import { snapshot } from './snapshot';
import { causesOfStrike } from './strikes';

/**
 * A course told step by step, and then the return of everything that was lost: as the exact model runs it, every step with
 * its time, counted from the first fault, and from the next one on from that. Where the exact model cannot (see
 * {@link runExactly}) the settled model tells it, with times for the first leg alone.
 */
export function timelineOf(
  cluster: Cluster,
  scenario: Scenario,
  arrangement: Arrangement,
  model: PartitionModel,
  course: Course,
  times: KafkaTimes,
): Timeline {
  const names = createNames(cluster, arrangement);
  const returning = returnLeg(model, course, times);
  const run = runExactly(model.shape, names, course, returning, times);
  const steps =
    run === null
      ? settledSteps(model.shape, names, course, returning, times)
      : run.legs.flatMap((leg, index) => foldSteps(leg, run.legs.slice(0, index).flat().at(-1)?.state, names));
  return { scenario: scenarioId(scenario), steps };
}

function settledSteps(
  shape: Shape,
  names: Names,
  course: Course,
  returning: readonly Leg[],
  times: KafkaTimes,
): readonly TimelineStep[] {
  const start = startOf(course);
  const steps: TimelineStep[] = [
    { at: { best: 0, worst: 0 }, cause: { kind: 'healthy' }, state: snapshot(shape, names, start) },
  ];
  let before = start;
  for (const [index, leg] of [...legsOf(course), ...returning].entries()) {
    const clock = index === 0 ? firstLegTimes(shape, before, leg, times) : untimed;
    steps.push(...tellLeg(shape, names, before, leg, clock));
    before = leg.settled;
  }
  steps.push({ at: null, cause: { kind: 'settled' }, state: snapshot(shape, names, before) });
  return steps;
}

/** The return of all that is broken at the end of a course. If several endings are possible, the first one found is told. */
function returnLeg(model: PartitionModel, course: Course, times: KafkaTimes): readonly Leg[] {
  const last = continueWith(model, course, everythingReturns(model.shape), times)[0]?.last;
  return last === null || last === undefined ? [] : [last];
}

/** When the strike (index -1) and each step of the path after it happen. */
type Clock = (index: number) => TimeRangeMs | null;

const untimed: Clock = () => null;

function firstLegTimes(shape: Shape, before: World, leg: Leg, times: KafkaTimes): Clock {
  const at = pathTimes(leg.struck.state, leg.settled.path, controllersLost(shape, before, leg), times);
  return (index) => (index < 0 ? { best: 0, worst: 0 } : (at[index]?.at ?? null));
}

function tellLeg(shape: Shape, names: Names, before: World, leg: Leg, clock: Clock): readonly TimelineStep[] {
  const { surroundings } = leg.struck;
  const planned = isPlannedMove(leg) ? leg.settled.path[0] : undefined;
  const struck = snapshot(shape, names, { surroundings, state: planned?.state ?? leg.struck.state });
  const strikes = causesOfStrike(shape, names, before, leg).map((cause) => ({ at: clock(-1), cause, state: struck }));
  const told = tellPath(shape, names, before.state, leg);
  const reactions = (planned === undefined ? told : told.slice(1)).map(({ cause, index, state }) => ({
    at: clock(index),
    cause,
    state: snapshot(shape, names, { state, surroundings }),
  }));
  return [...strikes, ...reactions];
}

/** A step of a path that is worth telling. */
interface Told {
  readonly cause: Cause;
  readonly index: number;
  readonly state: PartitionState;
}

/**
 * The path in Kafka's words. The fencings of one strike are told as one shrinking of the ISR, and together with the election
 * that they bring about: the same metadata record names both. That brokers are fenced that
 * are not in the ISR, are unfenced, or fetch what they missed within one fetch changes nothing anybody could see.
 */
function tellPath(shape: Shape, names: Names, before: PartitionState, leg: Leg): readonly Told[] {
  const { path } = leg.settled;
  const told: Told[] = [];
  let state = leg.struck.state;
  path.forEach((taken, index) => {
    const next = path[index + 1]?.transition;
    const lastFence = taken.transition === 'fenceBroker' && next !== 'fenceBroker' && next !== 'electLeader';
    const elected = taken.transition === 'electLeader' && path[index - 1]?.transition === 'fenceBroker';
    const cause =
      lastFence || elected
        ? fencedCause(names, leg.struck.state, taken.state)
        : causeOfStep(shape, names, before, state, taken);
    if (cause !== null) told.push({ cause, index, state: taken.state });
    state = taken.state;
  });
  return told;
}

function fencedCause(names: Names, struck: PartitionState, fenced: PartitionState): Cause | null {
  const removed = struck.inSync & ~fenced.inSync;
  const leader = names.slots[fenced.leader];
  if (leader !== undefined && fenced.leader !== struck.leader) {
    return { kind: 'leader-elected', leader, election: 'clean', removed: names.brokers(removed) };
  }
  if (fenced.leader === noLeader && fenced.inSync !== 0 && (fenced.inSync & ~fenced.fenced) === 0) {
    const lost = names.slots[struck.leader];
    return lost === undefined ? null : { kind: 'leader-lost', leader: lost };
  }
  return removed === 0 ? null : { kind: 'isr-shrunk', removed: names.brokers(removed), by: 'controller', fenced: true };
}

function causeOfStep(
  shape: Shape,
  names: Names,
  before: PartitionState,
  state: PartitionState,
  { transition, slot }: Taken,
): Cause | null {
  const broker = names.slots[slot];
  if (broker === undefined) return null;
  switch (transition) {
    case 'electLeader':
      return { kind: 'leader-elected', leader: broker, election: 'clean' };
    case 'electLastKnownLeader':
      return { kind: 'leader-elected', leader: broker, election: 'last-known-leader' };
    case 'electUncleanLeader':
      return { kind: 'leader-elected', leader: broker, election: 'unclean' };
    case 'electPreferredLeader':
      return { kind: 'leader-elected', leader: broker, election: 'preferred' };
    case 'shrinkIsr':
      return { kind: 'isr-shrunk', removed: [broker], by: 'leader' };
    case 'expandIsr':
      return { kind: 'isr-expanded', added: broker };
    case 'promoteObserver': {
      const isrSize = size(state.inSync);
      return { kind: 'observer-promoted', observer: broker, isrSize, threshold: shape.threshold };
    }
    case 'demoteObserver':
      return { kind: 'observer-demoted', observer: broker };
    case 'catchUp':
      return caughtUpCause(shape, before, state, slot, broker);
    case 'fenceBroker':
    case 'unfenceBroker':
      return null;
  }
}

/** Catching up is told of replicas that were away; and if they lose acknowledged records by it, as a truncation. */
function caughtUpCause(
  shape: Shape,
  before: PartitionState,
  state: PartitionState,
  slot: number,
  broker: number,
): Cause | null {
  const holds = (mask: Mask): boolean => (mask & bit(slot)) !== 0;
  if (holds(state.complete) && (state.complete & bit(state.leader)) === 0) {
    return { kind: 'truncated', replica: broker, lostAcknowledged: true };
  }
  const away = shape.all & ~(before.up & ~before.fenced);
  return holds(away) ? { kind: 'caught-up', replica: broker } : null;
}
