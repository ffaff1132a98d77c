import type { Timeline, TimeRangeMs } from '../../timeline';
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
  /** From the first moment acks=all writes were not accepted to the next one they were; `null` if never, or for ever. */
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
  /** The bound on events was hit: the report ends early. */
  readonly limitReached: boolean;
}

/** What a scenario does, and what it would do if nothing that was lost came back. */
export interface ScenarioReport extends ScenarioRunReport {
  /** Absent where the scenario brings nothing back. */
  readonly ifNeverReturned?: ScenarioRunReport;
}

/**
 * Runs a scenario twice, with every delay at its best and at its worst, and reads the ranges of time off the two. Steps
 * and states are those of the worst case; a step that only one of the runs takes carries that run's time alone.
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
  const steps = mergeRuns(best.steps, worst.steps, (step) => JSON.stringify(step.cause));
  return {
    timeline: {
      scenario: scenario.name,
      steps: steps.map(({ item: { cause, state }, at }) => ({ at, cause, state })),
    },
    clients: clientReport(best, worst),
    limitReached: best.limitReached || worst.limitReached,
  };
}

export interface Merged<T> {
  readonly item: T;
  readonly at: TimeRangeMs;
}

/**
 * Pairs the n-th item of each key in the one run with the n-th of that key in the other, in the order of the worst case:
 * there delays are long enough to tell apart what the best case does at once.
 */
export function mergeRuns<T extends { readonly atMs: number }>(
  best: readonly T[],
  worst: readonly T[],
  keyOf: (item: T) => string,
): Merged<T>[] {
  const unpaired = new Map<string, T[]>();
  for (const item of best) {
    const items = unpaired.get(keyOf(item));
    if (items === undefined) unpaired.set(keyOf(item), [item]);
    else items.push(item);
  }
  const merged = worst.map((item): Merged<T> => {
    const partner = unpaired.get(keyOf(item))?.shift();
    return { item, at: rangeOf(partner?.atMs ?? item.atMs, item.atMs) };
  });
  const bestOnly = best.filter((item) => unpaired.get(keyOf(item))?.includes(item));
  for (const item of bestOnly) insertByBest(merged, { item, at: rangeOf(item.atMs, item.atMs) });
  return merged;
}

/** Puts an item of the best case alone before the first that comes later in that case. */
function insertByBest<T>(merged: Merged<T>[], added: Merged<T>): void {
  const later = merged.findIndex(({ at }) => at.best > added.at.best);
  merged.splice(later === -1 ? merged.length : later, 0, added);
}

function rangeOf(one: number, other: number): TimeRangeMs {
  return { best: Math.min(one, other), worst: Math.max(one, other) };
}

function clientReport(best: Run, worst: Run): ClientReport {
  const steps = mergeRuns(best.clientSteps, worst.clientSteps, (step) => JSON.stringify(step.view));
  const last = [best, worst].map((run) => run.clientSteps.at(-1)?.view);
  const [bestBlockedMs, worstBlockedMs] = [blockedMs(best), blockedMs(worst)];
  return {
    steps: steps.map(({ item, at }) => ({ ...item.view, at })),
    lost: losses(best, worst),
    blockedMs: bestBlockedMs === null || worstBlockedMs === null ? null : rangeOf(bestBlockedMs, worstBlockedMs),
    writesAtEnd: last.every((view) => view?.produce === 'accepted'),
    acknowledgedReadable:
      last.every((view) => view?.readsOwnWrites === true) &&
      [best, worst].every((run) => run.lost.every((record) => record.acks !== -1)),
  };
}

function blockedMs({ clientSteps }: Run): number | null {
  const from = clientSteps.findIndex((step) => step.view.produce !== 'accepted');
  const until = clientSteps.findIndex((step, index) => index > from && step.view.produce === 'accepted');
  const [start, end] = [clientSteps[from], clientSteps[until]];
  return start === undefined || end === undefined ? null : end.atMs - start.atMs;
}

/** Losses of one run, one entry for each moment, kind of acknowledgement and reason. */
interface LossInRun {
  readonly atMs: number;
  readonly acks: number;
  readonly reason: LossReason;
  readonly firstAcknowledgedAtMs: number;
  readonly lastAcknowledgedAtMs: number;
}

function losses(best: Run, worst: Run): Loss[] {
  const [inBest, inWorst] = [groupLosses(best.lost), groupLosses(worst.lost)];
  const keyOf = ({ acks, reason }: LossInRun): string => `${acks}:${reason}`;
  return mergeRuns(inBest, inWorst, keyOf).map(({ item, at }) => {
    const partner = inBest.find((loss) => keyOf(loss) === keyOf(item) && loss.atMs === at.best) ?? item;
    return {
      acks: item.acks,
      reason: item.reason,
      firstAcknowledgedAt: rangeOf(partner.firstAcknowledgedAtMs, item.firstAcknowledgedAtMs),
      lastAcknowledgedAt: rangeOf(partner.lastAcknowledgedAtMs, item.lastAcknowledgedAtMs),
      lostAt: at,
    };
  });
}

function groupLosses(lost: readonly LostRecord[]): LossInRun[] {
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
      acks: first.acks,
      reason: first.reason,
      firstAcknowledgedAtMs: Math.min(...times),
      lastAcknowledgedAtMs: Math.max(...times),
    };
  });
}
