import type { NodeId } from '../../../kafka/cluster';
import type { PartitionLeader } from '../leader';
import type { RunContext } from './context';

/** When leaders and followers act: fetches, ISR checks, and requests to the controller. */
export class LeaderDuties {
  readonly #context: RunContext;
  /** What there was to fetch or to learn at the last look, per broker. */
  #lastSeen = '';
  /** What leaders knew when metadata or an answer last reached them. */
  #lastKnown = '';
  #reconnecting = false;
  /** A replica that was refused is proposed again by its next fetch, which is not the same one. */
  #nextFetchMs = 0;
  /** Followers whose fetches were answered before the last fault. */
  #fetching: ReadonlySet<NodeId> = new Set();
  /** The state in which a leader's last ISR check found nothing: it need not look again before that changes. */
  readonly #checked = new Map<NodeId, string>();
  /** The check runs twice per lag time, not sooner. */
  readonly #nextCheckMs = new Map<NodeId, number>();

  constructor(context: RunContext) {
    this.#context = context;
    this.#lastSeen = this.#seen();
    this.#lastKnown = this.#knownToLeaders();
  }

  /** Links, processes or speeds changed: whoever can fetch again from the same leader does so after its backoff. */
  noteTopology(): void {
    const fetching = this.#replicas.filter((id) => this.#context.world.canFetch(id));
    this.#reconnecting = fetching.some((id) => !this.#fetching.has(id));
    this.#fetching = new Set(fetching);
  }

  /**
   * Whatever was seen before, the next fetch meets brokers that know more. If leaders do, whoever fetches just then may have
   * been answered just before.
   */
  noteMetadata(): void {
    this.#lastSeen = '';
    const known = this.#knownToLeaders();
    if (known !== this.#lastKnown) this.#context.timers.clear('fetch');
    this.#lastKnown = known;
  }

  /** Everybody fetches until nothing more comes of it. */
  fetchNow(): void {
    const { world, truncated } = this.#context;
    for (const { replica, removed } of world.fetchAll(this.#replicas)) {
      if (removed.length > 0) truncated(replica, removed);
    }
    this.#fetching = new Set(this.#replicas.filter((id) => world.canFetch(id)));
    this.#lastSeen = this.#seen();
  }

  arm(): void {
    this.#armFetches();
    for (const [id, broker] of this.#context.world.cluster.running) {
      if (broker.leading !== undefined && this.#context.world.isResponsive(id)) this.#armLeader(id, broker.leading);
      else for (const key of [`alter:${id}`, `expire:${id}`, `demote:${id}`]) this.#context.timers.clear(key);
    }
  }

  get #replicas(): readonly NodeId[] {
    const { replicas } = this.#context.world.cluster.controller.partition;
    return this.#context.world.order.filter((id) => replicas.includes(id));
  }

  /** All that a fetch could bring or find out, as a key: logs, epochs, and who could fetch from whom. */
  #seen(): string {
    const { world } = this.#context;
    const parts = [...world.cluster.running].map(([id, { log, leaderEpoch, partitionEpoch }]) => {
      const offsets = `${log.endOffset},${log.highWatermark}`;
      return `${id}:${offsets},${leaderEpoch},${partitionEpoch},${world.canFetch(id)},${world.slow.has(id)}`;
    });
    return parts.join(';');
  }

  #knownToLeaders(): string {
    const leading = [...this.#context.world.cluster.running].filter(([, broker]) => broker.leading !== undefined);
    return leading.map(([id, { leaderEpoch, partitionEpoch }]) => `${id}:${leaderEpoch},${partitionEpoch}`).join(';');
  }

  #armFetches(): void {
    const { timers, clock, nowMs } = this.#context;
    if (timers.has('fetch') || this.#seen() === this.#lastSeen) return;
    const delayMs = this.#reconnecting ? clock.of(clock.settings.reconnectMs) : clock.fetchMs;
    this.#reconnecting = false;
    timers.set('fetch', Math.max(nowMs() + delayMs, this.#nextFetchMs), () => this.fetchNow());
  }

  #armLeader(id: NodeId, leader: PartitionLeader): void {
    const { timers, clock, nowMs } = this.#context;
    this.#armAlterPartition(id, leader);
    this.#armIsrExpiration(id, leader);
    const key = `demote:${id}`;
    if (leader.pending !== undefined || leader.observersToDemote().length === 0) timers.clear(key);
    else if (!timers.has(key)) {
      timers.set(key, nowMs() + clock.of(clock.settings.demotionMs), () => leader.maybeDemoteObservers());
    }
  }

  /** A request in flight reaches the controller if the leader does; else it waits, for ever if need be. */
  #armAlterPartition(id: NodeId, leader: PartitionLeader): void {
    const { world, timers, clock, nowMs } = this.#context;
    const key = `alter:${id}`;
    if (leader.inFlight === undefined || !world.isHeard(id) || !world.quorum.canCommit) timers.clear(key);
    else if (!timers.has(key)) {
      timers.set(key, nowMs() + clock.alterPartitionMs, () => this.#deliverAlterPartition(id));
    }
  }

  #deliverAlterPartition(id: NodeId): void {
    const { world, change, record, timers, clock, nowMs } = this.#context;
    change({ by: 'leader' }, () => {
      const answer = world.cluster.deliverAlterPartition(id);
      this.noteMetadata();
      // A reassignment that moved the leader is applied, though it is answered with an error.
      if (answer === undefined || answer.error === 'NONE' || answer.error === 'NEW_LEADER_ELECTED') return;
      record({ kind: 'alter-partition-rejected', error: answer.error });
      if (answer.effect === 'reverted') this.#nextFetchMs = nowMs() + clock.settings.alterPartitionRetryMs;
      const isRetried = answer.effect === 'retried' || answer.effect === 'request-kept';
      if (isRetried) {
        const retryMs = nowMs() + clock.settings.alterPartitionRetryMs;
        timers.set(`alter:${id}`, retryMs, () => this.#deliverAlterPartition(id));
      }
    });
  }

  /** The check is worth waiting for only while some member of the ISR does not keep up. */
  #armIsrExpiration(id: NodeId, leader: PartitionLeader): void {
    const { timers, clock, nowMs } = this.#context;
    const key = `expire:${id}`;
    const behind = leader.isr.filter((member) => member !== id && this.#mayBeDropped(member, id));
    if (leader.pending !== undefined || behind.length === 0 || this.#checked.get(id) === this.#isrKey(id, leader)) {
      timers.clear(key);
      return;
    }
    if (timers.has(key)) return;
    const lastCaughtUpMs = Math.min(...behind.map((member) => leader.followers.get(member)?.lastCaughtUpTimeMs ?? 0));
    const nextCheckMs = this.#nextCheckMs.get(id) ?? nowMs();
    const dueMs = Math.max(nowMs(), nextCheckMs, lastCaughtUpMs + 1 + clock.isrExpirationMs);
    timers.set(key, dueMs, () => this.#expireIsr(id, leader));
  }

  /**
   * Does not keep up, and no cut link excuses it. Where the ISR stays under a cut, a member beyond it leaves by the
   * controller's fencing alone: that is how it was seen once a person had shut down the brokers of the other side.
   */
  #mayBeDropped(member: NodeId, leader: NodeId): boolean {
    const { world } = this.#context;
    if (world.keepsUpWith(member, leader)) return false;
    return world.setup.brokerLinkCut !== 'isr-stays' || world.brokersHear(member, leader);
  }

  #expireIsr(id: NodeId, leader: PartitionLeader): void {
    // Whoever can fetch has done so all the while; the model catches up on that just before the check.
    this.fetchNow();
    const { clock, nowMs } = this.#context;
    this.#nextCheckMs.set(id, nowMs() + clock.settings.replicaLagTimeMaxMs / 2);
    const change = leader.maybeShrinkIsr(this.#context.nowMs());
    if (change === undefined && !this.#someFallOutLater(id, leader)) this.#checked.set(id, this.#isrKey(id, leader));
  }

  /** Whether a member fetches no more and lacks records, but has not lacked them for long enough: the next check finds it. */
  #someFallOutLater(id: NodeId, leader: PartitionLeader): boolean {
    const { world } = this.#context;
    const silent = leader.isr.filter((member) => member !== id && !world.canFetch(member));
    return silent.some(
      (member) => this.#mayBeDropped(member, id) && !leader.isCaughtUp(member, Number.POSITIVE_INFINITY),
    );
  }

  #isrKey(id: NodeId, leader: PartitionLeader): string {
    const { world } = this.#context;
    const members = leader.isr.map((member) => `${member}:${world.keepsUpWith(member, id)}`);
    return `${leader.leaderEpoch},${leader.partitionEpoch},${members.join()}`;
  }
}
