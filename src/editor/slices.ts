/** Other extensions share this thread: work is cut into slices of about this length. */
const sliceMs = 20;

/** Lets the thread breathe between steps of a long job. */
export class Slices {
  #sliceEndsAt = performance.now() + sliceMs;

  /**
   * Takes a job's steps to its end.
   * @param goesOn asked after each step: what nobody waits for any more is left alone, and `null` is what came of it.
   */
  async run<T>(steps: Generator<void, T>, goesOn: () => boolean = () => true): Promise<{ readonly value: T } | null> {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return { value: step.value };
      await this.next();
      if (!goesOn()) return null;
    }
  }

  /** Resolves at once within a slice, and after everybody else's turn at its end. */
  async next(): Promise<void> {
    if (performance.now() >= this.#sliceEndsAt) await this.yield();
  }

  /** The same, for those who are handed no more than a function. */
  readonly breathe = (): Promise<void> => this.next();

  /** Gives everybody else a turn now. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#sliceEndsAt = performance.now() + sliceMs;
  }
}
