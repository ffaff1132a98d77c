import type { NodeId } from '../../kafka/cluster';
import type { AlterPartitionError, AlterPartitionRequest } from './alterPartition';
import type { MetadataImage } from './controller';
import {
  afterFetch,
  afterLeaderEpochChange,
  type FollowerFetch,
  type FollowerState,
  isCaughtUp,
  isStaleFetch,
  unknownFollower,
} from './followerState';
import type { ReplicaLog } from './log';
import { type ObserverPolicy, observersToDemote, wantsObserver } from './observers';
import { except, type PartitionRegistration } from './partition';
import type { KafkaRules } from './rules';

/** What a leader reads of the metadata log about its partition. */
export type LeaderRegistration = Pick<
  PartitionRegistration,
  'replicas' | 'observers' | 'isr' | 'leader' | 'leaderEpoch' | 'partitionEpoch'
>;

/** An ISR the leader has proposed and the controller has not answered yet (`PendingPartitionChange`). */
export interface PendingIsrChange {
  readonly kind: 'expand' | 'shrink';
  readonly isr: readonly NodeId[];
  readonly request: AlterPartitionRequest;
}

/** What becomes of a pending change once its answer is in. */
export type AlterPartitionEffect = 'committed' | 'reverted' | 'pending-until-metadata' | 'retried' | 'ignored';

/** State of a committed AlterPartition as the controller returns it. */
export type AlterPartitionResult = Pick<PartitionRegistration, 'isr' | 'leaderEpoch' | 'partitionEpoch'>;

/** Fixed for the life of a broker. */
export interface LeaderOptions {
  readonly id: NodeId;
  readonly brokerEpoch: number;
  readonly rules: KafkaRules;
  readonly observerPolicy: ObserverPolicy | null;
  /** `replica.lag.time.max.ms`. */
  readonly lagTimeMaxMs: number;
}

/** The leader side of a partition (`kafka.cluster.Partition`): follower bookkeeping, the ISR and the high watermark. */
export class PartitionLeader {
  readonly #options: LeaderOptions;
  readonly #log: ReplicaLog;
  readonly #followers = new Map<NodeId, FollowerState>();
  #registration: LeaderRegistration;
  #image: MetadataImage;
  #minInsyncReplicas: number;
  #leaderEpoch: number;
  #partitionEpoch: number;
  #isr: readonly NodeId[] = [];
  #pending: PendingIsrChange | undefined;
  #inFlight = false;
  #leaderEpochStartOffset = 0;

  /** A broker that did not lead before becomes leader (`makeLeader`). */
  constructor(
    options: LeaderOptions,
    log: ReplicaLog,
    registration: LeaderRegistration,
    context: { readonly image: MetadataImage; readonly minInsyncReplicas: number; readonly isNewEpoch: boolean },
    nowMs: number,
  ) {
    this.#options = options;
    this.#log = log;
    this.#registration = registration;
    this.#image = context.image;
    this.#minInsyncReplicas = context.minInsyncReplicas;
    this.#leaderEpoch = registration.leaderEpoch;
    this.#partitionEpoch = registration.partitionEpoch;
    this.#lead(registration, context.isNewEpoch, true, nowMs);
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch;
  }

  get leaderEpochStartOffset(): number {
    return this.#leaderEpochStartOffset;
  }

  get partitionEpoch(): number {
    return this.#partitionEpoch;
  }

  /** The committed ISR: decides acks=all admission and the under-min-ISR test. */
  get isr(): readonly NodeId[] {
    return this.#isr;
  }

  get pending(): PendingIsrChange | undefined {
    return this.#pending;
  }

  /** The pending change whose AlterPartition still waits for an answer. */
  get inFlight(): PendingIsrChange | undefined {
    return this.#inFlight ? this.#pending : undefined;
  }

  get followers(): ReadonlyMap<NodeId, FollowerState> {
    return this.#followers;
  }

  /** The ISR as it may be or become: what the high watermark waits for (KIP-497). */
  get maximalIsr(): readonly NodeId[] {
    return this.#pending?.kind === 'expand' ? this.#pending.isr : this.#isr;
  }

  /** min(min.insync.replicas, replicas) since 3.7, the raw setting before (`Partition.effectiveMinIsr`). */
  get effectiveMinIsr(): number {
    if (!this.#options.rules.capMinIsrAtReplicas) return this.#minInsyncReplicas;
    const observers = this.#options.rules.observers.minIsrCapCounts === 'all-replicas' ? 0 : this.#observers.length;
    return Math.min(this.#minInsyncReplicas, this.#followers.size + 1 - observers);
  }

  get isUnderMinIsr(): boolean {
    return this.#isr.length < this.effectiveMinIsr;
  }

  /** Metadata about brokers or the topic's settings changed; the partition did not. */
  updateContext(image: MetadataImage, minInsyncReplicas: number): void {
    this.#image = image;
    this.#minInsyncReplicas = minInsyncReplicas;
  }

  /**
   * A newer registration under which this broker still leads. Drops a pending change. An older leader epoch in it is not
   * taken over, though the rest of it is (`makeLeader`).
   */
  applyRegistration(registration: LeaderRegistration, nowMs: number): void {
    const isNewEpoch = registration.leaderEpoch > this.#leaderEpoch;
    this.#lead(registration, isNewEpoch, false, nowMs);
  }

  #lead(registration: LeaderRegistration, isNewEpoch: boolean, isNewLeader: boolean, nowMs: number): void {
    const { replicas, isr, leaderEpoch, partitionEpoch } = registration;
    for (const id of this.#followers.keys()) if (!replicas.includes(id)) this.#followers.delete(id);
    for (const id of replicas) {
      if (id !== this.#options.id && !this.#followers.has(id)) this.#followers.set(id, unknownFollower);
    }
    this.#isr = isr;
    this.#pending = undefined;
    this.#inFlight = false;
    if (isNewEpoch) {
      const endOffset = this.#log.endOffset;
      this.#leaderEpoch = leaderEpoch;
      this.#leaderEpochStartOffset = endOffset;
      this.#log.assignEpochStart(leaderEpoch, endOffset);
      if (isNewLeader || this.#options.rules.guards.resetFollowersOnNewEpoch) {
        for (const [id, state] of this.#followers) {
          const started = afterLeaderEpochChange(state, { isNew: isNewLeader, endOffset }, isr.includes(id), nowMs);
          this.#followers.set(id, started);
        }
      }
    }
    this.#registration = registration;
    this.#partitionEpoch = partitionEpoch;
    this.#maybeRaiseHighWatermark(nowMs);
  }

  // ---- followers

  /** Epoch of a broker that the metadata shows alive, else -1. */
  aliveBrokerEpoch(id: NodeId): number {
    const view = this.#image.get(id);
    return view === undefined || view.fenced ? -1 : view.epoch;
  }

  /** Notes a fetch of a follower; may propose an expansion and raise the high watermark (`updateFollowerFetchState`). */
  recordFetch(id: NodeId, fetch: FollowerFetch): 'NONE' | 'NOT_LEADER_OR_FOLLOWER' | 'UNKNOWN_LEADER_EPOCH' {
    const state = this.#followers.get(id);
    if (state === undefined) return 'UNKNOWN_LEADER_EPOCH';
    if (this.#options.rules.guards.fetchBrokerEpoch && isStaleFetch(fetch)) return 'NOT_LEADER_OR_FOLLOWER';
    this.#followers.set(id, afterFetch(state, fetch));
    this.#maybeExpandIsr(id);
    if (state.logEndOffset !== fetch.offset) this.#maybeRaiseHighWatermark(fetch.nowMs);
    return 'NONE';
  }

  isCaughtUp(id: NodeId, nowMs: number): boolean {
    const state = this.#followers.get(id);
    return state !== undefined && isCaughtUp(state, this.#log.endOffset, nowMs, this.#options.lagTimeMaxMs);
  }

  /** Alive in the metadata and fetching as the incarnation the metadata knows (`isReplicaIsrEligible`, KIP-841, KIP-903). */
  #isEligible(id: NodeId): boolean {
    const { guards } = this.#options.rules;
    const view = this.#image.get(id);
    const brokerEpoch = this.#followers.get(id)?.brokerEpoch ?? null;
    if (view === undefined || brokerEpoch === null) return false;
    if (guards.fencedBrokersIneligible && (view.fenced || view.inControlledShutdown)) return false;
    return !guards.isrBrokerEpoch || brokerEpoch === -1 || brokerEpoch === view.epoch;
  }

  /** Has everything committed, and reached this leader epoch. How long it lagged plays no part (`isFollowerInSync`). */
  #isInSync(id: NodeId): boolean {
    const { guards, observers } = this.#options.rules;
    const offset = this.#followers.get(id)?.logEndOffset ?? -1;
    if (guards.highWatermarkReached && offset < this.#log.highWatermark) return false;
    if (guards.leaderEpochStart && offset < this.#leaderEpochStartOffset) return false;
    return observers.caughtUp === 'high-watermark' || !this.#isObserver(id) || offset === this.#log.endOffset;
  }

  // ---- the ISR

  get #observers(): readonly NodeId[] {
    return this.#registration.observers;
  }

  #isObserver(id: NodeId): boolean {
    return this.#registration.observers.includes(id);
  }

  #situation(isr: readonly NodeId[]) {
    return { partition: this.#registration, isr, minInsyncReplicas: this.effectiveMinIsr };
  }

  /** Sync replicas always may join; an observer only while the policy wants one more. */
  #isAdmitted(id: NodeId): boolean {
    const { observerPolicy, rules } = this.#options;
    if (!this.#isObserver(id) || !rules.guards.observersWaitForPolicy) return true;
    return observerPolicy !== null && wantsObserver(observerPolicy, rules, this.#situation(this.#isr));
  }

  #canJoin(id: NodeId): boolean {
    return !this.#isr.includes(id) && this.#isEligible(id) && this.#isInSync(id) && this.#isAdmitted(id);
  }

  /** Only ever called for the follower that just fetched (`maybeExpandIsr`). */
  #maybeExpandIsr(id: NodeId): void {
    if (this.#pending !== undefined || !this.#canJoin(id)) return;
    this.#propose('expand', [...this.#isr, id]);
  }

  /**
   * The `isr-expiration` task: followers that fell behind leave, and observers the policy no longer wants
   * (`maybeShrinkIsr`). Returns the proposed change.
   */
  maybeShrinkIsr(nowMs: number): PendingIsrChange | undefined {
    if (this.#pending !== undefined) return undefined;
    const behind = this.#isr.filter((id) => id !== this.#options.id && !this.isCaughtUp(id, nowMs));
    const remaining = except(this.#isr, behind);
    const leaving = [...behind, ...this.observersToDemote(remaining)];
    return leaving.length === 0 ? undefined : this.#propose('shrink', except(this.#isr, leaving));
  }

  /** Proposes to let observers go that the policy no longer wants, without waiting for the task. */
  maybeDemoteObservers(): PendingIsrChange | undefined {
    if (this.#pending !== undefined) return undefined;
    const leaving = this.observersToDemote();
    return leaving.length === 0 ? undefined : this.#propose('shrink', except(this.#isr, leaving));
  }

  /** Observers in the ISR, or in the one given, that the policy no longer wants there. */
  observersToDemote(isr: readonly NodeId[] = this.#isr): NodeId[] {
    const { observerPolicy, rules } = this.#options;
    if (observerPolicy === null || this.#observers.length === 0) return [];
    return observersToDemote(observerPolicy, rules, this.#situation(isr));
  }

  #propose(kind: 'expand' | 'shrink', isr: readonly NodeId[]): PendingIsrChange {
    const request: AlterPartitionRequest = {
      sender: this.#options.id,
      leaderEpoch: this.#leaderEpoch,
      partitionEpoch: this.#partitionEpoch,
      isr,
      isrBrokerEpochs: isr.map((id) =>
        id === this.#options.id ? this.#options.brokerEpoch : (this.#followers.get(id)?.brokerEpoch ?? -1),
      ),
      recovery: 'RECOVERED',
    };
    const pending = { kind, isr, request };
    this.#pending = pending;
    this.#inFlight = true;
    return pending;
  }

  /** The controller committed a change; an answer to a change that is no longer pending is ignored (`handleAlterPartitionUpdate`). */
  alterPartitionCommitted(change: PendingIsrChange, result: AlterPartitionResult, nowMs: number): AlterPartitionEffect {
    if (change !== this.#pending) return 'ignored';
    this.#inFlight = false;
    if (result.leaderEpoch !== this.leaderEpoch || result.partitionEpoch < this.#partitionEpoch) {
      return 'pending-until-metadata';
    }
    this.#isr = result.isr;
    this.#pending = undefined;
    this.#partitionEpoch = result.partitionEpoch;
    this.#maybeRaiseHighWatermark(nowMs);
    return 'committed';
  }

  /** The controller refused a change (`handleAlterPartitionError`). */
  alterPartitionFailed(change: PendingIsrChange, error: AlterPartitionError): AlterPartitionEffect {
    if (change !== this.#pending) return 'ignored';
    switch (error) {
      case 'OPERATION_NOT_ATTEMPTED':
      case 'INELIGIBLE_REPLICA':
        this.#pending = undefined;
        this.#inFlight = false;
        return 'reverted';
      case 'UNKNOWN_TOPIC_ID':
      case 'UNKNOWN_TOPIC_OR_PARTITION':
      case 'FENCED_LEADER_EPOCH':
      case 'INVALID_UPDATE_VERSION':
      case 'INVALID_REQUEST':
      case 'NEW_LEADER_ELECTED':
        this.#inFlight = false;
        return 'pending-until-metadata';
      case 'STALE_BROKER_EPOCH':
      case 'NOT_CONTROLLER':
      case 'UNKNOWN_SERVER_ERROR':
        return 'retried';
    }
  }

  // ---- the high watermark

  /**
   * The high watermark rises to the least log end of those it waits for. Evaluated on append, on a follower's progress
   * and on a change of the ISR, never by time alone (`maybeIncrementLeaderHW`). From 3.7 it stands still under min ISR.
   */
  #maybeRaiseHighWatermark(nowMs: number): void {
    const { rules } = this.#options;
    if (rules.freezeHighWatermarkUnderMinIsr && this.isUnderMinIsr) return;
    const waitedFor = rules.guards.maximalIsr ? this.maximalIsr : this.#isr;
    let offset = this.#log.endOffset;
    for (const [id, state] of this.#followers) {
      if (state.logEndOffset >= offset) continue;
      if (waitedFor.includes(id) || this.#isAboutToJoin(id, nowMs)) offset = state.logEndOffset;
    }
    this.#log.raiseHighWatermark(offset);
  }

  /** A caught-up replica outside the ISR holds the high watermark back, an observer does not (`shouldWaitForReplicaToJoinIsr`). */
  #isAboutToJoin(id: NodeId, nowMs: number): boolean {
    if (!this.#options.rules.guards.waitForJoiner || this.#isObserver(id)) return false;
    return this.isCaughtUp(id, nowMs) && this.#isEligible(id);
  }

  // ---- produce

  /** Appends one record, or refuses acks=all while the committed ISR is under min ISR (`appendRecordsToLeader`). */
  append(acks: number, recordId: number, nowMs: number): { readonly offset: number } | 'NOT_ENOUGH_REPLICAS' {
    if (acks === -1 && this.isUnderMinIsr) return 'NOT_ENOUGH_REPLICAS';
    const offset = this.#log.append(this.leaderEpoch, recordId);
    this.#maybeRaiseHighWatermark(nowMs);
    return { offset };
  }

  /**
   * Where an acks=all request that needs `requiredOffset` stands. Under min ISR it ends with an error only where the
   * high watermark still advances, before 3.7; since then it times out (`checkEnoughReplicasReachOffset`).
   */
  checkProduce(requiredOffset: number): 'WAIT' | 'NONE' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' {
    const enough = this.effectiveMinIsr <= this.maximalIsr.length;
    if (this.#log.highWatermark >= requiredOffset) return enough ? 'NONE' : 'NOT_ENOUGH_REPLICAS_AFTER_APPEND';
    return 'WAIT';
  }
}
