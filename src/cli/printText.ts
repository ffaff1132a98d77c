import type { ScenarioResult } from '../analysis/assessment';
import { isStandard } from '../analysis/scenarios';
import { visible } from '../analysis/visible';
import {
  acknowledgedDataWords,
  headroomWords,
  type Mark,
  type Marked,
  personWords,
  readsWords,
  scenarioTitle,
  shortVerdict,
  writesWords,
} from '../analysis/words';
import { type FindingLevel, levels } from '../rules/finding';
import { groupBy } from '../rules/grouping';
import type { LocatedFinding, Report, ReportedTopic } from './report';
import { type Paint, painter } from './terminal';

export interface TextOptions {
  readonly colour: boolean;
  /** Every failure of every topic. */
  readonly all: boolean;
}

/** With more tables than these nobody reads them: one line for each topic, unless all is asked for. */
const tablesMax = 20;

/** A report for people: findings, then what each failure does to each topic, then a line that sums it up. */
export function printText(report: Report, options: TextOptions): string {
  const paint = painter(options.colour);
  const groups = [...groupBy(report.topics, outcomeKey).values()];
  const detailed = options.all || groups.length <= tablesMax;
  const sections = [
    report.findings.map((finding) => findingLines(finding, paint)).join(''),
    groups.map((group) => topicText(group, detailed, options, paint)).join(detailed ? '\n' : ''),
    summary(report),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function findingLines({ finding, file, from, related }: LocatedFinding, paint: Paint): string {
  const where = (name: string, { line, column }: LocatedFinding['from']): string =>
    `${visible(name)}:${line}:${column}`;
  const level = paint(finding.level, levelMarks[finding.level]);
  const others = related.map((other) => `    ${where(other.file, other.from)} ${visible(other.message)}\n`);
  return `${where(file, from)} ${level} ${visible(finding.message)} (${finding.code})\n${others.join('')}`;
}

/** Topics of one placement with the same answers share a table. */
function outcomeKey({ assessment, file, cluster, refused }: ReportedTopic): string {
  const { topic } = assessment;
  const { results } = assessment.everyFailure();
  return JSON.stringify([
    file,
    cluster,
    refused,
    topic.placementPlace,
    topic.minIsr.value,
    results.map(({ outcome }) => outcome),
  ]);
}

function topicText(group: readonly ReportedTopic[], detailed: boolean, options: TextOptions, paint: Paint): string {
  const [first] = group;
  if (first === undefined) return '';
  const { assessment, file, refused, datacenterCount } = first;
  const { topic, verdict } = assessment;
  const names = group.map((one) => one.assessment.topic.name.value);
  const shownNames =
    names.length > namesMax
      ? `${names.slice(0, namesMax).join(', ')} and ${names.length - namesMax} more`
      : names.join(', ');
  const assumed = topic.minIsr.origin.kind === 'assumed' ? ' (assumed)' : '';
  const answer: Marked = refused
    ? { text: 'Cannot be created, see the error above', mark: 'bad' }
    : { text: shortVerdict(assessment), mark: verdict.level };
  const head = `${visible(shownNames)} (${visible(file)}, min ISR ${topic.minIsr.value}${assumed}): ${paint(visible(answer.text), answer.mark)}\n`;
  if (!detailed || refused) return head;
  const { results } = assessment.everyFailure();
  const rows = results.filter(({ scenario }) => options.all || isStandard(scenario, topic, datacenterCount));
  return head + table(rows, paint);
}

const namesMax = 5;
const columns = ['failure', 'acks=all writes', 'reads', 'acknowledged data', 'a person must', 'headroom'] as const;

function table(results: readonly ScenarioResult[], paint: Paint): string {
  const rows = results.map(({ scenario, outcome }): readonly Marked[] => [
    { text: scenarioTitle(scenario), mark: 'neutral' },
    writesWords(outcome),
    readsWords(outcome),
    acknowledgedDataWords(outcome),
    personWords(outcome),
    headroomWords(outcome),
  ]);
  const head = columns.map((text): Marked => ({ text, mark: 'neutral' }));
  const widths = columns.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.text.length ?? 0)));
  const line = (row: readonly Marked[]): string =>
    row
      .map(({ text, mark }, column) => {
        const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length));
        return paint(visible(text), mark) + padding;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return `  ${[line(head), rule, ...rows.map(line)].join('\n  ')}\n`;
}

function summary({ findings, topics }: Report): string {
  const counts = levels.toReversed().flatMap((level) => {
    const number = findings.filter(({ finding }) => finding.level === level).length;
    return number === 0 ? [] : [`${number} ${level}${number > 1 && level !== 'information' ? 's' : ''}`];
  });
  const found = counts.length === 0 ? 'no findings' : counts.join(', ');
  if (topics.length === 0 && findings.length === 0) return 'No replica placement found.\n';
  return `${topics.length} topic${topics.length === 1 ? '' : 's'}: ${found}\n`;
}

const levelMarks: Readonly<Record<FindingLevel, Mark>> = {
  error: 'bad',
  warning: 'warning',
  information: 'neutral',
  hint: 'neutral',
};
