import type { NodeId } from '../../../kafka/cluster';
import type { Cause } from '../../timeline';
import { NO_LEADER } from '../partition';
import type { RunContext } from './context';

/**
 * When the controllers act: elections among themselves, fencing and unfencing, registration, controlled shutdown, the
 * periodic elections, and the spreading of metadata.
 */
export class ControllerDuties {
  readonly #context: RunContext;
  /** Brokers the active controller hears, as of the last look. */
  readonly #heard = new Set<NodeId>();
  /** When each broker that is not heard was last heard of. */
  readonly #lastContactMs = new Map<NodeId, number>();
  readonly #starting = new Set<NodeId>();
  readonly #shuttingDown = new Set<NodeId>();
  /** How much of the metadata log each broker has applied. */
  readonly #appliedOffset = new Map<NodeId, number>();
  #hadQuorum: boolean;
  #nextFenceMs = 0;

  constructor(context: RunContext) {
    this.#context = context;
    this.#hadQuorum = this.#hasQuorum;
    const { world } = context;
    for (const id of world.cluster.running.keys()) this.#appliedOffset.set(id, world.cluster.controller.metadataOffset);
    this.noteHeard();
  }

  get #canCommit(): boolean {
    return this.#context.world.quorum.canCommit;
  }

  get #hasQuorum(): boolean {
    return this.#context.world.quorum.electable !== undefined;
  }

  /** Records what happened to a broker, if the partition has a replica there. */
  #recordOf(broker: NodeId, cause: Cause): void {
    const { world, record } = this.#context;
    if (world.cluster.controller.partition.replicas.includes(broker)) record(cause);
  }

  // ---- what faults ask for

  /** Starts brokers that are down: they register as soon as a controller takes them. A controller in the same process votes at once. */
  start(brokers: readonly NodeId[]): readonly NodeId[] {
    const { world } = this.#context;
    world.quorum.start(brokers);
    const starting = brokers.filter((id) => world.stopped.has(id) && !this.#starting.has(id));
    for (const id of starting) this.#starting.add(id);
    return starting;
  }

  /** Processes that were starting or shutting down do so no more; controllers in them are gone too. */
  killed(brokers: readonly NodeId[]): readonly NodeId[] {
    const { world, timers } = this.#context;
    world.quorum.stop(brokers);
    const starting = brokers.filter((id) => this.#starting.has(id));
    for (const id of brokers) {
      this.#starting.delete(id);
      this.#shuttingDown.delete(id);
      for (const key of ['register', 'shutdown', 'shutdown-give-up']) timers.clear(`${key}:${id}`);
    }
    return starting;
  }

  /** SIGTERM: the first heartbeat that says so is sent at once. */
  shutDown(brokers: readonly NodeId[]): void {
    const { timers, clock, world } = this.#context;
    for (const id of brokers) {
      if (!world.cluster.running.has(id)) continue;
      this.#shuttingDown.add(id);
      timers.set(`shutdown:${id}`, this.#after(clock.of(clock.settings.controlledShutdownMs)), () =>
        this.#shutdownHeartbeat(id),
      );
      timers.set(`shutdown-give-up:${id}`, this.#after(clock.settings.shutdownGiveUpMs), () => this.#giveUp(id));
    }
  }

  // ---- who is heard

  /** Looks who is heard, before a fault changes it. */
  noteHeard(): void {
    this.#heard.clear();
    for (const { id } of this.#context.world.setup.brokers) if (this.#context.world.isHeard(id)) this.#heard.add(id);
  }

  /** Looks again after a fault: silence counts from the last heartbeat, which is up to one interval old. */
  noteTopology(): void {
    const { world, clock, record, timers } = this.#context;
    for (const { id } of world.setup.brokers) {
      const heard = world.isHeard(id);
      if (heard) {
        this.#lastContactMs.delete(id);
        if (!this.#heard.has(id)) timers.clear('fence');
      } else if (this.#heard.has(id)) {
        this.#lastContactMs.set(id, this.#context.nowMs() - clock.lastHeartbeatAgeMs);
      }
    }
    this.noteHeard();
    if (this.#hasQuorum === this.#hadQuorum) return;
    this.#hadQuorum = this.#hasQuorum;
    const { standing, needed } = world.quorum;
    record(this.#hadQuorum ? { kind: 'quorum-regained' } : { kind: 'quorum-lost', standing, needed });
  }

  // ---- timers

  arm(): void {
    this.#armControllerElection();
    if (this.#canCommit) {
      this.#armFencing();
      this.#armHeartbeats();
      this.#armRegistrations();
      this.#armShutdowns();
      this.#armElectionTasks();
    } else {
      for (const key of ['fence', 'preferred', 'unclean']) this.#context.timers.clear(key);
    }
    this.#armMetadata();
  }

  #after(delayMs: number): number {
    return this.#context.nowMs() + delayMs;
  }

  #armControllerElection(): void {
    const { world, timers, clock } = this.#context;
    if (this.#canCommit) {
      timers.clear('controller');
      timers.clear('resign');
      return;
    }
    if (world.quorum.active !== undefined && !timers.has('resign')) {
      timers.set('resign', this.#after(clock.of(clock.settings.controllerResignMs)), () => {
        world.quorum.resign();
        this.noteTopology();
      });
    }
    if (world.quorum.electable === undefined) timers.clear('controller');
    else if (!timers.has('controller')) {
      timers.set('controller', this.#after(clock.of(clock.settings.controllerFailoverMs)), () => this.#activate());
    }
  }

  /** A new active controller knows no heartbeats: every session starts anew (`ClusterControlManager.activate`). */
  #activate(): void {
    const { world, nowMs, record, timers } = this.#context;
    world.quorum.elect();
    world.cluster.controller.activate(nowMs());
    timers.clear('fence');
    for (const { id } of world.setup.brokers) {
      // Whoever is fenced has no session here, and may register at once.
      const hasSession = !world.isHeard(id) && world.cluster.controller.broker(id)?.fenced === false;
      if (hasSession) this.#lastContactMs.set(id, nowMs());
      else this.#lastContactMs.delete(id);
    }
    this.noteHeard();
    record({ kind: 'controller-elected' });
  }

  /** Of several lapsed sessions one is fenced a run, the next 10 ms later (`maybeFenceOneStaleBroker`). */
  #armFencing(): void {
    const { timers, clock, nowMs } = this.#context;
    const next = this.#nextToFence();
    if (next === undefined || timers.has('fence')) return;
    const dueMs = next.lastContactMs + clock.settings.brokerSessionTimeoutMs + clock.fenceCheckMs;
    timers.set('fence', Math.max(dueMs, this.#nextFenceMs, nowMs()), () => this.#fence());
  }

  #nextToFence(): { readonly id: NodeId; readonly lastContactMs: number } | undefined {
    const { world } = this.#context;
    let next: { id: NodeId; lastContactMs: number } | undefined;
    for (const id of world.order) {
      const lastContactMs = this.#lastContactMs.get(id);
      if (lastContactMs === undefined || world.cluster.controller.broker(id)?.fenced !== false) continue;
      if (next === undefined || lastContactMs < next.lastContactMs) next = { id, lastContactMs };
    }
    return next;
  }

  #fence(): void {
    const { world, clock, nowMs, change } = this.#context;
    const next = this.#nextToFence();
    if (next === undefined) return;
    this.#nextFenceMs = nowMs() + clock.settings.fenceNextBrokerMs;
    this.#recordOf(next.id, { kind: 'broker-fenced', broker: next.id });
    change({ by: 'controller' }, () => world.cluster.controller.fence(next.id));
  }

  /** A fenced broker that is heard again, or has just registered, is unfenced by its next heartbeat. */
  #armHeartbeats(): void {
    const { world, timers, clock } = this.#context;
    for (const id of world.order) {
      const key = `heartbeat:${id}`;
      const fenced = world.cluster.controller.broker(id)?.fenced === true;
      if (!fenced || !world.isHeard(id) || this.#shuttingDown.has(id)) timers.clear(key);
      else if (!timers.has(key)) {
        timers.set(key, this.#after(clock.of(clock.settings.unfenceMs)), () => this.#unfence(id));
      }
    }
  }

  #unfence(id: NodeId): void {
    const { world, change } = this.#context;
    if (!world.isHeard(id) || !this.#canCommit) return;
    this.#recordOf(id, { kind: 'broker-unfenced', broker: id });
    change({ by: 'controller' }, () => {
      world.cluster.heartbeat(id, { metadataOffset: world.cluster.controller.metadataOffset });
    });
  }

  /** A new incarnation registers once the session of the old one has lapsed, however the old one stopped. */
  #armRegistrations(): void {
    const { world, timers, clock, nowMs } = this.#context;
    for (const id of this.#starting) {
      const key = `register:${id}`;
      if (timers.has(key) || !world.quorum.hears(world.location(id))) continue;
      const contactMs = this.#lastContactMs.get(id);
      const lapsesMs = contactMs === undefined ? nowMs() : contactMs + clock.settings.brokerSessionTimeoutMs;
      if (lapsesMs > nowMs()) this.#recordOf(id, { kind: 'registration-refused', broker: id });
      timers.set(key, Math.max(lapsesMs, nowMs()), () => this.#register(id));
    }
  }

  #register(id: NodeId): void {
    const { world, change, timers } = this.#context;
    const stopped = world.stopped.get(id);
    if (stopped === undefined || !this.#canCommit || !world.quorum.hears(world.location(id))) return;
    const isReplica = world.cluster.controller.partition.replicas.includes(id);
    const registered: Cause = { kind: 'broker-registered', broker: id, clean: stopped.clean };
    change({ by: 'controller', ...(isReplica ? { first: registered } : {}) }, () => {
      world.cluster.controller.expireSession(id);
      world.cluster.restart(id, stopped.clean, stopped.lostRecords);
    });
    world.stopped.delete(id);
    this.#starting.delete(id);
    this.#copyWhatWasMissed(id);
    this.#lastContactMs.delete(id);
    this.#heard.add(id);
    this.#appliedOffset.set(id, world.cluster.controller.metadataOffset);
    timers.clear('fence');
  }

  /** Until it has copied what it missed, the replica fetches without getting to the end. */
  #copyWhatWasMissed(id: NodeId): void {
    const { world, timers, clock } = this.#context;
    const catchUpMs = clock.of(clock.settings.catchUpMs);
    if (catchUpMs === 0 || world.slow.has(id)) return;
    world.slow.add(id);
    timers.set(`catch-up:${id}`, this.#after(catchUpMs), () => world.slow.delete(id));
  }

  #armElectionTasks(): void {
    const { world, timers, clock, change } = this.#context;
    const { controller } = world.cluster;
    const { leader, replicas, isr } = controller.partition;
    const [preferred] = replicas;
    const movesBack =
      world.setup.autoLeaderRebalance &&
      preferred !== undefined &&
      leader !== preferred &&
      isr.includes(preferred) &&
      controller.isActive(preferred);
    if (!movesBack) timers.clear('preferred');
    else if (!timers.has('preferred')) {
      timers.set('preferred', this.#after(clock.nextRunMs(clock.settings.leaderImbalanceCheckIntervalMs)), () =>
        change({ by: 'controller', preferred: true }, () => controller.electPreferredTask()),
      );
    }
    const electsUncleanly =
      leader === NO_LEADER &&
      controller.settings.uncleanLeaderElection &&
      replicas.some((id) => controller.isActive(id));
    if (!electsUncleanly) timers.clear('unclean');
    else if (!timers.has('unclean')) {
      timers.set('unclean', this.#after(clock.nextRunMs(clock.settings.uncleanElectionIntervalMs)), () =>
        change({ by: 'controller' }, () => controller.electUncleanTask()),
      );
    }
  }

  // ---- controlled shutdown

  #shutdownHeartbeat(id: NodeId): void {
    const { world, change, record } = this.#context;
    if (!world.cluster.running.has(id)) return;
    // Whom nobody hears repeats in vain, until it is heard again or gives up.
    if (!world.isHeard(id) || !this.#canCommit) return;
    const { controller } = world.cluster;
    const startsNow = controller.partition.leader === id && controller.broker(id)?.inControlledShutdown === false;
    if (startsNow) record({ kind: 'controlled-shutdown', broker: id });
    change({ by: 'controller' }, () => {
      const reply = world.cluster.heartbeat(id, { wantShutDown: true, metadataOffset: controller.metadataOffset });
      if (reply?.shouldShutDown) this.#exit(id);
    });
  }

  #armShutdowns(): void {
    const { world, timers, clock } = this.#context;
    for (const id of this.#shuttingDown) {
      const key = `shutdown:${id}`;
      if (timers.has(key) || !world.isHeard(id)) continue;
      timers.set(key, this.#after(clock.of(clock.settings.shutdownRepeatMs)), () => this.#repeatShutdown(id));
    }
  }

  /** By then every other broker has sent a heartbeat that shows it knows of the new leader. */
  #repeatShutdown(id: NodeId): void {
    const { world } = this.#context;
    const metadataOffset = world.cluster.controller.metadataOffset;
    for (const other of world.order) {
      const isServing = world.isHeard(other) && world.cluster.controller.isActive(other);
      if (other !== id && isServing && this.#canCommit) world.cluster.heartbeat(other, { metadataOffset });
    }
    this.#shutdownHeartbeat(id);
  }

  /** Nobody takes its leadership over: the process ends all the same, and in order. */
  #giveUp(id: NodeId): void {
    this.#exit(id);
    this.#recordOf(id, { kind: 'shutdown-given-up', broker: id });
  }

  /** The process ends in order: it leaves a clean shutdown file. Its session lasts on, though. */
  #exit(id: NodeId): void {
    const { world, timers, nowMs } = this.#context;
    const wasHeard = world.isHeard(id);
    world.stop(id, { clean: true, lostRecords: 0 });
    this.#shuttingDown.delete(id);
    this.#heard.delete(id);
    if (wasHeard) this.#lastContactMs.set(id, nowMs());
    timers.clear(`shutdown:${id}`);
    timers.clear(`shutdown-give-up:${id}`);
    if (world.cluster.controller.broker(id)?.fenced) {
      this.#recordOf(id, { kind: 'broker-fenced', broker: id, stopped: true });
    }
  }

  // ---- metadata

  #armMetadata(): void {
    const { world, timers, clock } = this.#context;
    const behind = [...world.cluster.running.keys()].some((id) => this.#isBehind(id));
    if (!behind || timers.has('metadata')) return;
    timers.set('metadata', this.#after(clock.of(clock.settings.metadataPropagationMs)), () => this.#spreadMetadata());
  }

  #isBehind(id: NodeId): boolean {
    const { world } = this.#context;
    return world.isHeard(id) && this.#appliedOffset.get(id) !== world.cluster.controller.metadataOffset;
  }

  #spreadMetadata(): void {
    const { world, metadataApplied } = this.#context;
    for (const id of world.order) {
      if (!this.#isBehind(id)) continue;
      world.cluster.deliverMetadata(id);
      this.#appliedOffset.set(id, world.cluster.controller.metadataOffset);
    }
    metadataApplied();
  }
}
