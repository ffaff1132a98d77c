/**
 * What a person did on the page, kept with `setState` so that it survives hiding the tab and reloading the window. What
 * the host computed is never kept: it would be stale.
 */
export interface PageState {
  readonly topic: string | null;
  readonly scenario: string | null;
  /** Index of the chosen step of the scenario that is played out. */
  readonly step: number;
  /** Whether the rows beyond the standard set are unfolded. */
  readonly more: boolean;
  /** How far the page was scrolled, in CSS pixels. */
  readonly scrollTop: number;
}

export const noPageState: PageState = { topic: null, scenario: null, step: 0, more: false, scrollTop: 0 };

/** Reads a kept state, which may be from an older version or missing: a part that is not understood is left out. */
export function readPageState(kept: unknown): PageState {
  if (typeof kept !== 'object' || kept === null) return noPageState;
  const parts = new Map<string, unknown>(Object.entries(kept));
  return {
    topic: textOr(parts.get('topic')),
    scenario: textOr(parts.get('scenario')),
    step: countOr(parts.get('step')),
    more: parts.get('more') === true,
    scrollTop: countOr(parts.get('scrollTop')),
  };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function countOr(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
