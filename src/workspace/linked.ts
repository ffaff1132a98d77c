import type { Topic } from '../kafka/topic';
import type { ClusterFacts, CommandFacts, DescribedFacts, OneTopicFacts, PlacementFacts } from '../rules/facts';
import type { ClusterSource } from './sources';

/** One cluster of the workspace with all that belongs to it. */
export interface LinkedCluster {
  readonly name: string;
  readonly facts: ClusterFacts;
  /** The files that describe it; `null` where it is assumed from its placements. */
  readonly source: ClusterSource | null;
  /** Every placement, also those of which no sense can be made. */
  readonly placements: readonly PlacementFacts[];
  readonly topics: readonly LinkedTopic[];
  readonly commands: readonly CommandFacts[];
  /** Topics as texts describe them. */
  readonly described: readonly DescribedFacts[];
}

export interface LinkedTopic {
  readonly topic: Topic;
  readonly placement: PlacementFacts;
  readonly command: CommandFacts | null;
  /** What its failures do, once somebody asked. It goes with the topic: a topic that is linked as it was has the answer that it had. */
  assessed: OneTopicFacts | null;
}
