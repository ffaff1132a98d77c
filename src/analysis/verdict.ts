import type { SurvivalGoal } from '../kafka/cluster';
import type { SingleLoss, Verdict, VerdictLevel } from './assessment';
import type { Outcome } from './outcome';

/**
 * The answer in short: what the loss of any one datacenter does.
 * @param headroom from the healthy state; `null` if writes never start.
 */
export function verdictOf(losses: readonly SingleLoss[], goal: SurvivalGoal, headroom: number | null): Verdict {
  const survived = losses.flatMap(({ outcome }) =>
    outcome.writes === 'continue' || outcome.writes === 'pause' ? [outcome] : [],
  );
  const namesWhere = (test: (outcome: Outcome) => boolean): readonly string[] =>
    losses.filter(({ outcome }) => test(outcome)).map(({ datacenter }) => datacenter);
  const stoppedBy = namesWhere(({ writes }) => writes === 'stop' || writes === 'offline');
  const dataAtRiskBy = namesWhere(({ acknowledgedData }) => acknowledgedData !== 'kept');
  return {
    level: levelOf(goal, stoppedBy, dataAtRiskBy, headroom),
    stoppedBy,
    dataAtRiskBy,
    headroomAfterLoss: least(survived.map(({ headroom: left }) => left)),
    worstPauseMs: greatest(survived.flatMap(({ blockedMs }) => (blockedMs === null ? [] : [blockedMs.worst]))),
  };
}

/** Good only if every single loss is survived. What counts as bad depends on which promise matters more. */
function levelOf(
  goal: SurvivalGoal,
  stoppedBy: readonly string[],
  dataAtRiskBy: readonly string[],
  headroom: number | null,
): VerdictLevel {
  if (headroom === null || stoppedBy.length > 0) return 'bad';
  if (dataAtRiskBy.length === 0) return 'good';
  return goal === 'durable-first' ? 'bad' : 'warning';
}

function least(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.min(...numbers);
}

function greatest(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.max(...numbers);
}
