import type { PathStep } from './exploration';
import type { EnvironmentTable } from './explorerEnvironments';
import type { Environment, ExplorerModel } from './explorerModel';
import type { Packing } from './explorerPacking';
import { bit, members } from './mask';
import type { MutableState, PartitionState } from './state';
import type { Canonicalise } from './symmetry';
import type { Visited } from './visited';

/** An exploration, as far as paths are looked for in it. */
export interface Explored {
  readonly model: ExplorerModel;
  readonly packing: Packing;
  readonly canonicalise: Canonicalise | null;
  readonly environments: EnvironmentTable;
  readonly visited: Visited;
  /** Block → how many states had been found before the first state of that block was examined. */
  readonly foundBefore: readonly number[];
}

/** States per block: as many are searched for the predecessor of one. */
export const blockLength = 16;

/**
 * A shortest path from the start to a state that was found. No predecessors are stored. States are found in the order in
 * which their predecessors are examined, so the one by which a state was found stands in a block that is known, and is the
 * first of it that leads there. Under symmetry the chain consists of representatives: it is then walked again from the
 * start, in the states that really follow each other.
 */
export function shortestPath(explored: Explored, index: number): readonly PathStep[] {
  const chain: number[] = [];
  for (let at = index; at > 0; at = predecessor(explored, at)) chain.push(at);
  const path: PathStep[] = [];
  let state = explored.model.start;
  let environment = explored.model.environment;
  for (const next of chain.reverse()) {
    const step = stepsFrom(explored, state, environment).find((candidate) => leadsTo(explored, candidate, next));
    if (step === undefined) break;
    path.push(step);
    ({ state, environment } = step);
  }
  return path;
}

function predecessor(explored: Explored, index: number): number {
  const block = lastBlockBefore(explored.foundBefore, index);
  for (let candidate = block * blockLength; candidate < index; candidate++) {
    const { state, environment } = stored(explored, candidate);
    if (stepsFrom(explored, state, environment).some((step) => leadsTo(explored, step, index))) return candidate;
  }
  return 0;
}

/** The last block whose first state was examined when the state had not been found yet (binary search). */
function lastBlockBefore(foundBefore: readonly number[], index: number): number {
  let low = 0;
  let high = foundBefore.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((foundBefore[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

function stored(explored: Explored, index: number): { state: PartitionState; environment: Environment } {
  const state: MutableState = { ...explored.model.start };
  const { words, wordCount } = explored.visited;
  const number = explored.packing.unpack(words, index * wordCount, state);
  return { state, environment: explored.environments.at(number) };
}

function leadsTo(explored: Explored, step: PathStep, index: number): boolean {
  const words = new Int32Array(explored.packing.wordCount);
  explored.packing.pack(step.state, explored.environments.numberOf(step.environment), words);
  explored.canonicalise?.(words);
  return words.every((word, at) => word === explored.visited.words[index * words.length + at]);
}

function stepsFrom(explored: Explored, state: PartitionState, environment: Environment): readonly PathStep[] {
  return possibleSteps(explored.model, explored.packing, state, environment);
}

/** Every step that may be taken from a state: the explorer's inner loop, spelled out. */
export function possibleSteps(
  model: ExplorerModel,
  packing: Packing,
  state: PartitionState,
  environment: Environment,
): readonly PathStep[] {
  const { shape } = model;
  const leaderIsUp = (bit(state.leader) & state.up) !== 0;
  return model.moves.flatMap((move) => {
    if (!leaderIsUp && (move.actor === 'leader' || move.actor === 'client')) return [];
    return members(move.enabled(shape, environment, state)).map((member) => {
      const next: MutableState = { ...state };
      move.apply(shape, next, member, environment);
      return {
        move,
        member,
        state: trackedPart(packing, next),
        environment: move.environmentAfter?.(shape, environment, member) ?? environment,
      };
    });
  });
}

/** The state as it is stored: variables that are not tracked have their starting value. */
function trackedPart(packing: Packing, state: MutableState): PartitionState {
  const words = new Int32Array(packing.wordCount);
  packing.pack(state, 0, words);
  packing.unpack(words, 0, state);
  return state;
}
