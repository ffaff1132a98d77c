import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathTimeline, plainNames } from '../../../../src/simulator/partition/counterexample';
import { exploreAll } from '../../../../src/simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../../../../src/simulator/partition/explorerFaults';
import type { ExplorerModel } from '../../../../src/simulator/partition/explorerModel';
import { settledModel } from '../../../../src/simulator/partition/explorerSettled';
import {
  leaderIsInIsr,
  noAcknowledgedWriteIsLost,
  type Property,
  promotedObserverLeaves,
  writesComeBack,
} from '../../../../src/simulator/partition/properties';
import type { Timeline, TimelineStep } from '../../../../src/simulator/timeline';
import { keyOf, type Node, nodesAfter } from './reference';
import { shapeOf } from './shapes';
import { broken } from './verdicts';

/*
 * What the explorer says against what it says of itself: a counterexample is one of the shortest there are, and its printed
 * form is enough to walk it again. Both are checked with the plain search of `reference.ts`, which knows no packed states.
 */

/** The four properties that are promised, and a model in which each can fail. */
const properties = [
  noAcknowledgedWriteIsLost,
  writesComeBack(1),
  leaderIsInIsr,
  promotedObserverLeaves,
] as const satisfies readonly Property[];

const models = fc
  .record({
    sync: fc.constantFrom([2, 1], [1, 1, 1], [3, 0], [1, 1]),
    observers: fc.constantFrom([0, 0], [0, 1], [1, 1]),
    minIsr: fc.integer({ min: 1, max: 4 }),
    uncleanElection: fc.boolean(),
    eligibleLeaderReplicas: fc.boolean(),
    order: fc.constantFrom('any' as const, 'assignment' as const),
    controllers: fc.constantFrom([1, 1, 1], [2, 1]),
    budget: fc.constantFrom<Partial<FaultBudget>>(
      { datacentersLostMax: 1 },
      { datacentersLostMax: 1, uncleanCommands: true },
      { brokersDownMax: 2 },
      { brokersDownMax: 1, repairs: true },
      { brokersDownMax: 2, lossyReturnsMax: 1 },
      { linksCutMax: 1, brokersDownMax: 1 },
    ),
    /** A fencing that elects nobody leaves the leader outside the ISR. */
    fencesOnly: fc.boolean(),
  })
  .map(({ sync, observers, budget, eligibleLeaderReplicas, fencesOnly, ...options }) => {
    const shape = shapeOf(sync, observers, { ...options, switches: { eligibleLeaderReplicas } });
    const model = settledModel(shape, { ...noFaults, ...budget });
    if (!fencesOnly) return model;
    return broken(model, 'fenceBroker', {
      apply: (_shape, state, slot) => {
        state.fenced |= 1 << slot;
        state.inSync &= ~(1 << slot);
      },
    });
  });

const statesMax = 4_000;

const isSettled = (model: ExplorerModel, node: Node): boolean =>
  model.moves.every(
    (move) => (move.actor !== 'controller' && move.actor !== 'leader') || nodesAfter(model, node, move).length === 0,
  );

/** How many moves the nearest violation is away; `null` if there is none; `undefined` if there are too many states to say. */
function nearestViolation(model: ExplorerModel, property: Property): number | null | undefined {
  const start: Node = { state: model.start, environment: model.environment };
  const seen = new Set([keyOf(start)]);
  let layer: Node[] = [start];
  for (let depth = 0; layer.length > 0; depth++) {
    const violates = ({ state, environment }: Node, node: Node): boolean =>
      !property.holds(model.shape, environment, state, isSettled(model, node));
    if (layer.some((node) => violates(node, node))) return depth;
    const next: Node[] = [];
    for (const node of layer) {
      for (const [, after] of model.moves.flatMap((move) => nodesAfter(model, node, move))) {
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(after);
      }
    }
    if (seen.size > statesMax) return undefined;
    layer = next;
  }
  return null;
}

/** Walks a printed timeline from the start: every node whose step, printed, reads the same. */
function walk(model: ExplorerModel, { scenario, steps }: Timeline): readonly Node[] {
  const names = plainNames(model.shape);
  const printed = (from: Node, move: ExplorerModel['moves'][number], member: number, to: Node): string => {
    const at: ExplorerModel = { ...model, start: from.state, environment: from.environment };
    const told = pathTimeline(at, [{ move, member, ...to }], names, scenario).steps[1];
    return JSON.stringify(told);
  };
  return steps.slice(1).reduce<readonly Node[]>(
    (nodes, step: TimelineStep) => {
      const wanted = JSON.stringify(step);
      const found = nodes.flatMap((node) =>
        model.moves.flatMap((move) =>
          nodesAfter(model, node, move).flatMap(([member, after]) =>
            printed(node, move, member, after) === wanted ? [after] : [],
          ),
        ),
      );
      return [...new Map(found.map((node) => [keyOf(node), node])).values()];
    },
    [{ state: model.start, environment: model.environment }],
  );
}

const parameters = { seed: 20_261_122, numRuns: 60 };

describe('whatever the shape, the faults and the property', () => {
  it('a counterexample is one of the shortest, and nothing is proved that a plain search refutes', () => {
    fc.assert(
      fc.property(models, fc.constantFrom(...properties), fc.boolean(), (model, property, symmetry) => {
        const nearest = nearestViolation(model, property);
        fc.pre(nearest !== undefined);
        const result = exploreAll(model, [property], { symmetry });
        expect(result.kind === 'counterexample' ? result.path.length : result.kind).toBe(nearest ?? 'proved');
      }),
      parameters,
    );
  });

  it('a printed counterexample, walked again from its print alone, ends where the property is violated', () => {
    fc.assert(
      fc.property(models, fc.constantFrom(...properties), (model, property) => {
        const result = exploreAll(model, [property], { bounds: { statesMax: 20_000 } });
        fc.pre(result.kind === 'counterexample');
        const print = JSON.stringify(pathTimeline(model, result.path, plainNames(model.shape), property.name));
        const ends = walk(model, JSON.parse(print));
        const last = result.path.at(-1);
        const end = last ?? { state: model.start, environment: model.environment };
        expect(ends.map(keyOf)).toContain(keyOf(end));
        const violated = ends.filter(
          (node) => !property.holds(model.shape, node.environment, node.state, isSettled(model, node)),
        );
        expect(violated.map(keyOf)).toContain(keyOf(end));
      }),
      parameters,
    );
  });

  it('the same input gives the same bytes', () => {
    fc.assert(
      fc.property(models, fc.constantFrom(...properties), (model, property) => {
        const bytes = (): string => {
          const result = exploreAll(model, [property], { bounds: { statesMax: 5_000 } });
          const path = result.kind === 'counterexample' ? result.path : [];
          return JSON.stringify([
            result.kind,
            result.states,
            result.transitions,
            pathTimeline(model, path, plainNames(model.shape), property.name),
          ]);
        };
        expect(bytes()).toBe(bytes());
      }),
      { ...parameters, numRuns: 30 },
    );
  });

  it('gets somewhere: each of the four properties is refuted, and proved', () => {
    const kinds = new Set<string>();
    for (const model of fc.sample(models, { seed: parameters.seed, numRuns: 60 })) {
      for (const property of properties) {
        kinds.add(`${property.name} ${exploreAll(model, [property], { bounds: { statesMax: 20_000 } }).kind}`);
      }
    }
    for (const { name } of properties) {
      expect(kinds).toContain(`${name} counterexample`);
      expect(kinds).toContain(`${name} proved`);
    }
  });
});
