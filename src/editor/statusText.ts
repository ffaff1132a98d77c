import type { VerdictLevel } from '../analysis/assessment';
import type { Cluster } from '../kafka/cluster';
import { survives, type TopicEntry } from './topics';

export interface Status {
  readonly text: string;
  readonly detail: string;
  readonly level: VerdictLevel | null;
}

/** The status item's words: how many topics survive, and on which cluster that rests. */
export function statusOf(topics: readonly TopicEntry[], nameOf: (uri: string) => string): Status {
  const [worst] = topics;
  if (worst === undefined) return { text: 'No replica placements', detail: 'Failover Lens', level: null };
  const survivors = topics.filter(survives).length;
  const text =
    survivors === topics.length
      ? `${topics.length === 1 ? 'The topic survives' : `All ${topics.length} topics survive`} any one datacenter`
      : `${survivors} of ${topics.length} topics survive any one datacenter`;
  const clusters = [...new Set(topics.map(({ cluster }) => cluster))];
  return { text, detail: clusters.map((cluster) => clusterWords(cluster, nameOf)).join(' · '), level: worst.level };
}

function clusterWords({ datacenters, brokers, origins }: Cluster, nameOf: (uri: string) => string): string {
  const size = `${plural(datacenters.length, 'datacenter')}, ${plural(brokers.length, 'broker')}`;
  if (origins.brokers.kind === 'stated') return `${size} from ${nameOf(origins.brokers.place.uri)}`;
  const partly = origins.brokers.assumption === 'more-brokers' ? 'partly assumed' : 'assumed';
  return `${size}, ${partly} from the placements`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
