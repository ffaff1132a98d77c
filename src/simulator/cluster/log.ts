/** A record is known by the number the producer gave it; its offset is its place in the log. */
export type RecordId = number;

/** Where records of a leader epoch start (`EpochEntry`). */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/** Answer to "where does this epoch end in your log?" (`OffsetForLeaderEpoch`). */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/** What a fetch carries from one log to another. */
export interface FetchedRecords {
  readonly epochs: readonly number[];
  readonly ids: readonly RecordId[];
}

/**
 * The log of one replica with its leader epoch cache and its own high watermark. Offsets count records from 0.
 * Source: `UnifiedLog`, `LeaderEpochFileCache`.
 */
export class ReplicaLog {
  readonly #epochs: number[] = [];
  readonly #ids: RecordId[] = [];
  readonly #epochCache: EpochEntry[] = [];
  #highWatermark = 0;

  /** A log as it is found on disk at start: the epoch cache follows from the records. */
  static restored(epochs: readonly number[], ids: readonly RecordId[], checkpointedHighWatermark: number): ReplicaLog {
    const log = new ReplicaLog();
    epochs.forEach((epoch, offset) => {
      if (log.#epochCache.at(-1)?.epoch !== epoch) log.#epochCache.push({ epoch, startOffset: offset });
    });
    log.#epochs.push(...epochs);
    log.#ids.push(...ids);
    log.#highWatermark = Math.min(checkpointedHighWatermark, epochs.length);
    return log;
  }

  /** LEO: the next offset. */
  get endOffset(): number {
    return this.#ids.length;
  }

  /** Records below it are committed, as far as this replica knows. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  get ids(): readonly RecordId[] {
    return this.#ids;
  }

  get epochs(): readonly number[] {
    return this.#epochs;
  }

  get epochCache(): readonly EpochEntry[] {
    return this.#epochCache;
  }

  /** Epoch of the last entry of the epoch cache: what a follower sends as `lastFetchedEpoch`. */
  get latestEpoch(): number | undefined {
    return this.#epochCache.at(-1)?.epoch;
  }

  /** Appends one record; returns its offset. */
  append(epoch: number, id: RecordId): number {
    const offset = this.endOffset;
    this.assignEpochStart(epoch, offset);
    this.#epochs.push(epoch);
    this.#ids.push(id);
    return offset;
  }

  /** At most `max` records from `offset` on. */
  read(offset: number, max: number): FetchedRecords {
    return { epochs: this.#epochs.slice(offset, offset + max), ids: this.#ids.slice(offset, offset + max) };
  }

  /** Notes that `epoch` starts at `startOffset`, dropping entries this makes impossible (`LeaderEpochFileCache.assign`). */
  assignEpochStart(epoch: number, startOffset: number): void {
    const last = this.#epochCache.at(-1);
    if (last !== undefined && last.epoch === epoch && startOffset >= last.startOffset) return;
    this.#dropEntries((entry) => entry.epoch >= epoch || entry.startOffset >= startOffset);
    this.#epochCache.push({ epoch, startOffset });
  }

  /**
   * The largest epoch here that is not above `epoch`, and where it ends. `undefined` when this log knows nothing of it
   * (`LeaderEpochFileCache.endOffsetFor`).
   */
  endOffsetFor(epoch: number): EpochEnd | undefined {
    if (this.latestEpoch === epoch) return { epoch, endOffset: this.endOffset };
    const higher = this.#epochCache.find((entry) => entry.epoch > epoch);
    if (higher === undefined) return undefined;
    const lower = this.#epochCache.findLast((entry) => entry.epoch <= epoch);
    return { epoch: lower?.epoch ?? epoch, endOffset: higher.startOffset };
  }

  /**
   * Cuts the log so that it ends at `offset`; the high watermark goes down with it. Returns what was cut off
   * (`UnifiedLog.truncateTo`).
   */
  truncateTo(offset: number): RecordId[] {
    const target = Math.min(offset, this.endOffset);
    this.#dropEntries((entry) => entry.startOffset >= target);
    this.#epochs.length = target;
    this.#highWatermark = Math.min(this.#highWatermark, target);
    return this.#ids.splice(target);
  }

  /** On a leader: the high watermark only grows. Returns whether it did. */
  raiseHighWatermark(offset: number): boolean {
    if (offset <= this.#highWatermark) return false;
    this.#highWatermark = offset;
    return true;
  }

  /** On a follower: what the leader says, even if lower, as far as this log reaches (`ReplicaFetcherThread`). */
  followHighWatermark(leaderHighWatermark: number): void {
    this.#highWatermark = Math.min(leaderHighWatermark, this.endOffset);
  }

  #dropEntries(stale: (entry: EpochEntry) => boolean): void {
    for (let last = this.#epochCache.at(-1); last !== undefined && stale(last); last = this.#epochCache.at(-1)) {
      this.#epochCache.pop();
    }
  }
}
