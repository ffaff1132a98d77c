/** Timers by name: asking again for the same thing puts it off. */
export class Debouncer {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Runs something once nothing of that name was asked for during the given time. */
  after(delayMs: number, name: string, run: () => void): void {
    this.cancel(name);
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, delayMs);
    this.#timers.set(name, timer);
  }

  cancel(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
