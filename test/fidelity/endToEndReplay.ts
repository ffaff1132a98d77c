import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { type Run, type RunStep, runScenario } from '../../src/simulator/cluster/scenario/run';
import {
  defaultSetup,
  type Fault,
  type ScenarioSetup,
  type ScenarioStep,
} from '../../src/simulator/cluster/scenario/scenario';
import type { ProduceState } from '../../src/simulator/timeline';
import { Checks, sameMembers } from './checks';
import type { Fields, Json } from './json';
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
  for (const expected of vector.objects('expect')) checkExpectation(expected, setup, runs, checks);
  return checks.report();
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

function checkExpectation(expected: Fields, setup: ScenarioSetup, runs: Runs, checks: Checks): void {
  const range = expected.has('tRange') ? expected.numbers('tRange') : undefined;
  const stated = readStated(expected);
  if (stated !== undefined) {
    checks.expect(expected.object, checkStated(stated, range, setup, runs));
    return;
  }
  const event = expected.has('event') ? checkEvent(expected.string('event'), range, runs) : undefined;
  if (event === undefined) checks.skip(`prose: ${JSON.stringify(expected.object).slice(0, 140)}`);
  else checks.expect(expected.object, event);
}

/** A state of the partition, as far as an expectation names it. */
interface Stated {
  readonly leader: number | undefined;
  readonly isr: readonly number[] | undefined;
  readonly produce: ProduceState | undefined;
  readonly leaderEpochDelta: number | undefined;
}

function readStated(expected: Fields): Stated | undefined {
  const view = expected.has('controllerView') ? expected.child('controllerView') : expected;
  const leader = view.has('leader') ? Number.parseInt(String(view.value('leader')), 10) : undefined;
  const isr = view.has('isr') ? view.numbers('isr') : undefined;
  const produce = expected.has('acksAll') ? readProduce(expected.string('acksAll')) : undefined;
  if (leader === undefined && isr === undefined && produce === undefined) return undefined;
  const leaderEpochDelta = expected.has('leaderEpochDelta') ? expected.number('leaderEpochDelta') : undefined;
  return { leader, isr, produce, leaderEpochDelta };
}

function readProduce(text: string): ProduceState | undefined {
  if (text.startsWith('NOT_ENOUGH_REPLICAS')) return 'refused';
  if (text.includes('wait') || text.startsWith('REQUEST_TIMED_OUT')) return 'waiting';
  return text.startsWith('accepted') ? 'accepted' : undefined;
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
    if (range === undefined) return [];
    if (isInitial) return lastsUntil(stated, after, to, name);
    const inRange = step.atMs >= from && step.atMs <= to + lingerMs;
    return inRange ? [] : [`${name} case: at ${step.atMs} ms, stated ${from}..${to} ms`];
  });
}

/** What was so before the fault stays so at least until the earliest time at which it may change. */
function lastsUntil(stated: Stated, after: readonly RunStep[], untilMs: number, name: string): string[] {
  const change = after.find((step) => step.atMs < untilMs && !matches(stated, step));
  return change === undefined ? [] : [`${name} case: changed at ${change.atMs} ms, stated not before ${untilMs} ms`];
}

function matches({ leader, isr, produce }: Stated, { state }: RunStep): boolean {
  if (leader !== undefined && (state.leader ?? -1) !== leader) return false;
  if (isr !== undefined && !sameMembers(isr, state.isr)) return false;
  return produce === undefined || produce === state.produce;
}

/** The few events that are stated in words that always mean the same. */
function checkEvent(text: string, range: readonly number[] | undefined, runs: Runs): string[] | undefined {
  const fenced = /fences (\d+)/.exec(text)?.[1];
  if (fenced !== undefined) {
    return eventIn(runs, range, { kind: 'broker-fenced', broker: Number(fenced) });
  }
  const unfenced = /^(\d+): same epoch, next heartbeat unfences it/.exec(text)?.[1];
  if (unfenced !== undefined) {
    return eventIn(runs, range, { kind: 'broker-unfenced', broker: Number(unfenced) });
  }
  const refused = text.startsWith('DUPLICATE_BROKER_REGISTRATION');
  return refused ? eventIn(runs, range, { kind: 'registration-refused', broker: 3 }) : undefined;
}

function eventIn(runs: Runs, range: readonly number[] | undefined, cause: Json): string[] {
  const [from = 0, to = Number.POSITIVE_INFINITY] = range ?? [];
  return Object.entries(runs).flatMap(([name, run]: [string, Run]) => {
    const step = run.steps.find((candidate) => JSON.stringify(candidate.cause) === JSON.stringify(cause));
    if (step === undefined) return [`${name} case: never ${JSON.stringify(cause)}`];
    return step.atMs >= from && step.atMs <= to ? [] : [`${name} case: at ${step.atMs} ms, stated ${from}..${to} ms`];
  });
}
