import type { Environment, ExplorerModel } from './explorerModel';
import { maxEnvironments } from './explorerPacking';
import { maxMembers } from './mask';

/** The environments met so far, by number. What a move makes of one is worked out once. */
export class EnvironmentTable {
  readonly #model: ExplorerModel;
  readonly #environments: Environment[];
  readonly #numbers = new Map<string, number>();
  /** Environment, move, member → the number of the environment after it, plus one. */
  readonly #after: Int32Array[] = [];

  constructor(model: ExplorerModel) {
    this.#model = model;
    this.#environments = [];
    this.numberOf(model.environment);
  }

  get full(): boolean {
    return this.#environments.length >= maxEnvironments;
  }

  at(number: number): Environment {
    return this.#environments[number] ?? this.#model.environment;
  }

  after(number: number, move: number, member: number): number {
    const row = this.#after[number];
    const at = move * maxMembers + member;
    const known = row?.[at] ?? 0;
    if (known !== 0) return known - 1;
    const change = this.#model.moves[move]?.environmentAfter;
    const after = change === undefined ? number : this.numberOf(change(this.#model.shape, this.at(number), member));
    if (row !== undefined) row[at] = after + 1;
    return after;
  }

  /** The number of an environment, a new one if it was never met. */
  numberOf(environment: Environment): number {
    const key = environmentKey(environment);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#environments.length;
    this.#environments.push(environment);
    this.#numbers.set(key, number);
    this.#after.push(new Int32Array(this.#model.moves.length * maxMembers));
    return number;
  }
}

function environmentKey({ conditions, lost, lossyReturns }: Environment): string {
  const { voters, isolated, cutFrom, quorumForcedIn } = conditions;
  return `${voters}/${isolated}/${cutFrom.join(',')}/${quorumForcedIn}/${lost}/${lossyReturns}`;
}
