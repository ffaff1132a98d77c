import type { NodeId } from '../../../kafka/cluster';
import type { ProduceState } from '../../timeline';
import type { RecordId } from '../log';
import { NO_LEADER } from '../partition';
import type { World } from './world';

/** What a consumer at the end of the log meets. */
export type ReadState =
  /** New records come. */
  | 'continue'
  /** Served, but the high watermark stands: new records stay invisible. */
  | 'frozen'
  /** Served, but even acknowledged records are above the high watermark of a leader that took over with an older one. */
  | 'acknowledged-hidden'
  /** Nobody serves. */
  | 'offline';

/** Why acks=all writes are not accepted. */
export type BlockedReason =
  /** Metadata names no leader. */
  | { readonly kind: 'no-leader' }
  /** The leader that metadata names does not answer, and is not replaced yet. */
  | { readonly kind: 'leader-not-answering'; readonly leader: NodeId }
  /** NOT_ENOUGH_REPLICAS. */
  | { readonly kind: 'under-min-isr'; readonly isr: number; readonly minIsr: number }
  /** Admitted; these replicas of the ISR do not fetch it. */
  | { readonly kind: 'isr-not-answering'; readonly replicas: readonly NodeId[] };

/** What a steady producer and a consumer at the log's end meet at one moment. */
export interface ClientView {
  /** acks=all. */
  readonly produce: ProduceState;
  readonly blocked: BlockedReason | null;
  /** acks=1, or acks=0. */
  readonly produceToLeader: 'accepted' | 'offline';
  readonly read: ReadState;
  /** Whether a client reads every record it was told is written: acknowledged with acks=all and below the high watermark. */
  readonly readsOwnWrites: boolean;
}

/**
 * A producer and a consumer that reach every broker that runs. Each look writes one record with acks=all and one with
 * acks=1 to the leader of the newest metadata any broker has, as a steady producer would have at that moment.
 */
export class SteadyClient {
  readonly #world: World;
  #view: ClientView;
  /** The acks=all record of the last look, while nobody has acknowledged it. */
  #waiting: RecordId | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#view = unserved('offline', { kind: 'no-leader' });
  }

  get view(): ClientView {
    return this.#view;
  }

  /** Writes and reads now. */
  look(): ClientView {
    this.#waiting = undefined;
    this.#view = this.#lookAt(newestLeader(this.#world));
    return this.#view;
  }

  /** Sees whether the record that waited has been acknowledged since, without writing another. */
  review(): ClientView {
    if (this.#waiting !== undefined && this.#world.cluster.acknowledged.has(this.#waiting)) return this.look();
    return this.#view;
  }

  #lookAt(leader: NodeId): ClientView {
    const world = this.#world;
    if (leader === NO_LEADER) return unserved('offline', { kind: 'no-leader' });
    const leading = world.isResponsive(leader) ? world.cluster.broker(leader)?.leading : undefined;
    if (leading === undefined) return unserved('waiting', { kind: 'leader-not-answering', leader });

    const sent = world.cluster.produce(leader, -1);
    const admitted = sent !== undefined && sent.reply.kind === 'appended';
    world.cluster.produce(leader, 1);
    // Members of the ISR fetch at once where records wait for them; whoever would join does so at its own time.
    world.fetchAll(world.order.filter((id) => leading.isr.includes(id)));
    world.cluster.completeProduces();
    const readsOwnWrites = !hidesAcknowledged(world, leader);
    const read = readsOwnWrites ? 'frozen' : 'acknowledged-hidden';
    const served = { produceToLeader: 'accepted', readsOwnWrites } as const;
    if (!admitted) {
      const blocked = { kind: 'under-min-isr', isr: leading.isr.length, minIsr: leading.effectiveMinIsr } as const;
      // Before 3.7 the high watermark goes on under min ISR, so acks=1 records are seen.
      const isFrozen = world.setup.rules.freezeHighWatermarkUnderMinIsr || !readsOwnWrites;
      return { ...served, produce: 'refused', blocked, read: isFrozen ? read : 'continue' };
    }
    const replicas = leading.maximalIsr.filter((id) => id !== leader && !world.keepsUpWith(id, leader));
    const acknowledged = world.cluster.acknowledged.has(sent.record);
    if (acknowledged || (replicas.length === 0 && !leading.isUnderMinIsr)) {
      // What still waits then waits for a caught-up replica outside the ISR, whose fetch is on its way.
      return { ...served, readsOwnWrites: true, produce: 'accepted', blocked: null, read: 'continue' };
    }
    this.#waiting = sent.record;
    return { ...served, produce: 'waiting', blocked: { kind: 'isr-not-answering', replicas }, read };
  }
}

function unserved(produce: 'waiting' | 'offline', blocked: BlockedReason): ClientView {
  return { produce, blocked, produceToLeader: 'offline', read: 'offline', readsOwnWrites: false };
}

function hidesAcknowledged(world: World, leader: NodeId): boolean {
  const log = world.cluster.broker(leader)?.log;
  if (log === undefined) return false;
  const { acknowledged } = world.cluster;
  return log.ids.slice(log.highWatermark).some((record) => acknowledged.get(record) === -1);
}

/** The leader in the newest metadata that any running broker has; the controller's own where none runs. */
function newestLeader(world: World): NodeId {
  let newest: { leader: NodeId; leaderEpoch: number; partitionEpoch: number } | undefined;
  for (const [id, broker] of world.cluster.running) {
    const { believedLeader, leaderEpoch, partitionEpoch } = broker;
    if (believedLeader === undefined || !world.isResponsive(id)) continue;
    const isNewer =
      newest === undefined ||
      leaderEpoch > newest.leaderEpoch ||
      (leaderEpoch === newest.leaderEpoch && partitionEpoch > newest.partitionEpoch);
    if (isNewer) newest = { leader: believedLeader, leaderEpoch, partitionEpoch };
  }
  return newest?.leader ?? world.cluster.controller.partition.leader;
}

/** Whether two views tell a person the same. */
export function sameView(left: ClientView, right: ClientView): boolean {
  return (
    left.produce === right.produce &&
    left.produceToLeader === right.produceToLeader &&
    left.read === right.read &&
    left.readsOwnWrites === right.readsOwnWrites &&
    JSON.stringify(left.blocked) === JSON.stringify(right.blocked)
  );
}
