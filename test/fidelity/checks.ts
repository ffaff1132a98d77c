import type { Json } from './json';
import type { Mismatch, ReplayReport } from './replay';

/** Gathers the outcome of hand-written expectations: each is one step, reproduced or not, or named as not comparable. */
export class Checks {
  readonly #sequence: string;
  readonly #mismatches: Mismatch[] = [];
  readonly #skipped: string[] = [];
  #steps = 0;

  constructor(sequence: string) {
    this.#sequence = sequence;
  }

  /** One expectation; `differences` says how the model departs from it. */
  expect(event: Json, differences: readonly string[]): void {
    this.#steps++;
    if (differences.length === 0) return;
    this.#mismatches.push({ sequence: this.#sequence, step: this.#steps, event, differences });
  }

  /** Something that is stated but cannot be compared, and why. */
  skip(reason: string): void {
    this.#skipped.push(`${this.#sequence}: ${reason}`);
  }

  report(): ReplayReport {
    const reproduced = this.#steps - this.#mismatches.length;
    return { steps: this.#steps, reproduced, skipped: this.#skipped, mismatches: this.#mismatches };
  }
}

/** Same members, in any order. */
export function sameMembers(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item));
}
