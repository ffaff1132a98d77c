import type { ObserverPromotionPolicy } from '../../../../src/kafka/placement';
import { members } from '../../../../src/simulator/partition/mask';
import { settle } from '../../../../src/simulator/partition/settle';
import {
  createShape,
  defaultSwitches,
  type Shape,
  type Slot,
  type Switches,
} from '../../../../src/simulator/partition/shape';
import type { PartitionState } from '../../../../src/simulator/partition/state';
import { type Strike, strike, type World } from '../../../../src/simulator/partition/world';

export interface ShapeOptions {
  readonly minIsr?: number;
  readonly policy?: ObserverPromotionPolicy;
  readonly uncleanElection?: boolean;
  readonly order?: 'assignment' | 'any';
  /** Dedicated controllers per datacenter. */
  readonly controllers?: readonly number[];
  /** Whether each broker with a replica is a controller too. */
  readonly combined?: boolean;
  readonly switches?: Partial<Switches>;
}

/** Sync replicas and observers per datacenter, sync replicas first in the assignment: `shapeOf([2, 2], [1, 1])`. */
export function shapeOf(sync: readonly number[], observers: readonly number[], options: ShapeOptions = {}): Shape {
  const slotsOf = (counts: readonly number[], role: Slot['role']): Slot[] =>
    counts.flatMap((count, datacenter) =>
      Array.from({ length: count }, () => ({ role, datacenter, votes: options.combined ?? false })),
    );
  const slots = [...slotsOf(sync, 'sync'), ...slotsOf(observers, 'observer')];
  return createShape({
    slots,
    datacenterCount: Math.max(sync.length, observers.length, options.controllers?.length ?? 0),
    minIsr: options.minIsr ?? 1,
    policy: options.policy ?? 'under-min-isr',
    placedSyncReplicas: sync.reduce((sum, count) => sum + count, 0),
    uncleanElection: options.uncleanElection ?? false,
    electionOrder: options.order ?? 'assignment',
    otherVoters:
      options.controllers?.map((dedicated, datacenter) => ({ datacenter, dedicated, combined: 0 })) ??
      (options.combined ? [] : null),
    switches: { ...defaultSwitches, ...options.switches },
  });
}

/** Strikes, one after another, each settled before the next; every world that can come of it. */
export function settledAfter(shape: Shape, start: World, ...strikes: readonly Strike[]): World[] {
  return strikes.reduce<World[]>(
    (worlds, blow) =>
      worlds.flatMap((world) => {
        const struck = strike(shape, world, blow);
        const { ends } = settle(shape, struck.surroundings, struck.state);
        return ends.map(({ state }) => ({ state, surroundings: struck.surroundings }));
      }),
    [start],
  );
}

/** A state in a few words: `leader 2 isr 2,3,5`. */
export function words(state: PartitionState): string {
  return `leader ${state.leader < 0 ? 'none' : state.leader} isr ${members(state.inSync).join(',')}`;
}
