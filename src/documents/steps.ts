/**
 * Reading a large file may be a generator that yields after each small piece, for a thread that others use as well. Who has the
 * thread alone takes all steps at once.
 */
export function allSteps<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Called after each step of a long job; resolves when the next one may be taken. */
export type Breathe = () => Promise<void>;

/** Takes the steps one by one, and lets others have the thread in between. */
export async function breathing<T>(steps: Generator<void, T>, breathe: Breathe): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await breathe();
  }
}
