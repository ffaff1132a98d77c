import type { NodeId } from '../../kafka/cluster';
import type { AlterPartitionError } from './alterPartition';
import type { HeartbeatReply } from './brokerLifecycle';
import { BrokerPartition, type FetchEffect } from './brokerPartition';
import { Controller, type ControllerOptions } from './controller';
import type { AlterPartitionEffect } from './leader';
import { type RecordId, ReplicaLog } from './log';
import type { ObserverPolicy } from './observers';
import { currentRules, type KafkaRules } from './rules';

export interface ClusterOptions extends ControllerOptions {
  readonly observerPolicy?: ObserverPolicy | null;
  /** `replica.lag.time.max.ms`. */
  readonly lagTimeMaxMs?: number;
}

/** What is left of a replica on the disk of a broker that is not running. */
interface ReplicaOnDisk {
  readonly epochs: readonly number[];
  readonly ids: readonly RecordId[];
  readonly checkpointedHighWatermark: number;
}

/** What a broker answers to a produce of one record. */
export type ProduceReply =
  | { readonly kind: 'appended'; readonly offset: number }
  | { readonly kind: 'error'; readonly error: 'NOT_LEADER_OR_FOLLOWER' | 'NOT_ENOUGH_REPLICAS' };

/** How a waiting acks=all request ended. */
export interface CompletedProduce {
  readonly record: RecordId;
  readonly result: 'NONE' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' | 'NOT_LEADER_OR_FOLLOWER' | 'LOST_CONNECTION';
}

/** An acks=all request in the purgatory of the broker it was sent to (`DelayedProduce`). */
interface WaitingProduce {
  readonly record: RecordId;
  readonly broker: NodeId;
  readonly leaderEpoch: number;
  readonly requiredOffset: number;
}

/** Answer to an AlterPartition, with what the leader made of it. */
export interface AlterPartitionAnswer {
  readonly error: 'NONE' | AlterPartitionError;
  readonly effect: AlterPartitionEffect | 'response-lost' | 'request-kept';
}

/**
 * The controller and every broker's side of one partition. Each message is a method that a driver calls, so any order,
 * delay, loss or cut of a link can be expressed; nothing here happens by itself. Time is whatever the driver says.
 */
export class Cluster {
  readonly controller: Controller;
  readonly #rules: KafkaRules;
  readonly #observerPolicy: ObserverPolicy | null;
  readonly #lagTimeMaxMs: number;
  readonly #running = new Map<NodeId, BrokerPartition>();
  readonly #disks = new Map<NodeId, ReplicaOnDisk>();
  readonly #acknowledged = new Map<RecordId, number>();
  #waiting: WaitingProduce[] = [];
  #nextRecord = 1;
  nowMs: number;

  /** Starts all brokers with empty logs and the current metadata. */
  constructor(options: ClusterOptions) {
    this.nowMs = options.nowMs ?? 0;
    this.#rules = options.rules ?? currentRules;
    this.#observerPolicy = options.observerPolicy ?? null;
    this.#lagTimeMaxMs = options.lagTimeMaxMs ?? 30_000;
    this.controller = new Controller(options);
    for (const id of options.brokers) this.#start(id, new ReplicaLog());
  }

  broker(id: NodeId): BrokerPartition | undefined {
    return this.#running.get(id);
  }

  /** Brokers whose process runs, whatever the controller thinks of them. */
  get running(): ReadonlyMap<NodeId, BrokerPartition> {
    return this.#running;
  }

  /** Records acknowledged so far, each with the `acks` it was produced with. */
  get acknowledged(): ReadonlyMap<RecordId, number> {
    return this.#acknowledged;
  }

  get waiting(): readonly WaitingProduce[] {
    return this.#waiting;
  }

  /** What the disk of a stopped broker holds; `undefined` for a running one. */
  onDisk(id: NodeId): { readonly ids: readonly RecordId[] } | undefined {
    return this.#disks.get(id);
  }

  // ---- broker and controller

  /** A running broker sends a heartbeat that reports all metadata up to `metadataOffset`. */
  heartbeat(
    id: NodeId,
    wants: { readonly wantShutDown?: boolean; readonly wantFence?: boolean; readonly metadataOffset: number },
  ): HeartbeatReply | undefined {
    if (!this.#running.has(id)) return undefined;
    const heartbeat = {
      wantShutDown: wants.wantShutDown ?? false,
      wantFence: wants.wantFence ?? false,
      metadataOffset: wants.metadataOffset,
    };
    return this.controller.heartbeat(id, heartbeat, this.nowMs);
  }

  /** A broker applies the latest metadata. */
  deliverMetadata(id: NodeId): boolean {
    const { controller } = this;
    const update = {
      registration: controller.partition,
      image: controller.image,
      minInsyncReplicas: controller.settings.minInsyncReplicas,
    };
    return this.#running.get(id)?.applyMetadata(update, this.nowMs) ?? false;
  }

  /** A broker's process ends; what it wrote stays on its disk, its high watermark as last checkpointed. */
  stop(id: NodeId, checkpointedHighWatermark: number): void {
    const broker = this.#running.get(id);
    if (broker === undefined) return;
    const { epochs, ids } = broker.log;
    this.#disks.set(id, { epochs: [...epochs], ids: [...ids], checkpointedHighWatermark });
    this.#running.delete(id);
  }

  /**
   * A stopped broker registers again and, if accepted, starts from its disk; it stays fenced until its heartbeat.
   * `lostRecords` are missing from the end of its log, as after a power loss those that were not flushed.
   */
  restart(id: NodeId, clean: boolean, lostRecords = 0): 'NONE' | 'DUPLICATE_BROKER_REGISTRATION' {
    const result = this.controller.register(id, clean, this.nowMs);
    if (result !== 'NONE') return result;
    const disk = this.#disks.get(id);
    const log = disk === undefined ? new ReplicaLog() : restoredLog(disk, lostRecords);
    this.#disks.delete(id);
    this.#start(id, log);
    return 'NONE';
  }

  #start(id: NodeId, log: ReplicaLog): void {
    const options = {
      id,
      brokerEpoch: this.controller.broker(id)?.epoch ?? -1,
      rules: this.#rules,
      observerPolicy: this.#observerPolicy,
      lagTimeMaxMs: this.#lagTimeMaxMs,
    };
    this.#running.set(id, new BrokerPartition(options, log));
    this.deliverMetadata(id);
  }

  // ---- broker and broker

  /** One fetch round trip of a follower to the leader it believes in. */
  fetch(id: NodeId, maxRecords: number): FetchEffect | 'NO_LEADER' | 'UNREACHABLE' {
    const follower = this.#running.get(id);
    if (follower?.believedLeader === undefined || !follower.isFollowing) return 'NO_LEADER';
    const leader = this.#running.get(follower.believedLeader);
    if (leader === undefined) return 'UNREACHABLE';
    return follower.receiveFetch(leader.serveFetch(follower.fetchRequest(), maxRecords, this.nowMs));
  }

  /** The leader's AlterPartition in flight reaches the controller; the answer may be lost on its way back. */
  deliverAlterPartition(id: NodeId, responseLost = false): AlterPartitionAnswer | undefined {
    const leader = this.#running.get(id)?.leading;
    const change = leader?.inFlight;
    if (leader === undefined || change === undefined) return undefined;
    if (this.controller.broker(id)?.epoch !== this.#running.get(id)?.brokerEpoch) {
      return { error: 'STALE_BROKER_EPOCH', effect: 'request-kept' };
    }
    const error = this.controller.alterPartition(change.request);
    if (responseLost) return { error, effect: 'response-lost' };
    const effect =
      error === 'NONE'
        ? leader.alterPartitionCommitted(change, this.controller.partition, this.nowMs)
        : leader.alterPartitionFailed(change, error);
    return { error, effect };
  }

  // ---- clients

  /** A producer sends one record; its id is the running number, also of refused ones. */
  produce(id: NodeId, acks: number): { readonly record: RecordId; readonly reply: ProduceReply } | undefined {
    const broker = this.#running.get(id);
    if (broker === undefined) return undefined;
    const record = this.#nextRecord++;
    const leader = broker.leading;
    if (leader === undefined) return { record, reply: { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' } };
    const appended = leader.append(acks, record, this.nowMs);
    if (appended === 'NOT_ENOUGH_REPLICAS') return { record, reply: { kind: 'error', error: appended } };
    if (acks === -1) {
      const { leaderEpoch } = leader;
      this.#waiting.push({ record, broker: id, leaderEpoch, requiredOffset: appended.offset + 1 });
    } else {
      this.#acknowledged.set(record, acks);
    }
    return { record, reply: { kind: 'appended', offset: appended.offset } };
  }

  /** Ends the acks=all requests that can be answered now; to be called after every event. */
  completeProduces(): readonly CompletedProduce[] {
    if (this.#waiting.length === 0) return [];
    const completed: CompletedProduce[] = [];
    this.#waiting = this.#waiting.filter((waiting) => {
      const result = this.#resultOf(waiting);
      if (result === 'WAIT') return true;
      if (result === 'NONE') this.#acknowledged.set(waiting.record, -1);
      completed.push({ record: waiting.record, result });
      return false;
    });
    return completed;
  }

  #resultOf(waiting: WaitingProduce): CompletedProduce['result'] | 'WAIT' {
    const broker = this.#running.get(waiting.broker);
    if (broker === undefined) return 'LOST_CONNECTION';
    if (broker.leading === undefined || broker.leaderEpoch !== waiting.leaderEpoch) return 'NOT_LEADER_OR_FOLLOWER';
    return broker.leading.checkProduce(waiting.requiredOffset);
  }
}

function restoredLog({ epochs, ids, checkpointedHighWatermark }: ReplicaOnDisk, lostRecords: number): ReplicaLog {
  const end = Math.max(0, ids.length - lostRecords);
  return ReplicaLog.restored(epochs.slice(0, end), ids.slice(0, end), checkpointedHighWatermark);
}
