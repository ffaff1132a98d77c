import type { TopicAssessment } from '../analysis/assessment';
import type { DocumentReading, PlacementDeclaration, TopicDeclaration } from '../documents/declaration';
import type { Span } from '../documents/span';
import type { Cluster } from '../kafka/cluster';
import type { Place } from '../kafka/origin';

/** What rules are given. Linking makes these; a rule looks at nothing else. */

export interface ClusterFacts {
  readonly cluster: Cluster;
  /** Whether the racks of all brokers are known: none is a template, and no file holds only half of the cluster. */
  readonly racksKnown: boolean;
}

/** A placement in a file, and the cluster it belongs to. */
export interface PlacementFacts {
  readonly uri: string;
  readonly declared: PlacementDeclaration;
  readonly cluster: ClusterFacts;
}

/** A topic with what the files say of it and what its failures do. */
export interface TopicFacts {
  /** Where its placement stands. */
  readonly placement: PlacementFacts;
  readonly assessment: TopicAssessment;
  /** The command or resource that names it; `null` for a topic that is named after its file. */
  readonly command: CommandFacts | null;
}

export interface CommandFacts {
  readonly uri: string;
  readonly declared: TopicDeclaration;
}

export type { DocumentReading };

/** The place of a span in a file. */
export function at(uri: string, span: Span): Place {
  return { uri, start: span.start, end: span.end };
}
