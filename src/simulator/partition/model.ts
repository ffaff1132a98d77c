import type { Kinds } from './kinds';
import { type Settled, settle } from './settle';
import { createShape, type Shape } from './shape';
import { type World, worldKey } from './world';

/** A shape, ready to be played with: how it settles, and which of its worlds are the same. */
export interface PartitionModel {
  readonly shape: Shape;
  /** Replicas that are not told apart. */
  readonly kinds: Kinds;
  /** Every way the world may settle by itself, each with its path. */
  readonly settle: (world: World) => readonly Settled[];
  /** Equal for worlds that differ only in the names of interchangeable replicas. */
  readonly key: (world: World) => string;
  /** The same partition with another `min.insync.replicas`, as after a change of the topic's configuration. */
  readonly withMinIsr: (minIsr: number) => PartitionModel;
  /** Distinct states looked at so far. */
  readonly examined: () => number;
  /** Whether a bound on one settling was hit, so that some way of settling may be missing. */
  readonly cut: () => boolean;
}

export function createModel(shape: Shape, kinds: Kinds): PartitionModel {
  const variants: PartitionModel[] = [];
  let examined = 0;
  let cut = false;
  return {
    shape,
    kinds,
    settle: (world) => {
      const settling = settle(shape, world.surroundings, world.state, kinds);
      examined += settling.examined;
      cut ||= settling.cut;
      return settling.ends;
    },
    key: (world) => worldKey(shape, world, kinds),
    withMinIsr: (minIsr) => {
      const known = variants.find((variant) => variant.shape.minIsr === minIsr);
      if (known !== undefined) return known;
      const variant = createModel(createShape({ ...shape, minIsr }), kinds);
      variants.push(variant);
      return variant;
    },
    examined: () => variants.reduce((sum, variant) => sum + variant.examined(), examined),
    cut: () => cut || variants.some((variant) => variant.cut()),
  };
}
