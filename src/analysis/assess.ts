import type { Cluster } from '../kafka/cluster';
import type { Deployment } from '../kafka/deployment';
import type { Placement } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import type { PartitionModel } from '../simulator/partition/model';
import { defaultSwitches, type Switches } from '../simulator/partition/shape';
import { stateKey } from '../simulator/partition/state';
import type { Timeline } from '../simulator/timeline';
import { defaultTimes, type KafkaTimes } from '../simulator/times';
import type {
  Assessment,
  EveryFailure,
  LimitHit,
  ScenarioResult,
  SingleLoss,
  TopicAnswer,
  TopicAssessment,
} from './assessment';
import { type Arrangement, type Arrangements, arrangementsOf } from './assignments';
import { maxWorldsPerHeadroom } from './headroom';
import { createShapeAnalyst, type ShapeAnalyst, toOutcome, type Worst, worstOfTwo } from './outcomes';
import { timelineOf } from './playOut';
import type { Scenario } from './scenario';
import { datacentersToLose, scenariosOf } from './scenarios';
import { drain } from './steps';
import { verdictOf } from './verdict';

export interface AssessorOptions {
  /** What no source settles; the recommended readings where left out. */
  readonly switches?: Partial<Switches>;
  /** Kafka's timers; its defaults where left out. */
  readonly times?: Partial<KafkaTimes>;
}

/** Analyses topics and remembers what it found: topics of equal shape are computed once. */
export interface Assessor {
  readonly assess: (deployment: Deployment) => Assessment;
  readonly assessTopic: (cluster: Cluster, topic: Topic) => TopicAssessment;
  /** The same in small steps, one scenario of one arrangement each, for a thread that others use as well. */
  readonly assessInSteps: (cluster: Cluster, topic: Topic) => Generator<void, TopicAssessment>;
  /** What a scenario does to a topic, without all the others. `null` if the topic is beyond what can be analysed. */
  readonly examine: (cluster: Cluster, topic: Topic, scenario: Scenario) => ScenarioResult['outcome'] | null;
  /** The worst case of a scenario, step by step, and then the return of what was lost. */
  readonly playOut: (cluster: Cluster, topic: Topic, scenario: Scenario) => Timeline | null;
}

/** An assessor that has found out nothing yet. What it finds out is kept by shape, up to a bound. */
export function createAssessor(options: AssessorOptions = {}): Assessor {
  const switches = { ...defaultSwitches, ...options.switches };
  const times = { ...defaultTimes, ...options.times };
  const clusterIds = new WeakMap<Cluster, string>();
  let clusterCount = 0;
  const questions = forgetful<Arrangements>(maxRememberedQuestions);
  const answers = new WeakMap<Arrangements, TopicAnswer>();
  const placementKeys = new WeakMap<Placement, string>();
  /** The cluster, and all of a topic that its arrangements depend on. */
  const questionKey = (cluster: Cluster, { placement, minIsr, uncleanLeaderElection, assignments }: Topic): string => {
    const id = remember(clusterIds, cluster, () => `${++clusterCount}`);
    const key = remember(placementKeys, placement, () => JSON.stringify(placement));
    const described = assignments === null ? '' : JSON.stringify(assignments);
    return `${id} ${minIsr.value} ${uncleanLeaderElection.value} ${key}${described}`;
  };

  const arrangements = (cluster: Cluster, topic: Topic): Arrangements =>
    remember(questions, questionKey(cluster, topic), () => arrangementsOf(cluster, topic, switches));
  const withAnalysts = createExaminer(times);
  const assessTopic = (cluster: Cluster, topic: Topic): TopicAssessment => {
    const found = arrangements(cluster, topic);
    return { topic, ...remember(answers, found, () => answerFor(cluster, found, withAnalysts, times)) };
  };
  function* assessInSteps(cluster: Cluster, topic: Topic): Generator<void, TopicAssessment> {
    const found = arrangements(cluster, topic);
    if (!answers.has(found)) {
      yield* inSteps(
        datacentersToLose(cluster, found.list).map((datacenter) => lossOf(datacenter)),
        withAnalysts(found.list),
      );
    }
    // All that is left is to put together what the analysts remember.
    return assessTopic(cluster, topic);
  }
  return {
    assessTopic,
    assessInSteps,
    assess: (deployment) => ({
      deployment,
      topics: deployment.topics.map((topic) => assessTopic(deployment.cluster, topic)),
    }),
    examine: (cluster, topic, scenario) => {
      const worst = worstOf(withAnalysts(arrangements(cluster, topic).list), scenario);
      return worst === null ? null : toOutcome(scenario, worst.worst);
    },
    playOut: (cluster, topic, scenario) => {
      const worst = worstOf(withAnalysts(arrangements(cluster, topic).list), scenario);
      return worst === null
        ? null
        : timelineOf(cluster, scenario, worst.arrangement, worst.model, worst.worst.finding.course, times);
    },
  };
}

/** An editor runs for weeks: the shapes of old edits are forgotten, the oldest first. */
const maxRememberedShapes = 1_000;

/** And so are those of old topics and clusters. Topics that are there keep their answers themselves. */
const maxRememberedQuestions = 5_000;

/** One topic, without remembering anything: for tests and single questions. */
export function assessTopic(cluster: Cluster, topic: Topic, options: AssessorOptions = {}): TopicAssessment {
  return createAssessor(options).assessTopic(cluster, topic);
}

/** One deployment, without remembering anything. */
export function assess(deployment: Deployment, options: AssessorOptions = {}): Assessment {
  return createAssessor(options).assess(deployment);
}

/** A scenario's worst, and the arrangement in which it was found. */
interface Case {
  readonly worst: Worst;
  readonly arrangement: Arrangement;
  /** The model on which it was found. */
  readonly model: PartitionModel;
}

function caseOf({ arrangement, analyst }: Analysed, scenario: Scenario): Case {
  const indexOf = (name: string): number => arrangement.datacenters.indexOf(name);
  return { arrangement, model: analyst.modelFor(scenario, indexOf), worst: analyst.examine(scenario, indexOf) };
}

function worseCase(one: Case | null, other: Case): Case {
  if (one === null) return other;
  const worst = worstOfTwo(one.worst, other.worst);
  return worst.finding === one.worst.finding ? { ...one, worst } : { ...other, worst };
}

/** An arrangement, and who answers for all of its shape. */
interface Analysed {
  readonly arrangement: Arrangement;
  readonly analyst: ShapeAnalyst;
}

/** Finds the analysts of arrangements: they remember what they found for a shape. */
type Examiner = (list: readonly Arrangement[]) => readonly Analysed[];

function createExaminer(times: KafkaTimes): Examiner {
  const analysts = forgetful<ShapeAnalyst>(maxRememberedShapes);
  return (list) =>
    list.map((arrangement) => {
      const { shape, start } = arrangement;
      const key = `${shape.key}/${stateKey(start.state)}`;
      return { arrangement, analyst: remember(analysts, key, () => createShapeAnalyst(shape, start, times)) };
    });
}

function worstOf(list: readonly Analysed[], scenario: Scenario): Case | null {
  return list.map((analysed) => caseOf(analysed, scenario)).reduce(worseCase, null);
}

function lossOf(datacenter: string): Scenario & { readonly kind: 'datacenters' } {
  return { kind: 'datacenters', datacenters: [datacenter] };
}

function answerFor(
  cluster: Cluster,
  arrangements: Arrangements,
  withAnalysts: Examiner,
  times: KafkaTimes,
): TopicAnswer {
  const { list, limits } = arrangements;
  const analysed = withAnalysts(list);
  const cases = datacentersToLose(cluster, list).flatMap((datacenter) => {
    const scenario = lossOf(datacenter);
    const worst = worstOf(analysed, scenario);
    return worst === null ? [] : [{ datacenter, scenario, worst: worst.worst }];
  });
  const losses = cases.map(
    ({ datacenter, scenario, worst }): SingleLoss => ({ datacenter, outcome: toOutcome(scenario, worst) }),
  );
  const analysts = analystsOf(analysed);
  const headroom = leastHeadroom(analysts);
  let whole: EveryFailure | null = null;
  function* everyFailureInSteps(): Generator<void, EveryFailure> {
    if (whole !== null) return whole;
    // Its own analysts count the states of this answer alone, whatever was asked of others before.
    const own = createExaminer(times)(list);
    yield* inSteps(scenariosOf(cluster, list).scenarios, own);
    whole ??= everyFailureOf(cluster, arrangements, own);
    return whole;
  }
  return {
    losses,
    headroom,
    verdict: verdictOf(losses, cluster.goal.value, headroom),
    limits: [...limits, ...stateLimits(analysts, cases)],
    everyFailure: () => drain(everyFailureInSteps()),
    everyFailureInSteps,
  };
}

/** Lets the analysts examine all scenarios, one of one arrangement at a time. They remember what they found. */
function* inSteps(scenarios: readonly Scenario[], list: readonly Analysed[]): Generator<void, void> {
  for (const scenario of scenarios) {
    for (const analysed of list) {
      caseOf(analysed, scenario);
      yield;
    }
  }
}

function everyFailureOf(cluster: Cluster, { list, limits }: Arrangements, analysed: readonly Analysed[]): EveryFailure {
  const { scenarios, limits: scenarioLimits } = scenariosOf(cluster, list);
  const cases = scenarios.flatMap((scenario) => {
    const worst = worstOf(analysed, scenario);
    return worst === null ? [] : [{ scenario, worst: worst.worst }];
  });
  const analysts = analystsOf(analysed);
  return {
    results: cases.map(({ scenario, worst }): ScenarioResult => ({ scenario, outcome: toOutcome(scenario, worst) })),
    statesExamined: analysts.reduce((sum, { examined }) => sum + examined(), 0),
    limits: [...limits, ...scenarioLimits, ...stateLimits(analysts, cases)],
  };
}

function analystsOf(list: readonly Analysed[]): readonly ShapeAnalyst[] {
  return [...new Set(list.map(({ analyst }) => analyst))];
}

/** From the healthy state, in the worst arrangement; `null` if writes never start in one of them, or there is none. */
function leastHeadroom(analysts: readonly ShapeAnalyst[]): number | null {
  let least: number | null = null;
  for (const analyst of analysts) {
    const headroom = analyst.headroom();
    if (headroom === null) return null;
    least = Math.min(least ?? headroom.brokers, headroom.brokers);
  }
  return least;
}

function stateLimits(analysts: readonly ShapeAnalyst[], cases: readonly { readonly worst: Worst }[]): LimitHit[] {
  const cut =
    analysts.some(({ cut: limited, headroom }) => limited() || headroom()?.exact === false) ||
    cases.some(({ worst }) => worst.headroom?.exact === false);
  return cut ? [{ limit: 'states', examined: maxWorldsPerHeadroom, bound: maxWorldsPerHeadroom }] : [];
}

interface Remembering<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function remember<K, V>(memory: Remembering<K, V>, key: K, compute: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = compute();
  memory.set(key, value);
  return value;
}

/** A memory that drops what it has held longest once it is full. */
function forgetful<V>(max: number): Remembering<string, V> {
  const memory = new Map<string, V>();
  return {
    get: (key) => memory.get(key),
    set: (key, value) => {
      const [oldest] = memory.keys();
      if (memory.size >= max && oldest !== undefined) memory.delete(oldest);
      memory.set(key, value);
    },
  };
}
