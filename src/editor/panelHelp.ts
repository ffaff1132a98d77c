import type { TopicAssessment } from '../analysis/assessment';
import type { Finding } from '../rules/finding';
import type { Analysis } from '../workspace/api';

/**
 * What is wrong with one topic in the file that places it: its warnings and errors, in the order of the text. Hints are no
 * harm to mend, and the trouble of other topics in the same file is theirs.
 */
export function harmTo({ topic }: TopicAssessment, analysis: Analysis): readonly Finding[] {
  const { uri, start, end } = topic.placementPlace;
  const stated = (analysis.readings.get(uri)?.declarations ?? []).flatMap((declared) =>
    declared.kind === 'topic' && declared.name.value === topic.name.value ? [declared.span] : [],
  );
  const own = [{ start, end }, ...stated];
  return (analysis.findings.get(uri) ?? []).filter(
    ({ level, place }) =>
      (level === 'warning' || level === 'error') &&
      own.some((span) => span.start <= place.start && place.end <= span.end),
  );
}
