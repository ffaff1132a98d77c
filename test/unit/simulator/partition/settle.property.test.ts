import fc from 'fast-check';
import { expect, it } from 'vitest';
import { size } from '../../../../src/simulator/partition/mask';
import { type Settling, settle, settleExhaustively } from '../../../../src/simulator/partition/settle';
import { createShape, defaultSwitches, type Shape } from '../../../../src/simulator/partition/shape';
import { leaderBit, type PartitionState } from '../../../../src/simulator/partition/state';
import { systemTransitions } from '../../../../src/simulator/partition/transitions';
import {
  healthyWorld,
  type Strike,
  strike,
  votersOfSlots,
  type World,
  worldKey,
} from '../../../../src/simulator/partition/world';

/** Two to six replicas in up to three datacenters, sync replicas first, with up to three controllers of their own. */
const shapes: fc.Arbitrary<Shape> = fc
  .record({
    slots: fc.array(fc.record({ observer: fc.boolean(), datacenter: fc.nat(2), votes: fc.boolean() }), {
      minLength: 2,
      maxLength: 6,
    }),
    minIsr: fc.integer({ min: 1, max: 4 }),
    policy: fc.constantFrom('under-min-isr' as const, 'under-replicated' as const, 'leader-is-observer' as const),
    uncleanElection: fc.boolean(),
    electionOrder: fc.constantFrom('assignment' as const, 'any' as const),
    controllers: fc.boolean(),
    brokerLinkCut: fc.constantFrom('isr-stays' as const, 'leader-shrinks' as const),
    observerLeaderAdmitsAll: fc.constantFrom('leader-is-observer-only' as const, 'every-policy' as const),
  })
  .map(({ slots, controllers, brokerLinkCut, observerLeaderAdmitsAll, ...parts }) => {
    const observers = slots.slice(1).filter(({ observer }) => observer);
    const sync = slots.filter((slot) => !observers.includes(slot));
    return createShape({
      ...parts,
      slots: [...sync, ...observers].map(({ datacenter, votes }, index) => ({
        role: index < sync.length ? 'sync' : 'observer',
        datacenter,
        votes: controllers && votes,
      })),
      datacenterCount: 3,
      placedSyncReplicas: sync.length,
      otherVoters: controllers ? [{ datacenter: 2, dedicated: 2, combined: 1 }] : null,
      switches: {
        ...defaultSwitches,
        brokerLinkCut,
        observers: { ...defaultSwitches.observers, observerLeaderAdmitsAll },
      },
    });
  });

/** Anything that may break or come back. */
const strikes: fc.Arbitrary<Strike> = fc.oneof(
  fc.record({ crash: fc.nat(63) }),
  fc.record({ crash: fc.nat(63), crashVoters: fc.nat(255) }),
  fc.record({ isolate: fc.constantFrom(1, 2, 4) }),
  fc.record({ cut: fc.constantFrom<[number, number]>([0, 1], [1, 2], [0, 2]) }),
  fc.record({ restore: fc.nat(63), restoreVoters: fc.nat(255) }),
  fc.record({ restore: fc.constant(63), restoreVoters: fc.constant(255), heal: fc.constant(true) }),
);

const histories = fc.array(strikes, { minLength: 1, maxLength: 3 });

/** Strikes that name replicas the shape does not have are cut to those it has. */
function fitting(shape: Shape, blow: Strike): Strike {
  // Controllers in a broker's own process die and return with it.
  const voters = ((1 << shape.voterCount) - 1) & ~votersOfSlots(shape, shape.all);
  return {
    ...blow,
    ...(blow.crash === undefined ? {} : { crash: blow.crash & shape.all }),
    ...(blow.restore === undefined ? {} : { restore: blow.restore & shape.all }),
    ...(blow.crashVoters === undefined ? {} : { crashVoters: blow.crashVoters & voters }),
    ...(blow.restoreVoters === undefined ? {} : { restoreVoters: blow.restoreVoters & voters }),
  };
}

/** Every world right after each strike of a history, each settled before the next; at most a few of each are followed. */
function struckWorlds(shape: Shape, history: readonly Strike[]): World[] {
  const struck: World[] = [];
  let settled: World[] = [healthyWorld(shape)];
  for (const blow of history) {
    const next = settled.slice(0, 4).map((world) => strike(shape, world, fitting(shape, blow)));
    struck.push(...next);
    settled = next.flatMap(({ surroundings, state }) =>
      settle(shape, surroundings, state).ends.map((end) => ({ surroundings, state: end.state })),
    );
  }
  return struck;
}

const keyOf = (shape: Shape, { surroundings }: World, state: PartitionState): string =>
  worldKey(shape, { surroundings, state }, shape.alike);

/** What the replicas hold that no longer hear the leader, or the controllers: nobody else is decided by that. */
const withoutCutOffLogs = (world: World, state: PartitionState): PartitionState => {
  const heard = world.surroundings.hears[state.leader] ?? -1;
  return {
    ...state,
    current: state.current & heard & ~state.fenced,
    complete: state.complete & heard & ~state.fenced,
  };
};

/** How many replicas hold all that was acknowledged: the fewest among states that are alike but for logs that are cut off. */
function fewestComplete(shape: Shape, world: World, { ends }: Settling): ReadonlyMap<string, number> {
  const fewest = new Map<string, number>();
  for (const { state } of ends) {
    const key = keyOf(shape, world, withoutCutOffLogs(world, state));
    fewest.set(key, Math.min(fewest.get(key) ?? Number.POSITIVE_INFINITY, size(state.complete)));
  }
  return fewest;
}

/** A replica that is cut off may or may not have fetched a last record before: both are found, or the worse. */
it('ends in the same states whether or not interleavings that make no difference are left out', () => {
  fc.assert(
    fc.property(shapes, histories, (shape, history) => {
      for (const world of struckWorlds(shape, history)) {
        const reduced = settle(shape, world.surroundings, world.state);
        const full = settleExhaustively(shape, world.surroundings, world.state);
        const exactly = new Set(full.ends.map(({ state }) => keyOf(shape, world, state)));
        for (const { state } of reduced.ends) expect(exactly).toContain(keyOf(shape, world, state));
        expect(fewestComplete(shape, world, reduced)).toEqual(fewestComplete(shape, world, full));
      }
    }),
    { numRuns: 300 },
  );
});

it('always ends, and nothing is enabled any more where it ends', () => {
  fc.assert(
    fc.property(shapes, histories, (shape, history) => {
      for (const world of struckWorlds(shape, history)) {
        const { ends, cut } = settle(shape, world.surroundings, world.state);
        expect(cut).toBe(false);
        expect(ends).not.toHaveLength(0);
        for (const { state } of ends) {
          const enabled = systemTransitions.filter(
            (transition) => transition.enabled(shape, world.surroundings, state) !== 0,
          );
          expect(enabled.map(({ name }) => name)).toEqual([]);
        }
      }
    }),
  );
});

it('keeps the leader in the ISR, the ISR never empty, and fenced brokers out of it while somebody leads', () => {
  fc.assert(
    fc.property(shapes, histories, (shape, history) => {
      for (const world of struckWorlds(shape, history)) {
        for (const { path } of settle(shape, world.surroundings, world.state).ends) {
          for (const { state } of path) {
            expect(state.inSync).not.toBe(0);
            expect(leaderBit(state) & ~state.inSync).toBe(0);
            if (state.leader >= 0) expect(state.inSync & state.fenced).toBe(0);
          }
        }
      }
    }),
  );
});

it('loses no acknowledged record without an unclean election', () => {
  fc.assert(
    fc.property(shapes, histories, (shape, history) => {
      fc.pre(!shape.uncleanElection);
      for (const world of struckWorlds(shape, history)) {
        for (const { path } of settle(shape, world.surroundings, world.state).ends) {
          for (const { state } of path) {
            expect(state.complete).not.toBe(0);
            if (state.leader >= 0) expect(leaderBit(state) & ~state.complete).toBe(0);
          }
        }
      }
    }),
  );
});
