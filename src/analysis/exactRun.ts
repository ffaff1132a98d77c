import type { NodeId } from '../kafka/cluster';
import { alignRuns } from '../simulator/cluster/scenario/alignment';
import { type Run, type RunStep, runScenario } from '../simulator/cluster/scenario/run';
import type { Fault, Scenario, ScenarioSetup, ScenarioStep } from '../simulator/cluster/scenario/scenario';
import { exactSetup } from '../simulator/exactSetup';
import { bit, type Mask, members } from '../simulator/partition/mask';
import type { Shape } from '../simulator/partition/shape';
import type { PartitionState } from '../simulator/partition/state';
import { votersOfQuorum } from '../simulator/partition/surroundings';
import type { World } from '../simulator/partition/world';
import type { Cause, PartitionSnapshot, TimelineStep, TimeRangeMs } from '../simulator/timeline';
import type { KafkaTimes } from '../simulator/times';
import { type Course, type Leg, legsOf, startOf } from './courses';
import { writable } from './judgement';
import type { Names } from './names';
import { causesOfStrike } from './strikes';

/**
 * A course of the settled model, run on the exact one: the same faults, each once all has settled after the one before, and
 * what Kafka leaves to chance taken as the course took it. The settled model finds the worst course, the exact model says
 * when each of its steps happens.
 */
export interface ExactRun {
  /** Healthy first; then each leg from its strike on, the last one ending with `settled`. */
  readonly legs: readonly (readonly TimelineStep[])[];
  /** The longest time for which acks=all writes were blocked and accepted again, before the return of what was lost. */
  readonly blockedMs: TimeRangeMs | null;
}

/**
 * Runs a course and the legs that follow it (the return of what was lost). `null` where the exact model cannot start like
 * the course (a described partition with brokers down), or if its runs end otherwise than the course does.
 */
export function runExactly(
  shape: Shape,
  names: Names,
  course: Course,
  following: readonly Leg[],
  times: KafkaTimes,
): ExactRun | null {
  const start = startOf(course);
  const legs = legsOf(course);
  const stages = stagesOf(shape, names, start, [...legs, ...following]);
  const runs = [];
  for (const clockCase of ['best', 'worst'] as const) {
    const setup = setupFor(shape, names, start, [...legs, ...following], times, clockCase);
    if (setup === null) return null;
    const run = runScenario(setup, scenarioOf(stages), clockCase);
    const stepsOfLegs = splitByStage(run.steps, stages);
    const end = stepsOfLegs
      .slice(0, legs.length + 1)
      .flat()
      .at(-1)?.state;
    const returnsAtMs = stepsOfLegs[legs.length + 1]?.[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const isLost = run.lost.some(({ acks, lostAtMs }) => acks === -1 && lostAtMs < returnsAtMs);
    if (run.limitReached || isLost !== losesAcknowledged(legs) || !endsLike(shape, names, course.world, end)) {
      return null;
    }
    runs.push({ run, stepsOfLegs });
  }
  const [best, worst] = runs;
  if (best === undefined || worst === undefined) return null;
  const returnsAt = (steps: readonly (readonly RunStep[])[]): number =>
    steps[legs.length + 1]?.[0]?.atMs ?? Number.POSITIVE_INFINITY;
  return {
    legs: worst.stepsOfLegs.map((steps, index) => timedLeg(best.stepsOfLegs[index] ?? [], steps, index, times)),
    blockedMs: rangeOf(
      longestBlockMs(best.run, best.stepsOfLegs, returnsAt(best.stepsOfLegs)),
      longestBlockMs(worst.run, worst.stepsOfLegs, returnsAt(worst.stepsOfLegs)),
    ),
  };
}

/** The faults of each leg; none where a strike hits nothing of this partition. */
type Stages = readonly (readonly Fault[])[];

function stagesOf(shape: Shape, names: Names, start: World, legs: readonly Leg[]): Stages {
  return legs.map((leg, index) => {
    const before = legs[index - 1]?.settled ?? start;
    return causesOfStrike(shape, names, before, leg).flatMap(faultOf);
  });
}

/** The fault behind a cause; none behind those that follow from others. */
function faultOf(cause: Cause): readonly Fault[] {
  switch (cause.kind) {
    case 'brokers-crashed':
      return [{ kind: 'crash-brokers', brokers: cause.brokers }];
    case 'brokers-stopped':
      return [{ kind: 'stop-brokers', brokers: cause.brokers }];
    case 'brokers-returned':
      return [{ kind: 'return-brokers', brokers: cause.brokers }];
    case 'datacenter-lost':
      return [{ kind: 'lose-datacenter', datacenter: cause.datacenter, controllers: true }];
    case 'datacenter-returned':
      return [{ kind: 'return-datacenter', datacenter: cause.datacenter }];
    case 'controllers-lost':
      return [{ kind: 'lose-controllers', controllers: cause.controllers }];
    case 'controllers-returned':
      return [{ kind: 'return-controllers', controllers: cause.controllers }];
    case 'datacenter-isolated':
      return [{ kind: 'isolate-datacenter', datacenter: cause.datacenter }];
    case 'datacenter-rejoined':
      return [{ kind: 'rejoin-datacenter', datacenter: cause.datacenter }];
    case 'link-cut':
      return [{ kind: 'cut-link', between: cause.between, scope: 'brokers' }];
    case 'link-healed':
      return [{ kind: 'heal-link', between: cause.between }];
    default:
      return [];
  }
}

/** The first leg strikes at once, each other one when nothing more happens by itself. */
function scenarioOf(stages: Stages): Scenario {
  const whenOf = (stage: number, place: number): ScenarioStep['when'] => {
    if (place > 0) return 'at-once';
    return stage === 0 ? 0 : 'settled';
  };
  const steps = stages.flatMap((faults, stage) =>
    faults.map((fault, place) => ({ when: whenOf(stage, place), fault })),
  );
  return { name: '', steps };
}

/**
 * What Kafka leaves to chance, as the course took it. Which controller is the active one is told by neither: in the best
 * case it is one that survives, in the worst one of those that die next.
 */
function setupFor(
  shape: Shape,
  names: Names,
  start: World,
  legs: readonly Leg[],
  times: KafkaTimes,
  clockCase: 'best' | 'worst',
): ScenarioSetup | null {
  const dying = dyingVoters(shape, start, legs);
  // Clients learn on the other side of a cut who leads, also where no replica is.
  const isolates = legs.some(({ struck }) => struck.surroundings.conditions.isolated !== 0);
  const surviving = members((1 << shape.voterCount) - 1).filter((voter) => !dying.includes(voter));
  return exactSetup(shape, start.state, names, times, {
    replicas: replicaOrder(shape, start.state, legs),
    order: actingOrder(shape, legs),
    controllers: clockCase === 'best' ? [...surviving, ...dying] : [...dying, ...surviving],
    ...(isolates ? { bystanders: names.bystanders } : {}),
  });
}

/** Voters that are lost or cut off from the quorum, in the order in which they are. */
function dyingVoters(shape: Shape, start: World, legs: readonly Leg[]): readonly number[] {
  // Once there is no quorum it makes no difference who stands.
  const out = ({ surroundings: { conditions, quorum } }: World): Mask =>
    ((1 << shape.voterCount) - 1) & ~(quorum ? votersOfQuorum(shape, conditions) : conditions.voters);
  const worlds = [start, ...legs.map(({ struck }) => struck)];
  return [...new Set(worlds.flatMap((world) => members(out(world))))];
}

/** Who was fenced or admitted before whom. */
function actingOrder(shape: Shape, legs: readonly Leg[]): readonly number[] {
  const acting = legs.flatMap(({ settled }) =>
    settled.path.flatMap(({ transition, slot }) =>
      transition === 'fenceBroker' || transition === 'promoteObserver' || transition === 'expandIsr' ? [slot] : [],
    ),
  );
  return [...new Set([...acting, ...members(shape.all)])];
}

/**
 * An assignment order in which elections come out as they did in the course: the slots' own order if it does that, else
 * whoever was elected earlier comes first. The preferred leader is first in any case, observers come last.
 */
function replicaOrder(shape: Shape, start: PartitionState, legs: readonly Leg[]): readonly number[] {
  const own = members(shape.all);
  if (shape.electionOrder === 'assignment') return own;
  const elected: number[] = [];
  let passedOver = false;
  let before = start;
  for (const { struck, settled } of legs) {
    before = struck.state;
    for (const { transition, slot, state } of settled.path) {
      if (transition === 'electLeader' || transition === 'electUncleanLeader') {
        const candidates = transition === 'electLeader' ? before.inSync & ~before.fenced : shape.all & ~before.fenced;
        passedOver ||= members(candidates).some((other) => other < slot);
        elected.push(slot);
      }
      before = state;
    }
  }
  if (!passedOver) return own;
  const wanted = [...new Set([0, ...elected, ...own])];
  const isObserver = (slot: number): boolean => (shape.observers & bit(slot)) !== 0;
  return [...wanted.filter((slot) => !isObserver(slot)), ...wanted.filter(isObserver)];
}

/** The steps before the first strike, then those of each stage. A stage without faults has none: nothing happened. */
function splitByStage(steps: readonly RunStep[], stages: Stages): readonly (readonly RunStep[])[] {
  const legs: RunStep[][] = [[], ...stages.map(() => [])];
  const stageOfFault = stages.flatMap((faults, stage) => faults.map(() => stage));
  let fault = 0;
  let leg = 0;
  for (const step of steps) {
    if (faultOf(step.cause).length > 0 || step.cause.kind === 'without-effect') leg = (stageOfFault[fault++] ?? 0) + 1;
    legs[leg]?.push(step);
  }
  return legs;
}

/** Whether somebody comes to lead on the way who lacks an acknowledged record: all others follow that log. */
function losesAcknowledged(legs: readonly Leg[]): boolean {
  const states = legs.flatMap(({ settled }) => [...settled.path.map(({ state }) => state), settled.state]);
  return states.some(({ leader, complete }) => (bit(leader) & ~complete) !== 0);
}

/** Whether the exact run came to what the settled model says of the course: as many in the ISR, a leader, writes. */
function endsLike(shape: Shape, names: Names, world: World, end: PartitionSnapshot | undefined): boolean {
  if (end === undefined) return true;
  const { inSync, leader } = world.state;
  const observers = (isr: readonly NodeId[]): number => isr.filter((id) => names.observers.includes(id)).length;
  const isr = names.brokers(inSync);
  return (
    end.isr.length === isr.length &&
    observers(end.isr) === observers(isr) &&
    (end.leader === null) === (names.slots[leader] === undefined) &&
    (end.produce === 'accepted') === writable(shape, world)
  );
}

/** The steps of one leg as the worst case takes them, with the times of both. */
function timedLeg(
  best: readonly RunStep[],
  worst: readonly RunStep[],
  leg: number,
  times: KafkaTimes,
): readonly TimelineStep[] {
  const isFirst = leg <= 1;
  const [bestStartMs, worstStartMs] = isFirst ? [0, 0] : [best[0]?.atMs ?? 0, worst[0]?.atMs ?? 0];
  const since = (steps: readonly RunStep[], startMs: number): readonly RunStep[] =>
    steps.map((step) => ({ ...step, atMs: step.atMs - startMs }));
  const { merged } = alignRuns(since(best, bestStartMs), since(worst, worstStartMs), ({ cause }) => causeKey(cause));
  const failsOver = best.every(({ cause }) => cause.kind !== 'controller-elected');
  return merged.map(({ item: { cause, state }, at }): TimelineStep => {
    const range = cause.kind === 'controller-elected' && failsOver ? failoverRange(at, times) : at;
    // When the next fault comes is not known: from there on, time counts from that fault.
    return isFirst ? { at: range, cause, state } : { at: null, sinceFault: range, cause, state };
  });
}

function causeKey(cause: Cause): string {
  return JSON.stringify(cause);
}

/** The best case needs no other controller; if another is needed, it may come that much sooner than in the worst. */
function failoverRange({ worst }: TimeRangeMs, { controllerFailoverMs }: KafkaTimes): TimeRangeMs {
  return { best: worst - (controllerFailoverMs.worst - controllerFailoverMs.best), worst };
}

/**
 * The longest stretch without accepted acks=all writes in one leg: when the next fault strikes is nobody's promise, so time
 * before it does not count.
 */
function longestBlockMs({ clientSteps }: Run, legs: readonly (readonly RunStep[])[], endMs: number): number {
  const strikesMs = legs.slice(1).flatMap((steps) => steps[0]?.atMs ?? []);
  let longest = 0;
  let from: number | null = null;
  for (const { atMs, view } of clientSteps) {
    if (atMs >= endMs) break;
    if (view.produce !== 'accepted') from ??= atMs;
    else if (from !== null) {
      longest = Math.max(longest, atMs - Math.max(from, ...strikesMs.filter((strikeMs) => strikeMs <= atMs)));
      from = null;
    }
  }
  return longest;
}

function rangeOf(best: number, worst: number): TimeRangeMs | null {
  return best === 0 && worst === 0 ? null : { best: Math.min(best, worst), worst: Math.max(best, worst) };
}
