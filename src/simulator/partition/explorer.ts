import type { Bounds, Exploration, ExplorationResult, Progress } from './exploration';
import { breadthFirst } from './explorerBreadthFirst';
import type { ExplorerModel } from './explorerModel';
import { maxExplorableReplicas } from './explorerPacking';
import type { Property } from './properties';

/** Some twenty seconds of work, taken in slices, and 150 megabytes: see `docs/performance.md` for what that decides. */
export const defaultBounds: Bounds = { statesMax: 5_000_000, depthMax: 1_000 };

export interface ExplorerOptions {
  readonly bounds?: Partial<Bounds>;
  /** Whether one state stands for all that differ from it by an exchange of interchangeable replicas. Default: yes. */
  readonly symmetry?: boolean;
}

/** States per slice: a millisecond or two, so that a slice stays under 20 ms on a slow or busy machine too. */
export const statesPerSlice = 512;

/**
 * Takes every enabled move in every order from the model's start, breadth first, and checks the properties in every state.
 * The first violation found is therefore one of the nearest. Deterministic: equal inputs give equal results.
 */
export function explore(
  model: ExplorerModel,
  properties: readonly Property[],
  options: ExplorerOptions = {},
): Exploration {
  if (model.shape.slotCount > maxExplorableReplicas) return tooManyReplicas();
  return breadthFirst(model, properties, { ...defaultBounds, ...options.bounds }, options.symmetry ?? true);
}

/** Explores to the end in one go. For tests, benchmarks and the command line; the editor takes slices. */
export function exploreAll(
  model: ExplorerModel,
  properties: readonly Property[] = [],
  options: ExplorerOptions = {},
): ExplorationResult {
  const exploration = explore(model, properties, options);
  for (;;) {
    const result = exploration.step(statesPerSlice);
    if (result !== null) return result;
  }
}

function tooManyReplicas(): Exploration {
  const progress: Progress = { states: 0, transitions: 0, depth: 0 };
  return {
    progress: () => progress,
    step: () => ({ ...progress, kind: 'bound-hit', bound: 'replicas', boundValue: maxExplorableReplicas }),
  };
}
