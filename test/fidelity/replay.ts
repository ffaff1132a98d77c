import { differences } from './compare';
import type { Fields, Json } from './json';

/** One step of a sequence that was not reproduced. */
export interface Mismatch {
  readonly sequence: string;
  /** Counted from 1; 0 is the initial state. */
  readonly step: number;
  readonly event: Json;
  readonly differences: readonly string[];
}

/** How much of a recording the model reproduced. */
export interface ReplayReport {
  readonly steps: number;
  readonly reproduced: number;
  /** Steps that concern nothing the model has, each named with the reason; not counted in `steps`. */
  readonly skipped: readonly string[];
  readonly mismatches: readonly Mismatch[];
}

export const emptyReport: ReplayReport = { steps: 0, reproduced: 0, skipped: [], mismatches: [] };

/** A model that a recorded sequence drives. */
export interface Driver {
  /** Does what the event says; what it answers, in the recording's form. */
  apply(event: Fields): string | null;
  /** The model's full state, in the recording's form. */
  state(): Json;
  /** Requests that ended with the last step, in the recording's form. */
  completed?(): readonly string[];
  /** State keys that an older form of the recording does not have. */
  readonly optionalKeys?: ReadonlySet<string>;
}

/**
 * Drives the model through a sequence of `{event, result, state, completed}` and compares after every step. A wrong
 * initial state counts against every step, as none then starts from where the real classes did.
 */
export function replaySteps(
  sequence: string,
  driver: Driver,
  initialState: Json | undefined,
  steps: readonly Fields[],
): ReplayReport {
  const mismatches: Mismatch[] = [];
  const initial = initialState === undefined ? [] : differences(initialState, driver.state(), driver.optionalKeys);
  if (initial.length > 0) mismatches.push({ sequence, step: 0, event: 'initial state', differences: initial });
  let reproduced = 0;
  steps.forEach((step, index) => {
    const event = step.child('event');
    const found = compareStep(driver, step, driver.apply(event));
    if (found.length === 0) reproduced++;
    else mismatches.push({ sequence, step: index + 1, event: event.object, differences: found });
  });
  return { steps: steps.length, reproduced: initial.length > 0 ? 0 : reproduced, skipped: [], mismatches };
}

function compareStep(driver: Driver, step: Fields, result: string | null): string[] {
  const found: string[] = [];
  const recorded = step.stringOr('result', '');
  if (recorded !== (result ?? '')) found.push(`result: recorded "${recorded}", model "${result ?? ''}"`);
  const completed = driver.completed?.() ?? [];
  const recordedCompleted = step.has('completed') ? step.list('completed') : [];
  found.push(...differences({ completed: recordedCompleted }, { completed: [...completed] }));
  found.push(...differences(step.value('state'), driver.state(), driver.optionalKeys));
  return found;
}
