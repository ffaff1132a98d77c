import type { NodeId } from '../../kafka/cluster';

/** Where a broker stands in the controller's eyes (`BrokerControlState`). */
export type BrokerControlState = 'FENCED' | 'UNFENCED' | 'CONTROLLED_SHUTDOWN' | 'SHUTDOWN_NOW';

/** What the controller answers to a heartbeat (`BrokerHeartbeatReply`). */
export interface HeartbeatReply {
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
  readonly inControlledShutdown: boolean;
}

/** What a broker says in a heartbeat (`BrokerHeartbeatRequestData`). */
export interface Heartbeat {
  readonly wantShutDown: boolean;
  readonly wantFence: boolean;
  /** How far the broker has replayed the metadata log. */
  readonly metadataOffset: number;
}

/** A registered broker: what is replicated, then what only the active controller remembers. */
export interface RegisteredBroker {
  /** New with each incarnation. */
  readonly epoch: number;
  fenced: boolean;
  inControlledShutdown: boolean;
  /** `BrokerHeartbeatManager`'s own copy of the fenced flag. */
  heartbeatFenced: boolean;
  /** Last metadata offset the broker reported, -1 when forgotten. */
  reportedOffset: number;
  /** Metadata offset of its controlled shutdown, -1 when it is in none. */
  controlledShutdownOffset: number;
}

/** A broker as it is right after registration: fenced until its first heartbeat. */
export function newlyRegistered(epoch: number): RegisteredBroker {
  return {
    epoch,
    fenced: true,
    inControlledShutdown: false,
    heartbeatFenced: true,
    reportedOffset: -1,
    controlledShutdownOffset: -1,
  };
}

/** Registered, unfenced and not shutting down: the brokers a replica may lead on (`ClusterControlManager.isActive`). */
export function isActive(broker: RegisteredBroker | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** Source: `BrokerHeartbeatManager.currentBrokerState`. */
export function currentControlState(broker: RegisteredBroker): BrokerControlState {
  if (broker.controlledShutdownOffset >= 0) return 'CONTROLLED_SHUTDOWN';
  return broker.heartbeatFenced ? 'FENCED' : 'UNFENCED';
}

/**
 * The state a heartbeat asks for. A broker that leads something leaves in two steps: it gives up leadership and the
 * ISR first, and may stop once every active broker has heard of that. Source: `calculateNextBrokerState`.
 *
 * @param lowestActiveOffset the least metadata offset reported by an active broker; infinite when there is none
 */
export function nextControlState(
  broker: RegisteredBroker,
  heartbeat: Heartbeat,
  leads: boolean,
  lowestActiveOffset: number,
): BrokerControlState {
  const state = currentControlState(broker);
  switch (state) {
    case 'FENCED':
      if (heartbeat.wantShutDown) return 'SHUTDOWN_NOW';
      return heartbeat.wantFence ? 'FENCED' : 'UNFENCED';
    case 'UNFENCED':
      if (heartbeat.wantFence) return heartbeat.wantShutDown ? 'SHUTDOWN_NOW' : 'FENCED';
      if (!heartbeat.wantShutDown) return 'UNFENCED';
      return leads ? 'CONTROLLED_SHUTDOWN' : 'SHUTDOWN_NOW';
    case 'CONTROLLED_SHUTDOWN':
      return leads || broker.controlledShutdownOffset > lowestActiveOffset ? 'CONTROLLED_SHUTDOWN' : 'SHUTDOWN_NOW';
    case 'SHUTDOWN_NOW':
      return 'SHUTDOWN_NOW';
  }
}

/** The least offset reported by a broker that is neither fenced nor shutting down (`lowestActiveOffset`). */
export function lowestActiveOffset(brokers: Iterable<RegisteredBroker>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const broker of brokers) {
    if (!broker.heartbeatFenced && broker.controlledShutdownOffset < 0) {
      lowest = Math.min(lowest, broker.reportedOffset);
    }
  }
  return lowest;
}

/** Notes what a heartbeat reported (`BrokerHeartbeatManager.touch`). */
export function noteHeartbeat(broker: RegisteredBroker, fenced: boolean, metadataOffset: number): void {
  broker.heartbeatFenced = fenced;
  broker.reportedOffset = metadataOffset;
  if (fenced) broker.controlledShutdownOffset = -1;
}

/**
 * Replays a change of the registration into the heartbeat manager. Unless it flips the fenced flag there, the reported
 * offset is forgotten until the next heartbeat, which delays the end of a controlled shutdown
 * (`BrokerHeartbeatManager.register`).
 */
export function noteRegistrationChange(broker: RegisteredBroker): void {
  const offset = broker.heartbeatFenced === broker.fenced ? -1 : broker.reportedOffset;
  noteHeartbeat(broker, broker.fenced, offset);
}

/** When each incarnation was last heard of; lost with the active controller (`BrokerHeartbeatTracker`). */
export class SessionTracker {
  readonly #sessionTimeoutMs: number;
  readonly #contactTimesMs = new Map<NodeId, number>();

  constructor(sessionTimeoutMs: number) {
    this.#sessionTimeoutMs = sessionTimeoutMs;
  }

  touch(broker: NodeId, nowMs: number): void {
    this.#contactTimesMs.set(broker, nowMs);
  }

  forget(broker: NodeId): void {
    this.#contactTimesMs.delete(broker);
  }

  /** A session lapses strictly after the timeout: `contact + timeout < now`. Never heard of means no session. */
  hasValidSession(broker: NodeId, nowMs: number): boolean {
    const contactMs = this.#contactTimesMs.get(broker);
    return contactMs !== undefined && contactMs + this.#sessionTimeoutMs >= nowMs;
  }

  /** A new active controller knows no contact times: every session starts now (`ClusterControlManager.activate`). */
  restart(brokers: Iterable<NodeId>, nowMs: number): void {
    this.#contactTimesMs.clear();
    for (const broker of brokers) this.#contactTimesMs.set(broker, nowMs);
  }
}
