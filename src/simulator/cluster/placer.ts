import type { NodeId } from '../../kafka/cluster';

/** A broker as the placer sees it. */
export interface UsableBroker {
  readonly id: NodeId;
  readonly rack: string | null;
  readonly fenced: boolean;
}

/** Where the placer takes its chance from; real brokers use an unseeded `java.util.Random`. */
export interface RandomSource {
  /** A whole number in [0, bound). */
  nextInt(bound: number): number;
}

/**
 * `org.apache.kafka.controller.MockRandom`, the seeded source of Kafka's own tests: a linear congruential generator
 * behind the `nextInt` of `java.util.Random`.
 */
export class MockRandom implements RandomSource {
  #state = 17n;

  nextInt(bound: number): number {
    const mask = bound - 1;
    let bits = this.#next31();
    if ((bound & mask) === 0) return Number((BigInt(bound) * BigInt(bits)) >> 31n);
    // Rejects the last, incomplete stretch of the range; Java notices it by 32-bit overflow.
    for (;;) {
      const value = bits % bound;
      if (((bits - value + mask) | 0) >= 0) return value;
      bits = this.#next31();
    }
  }

  #next31(): number {
    this.#state = BigInt.asUintN(64, this.#state * 2862933555777941757n + 3037000493n);
    return Number(BigInt.asIntN(32, this.#state >> 33n));
  }
}

/** `java.util.Collections.shuffle`. */
function shuffle<T>(random: RandomSource, items: T[]): void {
  for (let size = items.length; size > 1; size--) {
    const other = random.nextInt(size);
    const last = items[size - 1];
    const chosen = items[other];
    if (last === undefined || chosen === undefined) continue;
    items[size - 1] = chosen;
    items[other] = last;
  }
}

/** `StripedReplicaPlacer.BrokerList`: hands out each broker once per epoch, starting one further every epoch. */
class BrokerList {
  readonly brokers: NodeId[] = [];
  #handedOut = 0;
  #offset = 0;
  #epoch = 0;

  initialize(random: RandomSource): void {
    if (this.brokers.length === 0) return;
    this.brokers.sort((left, right) => left - right);
    this.#offset = random.nextInt(this.brokers.length);
  }

  shuffle(random: RandomSource): void {
    shuffle(random, this.brokers);
  }

  next(epoch: number): NodeId | undefined {
    const { length } = this.brokers;
    if (length === 0) return undefined;
    if (this.#epoch !== epoch) {
      this.#epoch = epoch;
      this.#handedOut = 0;
      this.#offset = (this.#offset + 1) % length;
    }
    if (this.#handedOut >= length) return undefined;
    return this.brokers[(this.#handedOut++ + this.#offset) % length];
  }
}

/** `StripedReplicaPlacer.Rack`. */
class Rack {
  readonly fenced = new BrokerList();
  readonly unfenced = new BrokerList();

  next(epoch: number): NodeId | undefined {
    return this.unfenced.next(epoch) ?? this.fenced.next(epoch);
  }
}

/** Order in which a `java.util.HashMap` with these keys would be walked: the placer draws its chances in that order. */
function hashMapOrder(keys: readonly (string | null)[]): (string | null)[] {
  let capacity = 16;
  while (keys.length > capacity * 0.75) capacity *= 2;
  const bucket = (key: string | null): number => {
    const hash = javaHash(key);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return keys
    .map((key, index) => ({ key, index }))
    .sort((left, right) => bucket(left.key) - bucket(right.key) || left.index - right.index)
    .map(({ key }) => key);
}

/** `String.hashCode`, and 0 for the missing rack (`Optional.empty`). */
function javaHash(text: string | null): number {
  let hash = 0;
  for (let index = 0; text !== null && index < text.length; index++) {
    hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** No rack comes first, then by name. */
function byRackName(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left < right ? -1 : Number(left > right);
}

/** `StripedReplicaPlacer.RackList`. */
class RackList {
  readonly #random: RandomSource;
  readonly #racks: Map<string | null, Rack>;
  readonly #hashOrder: readonly (string | null)[];
  readonly #names: (string | null)[];
  readonly #unfencedCount: number;
  #offset: number;
  #epoch = 0;

  constructor(random: RandomSource, brokers: readonly UsableBroker[]) {
    this.#random = random;
    this.#racks = new Map();
    for (const { id, rack: name, fenced } of brokers) {
      const rack = this.#racks.get(name) ?? new Rack();
      this.#racks.set(name, rack);
      (fenced ? rack.fenced : rack.unfenced).brokers.push(id);
    }
    this.#unfencedCount = brokers.filter((broker) => !broker.fenced).length;
    this.#names = [...this.#racks.keys()];
    this.#hashOrder = hashMapOrder(this.#names);
    for (const rack of this.#racksInHashOrder()) {
      rack.fenced.initialize(random);
      rack.unfenced.initialize(random);
    }
    this.#names.sort(byRackName);
    this.#offset = this.#names.length === 0 ? 0 : random.nextInt(this.#names.length);
  }

  #racksInHashOrder(): Rack[] {
    return this.#hashOrder.map((name) => this.#rack(name));
  }

  #rack(name: string | null | undefined): Rack {
    return this.#racks.get(name ?? null) ?? new Rack();
  }

  /** One partition's replicas. The caller has checked that there are enough brokers and one is unfenced. */
  place(replicationFactor: number): NodeId[] {
    if (this.#epoch === this.#unfencedCount && this.#unfencedCount > 1) this.#startOver();
    const rackCount = this.#names.length;
    if (this.#offset === rackCount) this.#offset = 0;
    const replicas: NodeId[] = [];

    // The first replica, the preferred leader, must be unfenced.
    let firstRack = this.#offset;
    for (;;) {
      const leader = this.#rack(this.#names[firstRack]).unfenced.next(this.#epoch);
      if (leader !== undefined) {
        replicas.push(leader);
        break;
      }
      firstRack = (firstRack + 1) % rackCount;
    }
    // The others go round the racks, skipping once the rack of the first.
    let rackToSkip: number | undefined = firstRack;
    for (let rack = this.#offset; replicas.length < replicationFactor; rack = (rack + 1) % rackCount) {
      if (rack === rackToSkip) {
        rackToSkip = undefined;
        continue;
      }
      const replica = this.#rack(this.#names[rack]).next(this.#epoch);
      if (replica !== undefined) replicas.push(replica);
    }
    this.#epoch++;
    this.#offset++;
    return replicas;
  }

  /** Every broker has led once: shuffle, so that the same groups do not repeat. */
  #startOver(): void {
    shuffle(this.#random, this.#names);
    for (const rack of this.#racksInHashOrder()) {
      rack.fenced.shuffle(this.#random);
      rack.unfenced.shuffle(this.#random);
    }
    this.#epoch = 0;
  }
}

/**
 * Places partitions as Apache Kafka does where no assignment is given. It spreads over racks, but does not promise any
 * number of replicas per rack. Source: `org.apache.kafka.metadata.placement.StripedReplicaPlacer`.
 */
export function placeStriped(
  random: RandomSource,
  brokers: readonly UsableBroker[],
  partitionCount: number,
  replicationFactor: number,
): NodeId[][] | 'INVALID_REPLICATION_FACTOR' {
  // The placer refuses only once it holds the list of racks, which draws chances: the order matters to a seeded source.
  const racks = new RackList(random, brokers);
  const allFenced = brokers.every((broker) => broker.fenced);
  if (replicationFactor <= 0 || replicationFactor > brokers.length || allFenced) return 'INVALID_REPLICATION_FACTOR';
  return Array.from({ length: partitionCount }, () => racks.place(replicationFactor));
}
