import type { NodeId } from './cluster';
import type { Fact, Place } from './origin';
import type { Placement } from './placement';

/** One partition as `kafka-topics --describe` prints it; `observers` is a suffix of `replicas`. */
export interface PartitionAssignment {
  readonly partition: number;
  readonly replicas: readonly NodeId[];
  readonly observers: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly leader: NodeId | null;
  /** Replicas whose brokers are down, as far as the text says so: not every broker prints it. */
  readonly offline?: readonly NodeId[];
}

/** What stands for all topics that are created without a placement of their own. */
export const defaultPlacementName = '(default placement)';

/** A topic after linking all that the files say of it. */
export interface Topic {
  readonly name: Fact<string>;
  readonly partitions: Fact<number>;
  /** `min.insync.replicas`: topic, else broker, else the assumed default. */
  readonly minIsr: Fact<number>;
  readonly uncleanLeaderElection: Fact<boolean>;
  readonly placement: Placement;
  /** The placement's JSON object in the file that states it: where lenses and survival findings stand. */
  readonly placementPlace: Place;
  /** Actual replicas where a `--describe` text shows them; else every assignment the placement allows is meant. */
  readonly assignments: readonly PartitionAssignment[] | null;
}
