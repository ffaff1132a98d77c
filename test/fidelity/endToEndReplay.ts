import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { type Run, type RunStep, runScenario } from '../../src/simulator/cluster/scenario/run';
import {
  defaultSetup,
  type Fault,
  type Scenario,
  type ScenarioSetup,
  type ScenarioStep,
} from '../../src/simulator/cluster/scenario/scenario';
import type { ProduceState } from '../../src/simulator/timeline';
import { Checks, sameMembers } from './checks';
import type { Fields, Json } from './json';
import { permutations } from './permutations';
import type { ReplayReport } from './replay';

const sites = ['A', 'B', 'C'] as const;

/** `controller.quorum.append.linger.ms`, which the stated times leave out. */
const lingerMs = 25;

/**
 * Timelines end to end: `{given, events, expect}`. Each expectation that names a time range, an ISR, a leader or what a
 * producer meets is compared with the best and the worst run; prose is named as such.
 */
export function replayEndToEnd(vector: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(vector.string('id'));
  // Two courses of events differ in nothing but this, and only their titles say so.
  const losesActiveController = vector.stringOr('title', '').includes('active controller');
  const setup = readSetup(vector.child('given'), losesActiveController ? 101 : 103, rules);
  const steps: ScenarioStep[] = [];
  for (const event of vector.objects('events')) {
    const fault = readFault(event, setup);
    if (fault === undefined) {
      checks.skip(`event ${JSON.stringify(event.object)} is not known`);
      return checks.report();
    }
    steps.push({ when: event.numberOr('t', 0), fault });
  }
  const scenario = { name: vector.string('id'), steps };
  const runs = { best: runScenario(setup, scenario, 'best'), worst: runScenario(setup, scenario, 'worst') };
  const course = { setup, scenario, runs };
  for (const expected of vector.objects('expect')) checkExpectation(expected, setup, course, checks);
  return checks.report();
}

/** A vector's course of events, and the runs of it. */
interface Course {
  readonly setup: ScenarioSetup;
  readonly scenario: Scenario;
  readonly runs: Runs;
}

interface Runs {
  readonly best: Run;
  readonly worst: Run;
}

/** Brokers in A and B, first half and second unless the vector names racks; a controller in each of A, B and C. */
function readSetup(given: Fields, activeController: number, rules: KafkaRules): ScenarioSetup {
  const replicas = given.numbersOr('replicas', [1, 2, 3]);
  const inA = given.has('racks')
    ? given.child('racks').numbers('A')
    : replicas.slice(0, Math.ceil(replicas.length / 2));
  const isr = given.numbersOr('isr', replicas);
  return {
    ...defaultSetup,
    brokers: replicas.map((id) => ({ id, datacenter: inA.includes(id) ? 'A' : 'B' })),
    controllers: sites.map((datacenter, index) => ({ id: 101 + index, datacenter })),
    activeController,
    replicas,
    observers: [],
    isr,
    leader: given.numberOr('leader', isr[0] ?? 1),
    minIsr: given.numberOr('minIsr', 2),
    rules,
  };
}

function readFault(event: Fields, setup: ScenarioSetup): Fault | undefined {
  const brokers = event.has('brokers') ? event.numbers('brokers') : event.has('broker') ? [event.number('broker')] : [];
  switch (event.string('op')) {
    case 'SIGKILL':
      return { kind: 'crash-brokers', brokers };
    case 'SIGTERM':
      return { kind: 'stop-brokers', brokers };
    case 'SIGSTOP':
      return { kind: 'freeze-brokers', brokers };
    case 'SIGCONT':
      return { kind: 'resume-brokers', brokers };
    case 'start':
      return { kind: 'return-brokers', brokers };
    case 'cut':
      return { kind: 'cut-link', between: ['A', 'B'], scope: 'brokers' };
    case 'partition':
      return { kind: 'isolate-datacenter', datacenter: 'A' };
    case 'killDc':
      return { kind: 'lose-datacenter', datacenter: event.stringOr('dc', 'A'), controllers: true };
    case 'kill': {
      const controllers = setup.controllers?.map(({ id }) => id) ?? [];
      if (event.has('controllers')) {
        const isActive = event.value('controllers') === 'active';
        return { kind: 'lose-controllers', controllers: isActive ? controllers.slice(0, 1) : controllers.slice(1) };
      }
      return event.has('broker') ? { kind: 'crash-brokers', brokers } : undefined;
    }
    default:
      return undefined;
  }
}

function checkExpectation(expected: Fields, setup: ScenarioSetup, course: Course, checks: Checks): void {
  const range = expected.has('tRange') ? expected.numbers('tRange') : undefined;
  const found: string[] = [];
  const compared = new Set<string>();
  const note = (key: string, differences: readonly string[] | undefined): void => {
    if (differences === undefined) return;
    compared.add(key);
    found.push(...differences);
  };
  const stated = readStated(expected);
  if (stated !== undefined) {
    for (const key of stated.keys) compared.add(key);
    found.push(...checkStated(stated, range, setup, course.runs));
  }
  if (expected.has('event')) note('event', checkEvent(expected.string('event'), range, course.runs));
  for (const key of ['elrIfOn', 'controllerView']) note(key, checkElr(key, expected, course));
  if (expected.has('hw')) note('hw', checkFrozen(expected.value('hw'), course.runs));

  if (compared.size > 0) checks.expect(expected.object, found);
  for (const key of expected.keys) {
    if (key === 'tRange' || compared.has(key)) continue;
    checks.skip(`prose: ${JSON.stringify({ [key]: expected.value(key) }).slice(0, 140)}`);
  }
}

/** A state of the partition, as far as an expectation names it. */
interface Stated {
  readonly leader: number | undefined;
  readonly isr: readonly number[] | undefined;
  readonly produce: ProduceState | undefined;
  readonly leaderEpochDelta: number | undefined;
  /** Keys of the expectation that all this was read from. */
  readonly keys: readonly string[];
}

function readStated(expected: Fields): Stated | undefined {
  const isViewed = expected.has('controllerView');
  const view = isViewed ? expected.child('controllerView') : expected;
  const leader = view.has('leader') ? Number.parseInt(String(view.value('leader')), 10) : undefined;
  const isr = view.has('isr') ? view.numbers('isr') : undefined;
  const produce = expected.has('acksAll') ? readProduce(expected.string('acksAll')) : undefined;
  if (leader === undefined && isr === undefined && produce === undefined) return undefined;
  const leaderEpochDelta = expected.has('leaderEpochDelta') ? expected.number('leaderEpochDelta') : undefined;
  const keys = [
    ...(isViewed ? ['controllerView'] : ['leader', 'isr']),
    ...(produce === undefined ? [] : ['acksAll']),
    'leaderEpochDelta',
  ];
  return { leader, isr, produce, leaderEpochDelta, keys };
}

/** How an expectation begins when it says what a produce with acks=all meets. */
const produceWords: readonly (readonly [RegExp, ProduceState])[] = [
  [/^NOT_ENOUGH_REPLICAS/, 'refused'],
  [/^(accepted|admitted), waits?\b/, 'waiting'],
  [/^REQUEST_TIMED_OUT/, 'waiting'],
  [/^accepted$/, 'accepted'],
];

/** `undefined` for words that are not understood, which are then named as not compared. */
function readProduce(text: string): ProduceState | undefined {
  return produceWords.find(([words]) => words.test(text))?.[1];
}

function checkStated(stated: Stated, range: readonly number[] | undefined, setup: ScenarioSetup, runs: Runs): string[] {
  const [from = 0, to = Number.POSITIVE_INFINITY] = range ?? [];
  const isInitial = from === 0 && stated.isr !== undefined && sameMembers(stated.isr, setup.isr ?? setup.replicas);
  return Object.entries(runs).flatMap(([name, run]: [string, Run]) => {
    // The state after the last fault, from the first that matches on.
    const faultAt = run.steps.findIndex((step) => step.cause.kind !== 'healthy');
    const after = run.steps.slice(faultAt);
    const step = range === undefined ? after.at(-1) : after.find((candidate) => matches(stated, candidate));
    if (step === undefined || !matches(stated, step)) return [`${name} case: never ${JSON.stringify(stated)}`];
    const epochs = leaderEpochsUntil(run, step);
    if (stated.leaderEpochDelta !== undefined && stated.leaderEpochDelta !== epochs) {
      return [`${name} case: leader epoch grew by ${epochs}, stated ${stated.leaderEpochDelta}`];
    }
    if (range === undefined) return [];
    if (isInitial) return lastsUntil(stated, after, to, name);
    const inRange = step.atMs >= from && step.atMs <= to + lingerMs;
    return inRange ? [] : [`${name} case: at ${step.atMs} ms, stated ${from}..${to} ms`];
  });
}

/** Every change of the leader, to nobody included, is a new leader epoch. */
function leaderEpochsUntil({ steps }: Run, until: RunStep): number {
  const seen = steps.slice(0, steps.indexOf(until) + 1);
  return seen.filter(({ state }, index) => index > 0 && state.leader !== seen[index - 1]?.state.leader).length;
}

/**
 * What the ELR would be were the feature on, or ISR and ELR together. Which of several brokers is fenced first is chance:
 * one order must lead there.
 */
function checkElr(key: string, expected: Fields, { setup, scenario }: Course): string[] | undefined {
  const isView = key === 'controllerView';
  if (!expected.has(key)) return undefined;
  if (isView && !expected.child(key).has('isrOrElr')) return [];
  const stated = isView ? expected.child(key).numbers('isrOrElr') : expected.numbers(key);
  const reached = permutations(setup.replicas).some((order) => {
    const runs = (['best', 'worst'] as const).map((one) =>
      runScenario({ ...setup, order, elrEnabled: true }, scenario, one),
    );
    return runs.every((run) => {
      const state = run.steps.at(-1)?.state;
      const members = [...(state?.elr ?? []), ...(isView ? (state?.isr ?? []) : [])];
      return sameMembers(stated, members);
    });
  });
  return reached ? [] : [`${key}: no order leads to [${stated}]`];
}

/** "frozen": what is produced with acks=all is never acknowledged, as the high watermark stands still. */
function checkFrozen(stated: Json, runs: Runs): string[] | undefined {
  if (stated !== 'frozen') return undefined;
  const frozen = Object.values(runs).every((run: Run) => run.steps.at(-1)?.state.produce === 'waiting');
  return frozen ? [] : ['hw: it moves'];
}

/** What was so before the fault stays so at least until the earliest time at which it may change. */
function lastsUntil(stated: Stated, after: readonly RunStep[], untilMs: number, name: string): string[] {
  const change = after.find((step) => step.atMs < untilMs && !matches(stated, step));
  return change === undefined ? [] : [`${name} case: changed at ${change.atMs} ms, stated not before ${untilMs} ms`];
}

function matches({ leader, isr, produce }: Pick<Stated, 'leader' | 'isr' | 'produce'>, { state }: RunStep): boolean {
  if (leader !== undefined && (state.leader ?? -1) !== leader) return false;
  if (isr !== undefined && !sameMembers(isr, state.isr)) return false;
  return produce === undefined || produce === state.produce;
}

/** The few events that are stated in words that always mean the same. */
function checkEvent(text: string, range: readonly number[] | undefined, runs: Runs): string[] | undefined {
  const fenced = /^controller fences (\d+)(?:: ISR \[([\d,]*)\], ELR \[([\d,]*)\])?/.exec(text);
  if (fenced !== null) {
    const [, broker, isr, elr] = fenced;
    return eventIn(runs, range, { kind: 'broker-fenced', broker: Number(broker) }, ({ state }) => [
      ...(isr === undefined || sameMembers(numbersIn(isr), state.isr) ? [] : [`ISR [${state.isr}]`]),
      ...(elr === undefined || sameMembers(numbersIn(elr), state.elr) ? [] : [`ELR [${state.elr}]`]),
    ]);
  }
  const unfenced = /^(\d+): same epoch, next heartbeat unfences it/.exec(text)?.[1];
  if (unfenced !== undefined) {
    return eventIn(runs, range, { kind: 'broker-unfenced', broker: Number(unfenced) });
  }
  const refused = text.startsWith('DUPLICATE_BROKER_REGISTRATION');
  return refused ? eventIn(runs, range, { kind: 'registration-refused' }) : undefined;
}

function numbersIn(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number);
}

function eventIn(
  runs: Runs,
  range: readonly number[] | undefined,
  cause: { readonly kind: string; readonly broker?: number },
  compareState: (step: RunStep) => readonly string[] = () => [],
): string[] {
  const [from = 0, to = Number.POSITIVE_INFINITY] = range ?? [];
  return Object.entries(runs).flatMap(([name, run]: [string, Run]) => {
    const step = run.steps.find((candidate) => isCause(candidate, cause));
    if (step === undefined) return [`${name} case: never ${JSON.stringify(cause)}`];
    // One instant may be told in several steps: that a broker is fenced, then what this does to the ISR.
    const last = run.steps.findLast(({ atMs }) => atMs === step.atMs) ?? step;
    const state = compareState(last).map((difference) => `${name} case: ${difference}`);
    if (step.atMs >= from && step.atMs <= to) return state;
    return [...state, `${name} case: at ${step.atMs} ms, stated ${from}..${to} ms`];
  });
}

function isCause({ cause }: RunStep, { kind, broker }: { readonly kind: string; readonly broker?: number }): boolean {
  return cause.kind === kind && (broker === undefined || ('broker' in cause && cause.broker === broker));
}
