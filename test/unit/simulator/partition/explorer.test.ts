import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExplorerOptions, explore, exploreAll } from '../../../../src/simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../../../../src/simulator/partition/explorerFaults';
import type { ExplorerModel } from '../../../../src/simulator/partition/explorerModel';
import { settledModel } from '../../../../src/simulator/partition/explorerSettled';
import { yardstickModel } from '../../../../src/simulator/partition/explorerYardstick';
import { bit, firstMembers, members } from '../../../../src/simulator/partition/mask';
import { leaderIsInIsr, noAcknowledgedWriteIsLost } from '../../../../src/simulator/partition/properties';
import type { Shape } from '../../../../src/simulator/partition/shape';
import { describedYardstick, keyOf, type Node, reach } from './reference';
import { shapeOf } from './shapes';

const yardstick = (syncPerDatacenter: number, observersPerDatacenter: number, minIsr: number): ExplorerModel =>
  yardstickModel({ syncPerDatacenter, observersPerDatacenter, minIsr });

const counts = (model: ExplorerModel, symmetry: boolean): readonly [string, number, number] => {
  const { kind, states, transitions } = exploreAll(model, [], { symmetry });
  return [kind, states, transitions];
};

describe('the yardstick that other model checkers were measured with', () => {
  it('has 128,384 states, and generates 1,436,669', () => {
    expect(counts(yardstick(2, 1, 3), false)).toEqual(['proved', 128_384, 1_436_669]);
  });

  it('has 40,264 classes of states', () => {
    expect(counts(yardstick(2, 1, 3), true).slice(0, 2)).toEqual(['proved', 40_264]);
  });

  it('has 325,456 classes with a third sync replica in each datacenter', () => {
    expect(counts(yardstick(3, 1, 4), true).slice(0, 2)).toEqual(['proved', 325_456]);
  }, 30_000);

  it.each([
    [1, 0, 1],
    [1, 0, 2],
    [1, 1, 1],
    [1, 1, 2],
    [1, 1, 3],
    [2, 0, 2],
    [2, 0, 3],
  ])('with %i sync replicas, %i observers and min ISR %i is as its description says', (sync, observers, minIsr) => {
    const [, states, transitions] = counts(yardstick(sync, observers, minIsr), false);
    expect([states, transitions]).toEqual(describedYardstick(sync, observers, minIsr));
  });
});

type PerDatacenter = readonly number[];

const fewReplicas: readonly (readonly [PerDatacenter, PerDatacenter])[] = [
  [
    [2, 0],
    [0, 1],
  ],
  [
    [1, 1],
    [0, 0],
  ],
  [
    [1, 1],
    [1, 0],
  ],
  [
    [2, 1],
    [0, 1],
  ],
  [
    [1, 1, 1],
    [0, 0],
  ],
];

/** Apart from the preferred leader, two replicas of a kind. */
const alikeReplicas: readonly (readonly [PerDatacenter, PerDatacenter])[] = [
  [
    [3, 0],
    [0, 1],
  ],
  [
    [1, 2],
    [0, 0],
  ],
  [
    [1, 0],
    [0, 2],
  ],
  [
    [2, 0],
    [0, 2],
  ],
  [
    [1, 2],
    [1, 0],
  ],
  [
    [4, 0],
    [0, 0],
  ],
];

/** Small shapes with a budget, whose states a plain search can count. */
const smallModels = (replicas: typeof fewReplicas): fc.Arbitrary<ExplorerModel> =>
  fc
    .record({
      replicas: fc.constantFrom(...replicas),
      minIsr: fc.integer({ min: 1, max: 3 }),
      policy: fc.constantFrom('under-min-isr' as const, 'under-replicated' as const, 'leader-is-observer' as const),
      uncleanElection: fc.boolean(),
      order: fc.constantFrom('assignment' as const, 'any' as const),
      controllers: fc.constantFrom(undefined, [1, 1, 1]),
      combined: fc.boolean(),
      eligibleLeaderReplicas: fc.boolean(),
      brokerLinkCut: fc.constantFrom('isr-stays' as const, 'leader-shrinks' as const),
      budget: fc.constantFrom<Partial<FaultBudget>>(
        { datacentersLostMax: 1 },
        { datacentersLostMax: 1, repairs: true },
        { brokersDownMax: 1, cleanStops: true },
        { brokersDownMax: 2, uncleanCommands: true },
        { brokersDownMax: 1, lossyReturnsMax: 1 },
        { datacentersIsolatedMax: 1, brokersDownMax: 1 },
        { linksCutMax: 2, repairs: true },
        { linksCutMax: 1, brokersDownMax: 1 },
        { controllersDownMax: 2, brokersDownMax: 1 },
        { brokersDownMax: 1, cleanStops: true, repairs: true },
      ),
    })
    .map(({ replicas: [sync, observers], budget, controllers, eligibleLeaderReplicas, brokerLinkCut, ...rest }) =>
      settledModel(
        shapeOf(sync, observers, {
          ...rest,
          ...(controllers === undefined ? {} : { controllers }),
          switches: { eligibleLeaderReplicas, brokerLinkCut },
        }),
        { ...noFaults, ...budget },
      ),
    );

/** Leaves the largest to the explorer: a plain search is slow. */
function assumeSmall(model: ExplorerModel): void {
  fc.pre(exploreAll(model, [], { symmetry: false, bounds: { statesMax: 3_000 } }).kind === 'proved');
}

describe('the explorer finds what a plain search finds', () => {
  it('as many states and transitions, as deep', () => {
    fc.assert(
      fc.property(smallModels(fewReplicas), (model) => {
        assumeSmall(model);
        const { nodes, generated, depth } = reach(model);
        expect(exploreAll(model, [], { symmetry: false })).toEqual({
          kind: 'proved',
          states: nodes.size,
          transitions: generated,
          depth,
        });
      }),
      { numRuns: 25 },
    );
  });

  it('as many classes, when interchangeable replicas are exchanged in every way', () => {
    fc.assert(
      fc.property(smallModels(alikeReplicas), (model) => {
        assumeSmall(model);
        const classes = new Set([...reach(model).nodes.values()].map((node) => representative(model, node)));
        expect(exploreAll(model).states).toBe(classes.size);
      }),
      { numRuns: 25 },
    );
  });
});

/** The least key of all that a node becomes when interchangeable replicas are exchanged. */
function representative(model: ExplorerModel, node: Node): string {
  const keys = model.interchangeable.reduce<Node[]>(
    (nodes, group) =>
      permutations(members(group)).flatMap((order) =>
        nodes.map((one) => renamed(model.shape, one, members(group), order)),
      ),
    [node],
  );
  return keys.map(keyOf).sort()[0] ?? '';
}

function permutations(list: readonly number[]): number[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((item) => permutations(list.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

function renamed(shape: Shape, { state, environment }: Node, from: readonly number[], to: readonly number[]): Node {
  const slot = (old: number): number => to[from.indexOf(old)] ?? old;
  const set = (mask: number): number => members(mask).reduce((renamedMask, old) => renamedMask | bit(slot(old)), 0);
  // A controller in a broker's process goes where the broker goes.
  const voters = shape.voterOfSlot.reduce((mask, voter, old) => {
    const stands = voter >= 0 && (environment.conditions.voters & bit(voter)) !== 0;
    const there = bit(shape.voterOfSlot[slot(old)] ?? -1);
    return stands ? mask | there : mask & ~there;
  }, environment.conditions.voters);
  return {
    environment: { ...environment, conditions: { ...environment.conditions, voters } },
    state: {
      up: set(state.up),
      fenced: set(state.fenced),
      inSync: set(state.inSync),
      current: set(state.current),
      complete: set(state.complete),
      eligible: set(state.eligible),
      lastKnownElr: set(state.lastKnownElr),
      stoppedCleanly: set(state.stoppedCleanly),
      leader: slot(state.leader),
    },
  };
}

describe('an exploration in slices', () => {
  const model = yardstick(1, 1, 2);

  it('comes to the same result however it is cut', () => {
    const whole = exploreAll(model);
    for (const slice of [1, 7, 1000]) {
      const exploration = explore(model, []);
      let result = exploration.step(slice);
      while (result === null) result = exploration.step(slice);
      expect(result).toEqual(whole);
    }
  });

  it('examines no more states than it is given', () => {
    const exploration = explore(model, [], { symmetry: false });
    expect(exploration.step(1)).toBeNull();
    // The start leads to four crashes, two losses of a datacenter, and a write.
    expect(exploration.progress()).toEqual({ states: 1 + 4 + 2 + 1, transitions: 1 + 4 + 2 + 1, depth: 0 });
  });

  it('keeps its result', () => {
    const exploration = explore(model, []);
    const result = exploration.step(Number.POSITIVE_INFINITY);
    expect(result?.kind).toBe('proved');
    expect(exploration.step(1)).toBe(result);
  });
});

describe('a bound that is hit is told', () => {
  const bounded = (options: ExplorerOptions): unknown => {
    const result = exploreAll(yardstick(1, 1, 2), [noAcknowledgedWriteIsLost], options);
    return result.kind === 'bound-hit' ? [result.bound, result.boundValue, result.depth] : result.kind;
  };

  it('states', () => expect(bounded({ bounds: { statesMax: 100 } })).toEqual(['states', 100, 3]));

  it('depth', () => expect(bounded({ bounds: { depthMax: 3 } })).toEqual(['depth', 3, 3]));

  it('none, if it is just enough', () => {
    const { states, depth } = exploreAll(yardstick(1, 1, 2));
    expect(bounded({ bounds: { statesMax: states, depthMax: depth } })).toBe('proved');
  });

  it('replicas', () => {
    const wide = settledModel(shapeOf([8, 8], [0, 0]), { ...noFaults, brokersDownMax: 1 });
    expect(exploreAll(wide)).toMatchObject({ kind: 'bound-hit', bound: 'replicas', boundValue: 15, states: 0 });
  });

  it('and eleven replicas, whose states take several words, are still explored', () => {
    const wide = settledModel(shapeOf([4, 4], [2, 1], { minIsr: 3, order: 'any' }), {
      ...noFaults,
      datacentersLostMax: 1,
    });
    expect(exploreAll(wide, [leaderIsInIsr]).kind).toBe('proved');
    expect(wide.start.up).toBe(firstMembers(11));
  });
});
