import type { Outcome } from '../analysis/outcome';
import type { Report } from './report';

/** Raised when a field changes its meaning or goes away; new fields may come at any time. */
const formatVersion = 1;

/** A report for programs: stable order, two blanks, one line break at the end. Documented in docs/cli.md. */
export function printJson({ findings, topics }: Report): string {
  const json = {
    version: formatVersion,
    topics: topics.map(({ assessment, file, cluster, refused }) => ({
      name: assessment.topic.name.value,
      file,
      cluster,
      partitions: assessment.topic.partitions.value,
      minIsr: assessment.topic.minIsr.value,
      minIsrAssumed: assessment.topic.minIsr.origin.kind === 'assumed',
      refused,
      limits: refused
        ? []
        : assessment.everyFailure().limits.map(({ limit, examined, bound }) => ({ limit, examined, bound })),
      outcomes: refused ? [] : assessment.everyFailure().results.map(({ outcome }) => outcomeJson(outcome)),
    })),
    findings: findings.map(({ finding, file, from, to, related }) => ({
      code: finding.code,
      level: finding.level,
      file,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      message: finding.message,
      related: related.map((other) => ({
        file: other.file,
        line: other.from.line,
        column: other.from.column,
        message: other.message,
      })),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Field by field, so that the order is the documented one. */
function outcomeJson(outcome: Outcome): Readonly<Record<keyof Outcome, unknown>> {
  const { scenario, writes, blockedMs, reads, acknowledgedData, person, isr, minIsr, promoted, headroom } = outcome;
  return { scenario, writes, blockedMs, reads, acknowledgedData, person, isr, minIsr, promoted, headroom };
}
