import type { NodeId } from '../../../kafka/cluster';
import type { RecordId } from '../log';
import { NO_LEADER } from '../partition';
import type { ElectionKind } from './causes';
import type { World } from './world';

/** Why an acknowledged record is gone. */
export type LossReason =
  /** An unclean election chose a replica that did not hold it. */
  | 'unclean-election'
  /** Nobody eligible was left, and the last known leader, elected in their place, had lost it. */
  | 'last-known-leader'
  /** The last replica standing lost the end of its log and was elected cleanly. */
  | 'last-replica-standing'
  /** It was acknowledged by the leader alone (acks=1), which was replaced before another replica held it. */
  | 'acknowledged-by-leader-alone';

/** An acknowledged record that the partition no longer holds. */
export interface LostRecord {
  readonly record: RecordId;
  /** -1 for acks=all. */
  readonly acks: number;
  readonly acknowledgedAtMs: number;
  readonly lostAtMs: number;
  /** The leader whose log does not have it: all others truncate to that. */
  readonly leader: NodeId;
  readonly reason: LossReason;
}

/** Who was told that what was written: acknowledged records, and what became of them. */
export class Ledger {
  readonly #world: World;
  readonly #acknowledgedAtMs = new Map<RecordId, number>();
  readonly #lost = new Map<RecordId, LostRecord>();
  /** The newest record acknowledged with acks=all and not lost. */
  #newest: RecordId | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  get lost(): readonly LostRecord[] {
    return [...this.#lost.values()];
  }

  /** Notes records acknowledged since the last call. */
  noteAcknowledged(nowMs: number): void {
    const { acknowledged } = this.#world.cluster;
    if (acknowledged.size === this.#acknowledgedAtMs.size) return;
    for (const [record, acks] of acknowledged) {
      if (this.#acknowledgedAtMs.has(record)) continue;
      this.#acknowledgedAtMs.set(record, nowMs);
      if (acks === -1) this.#newest = Math.max(this.#newest ?? record, record);
    }
  }

  /** After an election: whatever was acknowledged and is not in the new leader's log is lost for good. */
  noteElection(election: ElectionKind, nowMs: number): void {
    const { cluster } = this.#world;
    const { leader } = cluster.controller.partition;
    const log = leader === NO_LEADER ? undefined : cluster.broker(leader)?.log;
    if (log === undefined) return;
    const held = new Set(log.ids);
    for (const [record, acks] of cluster.acknowledged) {
      if (held.has(record) || this.#lost.has(record)) continue;
      const acknowledgedAtMs = this.#acknowledgedAtMs.get(record) ?? nowMs;
      const reason = lossReason(acks, election);
      this.#lost.set(record, { record, acks, acknowledgedAtMs, lostAtMs: nowMs, leader, reason });
    }
    this.#newest = this.#newestKept();
  }

  /** A replica followed the leader and cut off what that does not hold, perhaps acknowledged by a leader since deposed. */
  noteTruncation(nowMs: number): void {
    this.noteElection('clean', nowMs);
  }

  /**
   * Whether a replica holds every record acknowledged with acks=all that is not lost for good. The newest decides: logs
   * that agree on a record agree on all before it.
   */
  holdsAcknowledged(id: NodeId): boolean {
    const log = this.#world.cluster.broker(id)?.log;
    return log !== undefined && (this.#newest === undefined || log.ids.lastIndexOf(this.#newest) !== -1);
  }

  #newestKept(): RecordId | undefined {
    let newest: RecordId | undefined;
    for (const [record, acks] of this.#world.cluster.acknowledged) {
      if (acks === -1 && !this.#lost.has(record)) newest = Math.max(newest ?? record, record);
    }
    return newest;
  }

  /** Whether one of these records was acknowledged with acks=all. */
  anyAcknowledged(records: readonly RecordId[]): boolean {
    return records.some((record) => this.#world.cluster.acknowledged.get(record) === -1);
  }
}

function lossReason(acks: number, election: ElectionKind): LossReason {
  if (acks !== -1 && (election === 'clean' || election === 'preferred')) return 'acknowledged-by-leader-alone';
  switch (election) {
    case 'unclean':
      return 'unclean-election';
    case 'last-known-leader':
      return 'last-known-leader';
    case 'clean':
    case 'preferred':
      return 'last-replica-standing';
  }
}
