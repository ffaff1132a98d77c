/**
 * Long jobs are generators that yield after each small piece, for a thread that others use as well. Who has the thread alone
 * drains them.
 */
export function drain<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does something with each of many items, in steps of so many of them. A few are done at once. */
export function eachInSteps<T>(items: readonly T[], visit: (item: T) => void): Iterable<void> {
  if (items.length >= itemsPerStep) return manyInSteps(items, visit);
  for (const item of items) visit(item);
  return noSteps;
}

const noSteps: readonly never[] = [];

function* manyInSteps<T>(items: readonly T[], visit: (item: T) => void): Generator<void, void> {
  let untilStep = itemsPerStep;
  for (const item of items) {
    visit(item);
    if (--untilStep > 0) continue;
    untilStep = itemsPerStep;
    yield;
  }
}

/** Few enough that a step of the costliest items takes a few milliseconds. */
const itemsPerStep = 50;
