import type { TimeRangeMs } from '../simulator/timeline';

/** Orders of badness, best first: where several assignments are possible, the outcome is the worst over them. */
export const writesOrder = ['continue', 'pause', 'stop', 'offline'] as const;
export const readsOrder = ['continue', 'pause', 'stale', 'offline'] as const;
export const acknowledgedDataOrder = ['kept', 'at-risk', 'lost'] as const;
export const personOrder = [
  'none',
  'unclean-election',
  'lower-min-isr',
  'repair',
  'restore-quorum',
  'isolate-one-side',
] as const;

export type Writes = (typeof writesOrder)[number];
export type Reads = (typeof readsOrder)[number];
export type AcknowledgedData = (typeof acknowledgedDataOrder)[number];
export type Person = (typeof personOrder)[number];

interface OutcomeBase {
  /** See `scenarioId`. */
  readonly scenario: string;
  readonly reads: Reads;
  readonly acknowledgedData: AcknowledgedData;
  /** The first thing a person must do to get acks=all writes back while the lost part stays lost. */
  readonly person: Person;
  /** Members of the ISR once settled. */
  readonly isr: number;
  /** The effective min ISR that `isr` is measured against. */
  readonly minIsr: number;
  /** Observers in the ISR once settled. */
  readonly promoted: number;
}

/** What a scenario does to one topic. The unions keep impossible pairs (a stop with headroom) unrepresentable. */
export type Outcome = OutcomeBase &
  (
    | { readonly writes: 'continue'; readonly blockedMs: null; readonly headroom: number }
    | { readonly writes: 'pause'; readonly blockedMs: TimeRangeMs; readonly headroom: number }
    | { readonly writes: 'stop' | 'offline'; readonly blockedMs: null; readonly headroom: null }
  );
