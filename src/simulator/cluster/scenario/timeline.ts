import type { Timeline, TimeRangeMs } from '../../timeline';
import { alignRuns, rangeOf } from './alignment';
import type { ClientView } from './clients';
import type { LossReason, LostRecord } from './ledger';
import { type Run, runScenario } from './run';
import { type Scenario, type ScenarioSetup, withoutRepairs } from './scenario';

/** What clients meet from a moment on. */
export interface ClientStep extends ClientView {
  readonly at: TimeRangeMs;
}

/** Acknowledged records that are gone, all lost at one moment for one reason. */
export interface Loss {
  /** -1 for acks=all. */
  readonly acks: number;
  readonly reason: LossReason;
  /** When the first and the last of them were acknowledged. */
  readonly firstAcknowledgedAt: TimeRangeMs;
  readonly lastAcknowledgedAt: TimeRangeMs;
  readonly lostAt: TimeRangeMs;
}

/** A steady producer and a consumer, all along the timeline. */
export interface ClientReport {
  /** One entry per change, as the worst case goes through them. */
  readonly steps: readonly ClientStep[];
  readonly lost: readonly Loss[];
  /**
   * From the first moment acks=all writes were not accepted to the next one they were; `null` where they always were, or
   * never again are.
   */
  readonly blockedMs: TimeRangeMs | null;
  /** Whether at the end acks=all writes are accepted. */
  readonly writesAtEnd: boolean;
  /** Whether at the end every record acknowledged with acks=all can be read, with nobody having to choose a loss. */
  readonly acknowledgedReadable: boolean;
}

/** What a scenario does. */
export interface ScenarioRunReport {
  readonly timeline: Timeline;
  readonly clients: ClientReport;
  /** A bound on the run was hit: something goes on changing for ever. */
  readonly limitReached: boolean;
  /**
   * What happens instead where every delay is at its best: a broker that returns in time is fenced all the same, say.
   * Absent where the same steps are taken, at whatever times.
   */
  readonly atBest?: { readonly timeline: Timeline; readonly clients: ClientReport };
}

/** What a scenario does, and what it would do if nothing that was lost came back. */
export interface ScenarioReport extends ScenarioRunReport {
  /** Absent where the scenario brings nothing back. */
  readonly ifNeverReturned?: ScenarioRunReport;
}

/**
 * Runs a scenario twice, with every delay at its best and at its worst, and reads the ranges of time off the two. Steps
 * and states are those of the worst case; a step that the best case does not take has the time of the worst alone.
 */
export function simulateScenario(setup: ScenarioSetup, scenario: Scenario): ScenarioReport {
  const full = simulate(setup, scenario);
  const lasting = withoutRepairs(scenario);
  if (lasting.steps.length === scenario.steps.length) return full;
  return { ...full, ifNeverReturned: simulate(setup, lasting) };
}

function simulate(setup: ScenarioSetup, scenario: Scenario): ScenarioRunReport {
  const best = runScenario(setup, scenario, 'best');
  const worst = runScenario(setup, scenario, 'worst');
  const { merged, bestOnly } = alignRuns(best.steps, worst.steps, (step) => JSON.stringify(step.cause));
  const isAlike = bestOnly.length === 0 && merged.every(({ partner }) => partner !== undefined);
  return {
    timeline: {
      scenario: scenario.name,
      steps: merged.map(({ item: { cause, state }, at }) => ({ at, cause, state })),
    },
    clients: clientReport(best, worst),
    limitReached: best.limitReached || worst.limitReached,
    ...(isAlike ? {} : { atBest: { timeline: timelineOf(scenario, best), clients: clientReport(best, best) } }),
  };
}

/** One run alone. */
function timelineOf(scenario: Scenario, run: Run): Timeline {
  const steps = run.steps.map(({ atMs, cause, state }) => ({ at: rangeOf(atMs, atMs), cause, state }));
  return { scenario: scenario.name, steps };
}

function clientReport(best: Run, worst: Run): ClientReport {
  const { merged } = alignRuns(best.clientSteps, worst.clientSteps, (step) => JSON.stringify(step.view));
  const last = [best, worst].map((run) => run.clientSteps.at(-1)?.view);
  return {
    steps: merged.map(({ item, at }) => ({ ...item.view, at })),
    lost: losses(best, worst),
    blockedMs: blockedRange(blockedMs(best), blockedMs(worst)),
    writesAtEnd: last.every((view) => view?.produce === 'accepted'),
    acknowledgedReadable:
      last.every((view) => view?.readsOwnWrites === true) &&
      [best, worst].every((run) => run.lost.every((record) => record.acks !== -1)),
  };
}

/** 0 where writes are never blocked, infinite where they are not accepted again. */
function blockedMs({ clientSteps }: Run): number {
  const from = clientSteps.findIndex((step) => step.view.produce !== 'accepted');
  const until = clientSteps.findIndex((step, index) => index > from && step.view.produce === 'accepted');
  const [start, end] = [clientSteps[from], clientSteps[until]];
  if (start === undefined) return 0;
  return end === undefined ? Number.POSITIVE_INFINITY : end.atMs - start.atMs;
}

/** A stop in order that is overtaken by a crash may block nobody at best, and for long at worst. */
function blockedRange(best: number, worst: number): TimeRangeMs | null {
  const range = rangeOf(best, worst);
  return range.worst === 0 || range.worst === Number.POSITIVE_INFINITY ? null : range;
}

/** Losses of one run, one entry for each moment, kind of acknowledgement and reason. */
interface LossInRun {
  readonly atMs: number;
  readonly stage: number;
  readonly acks: number;
  readonly reason: LossReason;
  readonly firstAcknowledgedAtMs: number;
  readonly lastAcknowledgedAtMs: number;
}

/** Those of the worst case, then those of the best case alone: a loss that is possible is told. */
function losses(best: Run, worst: Run): Loss[] {
  const keyOf = ({ acks, reason }: LossInRun): string => `${acks}:${reason}`;
  const { merged, bestOnly } = alignRuns(groupLosses(best), groupLosses(worst), keyOf);
  return [
    ...merged.map(({ item, partner }) => lossOf(partner ?? item, item)),
    ...bestOnly.map((loss) => lossOf(loss, loss)),
  ];
}

function lossOf(best: LossInRun, worst: LossInRun): Loss {
  return {
    acks: worst.acks,
    reason: worst.reason,
    firstAcknowledgedAt: rangeOf(best.firstAcknowledgedAtMs, worst.firstAcknowledgedAtMs),
    lastAcknowledgedAt: rangeOf(best.lastAcknowledgedAtMs, worst.lastAcknowledgedAtMs),
    lostAt: rangeOf(best.atMs, worst.atMs),
  };
}

function groupLosses({ lost, faultsAtMs }: Run): LossInRun[] {
  const groups = new Map<string, LostRecord[]>();
  for (const record of lost) {
    const key = `${record.lostAtMs}:${record.acks}:${record.reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const times = group.map((record) => record.acknowledgedAtMs);
    return {
      atMs: first.lostAtMs,
      stage: faultsAtMs.filter((atMs) => atMs <= first.lostAtMs).length,
      acks: first.acks,
      reason: first.reason,
      firstAcknowledgedAtMs: Math.min(...times),
      lastAcknowledgedAtMs: Math.max(...times),
    };
  });
}
