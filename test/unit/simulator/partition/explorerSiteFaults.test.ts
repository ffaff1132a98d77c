import { describe, expect, it } from 'vitest';
import { pathTimeline, plainNames } from '../../../../src/simulator/partition/counterexample';
import type { PathStep } from '../../../../src/simulator/partition/exploration';
import { exploreAll } from '../../../../src/simulator/partition/explorer';
import { noFaults } from '../../../../src/simulator/partition/explorerFaults';
import { settledModel } from '../../../../src/simulator/partition/explorerSettled';
import { invariants, type Property, promotedObserverLeaves } from '../../../../src/simulator/partition/properties';
import type { Shape } from '../../../../src/simulator/partition/shape';
import { acceptsWrites } from '../../../../src/simulator/partition/transitions';
import { nodesAfter } from './reference';
import { shapeOf } from './shapes';
import { check } from './verdicts';

describe('after a link between two datacenters is cut for brokers', () => {
  const shape = (brokerLinkCut: 'isr-stays' | 'leader-shrinks'): Shape =>
    shapeOf([2, 2], [1, 1], { minIsr: 3, order: 'any', controllers: [1, 1, 1], switches: { brokerLinkCut } });
  /** Whenever nothing is left to do, acks=all writes are acknowledged. */
  const writesGoOn: Property = {
    name: 'writes-come-back',
    holds: (one, environment, state, settled) => !settled || acceptsWrites(one, environment, state),
  };

  it('writes stop where the ISR stays as it is', () => {
    expect(check(shape('isr-stays'), { linksCutMax: 1 }, [writesGoOn])).toBe('writes-come-back: linkIsCut 1');
  });

  it('they go on where the leader drops whom it no longer hears and promotes the observer beside it', () => {
    expect(check(shape('leader-shrinks'), { linksCutMax: 1 }, [...invariants, writesGoOn])).toBe('proved');
  });

  it('the ISR is whole again once it is healed', () => {
    const budget = { linksCutMax: 1, repairs: true };
    expect(check(shape('leader-shrinks'), budget, [...invariants, promotedObserverLeaves])).toBe('proved');
  });

  it('it is told as a cut and a healed link, with the names of both ends', () => {
    const model = settledModel(shape('isr-stays'), { ...noFaults, linksCutMax: 1, repairs: true });
    const uncut: Property = { name: 'writes-come-back', holds: (_s, { conditions }) => conditions.cutFrom[0] === 0 };
    const cut = exploreAll(model, [uncut]);
    if (cut.kind !== 'counterexample') throw new Error(cut.kind);
    const { steps } = pathTimeline(model, cut.path, plainNames(model.shape), 'cut');
    expect(steps.map(({ cause }) => cause)).toEqual([
      { kind: 'healthy' },
      { kind: 'link-cut', between: ['A', 'B'], controllers: false },
    ]);
    const [last] = cut.path.slice(-1);
    const heal = model.moves.find(({ name }) => name === 'linkIsHealed');
    if (last === undefined || heal === undefined) throw new Error('a link that is cut can be healed');
    const [healed] = nodesAfter(model, last, heal);
    if (healed === undefined) throw new Error('a link that is cut can be healed');
    const back: PathStep = { move: heal, member: healed[0], ...healed[1] };
    expect(pathTimeline(model, [...cut.path, back], plainNames(model.shape), 'cut').steps[2]?.cause).toEqual({
      kind: 'link-healed',
      between: ['A', 'B'],
    });
  });
});

describe('controllers that die one by one', () => {
  const shape = shapeOf([2, 2], [1, 1], { minIsr: 3, order: 'any', controllers: [1, 1, 1] });
  const quorumStands: Property = { name: 'writes-come-back', holds: (_shape, { quorum }) => quorum };

  it('take the quorum with them once most of them are gone, and no sooner', () => {
    expect(check(shape, { controllersDownMax: 1 }, [quorumStands])).toBe('proved');
    expect(check(shape, { controllersDownMax: 2 }, [quorumStands])).toBe(
      'writes-come-back: controllerCrashes 0, controllerCrashes 1',
    );
  });

  it('count beside those of a lost datacenter', () => {
    expect(check(shape, { controllersDownMax: 1, datacentersLostMax: 1 }, [quorumStands])).toMatch(
      /^writes-come-back: datacenterIsLost (\d), controllerCrashes \d$/,
    );
  });

  it('cost no acknowledged write, whether the quorum is regained or not', () => {
    const budget = { controllersDownMax: 2, brokersDownMax: 1, repairs: true };
    expect(check(shapeOf([1, 1], [1, 0], { minIsr: 2, controllers: [1, 1, 1] }), budget, invariants)).toBe('proved');
  });

  it('are told by name', () => {
    const model = settledModel(shape, { ...noFaults, controllersDownMax: 2 });
    const lost = exploreAll(model, [quorumStands]);
    if (lost.kind !== 'counterexample') throw new Error(lost.kind);
    const { steps } = pathTimeline(model, lost.path, plainNames(shape), 'quorum');
    expect(steps.map(({ cause, state }) => [cause, state.quorum])).toEqual([
      [{ kind: 'healthy' }, true],
      [{ kind: 'controllers-lost', controllers: [101] }, true],
      [{ kind: 'controllers-lost', controllers: [102] }, false],
    ]);
  });
});
