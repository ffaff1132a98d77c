import type { Cluster } from './cluster';
import type { Topic } from './topic';

/** One cluster and its topics, linked from all files that speak of them. */
export interface Deployment {
  /** How a person tells clusters of one workspace apart: the cluster file's name, the compose project, a folder. */
  readonly name: string;
  readonly cluster: Cluster;
  readonly topics: readonly Topic[];
}
