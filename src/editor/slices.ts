/** Other extensions share this thread: work is cut into slices of about this length. */
const sliceMs = 20;

/** Lets the thread breathe between steps of a long job. */
export class Slices {
  #sliceEndsAt = performance.now() + sliceMs;

  /** Resolves at once within a slice, and after everybody else's turn at its end. */
  async next(): Promise<void> {
    if (performance.now() >= this.#sliceEndsAt) await this.yield();
  }

  /** Gives everybody else a turn now. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#sliceEndsAt = performance.now() + sliceMs;
  }
}
