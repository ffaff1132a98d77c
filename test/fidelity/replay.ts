import { differences } from './compare';
import { type Fields, type Json, MalformedRecording } from './json';

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

/** What a step of a recording consists of. */
const stepKeys: ReadonlySet<string> = new Set(['event', 'result', 'state', 'completed']);

/**
 * Drives the model through a sequence of `{event, result, state, completed}` and compares after every step. A wrong
 * initial state counts against every step, as none then starts from where the real classes did. A step that cannot be
 * read is not reproduced. `expected` may add differences of its own, told by the step's number.
 */
export function replaySteps(
  sequence: string,
  driver: Driver,
  initialState: Json | undefined,
  steps: readonly Fields[],
  expected: (step: number, result: string, state: Json) => readonly string[] = () => [],
): ReplayReport {
  const mismatches: Mismatch[] = [];
  const initial = initialState === undefined ? [] : differences(initialState, driver.state(), driver.optionalKeys);
  if (initial.length > 0) mismatches.push({ sequence, step: 0, event: 'initial state', differences: initial });
  let reproduced = 0;
  steps.forEach((step, index) => {
    const found = orMalformed(() => {
      const result = driver.apply(step.child('event')) ?? '';
      return [...compareStep(driver, step, result), ...expected(index + 1, result, driver.state())];
    });
    const event = step.has('event') ? step.value('event') : step.object;
    if (found.length === 0) reproduced++;
    else mismatches.push({ sequence, step: index + 1, event, differences: found });
  });
  const skipped = notCompared(sequence, 'a step', new Set(steps.flatMap((step) => step.keys)), stepKeys);
  return { steps: steps.length, reproduced: initial.length > 0 ? 0 : reproduced, skipped, mismatches };
}

/** Names the keys that nothing compares, so that none is passed over in silence. */
export function notCompared(
  sequence: string,
  what: string,
  keys: Iterable<string>,
  compared: ReadonlySet<string>,
): readonly string[] {
  return [...keys].filter((key) => !compared.has(key)).map((key) => `${sequence}: "${key}" of ${what}`);
}

/** The differences, or what is wrong with the recording itself. */
function orMalformed(compareIt: () => readonly string[]): readonly string[] {
  try {
    return compareIt();
  } catch (error) {
    if (error instanceof MalformedRecording) return [error.message];
    throw error;
  }
}

function compareStep(driver: Driver, step: Fields, result: string): string[] {
  const found: string[] = [];
  const recorded = step.stringOr('result', '');
  if (recorded !== result) found.push(`result: recorded "${recorded}", model "${result}"`);
  const completed = driver.completed?.() ?? [];
  const recordedCompleted = step.has('completed') ? step.list('completed') : [];
  found.push(...differences({ completed: recordedCompleted }, { completed: [...completed] }));
  found.push(...differences(step.value('state'), driver.state(), driver.optionalKeys));
  return found;
}

/** A sequence that cannot be read is one that was not reproduced; it does not keep the others from being replayed. */
export function guarded(sequence: string, replay: () => ReplayReport): ReplayReport {
  try {
    return replay();
  } catch (error) {
    if (error instanceof MalformedRecording) return failed(sequence, 'form of the recording', error.message);
    throw error;
  }
}

function failed(sequence: string, event: string, difference: string): ReplayReport {
  const mismatches = [{ sequence, step: 1, event, differences: [difference] }];
  return { steps: 1, reproduced: 0, skipped: [], mismatches };
}
