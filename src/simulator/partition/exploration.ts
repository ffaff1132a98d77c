import type { Environment, Move } from './explorerModel';
import type { Property } from './properties';
import type { PartitionState } from './state';

/** What an exploration may not exceed. Hitting a bound is part of its result. */
export interface Bounds {
  readonly statesMax: number;
  /** Moves from the start. */
  readonly depthMax: number;
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
