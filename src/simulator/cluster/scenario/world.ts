import type { NodeId } from '../../../kafka/cluster';
import { Cluster } from '../cluster';
import { type Location, Network } from '../network';
import type { ObserverPolicy } from '../observers';
import { except, NO_LEADER } from '../partition';
import { Quorum } from '../quorum';
import type { ScenarioSetup } from './scenario';

/** How a broker that is down stopped, and what it will find when it starts. */
interface StoppedBroker {
  readonly clean: boolean;
  readonly lostRecords: number;
}

/**
 * Where nobody lists the controllers they are taken to stand apart from all brokers, and to agree with each other. So the
 * quorum stays with whatever is not isolated, as the settled model has it (`surroundings.ts`), and both ends of a cut link
 * hear it.
 */
const assumedControllers: readonly Location[] = [{ id: Number.MAX_SAFE_INTEGER, datacenter: '\u0000controllers' }];

/** The model's clock at a scenario's start: far from 0, which stands for "never" in a leader's notes on its followers. */
export const startMs = 1_000_000_000;

const allRecords = Number.MAX_SAFE_INTEGER;

/** Everything there is during a run: processes, links, controllers, and the exact model of the partition. */
export class World {
  readonly setup: ScenarioSetup;
  readonly observerPolicy: ObserverPolicy;
  readonly cluster: Cluster;
  readonly network = new Network();
  readonly quorum: Quorum;
  readonly frozen = new Set<NodeId>();
  readonly slow = new Set<NodeId>();
  readonly stopped = new Map<NodeId, StoppedBroker>();
  readonly #controllers: readonly Location[];
  readonly #locations: ReadonlyMap<NodeId, Location>;
  /** The list that {@link order} was last made from, which only a reassignment replaces. */
  #orderedBy: readonly NodeId[] | undefined;
  #order: readonly NodeId[] = [];

  constructor(setup: ScenarioSetup) {
    this.setup = setup;
    // A reassignment leaves the placement as it is, and with it what `under-replicated` asks for (open question 19).
    this.observerPolicy = { policy: setup.policy, syncReplicas: setup.replicas.length - setup.observers.length };
    this.#controllers = setup.controllers ?? assumedControllers;
    this.quorum = new Quorum(this.#controllers, this.network, setup.activeController);
    this.#locations = new Map(setup.brokers.map((broker) => [broker.id, broker]));
    const { isr } = setup;
    if (isr !== undefined) {
      for (const id of except(setup.replicas, [...isr, ...setup.observers])) this.slow.add(id);
    }
    this.cluster = new Cluster({
      brokers: setup.brokers.map((broker) => broker.id),
      replicas: setup.replicas,
      observers: setup.observers,
      ...(isr === undefined ? {} : { isr }),
      ...(setup.leader === undefined ? {} : { leader: setup.leader }),
      settings: { minInsyncReplicas: setup.minIsr, uncleanLeaderElection: setup.uncleanLeaderElection },
      elrEnabled: setup.elrEnabled,
      rules: setup.rules,
      // Everybody has fetched and been heard just before the scenario starts.
      nowMs: startMs - 1,
      // The clock of the run decides when a session lapses.
      sessionTimeoutMs: Number.POSITIVE_INFINITY,
      observerPolicy: this.observerPolicy,
      lagTimeMaxMs: setup.clock.replicaLagTimeMaxMs,
    });
  }

  /** Broker ids in the order in which those that may act together do. */
  get order(): readonly NodeId[] {
    const first = this.setup.order ?? this.cluster.controller.partition.replicas;
    if (first !== this.#orderedBy) {
      this.#orderedBy = first;
      this.#order = [...first, ...this.setup.brokers.map((broker) => broker.id).filter((id) => !first.includes(id))];
    }
    return this.#order;
  }

  location(id: NodeId): Location {
    return this.#locations.get(id) ?? { id, datacenter: '' };
  }

  brokersIn(datacenter: string): NodeId[] {
    return this.setup.brokers.filter((broker) => broker.datacenter === datacenter).map((broker) => broker.id);
  }

  controllersIn(datacenter: string): NodeId[] {
    return this.#controllers
      .filter((controller) => controller.datacenter === datacenter)
      .map((controller) => controller.id);
  }

  /** Names of all datacenters, in the order brokers and controllers name them. */
  get datacenters(): string[] {
    const all = [...this.setup.brokers, ...this.#controllers];
    return [...new Set(all.map((node) => node.datacenter))];
  }

  /** Runs and is not frozen. */
  isResponsive(id: NodeId): boolean {
    return this.cluster.running.has(id) && !this.frozen.has(id);
  }

  /** The active controller hears this broker, and can commit what follows from it. */
  isHeard(id: NodeId): boolean {
    return this.isResponsive(id) && this.quorum.hears(this.location(id));
  }

  brokersHear(left: NodeId, right: NodeId): boolean {
    return this.network.brokersHear(this.location(left), this.location(right));
  }

  /** Whether the broker's fetches are answered by whom it believes to lead. */
  canFetch(id: NodeId): boolean {
    const follower = this.cluster.broker(id);
    const leader = follower?.believedLeader;
    if (follower === undefined || leader === undefined || leader === NO_LEADER || !follower.isFollowing) return false;
    return this.isResponsive(id) && this.isResponsive(leader) && this.brokersHear(id, leader);
  }

  /** Whether it is the replica's own fault that it misses records, and not that of a leader which is gone. */
  fallsBehind(id: NodeId): boolean {
    if (!this.isResponsive(id) || this.slow.has(id)) return true;
    const leader = this.cluster.broker(id)?.believedLeader;
    return leader !== undefined && leader !== NO_LEADER && this.isResponsive(leader) && !this.brokersHear(id, leader);
  }

  /** A follower keeps up with a leader: it fetches from it, and as fast as records are written. */
  keepsUpWith(id: NodeId, leader: NodeId): boolean {
    return this.canFetch(id) && this.cluster.broker(id)?.believedLeader === leader && !this.slow.has(id);
  }

  /** Whether nothing is left that a follower would cut off its log: the leader holds its last record. */
  agreesWithLeader(id: NodeId): boolean {
    const follower = this.cluster.broker(id);
    const last = follower?.log.ids.at(-1);
    const leader = follower?.believedLeader;
    if (last === undefined || leader === undefined) return true;
    return this.cluster.broker(leader)?.log.ids.lastIndexOf(last) !== -1;
  }

  /**
   * Lets followers fetch until nothing more comes of it; returns truncations. A slow replica fetches, but gets nowhere.
   */
  fetchAll(followers: readonly NodeId[]): { readonly replica: NodeId; readonly removed: readonly number[] }[] {
    const truncations: { replica: NodeId; removed: readonly number[] }[] = [];
    // Two rounds without news: one for records, one for the high watermark that the first brought about.
    for (let quiet = 0; quiet < 2; ) {
      const before = this.#progress(followers);
      for (const id of followers) {
        if (!this.canFetch(id)) continue;
        const effect = this.cluster.fetch(id, this.slow.has(id) ? 0 : allRecords);
        const truncated = typeof effect !== 'string' && effect.kind === 'truncated';
        if (truncated) truncations.push({ replica: id, removed: effect.removed });
      }
      quiet = this.#progress(followers) === before ? quiet + 1 : 0;
    }
    return truncations;
  }

  /**
   * A record is written with acks=all, and the ISR fetches just until it is acknowledged: once for the record and once more,
   * by which the leader knows. The next leader may have a high watermark below it (`kafka-replication.md` §5.9).
   */
  acknowledgeOne(leader: NodeId): void {
    const { cluster } = this;
    const sent = cluster.produce(leader, -1);
    const leading = cluster.broker(leader)?.leading;
    if (leading === undefined || sent?.reply.kind !== 'appended') return;
    const followers = this.order.filter((id) => leading.maximalIsr.includes(id) && this.keepsUpWith(id, leader));
    for (const id of [...followers, ...followers]) {
      cluster.completeProduces();
      if (cluster.acknowledged.has(sent.record)) return;
      cluster.fetch(id, allRecords);
    }
    cluster.completeProduces();
  }

  /** How far everybody has come, as a key to tell whether anything moved. */
  #progress(followers: readonly NodeId[]): string {
    const parts = followers.map((id) => {
      const log = this.cluster.broker(id)?.log;
      return `${log?.endOffset},${log?.highWatermark},${log?.latestEpoch}`;
    });
    const { leader } = this.cluster.controller.partition;
    return `${parts.join(';')}|${this.cluster.broker(leader)?.log.highWatermark}`;
  }

  /** Whether a loss of power takes records from a log that outlived its process: what a clean stop left is on the disk. */
  losesTail(id: NodeId, lostRecords: number): boolean {
    const stopped = this.stopped.get(id);
    return stopped !== undefined && !stopped.clean && lostRecords > stopped.lostRecords;
  }

  /** The process of a broker ends; if it had before, this may cost the end of its log. */
  stop(id: NodeId, how: StoppedBroker): void {
    const broker = this.cluster.broker(id);
    if (broker === undefined) {
      const stopped = this.stopped.get(id);
      if (stopped !== undefined && this.losesTail(id, how.lostRecords)) this.stopped.set(id, { ...stopped, ...how });
      return;
    }
    this.cluster.stop(id, broker.log.highWatermark);
    this.quorum.stop([id]);
    this.frozen.delete(id);
    this.stopped.set(id, how);
  }
}
