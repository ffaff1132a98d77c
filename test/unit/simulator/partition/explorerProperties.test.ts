import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathTimeline, plainNames } from '../../../../src/simulator/partition/counterexample';
import type { ExplorationResult } from '../../../../src/simulator/partition/exploration';
import { type ExplorerOptions, exploreAll } from '../../../../src/simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../../../../src/simulator/partition/explorerFaults';
import type { Move, MoveName } from '../../../../src/simulator/partition/explorerModel';
import { settledModel } from '../../../../src/simulator/partition/explorerSettled';
import { yardstickModel } from '../../../../src/simulator/partition/explorerYardstick';
import { firstMembers } from '../../../../src/simulator/partition/mask';
import {
  invariants,
  isrHoldsEveryAcknowledgedWrite,
  leaderIsInIsr,
  noAcknowledgedWriteIsLost,
  noAcknowledgementUnderMinIsr,
  promotedObserverLeaves,
  writesComeBack,
} from '../../../../src/simulator/partition/properties';
import type { Shape } from '../../../../src/simulator/partition/shape';
import { type Node, nodesAfter } from './reference';
import { shapeOf } from './shapes';
import { broken, check, verdict } from './verdicts';

describe('acknowledged writes (I10, I11)', () => {
  const shape = (options = {}): Shape => shapeOf([1, 1, 1], [0, 0, 0], { minIsr: 2, order: 'any', ...options });

  it('are never lost while logs are kept, whoever crashes and returns', () => {
    const budget = { brokersDownMax: 3, repairs: true };
    expect(check(shape(), budget, invariants)).toBe('proved');
    expect(check(shape({ switches: { eligibleLeaderReplicas: true } }), budget, invariants)).toBe('proved');
  });

  it('are lost by an unclean election, at the nearest after a write, three deaths and a return', () => {
    const found = check(shape({ uncleanElection: true }), { brokersDownMax: 3, repairs: true }, [
      noAcknowledgedWriteIsLost,
    ]);
    expect(found).toMatch(/^no-acknowledged-write-is-lost: .*appendAcked .*electUncleanLeader \d$/);
  });

  it('are lost when the last replica standing loses the end of its log (no ELR)', () => {
    const budget = { brokersDownMax: 3, repairs: true, lossyReturnsMax: 1 };
    expect(check(shape(), budget, [noAcknowledgedWriteIsLost])).toMatch(
      /brokerReturnsWithoutTail \d, .*electLeader \d$/,
    );
  });

  describe('with eligible leader replicas', () => {
    const withElr = shape({ switches: { eligibleLeaderReplicas: true } });

    it('are kept then, as whoever lost the end of its log is eligible no more', () => {
      const budget = { brokersDownMax: 3, lossyReturnsMax: 1 };
      expect(check(shape(), budget, [noAcknowledgedWriteIsLost])).toMatch(/electLeader \d$/);
      expect(check(withElr, budget, [noAcknowledgedWriteIsLost])).toBe('proved');
    });

    it('are kept however often the others stop in order', () => {
      const budget = { ...noFaults, brokersDownMax: 3, cleanStops: true, repairs: true, lossyReturnsMax: 1 };
      const onlyFirstDies = broken(settledModel(withElr, budget), 'brokerCrashes', {
        enabled: (_shape, _environment, { up }) => up & 1,
      });
      expect(verdict(exploreAll(onlyFirstDies, [noAcknowledgedWriteIsLost]))).toBe('proved');
    });

    it('are lost when as many as min ISR died, and the last known leader, elected for want of others, lost its log', () => {
      const budget = { brokersDownMax: 3, repairs: true, lossyReturnsMax: 1 };
      expect(check(withElr, budget, [noAcknowledgedWriteIsLost])).toMatch(
        /brokerReturnsWithoutTail (\d), unfenceBroker \1, electLastKnownLeader \1$/,
      );
    });
  });

  it('are lost by a person who forces an election while only an observer is left', () => {
    const remote = shapeOf([2, 0], [0, 1], { minIsr: 2 });
    expect(check(remote, { datacentersLostMax: 1 }, [noAcknowledgedWriteIsLost])).toBe('proved');
    expect(check(remote, { datacentersLostMax: 1, uncleanCommands: true }, [noAcknowledgedWriteIsLost])).toBe(
      'no-acknowledged-write-is-lost: appendAcked 0, datacenterIsLost 0, fenceBroker 0, fenceBroker 1, forceUncleanLeader 2',
    );
  });
});

describe('after the loss of any one datacenter', () => {
  const oneLost = { datacentersLostMax: 1 };
  const controllers = [1, 1, 1];

  it('writes come back with an observer to promote', () => {
    const shape = shapeOf([2, 2], [1, 1], { minIsr: 3, order: 'any', controllers });
    expect(check(shape, oneLost, [...invariants, writesComeBack(1)])).toBe('proved');
  });

  it('they do not without observers: two in-sync replicas are fewer than min ISR', () => {
    const shape = shapeOf([2, 2], [0, 0], { minIsr: 3, order: 'any', controllers });
    expect(check(shape, oneLost, [writesComeBack(1)])).toMatch(/^writes-come-back: datacenterIsLost \d, fenceBroker/);
  });

  it('they do not where all sync replicas die at once', () => {
    const shape = shapeOf([3, 0], [0, 2], { minIsr: 2, order: 'any', controllers });
    expect(check(shape, oneLost, [writesComeBack(1)])).toMatch(/^writes-come-back: datacenterIsLost 0, /);
  });

  it('they do not where the quorum goes with it', () => {
    const shape = shapeOf([2, 2], [1, 1], { minIsr: 3, order: 'any', controllers: [2, 1] });
    expect(check(shape, oneLost, [writesComeBack(1)])).toBe('writes-come-back: datacenterIsLost 0');
  });
});

describe('promoted observers', () => {
  const budget = { datacentersLostMax: 1, repairs: true };

  it('are gone once the sync replicas are back', () => {
    expect(check(shapeOf([1, 1], [1, 1], { minIsr: 2 }), budget, [promotedObserverLeaves])).toBe('proved');
  });

  it('stay where min ISR asks for more than there are sync replicas', () => {
    expect(check(shapeOf([1, 1], [1, 0], { minIsr: 3 }), budget, [promotedObserverLeaves])).toBe(
      'promoted-observer-leaves: promoteObserver 2',
    );
  });
});

describe('a rule broken on purpose is noticed, at the least number of moves', () => {
  const shape = shapeOf([1, 1, 1], [0, 0, 0], { minIsr: 2 });
  const model = settledModel(shape, { ...noFaults, brokersDownMax: 3, repairs: true });
  const bad = (name: MoveName, change: Partial<Move>): string =>
    verdict(exploreAll(broken(model, name, change), invariants));

  it('none is broken', () => expect(verdict(exploreAll(model, invariants))).toBe('proved'));

  it('electing any live replica, in the ISR or not', () => {
    const elected = bad('electLeader', {
      enabled: (_shape, _environment, { leader, fenced }) => (leader < 0 ? firstMembers(3) & ~fenced : 0),
    });
    expect(elected).toBe(
      'isr-holds-every-acknowledged-write: brokerCrashes 1, brokerReturns 1, unfenceBroker 1, appendAcked 0, brokerCrashes 0, fenceBroker 0, electLeader 1',
    );
  });

  it('joining the ISR without having caught up', () => {
    const joined = bad('expandIsr', {
      enabled: (_shape, _environment, { up, fenced, inSync }) => up & ~fenced & ~inSync,
    });
    // A follower dies and registers anew, which takes it out of the ISR; it misses a record, and joins all the same.
    expect(joined).toBe(
      'isr-holds-every-acknowledged-write: brokerCrashes 1, brokerReturns 1, unfenceBroker 1, appendAcked 0, expandIsr 1',
    );
  });

  it('acknowledging before the whole ISR holds the record', () => {
    const acknowledged = bad('appendAcked', {
      apply: (_shape, state) => {
        state.complete &= 1 << state.leader;
      },
    });
    expect(acknowledged).toBe('isr-holds-every-acknowledged-write: appendAcked 0');
  });

  it('fencing a broker without electing another: the leader stays outside the ISR', () => {
    const fenced = bad('fenceBroker', {
      apply: (_shape, state, slot) => {
        state.fenced |= 1 << slot;
        state.inSync &= ~(1 << slot);
      },
    });
    expect(fenced).toBe('leader-is-in-isr: brokerCrashes 0, fenceBroker 0');
  });

  it('keeping a promoted observer', () => {
    const observers = settledModel(shapeOf([1, 1], [1, 0], { minIsr: 2 }), {
      ...noFaults,
      brokersDownMax: 1,
      repairs: true,
    });
    const kept = broken(observers, 'demoteObserver', { enabled: () => 0 });
    expect(verdict(exploreAll(observers, [promotedObserverLeaves]))).toBe('proved');
    expect(verdict(exploreAll(kept, [promotedObserverLeaves]))).toBe(
      'promoted-observer-leaves: brokerCrashes 1, brokerReturns 1, unfenceBroker 1, catchUp 1, promoteObserver 2, expandIsr 1',
    );
  });
});

describe('a counterexample', () => {
  const shape = shapeOf([2, 1], [0, 1], { minIsr: 2, uncleanElection: true, order: 'any', controllers: [1, 1, 1] });
  const model = settledModel(shape, { ...noFaults, brokersDownMax: 2, datacentersLostMax: 1, repairs: true });
  const search = (options?: ExplorerOptions): ExplorationResult =>
    exploreAll(model, [noAcknowledgedWriteIsLost], options);

  it('leads through the same states when its moves are taken again', () => {
    for (const symmetry of [true, false]) {
      const result = search({ symmetry });
      if (result.kind !== 'counterexample') throw new Error(result.kind);
      let node: Node = { state: model.start, environment: model.environment };
      for (const { move, member, state, environment } of result.path) {
        const again = nodesAfter(model, node, move).find(([slot]) => slot === member);
        if (again === undefined) throw new Error(`${move.name} ${member} is not enabled`);
        node = again[1];
        expect(node.state).toEqual(state);
        expect(node.environment.conditions).toEqual(environment.conditions);
      }
      expect(noAcknowledgedWriteIsLost.holds(shape, node.environment, node.state, true)).toBe(false);
    }
  });

  it('is as short with symmetry as without', () => {
    const [one, other] = [search({ symmetry: true }), search({ symmetry: false })];
    if (one.kind !== 'counterexample' || other.kind !== 'counterexample') throw new Error('none found');
    expect(one.path.length).toBe(other.path.length);
  });

  it('is told as a timeline, one step for each move', () => {
    const remote = shapeOf([2, 0], [0, 1], { minIsr: 2 });
    const small = settledModel(remote, { ...noFaults, datacentersLostMax: 1, uncleanCommands: true });
    const result = exploreAll(small, [noAcknowledgedWriteIsLost]);
    if (result.kind !== 'counterexample') throw new Error(result.kind);
    const { steps } = pathTimeline(small, result.path, plainNames(remote), result.property.name);
    const line = ({ cause, state }: (typeof steps)[number]): string =>
      `${cause.kind}: leader ${state.leader ?? 'none'} isr ${state.isr} caught up ${state.caughtUp} ${state.produce}`;
    expect(steps.map(line)).toEqual([
      'healthy: leader 1 isr 1,2 caught up 1,2,3 accepted',
      'record-acknowledged: leader 1 isr 1,2 caught up 1,2 accepted',
      'datacenter-lost: leader 1 isr 1,2 caught up  waiting',
      'broker-fenced: leader none isr 2 caught up  offline',
      'broker-fenced: leader none isr 2 caught up  offline',
      'leader-elected: leader 3 isr 3 caught up  refused',
    ]);
  });

  it('has the same bytes each time', () => {
    const bytes = (): string => {
      const result = search();
      const path = result.kind === 'counterexample' ? result.path : [];
      return JSON.stringify(pathTimeline(model, path, plainNames(shape), 'lost'));
    };
    expect(bytes()).toBe(bytes());
  });

  it('is found in the yardstick with unclean election after a write and the loss of the whole ISR', () => {
    const yardstick = yardstickModel({
      syncPerDatacenter: 2,
      observersPerDatacenter: 1,
      minIsr: 3,
      uncleanElection: true,
      countsLosses: true,
    });
    expect(verdict(exploreAll(yardstick, [noAcknowledgedWriteIsLost]))).toBe(
      'no-acknowledged-write-is-lost: appendAcked 0, brokerCrashes 0, brokerCrashes 1, datacenterIsLost 1, electUncleanLeader 4',
    );
  });
});

describe('symmetry does not change verdicts', () => {
  it('whatever the shape, the faults and the property', () => {
    const cases = fc.record({
      replicas: fc.constantFrom(
        [
          [3, 0],
          [0, 2],
        ] as const,
        [
          [2, 2],
          [0, 0],
        ] as const,
        [
          [1, 2],
          [1, 0],
        ] as const,
      ),
      minIsr: fc.integer({ min: 1, max: 3 }),
      uncleanElection: fc.boolean(),
      property: fc.constantFrom(
        noAcknowledgedWriteIsLost,
        leaderIsInIsr,
        isrHoldsEveryAcknowledgedWrite,
        noAcknowledgementUnderMinIsr,
        promotedObserverLeaves,
        writesComeBack(1),
      ),
      budget: fc.constantFrom<Partial<FaultBudget>>(
        { datacentersLostMax: 1 },
        { datacentersLostMax: 1, uncleanCommands: true },
        { brokersDownMax: 1, lossyReturnsMax: 1 },
        { brokersDownMax: 2 },
        { linksCutMax: 1, brokersDownMax: 1 },
        { linksCutMax: 1, repairs: true },
        { controllersDownMax: 2, brokersDownMax: 1 },
      ),
      brokerLinkCut: fc.constantFrom('isr-stays' as const, 'leader-shrinks' as const),
      eligibleLeaderReplicas: fc.boolean(),
      combined: fc.boolean(),
      controllers: fc.constantFrom([1, 1], [1, 1, 1]),
    });
    fc.assert(
      fc.property(cases, ({ replicas: [sync, observers], property, budget, ...drawn }) => {
        const { brokerLinkCut, eligibleLeaderReplicas, ...options } = drawn;
        const switches = { brokerLinkCut, eligibleLeaderReplicas };
        const shape = shapeOf(sync, observers, { ...options, order: 'any', switches });
        const model = settledModel(shape, { ...noFaults, ...budget });
        const bounds = { statesMax: 30_000 };
        const results = [true, false].map((symmetry) => exploreAll(model, [property], { symmetry, bounds }));
        fc.pre(results.every(({ kind }) => kind !== 'bound-hit'));
        const [one, other] = results.map((result) => [
          result.kind,
          result.kind === 'counterexample' ? result.path.length : result.depth,
        ]);
        expect(one).toEqual(other);
      }),
      { numRuns: 40 },
    );
  });
});
