import type { NodeId } from '../../kafka/cluster';
import type { MetadataImage } from './controller';
import { type LeaderOptions, type LeaderRegistration, PartitionLeader } from './leader';
import type { EpochEnd, FetchedRecords, RecordId, ReplicaLog } from './log';
import { NO_LEADER } from './partition';

/** Why a fetch or a produce was not served. */
export type PartitionError =
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'OFFSET_OUT_OF_RANGE';

/** A follower's fetch request. */
export interface FetchRequest {
  readonly replica: NodeId;
  readonly brokerEpoch: number;
  readonly leaderEpoch: number;
  readonly fetchOffset: number;
  /** Epoch of the follower's last record; absent for an empty epoch cache. */
  readonly lastFetchedEpoch: number | undefined;
}

/** What a leader answers: an error, where the logs part, or records with its high watermark. */
export type FetchResponse =
  | { readonly kind: 'error'; readonly error: PartitionError }
  | { readonly kind: 'diverging'; readonly divergingEpoch: EpochEnd }
  | { readonly kind: 'records'; readonly records: FetchedRecords; readonly highWatermark: number };

/** What a fetch response did to the follower's log. */
export type FetchEffect =
  | { readonly kind: 'error'; readonly error: PartitionError }
  | {
      readonly kind: 'truncated';
      readonly divergingEpoch: EpochEnd;
      readonly endOffset: number;
      readonly removed: readonly RecordId[];
    }
  | { readonly kind: 'appended'; readonly count: number };

/** Metadata as one broker has come to know it. */
export interface MetadataUpdate {
  readonly registration: LeaderRegistration;
  readonly image: MetadataImage;
  readonly minInsyncReplicas: number;
}

/**
 * One broker's side of the partition, in whichever role the metadata it last heard gives it. Nothing on a broker fences
 * itself: cut off, it acts on its last metadata for ever. Source: `kafka.cluster.Partition`, `ReplicaManager`.
 */
export class BrokerPartition {
  readonly #options: LeaderOptions;
  readonly log: ReplicaLog;
  #leading: PartitionLeader | undefined;
  #believedLeader: NodeId | undefined;
  #leaderEpoch = -1;
  #partitionEpoch = 0;

  constructor(options: LeaderOptions, log: ReplicaLog) {
    this.#options = options;
    this.log = log;
  }

  get id(): NodeId {
    return this.#options.id;
  }

  get brokerEpoch(): number {
    return this.#options.brokerEpoch;
  }

  /** The leader side, while this broker believes it leads. */
  get leading(): PartitionLeader | undefined {
    return this.#leading;
  }

  /** Whom this broker fetches from: `undefined` before any metadata, {@link NO_LEADER} when there is none. */
  get believedLeader(): NodeId | undefined {
    return this.#believedLeader;
  }

  get leaderEpoch(): number {
    return this.#leading?.leaderEpoch ?? this.#leaderEpoch;
  }

  get partitionEpoch(): number {
    return this.#leading?.partitionEpoch ?? this.#partitionEpoch;
  }

  /** Whether there is another broker to fetch from. */
  get isFollowing(): boolean {
    return this.#leading === undefined && this.#believedLeader !== undefined && this.#believedLeader !== NO_LEADER;
  }

  /**
   * Applies metadata. An older partition epoch leaves the role as it is, though the image of the brokers is taken.
   * Returns whether the registration was applied (`makeLeader`, `makeFollower`).
   */
  applyMetadata({ registration, image, minInsyncReplicas }: MetadataUpdate, nowMs: number): boolean {
    this.#leading?.updateContext(image, minInsyncReplicas);
    this.#believedLeader = registration.leader;
    if (registration.partitionEpoch < this.partitionEpoch) return false;
    const previousLeaderEpoch = this.leaderEpoch;
    if (registration.leader !== this.id) {
      this.#leading = undefined;
    } else if (this.#leading === undefined) {
      const isNewEpoch = registration.leaderEpoch > previousLeaderEpoch;
      const context = { image, minInsyncReplicas, isNewEpoch };
      this.#leading = new PartitionLeader(this.#options, this.log, registration, context, nowMs);
    } else {
      this.#leading.applyRegistration(registration, nowMs);
    }
    this.#leaderEpoch = registration.leaderEpoch;
    this.#partitionEpoch = registration.partitionEpoch;
    return true;
  }

  /** The fetch this broker would send now. */
  fetchRequest(): FetchRequest {
    return {
      replica: this.id,
      brokerEpoch: this.brokerEpoch,
      leaderEpoch: this.leaderEpoch,
      fetchOffset: this.log.endOffset,
      lastFetchedEpoch: this.log.latestEpoch,
    };
  }

  /**
   * Serves a follower's fetch. Leader epochs are compared first; the follower's state is noted only where the logs do
   * not diverge (`ReplicaManager.fetchMessages`, `Partition.readRecords`).
   */
  serveFetch(request: FetchRequest, maxRecords: number, nowMs: number): FetchResponse {
    if (request.leaderEpoch < this.leaderEpoch) return { kind: 'error', error: 'FENCED_LEADER_EPOCH' };
    if (request.leaderEpoch > this.leaderEpoch) return { kind: 'error', error: 'UNKNOWN_LEADER_EPOCH' };
    const leader = this.#leading;
    if (leader === undefined) return { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' };
    if (!leader.followers.has(request.replica)) return { kind: 'error', error: 'UNKNOWN_LEADER_EPOCH' };

    const { highWatermark, endOffset } = this.log;
    const divergence = this.#divergence(request);
    if (divergence !== undefined) return divergence;
    if (request.fetchOffset > endOffset) return { kind: 'error', error: 'OFFSET_OUT_OF_RANGE' };
    const records = this.log.read(request.fetchOffset, maxRecords);
    const error = leader.recordFetch(request.replica, {
      offset: request.fetchOffset,
      brokerEpoch: request.brokerEpoch,
      aliveBrokerEpoch: leader.aliveBrokerEpoch(request.replica),
      leaderEndOffset: endOffset,
      nowMs,
    });
    return error === 'NONE' ? { kind: 'records', records, highWatermark } : { kind: 'error', error };
  }

  #divergence({ lastFetchedEpoch, fetchOffset }: FetchRequest): FetchResponse | undefined {
    if (lastFetchedEpoch === undefined) return undefined;
    const end = this.log.endOffsetFor(lastFetchedEpoch);
    if (end === undefined) return { kind: 'error', error: 'OFFSET_OUT_OF_RANGE' };
    const diverges = end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset;
    return diverges ? { kind: 'diverging', divergingEpoch: end } : undefined;
  }

  /**
   * Takes a fetch response: appends, or truncates to where the logs part and fetches again later
   * (`AbstractFetcherThread.truncateOnFetchResponse`, `getOffsetTruncationState`).
   */
  receiveFetch(response: FetchResponse): FetchEffect {
    switch (response.kind) {
      case 'error':
        return response;
      case 'diverging': {
        const { divergingEpoch } = response;
        const { truncateOnDivergence } = this.#options.rules.guards;
        const removed = truncateOnDivergence ? this.log.truncateTo(this.#truncationOffset(divergingEpoch)) : [];
        return { kind: 'truncated', divergingEpoch, endOffset: this.log.endOffset, removed };
      }
      case 'records': {
        const { records, highWatermark } = response;
        records.ids.forEach((id, index) => {
          const epoch = records.epochs[index];
          if (epoch !== undefined) this.log.append(epoch, id);
        });
        this.log.followHighWatermark(highWatermark);
        return { kind: 'appended', count: records.ids.length };
      }
    }
  }

  #truncationOffset(leaderEnd: EpochEnd): number {
    const own = this.log.endOffsetFor(leaderEnd.epoch);
    if (own === undefined) return leaderEnd.endOffset;
    return own.epoch === leaderEnd.epoch ? Math.min(own.endOffset, leaderEnd.endOffset) : own.endOffset;
  }
}
