import type { NodeId } from '../../kafka/cluster';
import { type AlterPartitionError, type AlterPartitionRequest, validateAlterPartition } from './alterPartition';
import {
  currentControlState,
  type Heartbeat,
  type HeartbeatReply,
  isActive,
  lowestActiveOffset,
  newlyRegistered,
  nextControlState,
  noteHeartbeat,
  noteRegistrationChange,
  type RegisteredBroker,
  SessionTracker,
} from './brokerLifecycle';
import { type Election, except, NO_LEADER, type PartitionRegistration, type TopicSettings } from './partition';
import {
  applyPartitionChange,
  buildPartitionChange,
  type PartitionChangeRecord,
  type PartitionChangeRequest,
} from './partitionChange';
import { currentRules, type KafkaRules } from './rules';

export interface ControllerOptions {
  readonly brokers: readonly NodeId[];
  /** The assignment, observers last. */
  readonly replicas: readonly NodeId[];
  readonly observers?: readonly NodeId[];
  /** The ISR at the start; by default every sync replica that is registered. */
  readonly isr?: readonly NodeId[];
  /** The leader at the start; by default the first of the ISR. */
  readonly leader?: NodeId;
  readonly settings: TopicSettings;
  readonly elrEnabled: boolean;
  readonly rules?: KafkaRules;
  /** `broker.session.timeout.ms`. */
  readonly sessionTimeoutMs?: number;
  readonly nowMs?: number;
}

/** A broker as every other broker sees it in the metadata image. */
export interface BrokerView {
  readonly epoch: number;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

export type MetadataImage = ReadonlyMap<NodeId, BrokerView>;

export type ElectLeadersError =
  | 'ELECTION_NOT_NEEDED'
  | 'PREFERRED_LEADER_NOT_AVAILABLE'
  | 'ELIGIBLE_LEADERS_NOT_AVAILABLE';

/** Which brokers leave the ISR in a sweep over the partitions of a broker (`generateLeaderAndIsrUpdates`). */
interface Sweep {
  readonly remove?: NodeId;
  /** A broker about to be unfenced: acceptable though not active yet. */
  readonly add?: NodeId;
  readonly uncleanShutdown?: NodeId;
}

/**
 * The active controller of a cluster with one partition: registration, fencing, and every change of the partition.
 * One partition is enough, as partitions meet in the controller only where a broker that leads several of them shuts
 * down. Source: `ReplicationControlManager`, `ClusterControlManager`, `BrokerHeartbeatManager`.
 */
export class Controller {
  readonly #brokers = new Map<NodeId, RegisteredBroker>();
  readonly #sessions: SessionTracker;
  readonly #rules: KafkaRules;
  readonly #elrEnabled: boolean;
  #settings: TopicSettings;
  #nextBrokerEpoch = 100;
  #partition: PartitionRegistration;
  #metadataOffset = 1;
  #image: MetadataImage | undefined;

  /** Registers and unfences all brokers, then creates the partition with every active sync replica in the ISR. */
  constructor(options: ControllerOptions) {
    this.#rules = options.rules ?? currentRules;
    this.#elrEnabled = options.elrEnabled;
    this.#settings = options.settings;
    this.#sessions = new SessionTracker(options.sessionTimeoutMs ?? 9000);
    const observers = options.observers ?? [];
    const isr = options.isr ?? except(options.replicas, observers).filter((id) => options.brokers.includes(id));
    this.#partition = {
      replicas: options.replicas,
      observers,
      addingReplicas: [],
      removingReplicas: [],
      isr,
      elr: [],
      lastKnownElr: [],
      leader: options.leader ?? isr[0] ?? NO_LEADER,
      leaderEpoch: 0,
      partitionEpoch: 0,
      recovery: 'RECOVERED',
    };
    for (const id of options.brokers) {
      this.#brokers.set(id, newlyRegistered(this.#nextBrokerEpoch++));
      this.#firstHeartbeat(id, options.nowMs ?? 0);
    }
  }

  get partition(): PartitionRegistration {
    return this.#partition;
  }

  get settings(): TopicSettings {
    return this.#settings;
  }

  get elrEnabled(): boolean {
    return this.#elrEnabled;
  }

  /** End of the metadata log: grows with every record; brokers report how far they have come. */
  get metadataOffset(): number {
    return this.#metadataOffset;
  }

  get brokerIds(): readonly NodeId[] {
    return [...this.#brokers.keys()];
  }

  broker(id: NodeId): Readonly<RegisteredBroker> | undefined {
    return this.#brokers.get(id);
  }

  isActive(id: NodeId): boolean {
    return isActive(this.#brokers.get(id));
  }

  hasValidSession(id: NodeId, nowMs: number): boolean {
    return this.#sessions.hasValidSession(id, nowMs);
  }

  /** min(min.insync.replicas, replication factor), the factor with or without observers as the switch says. */
  get effectiveMinIsr(): number {
    const { replicas, observers } = this.#partition;
    const counted =
      this.#rules.observers.minIsrCapCounts === 'all-replicas' ? replicas.length : replicas.length - observers.length;
    return Math.min(this.#settings.minInsyncReplicas, counted);
  }

  /** The brokers as the metadata log has them now; the same object until something changes. */
  get image(): MetadataImage {
    if (this.#image === undefined) {
      const views = [...this.#brokers].map(
        ([id, { epoch, fenced, inControlledShutdown }]) => [id, { epoch, fenced, inControlledShutdown }] as const,
      );
      this.#image = new Map(views);
    }
    return this.#image;
  }

  // ---- broker lifecycle

  /** A broker has been heard of: refreshes its session even before the heartbeat is handled (4.0+). */
  touchSession(id: NodeId, nowMs: number): void {
    this.#sessions.touch(id, nowMs);
  }

  /** The session of a broker is over before its time, as when a driver lets time pass for it alone. */
  expireSession(id: NodeId): void {
    this.#sessions.forget(id);
  }

  /** A controller became active: every session starts anew (`ClusterControlManager.activate`). */
  activate(nowMs: number): void {
    this.#sessions.restart(
      [...this.#brokers].filter(([, broker]) => !broker.fenced).map(([id]) => id),
      nowMs,
    );
    for (const broker of this.#brokers.values()) {
      broker.heartbeatFenced = broker.fenced;
      broker.reportedOffset = -1;
      broker.controlledShutdownOffset = -1;
    }
  }

  /** Fences a broker whose session has lapsed (`handleBrokerFenced`). */
  fence(id: NodeId): void {
    const broker = this.#registered(id);
    if (broker === undefined) return;
    this.#sweepIf(this.#partition.isr.includes(id), { remove: id });
    broker.heartbeatFenced = true;
    this.#changeRegistration(broker, { fenced: true });
  }

  /** Handles a heartbeat: unfences, starts a controlled shutdown, or grants the stop (`processBrokerHeartbeat`). */
  heartbeat(id: NodeId, heartbeat: Heartbeat, nowMs: number): HeartbeatReply | undefined {
    const broker = this.#registered(id);
    if (broker === undefined) return undefined;
    this.#sessions.touch(id, nowMs);
    const before = currentControlState(broker);
    const leads = this.#partition.leader === id;
    const next = nextControlState(broker, heartbeat, leads, lowestActiveOffset(this.#brokers.values()));
    const entersShutdown = next !== before && next === 'CONTROLLED_SHUTDOWN';
    const stops = next === 'FENCED' || next === 'SHUTDOWN_NOW';
    const unfences = next !== before && next === 'UNFENCED';

    if (next !== before && (stops || entersShutdown)) {
      this.#sweepIf(this.#partition.isr.includes(id), { remove: id });
    } else if (unfences) {
      // The ISR never grows here: only leaderless partitions may find a leader in the returning broker.
      this.#sweepIf(this.#partition.leader === NO_LEADER, { add: id });
    }
    noteHeartbeat(broker, stops, heartbeat.metadataOffset);
    if (next !== before && stops) this.#changeRegistration(broker, { fenced: true });
    if (unfences) this.#changeRegistration(broker, { fenced: false });
    if (entersShutdown && !broker.inControlledShutdown)
      this.#changeRegistration(broker, { inControlledShutdown: true });
    if (next === 'CONTROLLED_SHUTDOWN' && broker.controlledShutdownOffset < 0) {
      broker.controlledShutdownOffset = this.#metadataOffset;
    }
    return {
      isFenced: stops,
      shouldShutDown: next === 'SHUTDOWN_NOW',
      inControlledShutdown: next === 'CONTROLLED_SHUTDOWN',
    };
  }

  /**
   * Registers a new incarnation, fenced until its first heartbeat. `clean`: the broker found its clean shutdown file.
   * Refused while the old incarnation's session lasts, also after a clean stop (`ClusterControlManager.registerBroker`).
   */
  register(id: NodeId, clean: boolean, nowMs: number): 'NONE' | 'DUPLICATE_BROKER_REGISTRATION' {
    if (this.#rules.guards.duplicateRegistration && this.#sessions.hasValidSession(id, nowMs)) {
      return 'DUPLICATE_BROKER_REGISTRATION';
    }
    if (this.#elrEnabled && !clean && this.#rules.guards.uncleanRestartLeavesElr) {
      this.#sweepIf(this.#partition.isr.includes(id), { uncleanShutdown: id });
      this.#sweepIf(this.#partition.elr.includes(id), { uncleanShutdown: id });
    } else {
      this.#sweepIf(this.#partition.isr.includes(id), { remove: id });
    }
    this.#brokers.set(id, newlyRegistered(this.#nextBrokerEpoch++));
    this.#sessions.forget(id);
    this.#noteRecord();
    return 'NONE';
  }

  /** Removes a broker from the cluster. Quirk kept: it leaves ISRs but stays in ELRs (`handleBrokerUnregistered`). */
  unregister(id: NodeId): void {
    if (!this.#brokers.has(id)) return;
    this.#sweepIf(this.#partition.isr.includes(id), { remove: id });
    this.#sweepIf(this.#partition.elr.includes(id), { remove: id });
    this.#brokers.delete(id);
    this.#sessions.forget(id);
    this.#noteRecord();
  }

  // ---- partition changes

  /**
   * A leader proposes an ISR. `NONE` means applied (or already so). A request that moved the leader by completing a
   * reassignment is applied, but answered NEW_LEADER_ELECTED (`ReplicationControlManager.alterPartition`).
   */
  alterPartition(request: AlterPartitionRequest): 'NONE' | AlterPartitionError {
    const error = validateAlterPartition(this.#partition, this.#brokers, this.#rules.guards, request);
    if (error !== undefined) return error;
    const record = this.#change({
      acceptable: (id) => this.isActive(id),
      election: this.#automaticElection,
      targetIsr: request.isr,
      targetRecovery: request.recovery,
    });
    const moved = record?.leader !== undefined && record.leader !== request.sender;
    return moved ? 'NEW_LEADER_ELECTED' : 'NONE';
  }

  /** Admin ElectLeaders: UNCLEAN works whatever the topic's setting is (`electLeader`). */
  electLeaders(election: 'preferred' | 'unclean'): 'NONE' | ElectLeadersError {
    const { leader, replicas } = this.#partition;
    const needed = election === 'preferred' ? leader !== replicas[0] : leader === NO_LEADER;
    if (!needed) return 'ELECTION_NOT_NEEDED';
    const record = this.#change({ acceptable: (id) => this.isActive(id), election });
    if (record !== undefined) return 'NONE';
    return election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE';
  }

  /** The periodic task that moves leadership back to the preferred leader (`maybeBalancePartitionLeaders`). */
  electPreferredTask(): void {
    if (this.#partition.leader === this.#partition.replicas[0]) return;
    this.#change({ acceptable: (id) => this.isActive(id), election: 'preferred' });
  }

  /** The periodic task for leaderless partitions of topics that allow unclean elections (`maybeElectUncleanLeaders`, 4.0+). */
  electUncleanTask(): void {
    if (this.#partition.leader === NO_LEADER && this.#settings.uncleanLeaderElection) this.electLeaders('unclean');
  }

  /** A real change of min.insync.replicas clears the ELR (ClearElrRecord); the same value again does nothing. */
  setMinInsyncReplicas(value: number): void {
    if (value === this.#settings.minInsyncReplicas) return;
    this.#settings = { ...this.#settings, minInsyncReplicas: value };
    this.#noteRecord();
    const { elr, lastKnownElr } = this.#partition;
    if (!this.#elrEnabled || (elr.length === 0 && lastKnownElr.length === 0)) return;
    this.#apply({ elr: [], lastKnownElr: [] });
  }

  /** Turning unclean election on elects nobody by itself; the task or a later change does. */
  setUncleanLeaderElection(enabled: boolean): void {
    this.#settings = { ...this.#settings, uncleanLeaderElection: enabled };
    this.#noteRecord();
  }

  /** Starts a reassignment (`AlterPartitionReassignments`); added replicas come first in the new order. */
  reassign(replicas: readonly NodeId[], observers: readonly NodeId[] = this.#partition.observers): void {
    const current = except(this.#partition.replicas, this.#partition.addingReplicas);
    const removing = except(current, replicas);
    this.#change({
      acceptable: (id) => this.isActive(id),
      election: 'online',
      targetReplicas: [...replicas, ...removing],
      targetAdding: except(replicas, current),
      targetRemoving: removing,
      targetObservers: observers,
    });
  }

  // ---- the one place where the partition changes

  get #automaticElection(): Election {
    return this.#settings.uncleanLeaderElection ? 'unclean' : 'online';
  }

  #sweepIf(indexed: boolean, { remove, add, uncleanShutdown }: Sweep): void {
    if (!indexed) return;
    const leaving = [remove, uncleanShutdown].filter((id) => id !== undefined);
    this.#change({
      acceptable: (id) => !leaving.includes(id) && (id === add || this.isActive(id)),
      election: this.#automaticElection,
      targetIsr: except(this.#partition.isr, leaving),
      uncleanShutdown: uncleanShutdown === undefined ? [] : [uncleanShutdown],
    });
  }

  #change(request: PartitionChangeRequest): PartitionChangeRecord | undefined {
    const context = {
      effectiveMinIsr: this.effectiveMinIsr,
      elrEnabled: this.#elrEnabled,
      electFencedLastKnownLeader: this.#rules.electFencedLastKnownLeader,
    };
    const record = buildPartitionChange(this.#partition, context, request);
    if (record !== undefined) this.#apply(record);
    return record;
  }

  #apply(record: PartitionChangeRecord): void {
    this.#partition = applyPartitionChange(this.#partition, record);
    this.#noteRecord();
  }

  #changeRegistration(
    broker: RegisteredBroker,
    change: Partial<Pick<RegisteredBroker, 'fenced' | 'inControlledShutdown'>>,
  ): void {
    Object.assign(broker, change);
    noteRegistrationChange(broker);
    this.#noteRecord();
  }

  #noteRecord(): void {
    this.#metadataOffset++;
    this.#image = undefined;
  }

  #registered(id: NodeId): RegisteredBroker | undefined {
    return this.#brokers.get(id);
  }

  #firstHeartbeat(id: NodeId, nowMs: number): void {
    this.heartbeat(id, { wantShutDown: false, wantFence: false, metadataOffset: this.#metadataOffset }, nowMs);
  }
}
