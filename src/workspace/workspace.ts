import { type Assessor, createAssessor } from '../analysis/assess';
import type { Assessment, TopicAssessment } from '../analysis/assessment';
import { drain, eachInSteps } from '../analysis/steps';
import { append } from '../documents/append';
import type { DocumentReading } from '../documents/declaration';
import { readDocument } from '../documents/read';
import type { Breathe } from '../documents/steps';
import type { Cluster } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import { checkClusterInSteps, checkDocument, findingsInSteps } from '../rules/check';
import { noNodes, type OneTopicFacts } from '../rules/facts';
import type { Draft, Finding, Fix } from '../rules/finding';
import { groupBy } from '../rules/grouping';
import type { Analysis, Settings, Workspace } from './api';
import { fixesFor } from './fixes';
import { link, linkInSteps } from './link';
import type { LinkedCluster, LinkedTopic } from './linked';
import { LinkMemory } from './linkMemory';

/** Rules at their own levels, Kafka's default for min ISR, durability first. */
export const defaultSettings: Settings = { levels: {}, assumedMinIsr: null, survivalGoal: 'durable-first' };

/** An empty workspace. */
export function createWorkspace(settings: Settings = defaultSettings): Workspace {
  return new FileWorkspace(settings);
}

/** An analysis, and what it is of. */
interface Analysed {
  readonly analysis: Analysis;
  readonly clusters: readonly LinkedCluster[];
  readonly silentRevision: number;
}

class FileWorkspace implements Workspace {
  private settings: Settings;
  private readonly texts = new Map<string, string>();
  /** What each of the texts was read as. */
  private readonly files = new Map<string, DocumentReading>();
  private readonly analyst = new Analyst();
  private readonly memory = new LinkMemory();
  /** Counts what an analysis would see, so that one in steps notices when the ground moved under it. */
  private revision = 0;
  /** Counts what makes no difference to an analysis, but that a file is there or is not. */
  private silentRevision = 0;
  private analysed: Analysed | null = null;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  async setFile(uri: string, text: string, breathe?: Breathe): Promise<boolean> {
    if (this.texts.get(uri) === text) return false;
    const read = readDocument(uri, text, breathe);
    const reading = read instanceof Promise ? await read : read;
    const before = this.files.get(uri);
    this.texts.set(uri, text);
    this.files.set(uri, reading);
    return this.changed(before, reading);
  }

  removeFile(uri: string): boolean {
    const reading = this.files.get(uri);
    if (reading === undefined) return false;
    this.texts.delete(uri);
    this.files.delete(uri);
    return this.changed(reading, undefined);
  }

  configure(settings: Settings): void {
    this.settings = settings;
    this.forget();
  }

  lint(uri: string): readonly Finding[] {
    return drain(this.lintInSteps(uri));
  }

  *lintInSteps(uri: string): Generator<void, readonly Finding[]> {
    const reading = this.files.get(uri);
    if (reading === undefined || isSilent(reading)) return [];
    const { levels } = this.settings;
    const clusters = this.analysed?.clusters ?? (yield* linkInSteps(this.readings(), this.settings, this.memory));
    const drafts: Draft[] = [...checkDocument(reading)];
    for (const { placements } of clusters) {
      yield* eachInSteps(placements, (placement) => {
        if (placement.uri === uri) append(drafts, placement.drafts());
      });
    }
    return (yield* findingsInSteps(drafts, levels)).get(uri) ?? [];
  }

  analyse(): Analysis {
    const known = this.known();
    if (known !== null) return known;
    const clusters = this.link();
    const analysis = drain(this.analyst.analyse(this.readings(), clusters, this.settings));
    this.analysed = { clusters, analysis, silentRevision: this.silentRevision };
    return analysis;
  }

  *analyseInSteps(): Generator<void, Analysis> {
    for (;;) {
      const known = this.known();
      if (known !== null) return known;
      const { revision, silentRevision } = this;
      const readings = this.readings();
      const clusters = yield* linkInSteps(readings, this.settings, this.memory);
      yield* this.analyst.assessInSteps(clusters, () => this.revision === revision);
      if (this.revision !== revision) continue;
      const analysis = yield* this.analyst.analyse(readings, clusters, this.settings);
      // Who changed the ground meanwhile wants to know of what is there now.
      if (this.revision === revision) this.analysed = { clusters, analysis, silentRevision };
    }
  }

  fixes(finding: Finding, breathe: Breathe = withoutPause): Promise<readonly Fix[]> {
    return fixesFor(finding, {
      readings: this.readings(),
      clusters: this.link(),
      settings: this.settings,
      memory: this.memory,
      assessor: this.analyst.assessor,
      textOf: (uri) => this.texts.get(uri),
      breathe,
    });
  }

  /** Whether somebody would see the difference between a file before and after a change. */
  private changed(before: DocumentReading | undefined, after: DocumentReading | undefined): boolean {
    if ([before, after].every((reading) => reading === undefined || isSilent(reading))) {
      this.silentRevision += 1;
      return false;
    }
    this.forget();
    return true;
  }

  /** The analysis of the files as they are, where there is one: it lists silent files too. */
  private known(): Analysis | null {
    const { analysed, silentRevision } = this;
    if (analysed === null || analysed.silentRevision === silentRevision) return analysed?.analysis ?? null;
    const analysis = { ...analysed.analysis, readings: this.readings() };
    this.analysed = { ...analysed, analysis, silentRevision };
    return analysis;
  }

  /** Whatever was known is out of date. */
  private forget(): void {
    this.analysed = null;
    this.revision += 1;
  }

  private link(): readonly LinkedCluster[] {
    return this.analysed?.clusters ?? link(this.readings(), this.settings, this.memory);
  }

  /** As they are now: an analysis is of one moment. */
  private readings(): ReadonlyMap<string, DocumentReading> {
    return new Map(this.files);
  }
}

async function withoutPause(): Promise<void> {}

/** Nothing in it that anybody would see: by far the most files of a workspace. */
function isSilent({ declarations, problems }: DocumentReading): boolean {
  return declarations.length === 0 && problems.length === 0;
}

/** Turns linked clusters into an analysis. Remembers answers by shape, across analyses and trial edits alike. */
class Analyst {
  readonly assessor: Assessor = createAssessor();

  /** A topic that is linked as it was has the answer that it had. */
  private assessed(cluster: Cluster, linked: LinkedTopic): OneTopicFacts {
    const { placement, command, topic } = linked;
    linked.assessed ??= { placement, command, assessment: this.assessor.assessTopic(cluster, topic) };
    return linked.assessed;
  }

  /** Gives each topic its turn, for as long as somebody wants to know. What is found is remembered for {@link analyse}. */
  *assessInSteps(clusters: readonly LinkedCluster[], isWanted: () => boolean): Generator<void, void> {
    for (const { facts, topics } of clusters) {
      for (const linked of topics) {
        if (linked.assessed !== null) continue;
        yield* this.assessor.assessInSteps(facts.cluster, linked.topic);
        this.assessed(facts.cluster, linked);
        yield;
        if (!isWanted()) return;
      }
    }
  }

  *analyse(
    readings: ReadonlyMap<string, DocumentReading>,
    clusters: readonly LinkedCluster[],
    settings: Settings,
  ): Generator<void, Analysis> {
    const drafts: Draft[] = [];
    for (const reading of readings.values()) append(drafts, checkDocument(reading));
    const refused = new Set<Topic>();
    const assessments: Assessment[] = [];
    for (const { name, facts, source, placements, commands, described, topics: linked } of clusters) {
      const topics: OneTopicFacts[] = [];
      yield* eachInSteps(linked, (topic) => topics.push(this.assessed(facts.cluster, topic)));
      const nodes = source ?? noNodes;
      const checked = yield* checkClusterInSteps({ facts, nodes, placements, commands, described, topics });
      append(drafts, checked.drafts);
      for (const group of checked.refused) {
        for (const { assessment } of [group, ...group.alike]) refused.add(assessment.topic);
      }
      if (source === null && linked.length === 0) continue;
      const deployment = { name, cluster: facts.cluster, topics: linked.map(({ topic }) => topic) };
      assessments.push({ deployment, topics: topics.map(({ assessment }) => assessment) });
    }
    return {
      assessments,
      readings,
      findings: yield* findingsInSteps(drafts, settings.levels),
      refused,
      topicsIn: topicsByFile(assessments),
    };
  }
}

/** The topics of a file in the order of the text. Sorted out when somebody asks: that is an editor, of the files it shows. */
function topicsByFile(assessments: readonly Assessment[]): Analysis['topicsIn'] {
  let byFile: ReadonlyMap<string, readonly TopicAssessment[]> | null = null;
  return (uri) => {
    byFile ??= sortedByFile(assessments);
    return byFile.get(uri) ?? [];
  };
}

function sortedByFile(assessments: readonly Assessment[]): ReadonlyMap<string, readonly TopicAssessment[]> {
  const topics = assessments.flatMap((assessment) => assessment.topics).sort((a, b) => startOf(a) - startOf(b));
  return groupBy(topics, ({ topic }) => topic.placementPlace.uri);
}

function startOf({ topic }: TopicAssessment): number {
  return topic.placementPlace.start;
}
