import {
  defaultSetup,
  type Fault,
  type Scenario,
  type ScenarioSetup,
  type ScenarioStep,
} from '../../../../src/simulator/cluster/scenario/scenario';
import { type ScenarioReport, simulateScenario } from '../../../../src/simulator/cluster/scenario/timeline';
import type { Timeline, TimelineStep, TimeRangeMs } from '../../../../src/simulator/timeline';

/** Three replicas over three datacenters of one broker and one controller each, min ISR 2. */
export const three: ScenarioSetup = {
  ...defaultSetup,
  brokers: [1, 2, 3].map((id) => ({ id, datacenter: `dc${id}` })),
  controllers: [1, 2, 3].map((id) => ({ id: 100 + id, datacenter: `dc${id}` })),
  // So that the loss of broker 1 or 2 is not also the loss of the active controller.
  activeController: 103,
  replicas: [1, 2, 3],
  observers: [],
  minIsr: 2,
};

/** Two sync replicas and an observer in each of west and east, two controllers there and one in central, min ISR 3. */
export const stretched: ScenarioSetup = {
  ...defaultSetup,
  brokers: [
    ...[1, 2, 5].map((id) => ({ id, datacenter: 'west' })),
    ...[3, 4, 6].map((id) => ({ id, datacenter: 'east' })),
  ],
  controllers: ['west', 'west', 'east', 'east', 'central'].map((datacenter, index) => ({
    id: 101 + index,
    datacenter,
  })),
  activeController: 105,
  replicas: [1, 2, 3, 4, 5, 6],
  observers: [5, 6],
  minIsr: 3,
};

type When = ScenarioStep['when'];

export function scenario(...steps: readonly (readonly [When, Fault])[]): Scenario {
  return { name: 'test', steps: steps.map(([when, fault]) => ({ when, fault })) };
}

export function simulate(setup: ScenarioSetup, ...steps: readonly (readonly [When, Fault])[]): ScenarioReport {
  return simulateScenario(setup, scenario(...steps));
}

/** Seconds, best to worst. */
export function seconds(at: TimeRangeMs | null): string {
  if (at === null) return '-';
  return at.best === at.worst ? `${at.best / 1000}` : `${at.best / 1000}..${at.worst / 1000}`;
}

/** A timeline as lines: time, what happened, leader, ISR, what a producer with acks=all meets. */
export function lines({ steps }: Timeline): string[] {
  return steps.map(({ at, cause, state }) => {
    const { kind, ...details } = cause;
    const what = [kind, ...Object.values(details).map(String)].join(' ');
    return `${seconds(at)} s: ${what} | leader ${state.leader ?? 'none'}, isr ${state.isr.join()}, ${state.produce}`;
  });
}

/** The first step of a kind. */
export function step(report: ScenarioReport, kind: TimelineStep['cause']['kind']): TimelineStep {
  const found = report.timeline.steps.find(({ cause }) => cause.kind === kind);
  if (found === undefined) throw new Error(`no step ${kind} in\n${lines(report.timeline).join('\n')}`);
  return found;
}
