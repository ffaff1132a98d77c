import { firstOf, type Mask, maxMembers } from './mask';

/**
 * The states seen so far, in the order of their discovery: at once the explorer's visited set and its queue. A state is
 * a few 32-bit words.
 */
export interface Visited {
  /** How many states there are. */
  count: number;
  /** Their words, one state after another. Replaced when it grows: read it anew after each {@link Visited.add}. */
  words: Int32Array;
  readonly wordCount: number;
  /** Adds a state; false if it was there already. */
  readonly add: (state: Int32Array) => boolean;
}

/** The widest state whose visited set is one bit for each state that could be: 2^28 bits are 32 MB. */
export const maxBitmapBits = 28;

const firstCapacity = 1 << 10;

/** States that take a few milliseconds to copy. */
const longQueue = 1 << 20;

/**
 * States of one word of which a fair part will be reached: one bit for each possible state. A look-up is one memory access,
 * and the queue holds only what was reached.
 */
export class BitmapVisited implements Visited {
  readonly wordCount = 1;
  count = 0;
  words: Int32Array;
  readonly #seen: Int32Array;

  /** Memory that is never touched costs nothing, so the queue starts out as long as the bitmap. */
  constructor(bits: number) {
    const length = 2 ** Math.max(0, bits - 5);
    this.#seen = new Int32Array(length);
    this.words = new Int32Array(length);
  }

  add(state: Int32Array): boolean {
    const word = state[0] ?? 0;
    const at = word >>> 5;
    const flag = 1 << (word & 31);
    const row = this.#seen[at] ?? 0;
    if ((row & flag) !== 0) return false;
    this.#seen[at] = row | flag;
    if (this.count === this.words.length) this.words = doubled(this.words);
    this.words[this.count++] = word;
    return true;
  }

  /**
   * Adds what becomes of a state when a member's mask is set in it, or cleared: one state for each of the members. The same as
   * so many calls of {@link add}, with all that they share done once.
   */
  addVariants(word: number, adds: boolean, masks: Int32Array, members: Mask): void {
    const seen = this.#seen;
    if (this.count + maxMembers > this.words.length) this.words = doubled(this.words);
    const { words } = this;
    let { count } = this;
    for (let rest = members; rest !== 0; rest &= rest - 1) {
      const mask = masks[firstOf(rest)] ?? 0;
      const variant = adds ? word | mask : word & ~mask;
      const at = variant >>> 5;
      const flag = 1 << (variant & 31);
      const row = seen[at] ?? 0;
      if ((row & flag) !== 0) continue;
      seen[at] = row | flag;
      words[count++] = variant;
    }
    this.count = count;
  }
}

/** Parts of a {@link TableVisited}, a power of two. */
const shardBits = 8;

/** How full a part may be: some more than others, or all would grow at about the same time, as they fill evenly. */
function fullAt(shard: number): number {
  return 0.375 + (0.25 * shard) / (1 << shardBits);
}

/**
 * States of any width, few among those that could be: a hash table with open addressing. It holds the number of a state,
 * whose words stand in the queue, so nothing is stored twice. It is made of parts that grow one at a time, because to move
 * a million entries at once would take longer than a slice may.
 */
export class TableVisited implements Visited {
  readonly wordCount: number;
  count = 0;
  words: Int32Array;
  /** Per part: hash → number of a state plus one; 0 is free. A power of two long, and at most 5/8 full. */
  readonly #shards: Int32Array[] = Array.from({ length: 1 << shardBits }, () => new Int32Array(16));
  readonly #statesMax: number;
  readonly #shardCounts = new Int32Array(1 << shardBits);

  /** @param statesMax how many states there will hardly be more of. */
  constructor(wordCount: number, statesMax: number) {
    this.wordCount = wordCount;
    this.#statesMax = statesMax;
    this.words = new Int32Array(firstCapacity * wordCount);
  }

  add(state: Int32Array): boolean {
    const hash = hashOf(state, 0, this.wordCount);
    const shard = hash >>> (32 - shardBits);
    const table = this.#shards[shard];
    if (table === undefined) return false;
    const last = table.length - 1;
    let at = hash & last;
    for (let entry = table[at] ?? 0; entry !== 0; entry = table[at] ?? 0) {
      if (this.#equals(entry - 1, state)) return false;
      at = (at + 1) & last;
    }
    const start = this.count * this.wordCount;
    if (start === this.words.length) this.words = this.#longer();
    for (let word = 0; word < this.wordCount; word++) this.words[start + word] = state[word] ?? 0;
    table[at] = ++this.count;
    const shardCount = (this.#shardCounts[shard] ?? 0) + 1;
    this.#shardCounts[shard] = shardCount;
    if (shardCount > table.length * fullAt(shard)) this.#shards[shard] = this.#grown(table);
    return true;
  }

  /** A queue of many states is not copied again and again: memory that is never touched costs nothing. */
  #longer(): Int32Array {
    const isLong = this.count >= longQueue && this.count < this.#statesMax;
    return lengthened(this.words, isLong ? this.#statesMax * this.wordCount : this.words.length * 2);
  }

  #equals(index: number, state: Int32Array): boolean {
    const start = index * this.wordCount;
    for (let word = 0; word < this.wordCount; word++) {
      if (this.words[start + word] !== state[word]) return false;
    }
    return true;
  }

  #grown(table: Int32Array): Int32Array {
    const larger = new Int32Array(table.length * 2);
    const last = larger.length - 1;
    for (const entry of table) {
      if (entry === 0) continue;
      let at = hashOf(this.words, (entry - 1) * this.wordCount, this.wordCount) & last;
      while (larger[at] !== 0) at = (at + 1) & last;
      larger[at] = entry;
    }
    return larger;
  }
}

/** Mixes the words so that near states land far apart (the finaliser of MurmurHash3, 32 bits). */
function hashOf(words: Int32Array, start: number, wordCount: number): number {
  let hash = 0;
  for (let word = 0; word < wordCount; word++) {
    hash = Math.imul(hash ^ (words[start + word] ?? 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}

function doubled(words: Int32Array): Int32Array<ArrayBuffer> {
  return lengthened(words, words.length * 2);
}

function lengthened(words: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}
