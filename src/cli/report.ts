import type { TopicAssessment } from '../analysis/assessment';
import type { Place } from '../kafka/origin';
import type { Finding } from '../rules/finding';
import type { Analysis } from '../workspace/api';

/** Line and column as people and compilers count them: from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LocatedFinding {
  readonly finding: Finding;
  readonly file: string;
  readonly from: Position;
  readonly to: Position;
  readonly related: readonly { readonly file: string; readonly from: Position; readonly message: string }[];
}

export interface ReportedTopic {
  readonly assessment: TopicAssessment;
  readonly cluster: string;
  readonly datacenterCount: number;
  readonly file: string;
  /** The broker would refuse to create it, so there are no outcomes to tell. */
  readonly refused: boolean;
}

/** What `check` found, in a stable order: by file, then by place, then by name. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly topics: readonly ReportedTopic[];
}

/**
 * Puts an analysis in order.
 * @param shown a file's path as the person wrote it
 */
export function reportOf(
  analysis: Analysis,
  texts: ReadonlyMap<string, string>,
  shown: (uri: string) => string,
): Report {
  const positions = new Positions(texts);
  const findings = [...analysis.findings.values()]
    .flat()
    .sort(
      (a, b) =>
        compare(shown(a.place.uri), shown(b.place.uri)) ||
        a.place.start - b.place.start ||
        a.place.end - b.place.end ||
        compare(a.code, b.code) ||
        compare(a.message, b.message),
    )
    .map((finding) => ({
      finding,
      file: shown(finding.place.uri),
      from: positions.of(finding.place, 'start'),
      to: positions.of(finding.place, 'end'),
      related: finding.related.map(({ place, message }) => ({
        file: shown(place.uri),
        from: positions.of(place, 'start'),
        message,
      })),
    }));
  const topics = analysis.assessments
    .flatMap(({ deployment, topics: assessed }) =>
      assessed.map((assessment) => ({
        assessment,
        cluster: deployment.name,
        datacenterCount: deployment.cluster.datacenters.length,
        file: shown(assessment.topic.placementPlace.uri),
        refused: analysis.refused.has(assessment.topic),
      })),
    )
    .sort(
      (a, b) =>
        compare(a.file, b.file) ||
        a.assessment.topic.placementPlace.start - b.assessment.topic.placementPlace.start ||
        compare(a.assessment.topic.name.value, b.assessment.topic.name.value) ||
        compare(a.cluster, b.cluster),
    );
  return { findings, topics };
}

/** By code unit, the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Offsets to lines and columns; the line starts of a file are found once. */
export class Positions {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly lineStarts = new Map<string, readonly number[]>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts;
  }

  of(place: Place, end: 'start' | 'end'): Position {
    const starts = this.startsOf(place.uri);
    const offset = place[end];
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  private startsOf(uri: string): readonly number[] {
    const known = this.lineStarts.get(uri);
    if (known !== undefined) return known;
    const starts = [0];
    const text = this.texts.get(uri) ?? '';
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.lineStarts.set(uri, starts);
    return starts;
  }
}
