import { breadthFirst } from './explorerBreadthFirst';
import type { Environment, ExplorerModel, Move } from './explorerModel';
import { maxExplorableReplicas } from './explorerPacking';
import type { Property } from './properties';
import type { PartitionState } from './state';

/** What an exploration may not exceed. Hitting a bound is part of its result. */
export interface Bounds {
  readonly statesMax: number;
  /** Moves from the start. */
  readonly depthMax: number;
}

/** A few seconds of work and some tens of megabytes. */
export const defaultBounds: Bounds = { statesMax: 1_000_000, depthMax: 1_000 };

export interface ExplorerOptions {
  readonly bounds?: Partial<Bounds>;
  /** Whether one state stands for all that differ from it by an exchange of interchangeable replicas. Default: yes. */
  readonly symmetry?: boolean;
}

/** How far an exploration has come. */
export interface Progress {
  /** Distinct states found: under symmetry, one for each class. */
  readonly states: number;
  /** States generated: one for each enabled move and replica in each state examined, and the start. */
  readonly transitions: number;
  /** Moves from the start to the states being examined. */
  readonly depth: number;
}

/** One move of a path, and the state it leads to. */
export interface PathStep {
  readonly move: Move;
  /** The replica (or datacenter) it was taken for. */
  readonly member: number;
  readonly state: PartitionState;
  readonly environment: Environment;
}

export type ExplorationResult = Progress &
  (
    | {
        /** Every state that can be reached was examined, and the properties hold in each. */
        readonly kind: 'proved';
      }
    | {
        readonly kind: 'counterexample';
        readonly property: Property;
        /** A shortest path from the start to a state that violates the property; empty if the start does. */
        readonly path: readonly PathStep[];
      }
    | {
        /** No violation so far, but not every state was examined. */
        readonly kind: 'bound-hit';
        readonly bound: 'states' | 'depth' | 'replicas' | 'environments';
        readonly boundValue: number;
      }
  );

/** An exploration that is taken forward slice by slice. To cancel it, stop stepping. */
export interface Exploration {
  readonly progress: () => Progress;
  /** Examines up to `statesMax` further states. Returns the result once there is one, and again whenever asked after that. */
  readonly step: (statesMax: number) => ExplorationResult | null;
}

/** States per slice that keep a slice well under 20 ms. */
export const statesPerSlice = 2048;

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
