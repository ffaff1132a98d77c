import type { PartitionState } from './state';

/** A set of states by what they say, whichever objects say it. */
export class StateSet {
  /** Equal states have equal hashes; the few that share one without being equal are told apart one by one. */
  readonly #byHash = new Map<number, PartitionState[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(state: PartitionState): boolean {
    return this.#byHash.get(hashOf(state))?.some((known) => sameState(known, state)) ?? false;
  }

  /** Whether the state is new. */
  add(state: PartitionState): boolean {
    const hash = hashOf(state);
    const alike = this.#byHash.get(hash);
    if (alike === undefined) this.#byHash.set(hash, [state]);
    else if (alike.some((known) => sameState(known, state))) return false;
    else alike.push(state);
    this.#size++;
    return true;
  }
}

function sameState(one: PartitionState, other: PartitionState): boolean {
  return (
    one.up === other.up &&
    one.fenced === other.fenced &&
    one.inSync === other.inSync &&
    one.current === other.current &&
    one.complete === other.complete &&
    one.eligible === other.eligible &&
    one.lastKnownElr === other.lastKnownElr &&
    one.stoppedCleanly === other.stoppedCleanly &&
    one.leader === other.leader
  );
}

/** The fields one after another, each stirred into the bits of those before it. */
function hashOf(state: PartitionState): number {
  const { up, fenced, inSync, current, complete, eligible, lastKnownElr, stoppedCleanly, leader } = state;
  const visible = stir(stir(stir(stir(up, fenced), inSync), current), complete);
  // Within 30 bits it stays a small integer.
  return stir(stir(stir(stir(visible, eligible), lastKnownElr), stoppedCleanly), leader) >>> 2;
}

/** A factor with bits all over (the golden ratio's, Knuth 6.4), and high bits brought down to where the next field lands. */
function stir(hash: number, field: number): number {
  const product = Math.imul(hash ^ field, 0x9e3779b1);
  return product ^ (product >>> 15);
}
