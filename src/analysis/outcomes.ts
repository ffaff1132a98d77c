import { type Kinds, kindsBesides, kindsByHearing, sameKinds } from '../simulator/partition/kinds';
import { maskOf, size } from '../simulator/partition/mask';
import { createModel, type PartitionModel } from '../simulator/partition/model';
import type { Shape } from '../simulator/partition/shape';
import type { World } from '../simulator/partition/world';
import type { TimeRangeMs } from '../simulator/timeline';
import type { KafkaTimes } from '../simulator/times';
import { type Course, runRestarts, runStages } from './courses';
import { stagesOf } from './failures';
import { createHeadroomSearch, type Headroom, type HeadroomSearch } from './headroom';
import { judgeAcknowledgedData, judgeReads, judgeWrites } from './judgement';
import {
  type AcknowledgedData,
  acknowledgedDataOrder,
  type Outcome,
  type Person,
  personOrder,
  type Reads,
  readsOrder,
  type Writes,
  writesOrder,
} from './outcome';
import { firstRemedy } from './remedies';
import { type Scenario, scenarioId } from './scenario';

/** What one course of a scenario comes to. */
export interface Finding {
  readonly course: Course;
  readonly writes: Writes;
  readonly reads: Reads;
  readonly acknowledgedData: AcknowledgedData;
  readonly person: Person;
  readonly isr: number;
  readonly minIsr: number;
  readonly promoted: number;
  readonly blockedMs: TimeRangeMs | null;
  /** `null` where writes do not go on. */
  readonly headroom: Headroom | null;
}

/** Answers for all partitions of one shape that start alike. Everything is computed once. */
export interface ShapeAnalyst {
  /**
   * The worst finding of each kind over all courses of a scenario.
   * @param indexOf where a datacenter stands in this shape, -1 if it holds nothing of the partition.
   */
  readonly examine: (scenario: Scenario, indexOf: (datacenter: string) => number) => Worst;
  /** How many brokers may fail from the start. */
  readonly headroom: () => Headroom | null;
  /** The model on which a scenario's courses run. */
  readonly modelFor: (scenario: Scenario, indexOf: (datacenter: string) => number) => PartitionModel;
  /** Distinct states looked at so far. */
  readonly examined: () => number;
  /** Whether a bound on one settling was hit. */
  readonly cut: () => boolean;
}

/** The worst of several findings: each guarantee at its weakest; everything else as in the worst case for writes. */
export interface Worst {
  readonly finding: Finding;
  readonly reads: Reads;
  readonly acknowledgedData: AcknowledgedData;
  readonly blockedMs: TimeRangeMs | null;
  readonly headroom: Headroom | null;
}

export function createShapeAnalyst(shape: Shape, start: World, times: KafkaTimes): ShapeAnalyst {
  const models: PartitionModel[] = [];
  const modelOf = (kinds: Kinds): PartitionModel => {
    const known = models.find((model) => sameKinds(model.kinds, kinds));
    if (known !== undefined) return known;
    const model = createModel(shape, kinds);
    models.push(model);
    return model;
  };
  const modelFor: ShapeAnalyst['modelFor'] = (scenario, indexOf) =>
    modelOf(kindsBesides(shape, maskOf(namedIn(scenario).map(indexOf))));
  const headroomOf = createHeadroomSearch(shape, ({ surroundings }) => modelOf(kindsByHearing(shape, surroundings)));
  // A partition may start unsettled: with a min ISR above the sync replicas, observers are promoted from the first moment.
  const starts = (model: PartitionModel): readonly World[] => model.settle(start);
  const judged = new Map<PartitionModel, Map<string, Finding>>();
  const examined = new Map<string, Worst>();
  const examine: ShapeAnalyst['examine'] = (scenario, indexOf) => {
    const key = scenarioKey(scenario, indexOf);
    const known = examined.get(key);
    if (known !== undefined) return known;
    const model = modelFor(scenario, indexOf);
    const findings = judged.get(model) ?? new Map<string, Finding>();
    judged.set(model, findings);
    const courses =
      scenario.kind === 'rolling-restart'
        ? runRestarts(model, starts(model), times)
        : runStages(model, starts(model), stagesOf(scenario, shape, indexOf), times);
    const worst = courses
      .map((course) => judge(model, headroomOf, course, findings))
      .map(alone)
      .reduce(worstOfTwo);
    examined.set(key, worst);
    return worst;
  };
  return {
    headroom: () => starts(modelOf(shape.alike)).map(headroomOf).reduce(lessOrNone),
    examine,
    modelFor,
    examined: () => models.reduce((sum, model) => sum + model.examined(), 0),
    cut: () => models.some((model) => model.cut()),
  };
}

/** The datacenters that a scenario treats unlike others. */
function namedIn(scenario: Scenario): readonly string[] {
  switch (scenario.kind) {
    case 'datacenters':
      return scenario.datacenters;
    case 'link':
      return scenario.between;
    case 'datacenter-brokers':
    case 'datacenter-rolling':
    case 'datacenter-then-broker':
    case 'isolated':
      return [scenario.datacenter];
    case 'any-broker':
    case 'controllers':
    case 'rolling-restart':
      return [];
  }
}

/** The scenario in terms of the shape, so that mirror images share the answer. */
function scenarioKey(scenario: Scenario, indexOf: (datacenter: string) => number): string {
  const named = namedIn(scenario).map(indexOf);
  return `${scenario.kind}:${named.sort((one, other) => one - other).join()}`;
}

/** Judges where a course ended; what does not depend on the way there is remembered by the world. */
function judge(
  model: PartitionModel,
  headroomOf: HeadroomSearch,
  course: Course,
  judged: Map<string, Finding>,
): Finding {
  const { world } = course;
  const { shape } = model;
  const key = model.key(world);
  const known = judged.get(key);
  const writes = judgeWrites(shape, world, course.blockedMs !== null);
  const finding: Finding = {
    course,
    writes,
    reads: judgeReads(shape, world, course.stalled),
    acknowledgedData: known?.acknowledgedData ?? judgeAcknowledgedData(model, world),
    person: known?.person ?? firstRemedy(model, world),
    isr: size(world.state.inSync),
    minIsr: shape.effectiveMinIsr,
    promoted: size(world.state.inSync & shape.observers),
    blockedMs: writes === 'pause' ? course.blockedMs : null,
    headroom: known === undefined ? headroomOf(world) : known.headroom,
  };
  judged.set(key, finding);
  return finding;
}

function alone(finding: Finding): Worst {
  const { reads, acknowledgedData, blockedMs, headroom } = finding;
  return { finding, reads, acknowledgedData, blockedMs, headroom };
}

/** The worse of two, see {@link Worst}. */
export function worstOfTwo(one: Worst, other: Worst): Worst {
  return {
    finding: isWorse(other.finding, one.finding) ? other.finding : one.finding,
    reads: worseIn(readsOrder, one.reads, other.reads),
    acknowledgedData: worseIn(acknowledgedDataOrder, one.acknowledgedData, other.acknowledgedData),
    blockedMs: longer(one.blockedMs, other.blockedMs),
    headroom: less(one.headroom, other.headroom),
  };
}

/** Puts the worst into the words of the contract. */
export function toOutcome(scenario: Scenario, worst: Worst): Outcome {
  const { finding, reads, acknowledgedData, blockedMs, headroom } = worst;
  const { person, isr, minIsr, promoted, writes } = finding;
  const base = { scenario: scenarioId(scenario), reads, acknowledgedData, person, isr, minIsr, promoted };
  switch (writes) {
    case 'continue':
      return { ...base, writes, blockedMs: null, headroom: headroom?.brokers ?? 0 };
    case 'pause':
      return { ...base, writes, blockedMs: blockedMs ?? { best: 0, worst: 0 }, headroom: headroom?.brokers ?? 0 };
    case 'stop':
    case 'offline':
      return { ...base, writes, blockedMs: null, headroom: null };
  }
}

function worseIn<T>(order: readonly T[], one: T, other: T): T {
  return order.indexOf(other) > order.indexOf(one) ? other : one;
}

/** Numbers that rank findings, the most important first; greater is worse. */
function badness(finding: Finding): readonly number[] {
  return [
    writesOrder.indexOf(finding.writes),
    acknowledgedDataOrder.indexOf(finding.acknowledgedData),
    personOrder.indexOf(finding.person),
    -(finding.headroom?.brokers ?? 0),
    finding.blockedMs?.worst ?? 0,
    readsOrder.indexOf(finding.reads),
    -finding.isr,
  ];
}

function isWorse(one: Finding, other: Finding): boolean {
  const theirs = badness(other);
  for (const [place, mine] of badness(one).entries()) {
    const difference = mine - (theirs[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function longer(one: TimeRangeMs | null, other: TimeRangeMs | null): TimeRangeMs | null {
  if (one === null || other === null) return one ?? other;
  return { best: Math.max(one.best, other.best), worst: Math.max(one.worst, other.worst) };
}

/** Of two starts, the worse one; none if writes never start from one of them. */
function lessOrNone(one: Headroom | null, other: Headroom | null): Headroom | null {
  return one === null || other === null ? null : less(one, other);
}

function less(one: Headroom | null, other: Headroom | null): Headroom | null {
  if (one === null || other === null) return one ?? other;
  return {
    brokers: Math.min(one.brokers, other.brokers),
    exact: one.brokers < other.brokers ? one.exact : other.exact,
  };
}
