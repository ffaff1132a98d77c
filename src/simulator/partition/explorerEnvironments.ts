import type { Environment, ExplorerModel } from './explorerModel';
import { maxEnvironments } from './explorerPacking';
import { bit, maxMembers } from './mask';
import { votersOfSlots } from './world';

/** The environments met so far, by number. What a move makes of one is worked out once. */
export class EnvironmentTable {
  readonly #model: ExplorerModel;
  readonly #environments: Environment[];
  readonly #numbers = new Map<string, number>();
  /** Environment, move, member → the number of the environment after it, plus one. */
  readonly #after: Int32Array[] = [];
  /** Environment, slot, slot → the number of the environment with their controllers exchanged, plus one. */
  readonly #exchanged: Int32Array[] = [];

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

  /** Whether the controller in the process of a replica's broker stands; yes where there is none. */
  controllerStands(number: number, slot: number): boolean {
    const voter = this.#model.shape.voterOfSlot[slot] ?? -1;
    return voter < 0 || (this.at(number).conditions.voters & bit(voter)) !== 0;
  }

  /** The number of the environment in which the controllers of two brokers of one datacenter have changed places. */
  exchanged(number: number, one: number, other: number): number {
    const row = this.#exchanged[number] ?? new Int32Array(maxMembers * maxMembers);
    this.#exchanged[number] = row;
    const at = one * maxMembers + other;
    const known = row[at] ?? 0;
    if (known !== 0) return known - 1;
    const environment = this.at(number);
    const { conditions } = environment;
    const both = votersOfSlots(this.#model.shape, bit(one) | bit(other));
    // Who hears whom stays the same: only who stands has changed names, and only if one of them does not.
    const voters = conditions.voters ^ both;
    const exchanged = this.numberOf({ ...environment, conditions: { ...conditions, voters } });
    row[at] = exchanged + 1;
    return exchanged;
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
