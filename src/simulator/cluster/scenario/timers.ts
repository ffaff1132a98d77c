/** Something that will happen. */
export interface Timer {
  readonly key: string;
  readonly atMs: number;
  readonly run: () => void;
}

/** What is due when. A key is set at most once; timers due together run in the order they were set. */
export class Timers {
  readonly #timers = new Map<string, Timer & { readonly order: number }>();
  #nextOrder = 0;

  /** Sets a timer unless one of that key is due sooner. */
  set(key: string, atMs: number, run: () => void): void {
    const existing = this.#timers.get(key);
    if (existing !== undefined && existing.atMs <= atMs) return;
    this.#timers.set(key, { key, atMs, run, order: this.#nextOrder++ });
  }

  clear(key: string): void {
    this.#timers.delete(key);
  }

  has(key: string): boolean {
    return this.#timers.has(key);
  }

  /** The next timer, left in place. */
  peek(): Timer | undefined {
    let next: (Timer & { readonly order: number }) | undefined;
    for (const timer of this.#timers.values()) {
      if (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}
