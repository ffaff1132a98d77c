import type { Assessment, TopicAssessment } from '../analysis/assessment';
import type { DocumentReading } from '../documents/declaration';
import type { Breathe } from '../documents/steps';
import type { SurvivalGoal } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import type { Finding, Fix, Level } from '../rules/finding';

/** What a person's settings say; everything has a default, nothing here is read from a clock or a disk. */
export interface Settings {
  /** Level per rule, keyed by the finding's code; absent means the rule's own level. */
  readonly levels: Readonly<Record<string, Level>>;
  /** Assumed where no file states `min.insync.replicas`; `null` means Kafka's default of 1. */
  readonly assumedMinIsr: number | null;
  /** Assumed where no cluster file states a goal. */
  readonly survivalGoal: SurvivalGoal;
}

/** Everything known of a set of files at one moment. Immutable: a later change yields a new one. */
export interface Analysis {
  /** One for each cluster found; files of different clusters are kept apart. */
  readonly assessments: readonly Assessment[];
  readonly readings: ReadonlyMap<string, DocumentReading>;
  /** Findings of every file, in the order of the text. A file without findings may be absent. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  /**
   * Topics that the broker would refuse to create (an error at their placement says why). Their outcomes speak of a
   * cluster that is not there: show the error instead of a verdict.
   */
  readonly refused: ReadonlySet<Topic>;
  /** The topics whose placement stands in a file, in the order of the text. */
  topicsIn(uri: string): readonly TopicAssessment[];
}

/**
 * The product without an editor: many files in, findings, assessments and simulated fixes out. The editor and the
 * command line are two users of it; tests are a third.
 */
export interface Workspace {
  /**
   * Reads a file anew. Resolves to whether anything changed of which an analysis says more than that the file is there.
   * @param breathe for those who share their thread, called after each small piece of a large file
   */
  setFile(uri: string, text: string, breathe?: Breathe): Promise<boolean>;
  removeFile(uri: string): boolean;
  configure(settings: Settings): void;
  /** The cheap rules for one file as it is now: its text alone and what is already known of the cluster. */
  lint(uri: string): readonly Finding[];
  /** The same in small steps. */
  lintInSteps(uri: string): Generator<void, readonly Finding[]>;
  /** The whole job. Recomputes only what the changes since the last call touch. */
  analyse(): Analysis;
  /**
   * The same in small steps, one scenario of one topic or a few items each, for those who share their thread. Files may change
   * between any two: what comes out is the analysis of the files as they are in the end.
   */
  analyseInSteps(): Generator<void, Analysis>;
  /**
   * Fixes for one finding of the last analysis or lint, each applied in memory, re-read and re-analysed first. A promise,
   * because re-reading a host format may have to load its parser first (`setFile` is one for the same reason).
   * @param breathe as of {@link setFile}
   */
  fixes(finding: Finding, breathe?: Breathe): Promise<readonly Fix[]>;
}
