import type { Assessment, TopicAssessment, VerdictLevel } from '../analysis/assessment';
import type { Cluster } from '../kafka/cluster';

/** A topic as the panel and links know it, in the deployment it belongs to. */
export interface TopicEntry {
  /** Stays the same across edits and reloads, as it is made of names, not of places. */
  readonly key: string;
  readonly topic: TopicAssessment;
  readonly cluster: Cluster;
  readonly deployment: string;
}

/** All topics, worst first, then by name. */
export function listTopics(assessments: readonly Assessment[]): readonly TopicEntry[] {
  const seen = new Map<string, number>();
  const entries = assessments.flatMap(({ deployment, topics }) =>
    topics.map((topic): TopicEntry => {
      const names = JSON.stringify([deployment.name, topic.topic.name.value]);
      const before = seen.get(names) ?? 0;
      seen.set(names, before + 1);
      const key = before === 0 ? names : `${names}#${before}`;
      return { key, topic, cluster: deployment.cluster, deployment: deployment.name };
    }),
  );
  return entries.sort(
    (a, b) =>
      badness[b.topic.verdict.level] - badness[a.topic.verdict.level] ||
      compareText(a.topic.topic.name.value, b.topic.topic.name.value) ||
      compareText(a.key, b.key),
  );
}

/** The worst verdict there is, or `null` without topics. */
export function worstLevel(topics: readonly TopicEntry[]): VerdictLevel | null {
  return topics[0]?.topic.verdict.level ?? null;
}

const badness: Readonly<Record<VerdictLevel, number>> = { good: 0, warning: 1, bad: 2 };

/** By code units: the order must not depend on anybody's locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
