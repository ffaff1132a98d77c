import type { Outcome } from '../analysis/outcome';
import type { ProduceState, TimeRangeMs } from '../simulator/timeline';

/**
 * What the extension's host and the panel's page say to each other. The page says `ready` first; the host then sends
 * data, and again after each analysis. All words are made by the host: the page computes no verdict of its own.
 */

/** A mark that is always shown as sign and colour together. */
export type Mark = 'good' | 'warning' | 'bad' | 'neutral';

/** A run of text, perhaps marked. */
export interface Words {
  readonly text: string;
  readonly mark: Mark;
}

/** A place a person can go to: `label` is what they read (`create-topics.sh:12`), `link` is opaque to the page. */
export interface SourceLink {
  readonly label: string;
  readonly link: string;
}

export interface FactView {
  /** `min.insync.replicas`; empty where the value speaks for itself. */
  readonly label: string;
  readonly value: string;
  /** Where it is stated, or, for an assumed fact, the setting or file that changes it. */
  readonly source: SourceLink | null;
  /** Why it was assumed, as the end of a sentence that begins with *assumed:*; `null` where it is stated. */
  readonly assumed: string | null;
}

/** A line above the verdict, with what a person can do about it. */
export interface NoticeView extends Words {
  /** The place it speaks of, for instance the syntax error. */
  readonly source: SourceLink | null;
  /** A button under the line: the page posts the message of the same name. */
  readonly action: { readonly kind: 'createClusterFile'; readonly label: string } | null;
}

export interface FailureRow {
  /** The scenario's id. */
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly writes: Words;
  readonly reads: Words;
  readonly acknowledgedData: Words;
  readonly person: Words;
  readonly headroom: Words;
  /** Rows beyond the standard set fold under *more*. */
  readonly folded: boolean;
}

/** One replica's lane at one step. */
export type LaneState = 'leader' | 'in-sync' | 'observer' | 'promoted' | 'catching-up' | 'down' | 'cut-off';

export interface LaneView {
  readonly broker: number;
  /** What a person calls the broker, without its role: `1`. */
  readonly label: string;
  readonly datacenter: string;
  readonly role: 'sync' | 'observer';
  /** As many as there are steps. */
  readonly states: readonly LaneState[];
}

export interface StepView {
  readonly at: TimeRangeMs | null;
  /** `9 s`, `7–10 s`, `+0 s`, `≤ 300 s` or empty. */
  readonly time: string;
  /** A few words for the axis: `fenced`, `promoted`. */
  readonly short: string;
  /** What happened and why, in Kafka's terms. */
  readonly sentence: string;
  /** What changed against the step before (on the first step: what is), one part per replica; the page sets commas. */
  readonly changes: readonly { readonly field: 'isr' | 'leader' | 'elr'; readonly parts: readonly ChangePart[] }[];
  readonly produce: ProduceState;
  readonly isrSize: number;
  /** The line that `kafka-topics --describe` would print. */
  readonly describe: string;
}

export interface ChangePart {
  readonly text: string;
  readonly change: 'kept' | 'added' | 'removed';
}

export interface PlayView {
  readonly scenario: string;
  readonly title: string;
  readonly minIsr: number;
  /** Grouped by datacenter, in the order to draw them. */
  readonly lanes: readonly LaneView[];
  readonly steps: readonly StepView[];
  /** What the times rest on: `Estimates from broker.session.timeout.ms 9 s · …`; empty where there are no times. */
  readonly estimates: string;
}

export interface HelpView {
  readonly id: string;
  readonly title: string;
  /** What it costs: replicas added, latency. */
  readonly price: string;
  /** What the simulation of the edited files shows. */
  readonly buys: string;
}

export interface TopicView {
  readonly key: string;
  readonly name: string;
  /** `2 datacenters · 12 partitions · placement-orders.json`. */
  readonly subtitle: string;
  readonly verdict: readonly (readonly Words[])[];
  readonly facts: readonly FactView[];
  /** What was proved or refuted of the topic, for every course of events within bounds; empty until it is worked out. */
  readonly proofs: readonly Words[];
  readonly rows: readonly FailureRow[];
  readonly play: PlayView | null;
  readonly help: readonly HelpView[];
  /** Shown above the verdict: the file has errors and this is the last good result; a bound was hit … */
  readonly notices: readonly NoticeView[];
}

export interface TopicChoice {
  readonly key: string;
  readonly name: string;
  /** What tells it from another topic of the same name, such as its cluster; empty where there is none. */
  readonly detail: string;
  readonly mark: Mark;
}

export type HostToPage =
  | {
      readonly kind: 'show';
      /** Worst first. */
      readonly topics: readonly TopicChoice[];
      readonly topic: TopicView;
      readonly selectedScenario: string;
    }
  | { readonly kind: 'empty'; readonly title: string; readonly explanation: string }
  /** Sent as soon as an analysis starts: the page says so only if no answer has come after 200 ms. */
  | { readonly kind: 'busy' };

export type PageToHost =
  /** The page is loaded (again): what a person had chosen before it was hidden, or nulls. */
  | { readonly kind: 'ready'; readonly topic: string | null; readonly scenario: string | null }
  | { readonly kind: 'selectTopic'; readonly topic: string }
  | { readonly kind: 'selectScenario'; readonly scenario: string }
  | { readonly kind: 'open'; readonly link: string }
  | { readonly kind: 'apply'; readonly help: string }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'createClusterFile' };
