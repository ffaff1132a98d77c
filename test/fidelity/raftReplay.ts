import { defaultClock } from '../../src/simulator/cluster/clock';
import { Network } from '../../src/simulator/cluster/network';
import { Quorum } from '../../src/simulator/cluster/quorum';
import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { type Run, runScenario } from '../../src/simulator/cluster/scenario/run';
import {
  defaultSetup,
  type Fault,
  type ScenarioSetup,
  type ScenarioStep,
} from '../../src/simulator/cluster/scenario/scenario';
import { Checks, sameMembers } from './checks';
import { Fields, type Json, MalformedRecording } from './json';
import type { ReplayReport } from './replay';

/** What the controllers do: `{given: {voters, active}, events, expect}`. Controllers stand alone, one to a datacenter. */
export function replayRaft(vector: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(vector.string('id'));
  const given = vector.child('given');
  if (given.has('layouts')) {
    checkLayouts(vector, given, checks);
    return checks.report();
  }
  const expectations = vector.objects('expect');
  if (expectations.length === 0) {
    checks.skip('it states no events and no expectation');
    return checks.report();
  }
  const setup = readSetup(given, vector, rules);
  const steps = vector.objects('events').flatMap((event) => readFaults(event));
  const scenario = { name: vector.string('id'), steps };
  const runs = [runScenario(setup, scenario, 'best'), runScenario(setup, scenario, 'worst')];
  for (const expected of expectations) checkExpectation(expected, { vector, setup, steps, runs }, checks);
  return checks.report();
}

/** What a vector asks for, and what the model made of it. */
interface Course {
  readonly vector: Fields;
  readonly setup: ScenarioSetup;
  readonly steps: readonly ScenarioStep[];
  readonly runs: readonly Run[];
}

/** Voters 1, 2, 3 in datacenters of their own; brokers apart from them, those of a partitioned side beside its voter. */
function readSetup(given: Fields, vector: Fields, rules: KafkaRules): ScenarioSetup {
  const count = given.number('voters');
  const controllers = Array.from({ length: count }, (_, index) => ({ id: index + 1, datacenter: site(index) }));
  const isSplit = vector.objects('events').some((event) => event.string('op') === 'partition');
  const brokers = [5, 6, 7].map((id) => ({ id, datacenter: isSplit && id === 5 ? 'A' : 'brokers' }));
  const replicas = brokers.map(({ id }) => id);
  return { ...defaultSetup, brokers, controllers, replicas, observers: [], minIsr: 2, rules };
}

function site(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function readFaults(event: Fields): ScenarioStep[] {
  const when = event.numberOr('t', 0);
  const fault = (one: Fault): ScenarioStep[] => [{ when, fault: one }];
  const controllers = event.has('controllers')
    ? event.numbers('controllers')
    : event.has('controller')
      ? [event.number('controller')]
      : [];
  switch (event.string('op')) {
    case 'kill':
      if (event.has('broker')) return fault({ kind: 'crash-brokers', brokers: [event.number('broker')] });
      return fault({ kind: 'lose-controllers', controllers });
    case 'start':
      return fault({ kind: 'return-controllers', controllers });
    case 'partition':
      return fault({ kind: 'isolate-datacenter', datacenter: 'A' });
    case 'isolate': {
      const datacenter = site((controllers[0] ?? 1) - 1);
      const cut = fault({ kind: 'isolate-datacenter', datacenter });
      if (!event.has('forMs')) return cut;
      return [...cut, { when: when + event.number('forMs'), fault: { kind: 'rejoin-datacenter', datacenter } }];
    }
    case 'heal':
      // An isolation that says how long it lasts has ended by itself.
      return [];
    default:
      throw new MalformedRecording(event.where, `event "${event.string('op')}" is not known`);
  }
}

/** Keys that say when an expectation holds, not what. */
const conditions: ReadonlySet<string> = new Set(['t', 'tRange']);

function checkExpectation(expected: Fields, course: Course, checks: Checks): void {
  const [from = 0, to = Number.POSITIVE_INFINITY] = expected.numbersOr('tRange', []);
  const outside = (times: readonly number[]): string[] =>
    times.length > 0 && times.every((at) => at >= from && at <= to) ? [] : [`at ${times} ms, stated ${from}..${to} ms`];
  for (const key of expected.keys) {
    if (conditions.has(key)) continue;
    const found = checkKey(key, expected, course, outside);
    if (found === undefined) checks.skip(`"${key}": ${JSON.stringify(expected.value(key))}`);
    else checks.expect({ [key]: expected.value(key) }, found);
  }
}

/** The differences, or `undefined` for what is not understood. */
function checkKey(
  key: string,
  expected: Fields,
  course: Course,
  outside: (times: readonly number[]) => string[],
): string[] | undefined {
  const { runs, vector } = course;
  const isExpected = (actual: Json): string[] => (actual === expected.value(key) ? [] : [`${key}: model ${actual}`]);
  const timesOf = (kind: string): number[] =>
    runs.flatMap((run) => run.steps.filter((step) => step.cause.kind === kind).map((step) => step.atMs));
  switch (key) {
    case 'canCommit':
      return isExpected(runs.every((run) => run.steps.at(-1)?.state.quorum === true));
    case 'leaderChanges':
      return isExpected(timesOf('controller-elected').length > 0);
    case 'epochUnchanged':
      return isExpected(timesOf('controller-elected').length === 0);
    case 'fencing':
      return isExpected(timesOf('broker-fenced').length > 0);
    case 'isrChanges':
      return isExpected(timesOf('isr-shrunk').length > 0);
    case 'elections':
      return isExpected(timesOf('leader-elected').length > 0);
    case 'existingLeadersServe':
      return isExpected(runs.every((run) => run.steps.at(-1)?.state.produce === 'accepted'));
    case 'active':
    case 'newActive': {
      const times = expected.has('tRange') ? outside(timesOf('controller-elected')) : [];
      return [...times, ...electedOf(vector, runs, expected.value(key))];
    }
    case 'resigned': {
      const { best, worst } = defaultClock.controllerResignMs;
      // The one that no majority reaches is the one that was active and is cut off.
      return [...outside([best, worst]), ...isExpected(vector.child('given').value('active'))];
    }
    case 'fenced':
      return [...outside(timesOf('broker-fenced')), ...fencedOf(course, expected.value(key))];
    case 'sessionTimersReset':
      return isExpected(restartsSessions(course));
    default:
      return undefined;
  }
}

/** Which brokers are fenced: named, or "all brokers in A". */
function fencedOf({ runs, setup }: Course, stated: Json): string[] {
  const named = /^all brokers in (\w+)$/.exec(String(stated))?.[1];
  const expected = Array.isArray(stated)
    ? stated.map(Number)
    : setup.brokers.filter((broker) => broker.datacenter === named).map(({ id }) => id);
  return runs.flatMap((run) => {
    const fenced = run.steps.flatMap(({ cause }) => (cause.kind === 'broker-fenced' ? [cause.broker] : []));
    return sameMembers(fenced, expected) ? [] : [`fenced: model [${fenced}], stated ${JSON.stringify(stated)}`];
  });
}

/**
 * Whether a broker that dies together with the active controller is fenced one whole session after the next one became
 * active, instead of one session after its own last heartbeat.
 */
function restartsSessions({ setup, steps }: Course): boolean {
  const crash: Fault = { kind: 'crash-brokers', brokers: [6] };
  const scenario = { name: 'sessions', steps: [{ when: 0, fault: crash }, ...steps] };
  return (['best', 'worst'] as const).every((clockCase) => {
    const run = runScenario(setup, scenario, clockCase);
    const timeOf = (kind: string): number => run.steps.find(({ cause }) => cause.kind === kind)?.atMs ?? Number.NaN;
    return timeOf('broker-fenced') - timeOf('controller-elected') >= defaultClock.brokerSessionTimeoutMs;
  });
}

/** "2 or 3", or 1: who is active in the end. Where a new one is elected, one of them is it once the old is gone. */
function electedOf(vector: Fields, runs: readonly Run[], stated: Json): string[] {
  const given = vector.child('given');
  const active = given.has('active') ? given.value('active') : 1;
  const changed = runs.some((run) => run.steps.some(({ cause }) => cause.kind === 'controller-elected'));
  const elected = changed ? nextAfter(given.number('voters'), active) : active;
  return String(stated).split(' or ').includes(String(elected)) ? [] : [`active: model ${elected}`];
}

function nextAfter(count: number, active: Json): number | undefined {
  const voters = Array.from({ length: count }, (_, index) => ({ id: index + 1, datacenter: site(index) }));
  const quorum = new Quorum(voters, new Network());
  quorum.stop([Number(active)]);
  return quorum.elect();
}

function checkLayouts(vector: Fields, given: Fields, checks: Checks): void {
  const layouts = given.objects('layouts');
  const killed = vector.objects('events').map((event) => event.stringOr('dc', ''));
  for (const expected of vector.objects('expect')) {
    const layout = Fields.of(layouts[expected.number('layout')]?.object, `${expected.where}.layout`);
    const voters = Object.keys(layout.object).flatMap((datacenter) =>
      Array.from({ length: layout.number(datacenter) }, (_, index) => ({ id: index, datacenter })),
    );
    const numbered = voters.map(({ datacenter }, id) => ({ id, datacenter }));
    const quorum = new Quorum(numbered, new Network());
    quorum.stop(numbered.filter(({ datacenter }) => killed.includes(datacenter)).map(({ id }) => id));
    const stands = quorum.electable !== undefined;
    checks.expect(expected.object, stands === expected.boolean('quorum') ? [] : [`quorum: model ${stands}`]);
  }
}
