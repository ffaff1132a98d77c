import type { TopicAssessment, VerdictLevel } from '../analysis/assessment';
import { shortVerdict } from '../analysis/words';
import type { Cluster } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import type { Finding } from '../rules/finding';
import { groupBy } from '../rules/grouping';
import type { Analysis } from '../workspace/api';

/** A topic as lens, status item and panel know it, in the deployment it belongs to. */
export interface TopicEntry {
  /** Stays the same across edits and reloads, as it is made of names, not of places. */
  readonly key: string;
  readonly name: string;
  readonly topic: TopicAssessment;
  readonly cluster: Cluster;
  readonly deployment: string;
  /** Kafka would refuse to create the topic: its verdict speaks of a cluster that is not there. */
  readonly refused: boolean;
  /** The error that says why it is refused. */
  readonly refusal: Finding | null;
  readonly level: VerdictLevel;
}

interface Lists {
  readonly topics: readonly TopicEntry[];
  /** By the place of their placement: lenses ask once for each of thousands. */
  readonly byPlacement: ReadonlyMap<string, readonly TopicEntry[]>;
}

/** An analysis never changes, and everything that is shown of it asks for its topics. */
const lists = new WeakMap<Analysis, Lists>();

/** All topics, worst first, then by name. */
export function listTopics(analysis: Analysis): readonly TopicEntry[] {
  return listsOf(analysis).topics;
}

/** The topics that take their replicas from the placement that begins there, worst first. */
export function topicsAt(analysis: Analysis, uri: string, start: number): readonly TopicEntry[] {
  return listsOf(analysis).byPlacement.get(placeKey({ uri, start })) ?? [];
}

function listsOf(analysis: Analysis): Lists {
  const known = lists.get(analysis);
  if (known !== undefined) return known;
  const topics = sortedTopics(analysis);
  const made = { topics, byPlacement: groupBy(topics, ({ topic }) => placeKey(topic.topic.placementPlace)) };
  lists.set(analysis, made);
  return made;
}

function placeKey({ uri, start }: Pick<Place, 'uri' | 'start'>): string {
  return `${start} ${uri}`;
}

function sortedTopics({ assessments, findings, refused: refusedTopics }: Analysis): readonly TopicEntry[] {
  const seen = new Map<string, number>();
  const entries = assessments.flatMap(({ deployment, topics }) =>
    topics.map((topic): TopicEntry => {
      const name = topic.topic.name.value;
      const names = JSON.stringify([deployment.name, name]);
      const before = seen.get(names) ?? 0;
      seen.set(names, before + 1);
      const key = before === 0 ? names : `${names}#${before}`;
      const refused = refusedTopics.has(topic.topic);
      const refusal = refused ? errorAt(topic, findings) : null;
      const level = refused ? 'bad' : topic.verdict.level;
      return { key, name, topic, cluster: deployment.cluster, deployment: deployment.name, refused, refusal, level };
    }),
  );
  return entries.sort(
    (a, b) => badness[b.level] - badness[a.level] || compareText(a.name, b.name) || compareText(a.key, b.key),
  );
}

/** The verdict in one line, unless there can be no such topic. */
export function verdictLine({ refused, topic }: TopicEntry): string {
  return refused ? "Can't be created" : shortVerdict(topic);
}

/** Whether the topic is there to stay when any one datacenter is lost. */
export function survives({ refused, topic }: TopicEntry): boolean {
  return !refused && topic.verdict.stoppedBy.length === 0 && topic.headroom !== null;
}

function errorAt({ topic }: TopicAssessment, findings: Analysis['findings']): Finding | null {
  const { uri, start, end } = topic.placementPlace;
  const inFile = findings.get(uri) ?? [];
  return inFile.find(({ level, place }) => level === 'error' && start <= place.start && place.end <= end) ?? null;
}

const badness: Readonly<Record<VerdictLevel, number>> = { good: 0, warning: 1, bad: 2 };

/** By code units: the order must not depend on anybody's locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
