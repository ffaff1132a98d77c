import type { Place } from '../kafka/origin';

/** How loud a rule is. `off` findings are not made. */
export type Level = 'off' | 'hint' | 'information' | 'warning' | 'error';

/** A further place that a finding speaks of, with the words for it. */
export interface RelatedPlace {
  readonly place: Place;
  readonly message: string;
}

/** A text edit by offsets of the file as it was read. */
export interface TextEdit {
  readonly place: Place;
  readonly newText: string;
}

/** An edit that was applied in memory, re-read and re-analysed before being offered. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** At most one fix of a finding is preferred. */
  readonly preferred: boolean;
  /** Mechanical fixes may run in `source.fixAll`: they never move replicas and never lower min ISR. */
  readonly mechanical: boolean;
}

/**
 * A rule's result as data. `code` is the documentation anchor, the setting's key and the test's name; `message` is made
 * by the one switch in `messages.ts`.
 */
export interface Finding {
  readonly code: string;
  readonly level: Exclude<Level, 'off'>;
  readonly place: Place;
  readonly message: string;
  readonly related: readonly RelatedPlace[];
}
