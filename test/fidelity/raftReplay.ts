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
import { Checks } from './checks';
import { Fields, type Json } from './json';
import type { ReplayReport } from './replay';

/** What the controllers do: `{given: {voters, active}, events, expect}`. Controllers stand alone, one to a datacenter. */
export function replayRaft(vector: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(vector.string('id'));
  const given = vector.child('given');
  if (given.has('layouts')) {
    checkLayouts(vector, given, checks);
    return checks.report();
  }
  const setup = readSetup(given, vector, rules);
  const steps = vector.objects('events').flatMap((event) => readFaults(event));
  const scenario = { name: vector.string('id'), steps };
  const runs = [runScenario(setup, scenario, 'best'), runScenario(setup, scenario, 'worst')];
  const expectations = vector.objects('expect');
  if (expectations.length === 0) checks.skip('it states no events and no expectation');
  for (const expected of expectations) checkExpectation(expected, runs, vector, checks);
  return checks.report();
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
    default:
      return [];
  }
}

function checkExpectation(expected: Fields, runs: readonly Run[], vector: Fields, checks: Checks): void {
  const [from = 0, to = Number.POSITIVE_INFINITY] = expected.numbersOr('tRange', []);
  const outside = (times: readonly number[]): string[] =>
    times.length > 0 && times.every((at) => at >= from && at <= to) ? [] : [`at ${times} ms, stated ${from}..${to} ms`];
  for (const key of Object.keys(expected.object)) {
    const found = checkKey(key, expected, runs, vector, outside);
    if (found !== undefined) checks.expect({ [key]: expected.value(key) }, found);
  }
}

function checkKey(
  key: string,
  expected: Fields,
  runs: readonly Run[],
  vector: Fields,
  outside: (times: readonly number[]) => string[],
): string[] | undefined {
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
    case 'newActive':
      return expected.has('tRange')
        ? [...outside(timesOf('controller-elected')), ...electedOf(vector, expected.value(key))]
        : undefined;
    case 'resigned': {
      const { best, worst } = defaultClock.controllerResignMs;
      return outside([best, worst]);
    }
    case 'fenced':
      return outside(timesOf('broker-fenced'));
    case 'sessionTimersReset':
      // What a new session looks like in time is what R06 and R08 state.
      return undefined;
    default:
      return undefined;
  }
}

/** "2 or 3": one of them is elected once the first is gone. */
function electedOf(vector: Fields, stated: Json): string[] {
  const voters = Array.from({ length: vector.child('given').number('voters') }, (_, index) => ({
    id: index + 1,
    datacenter: site(index),
  }));
  const quorum = new Quorum(voters, new Network());
  quorum.stop([1]);
  const elected = quorum.elect();
  return String(stated).split(' or ').includes(String(elected)) ? [] : [`elected: model ${elected}`];
}

function checkLayouts(vector: Fields, given: Fields, checks: Checks): void {
  const layouts = given.objects('layouts');
  const killed = vector.objects('events').map((event) => event.stringOr('dc', ''));
  for (const expected of vector.objects('expect')) {
    const layout = layouts[expected.number('layout')] ?? Fields.of({}, vector.where);
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
