import type { ExplorationResult } from '../../../../src/simulator/partition/exploration';
import { exploreAll } from '../../../../src/simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../../../../src/simulator/partition/explorerFaults';
import type { ExplorerModel, Move, MoveName } from '../../../../src/simulator/partition/explorerModel';
import { settledModel } from '../../../../src/simulator/partition/explorerSettled';
import type { Property } from '../../../../src/simulator/partition/properties';
import type { Shape } from '../../../../src/simulator/partition/shape';

/** `proved`, or the violated property and the moves that lead there. */
export function verdict(result: ExplorationResult): string {
  if (result.kind === 'proved') return 'proved';
  if (result.kind === 'bound-hit') return `${result.bound} bound hit`;
  return `${result.property.name}: ${result.path.map(({ move, member }) => `${move.name} ${member}`).join(', ')}`;
}

export function check(shape: Shape, budget: Partial<FaultBudget>, properties: readonly Property[]): string {
  return verdict(exploreAll(settledModel(shape, { ...noFaults, ...budget }), properties));
}

/** The model with one move replaced: a guard dropped, an effect left out. */
export function broken(model: ExplorerModel, name: MoveName, change: Partial<Move>): ExplorerModel {
  return { ...model, moves: model.moves.map((move) => (move.name === name ? { ...move, ...change } : move)) };
}
