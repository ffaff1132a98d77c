import type { TimeRangeMs } from '../simulator/timeline';

/** A time as people say it: `500 ms`, `9.5 s`, `5 min`. Rounded to a tenth of a second. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms >= 60_000) return `${decimal(ms / 60_000)} min`;
  return `${decimal(ms / 1_000)} s`;
}

/** A range as people say it: `7–10.1 s`; one time where both ends read alike. */
export function durationRange({ best, worst }: TimeRangeMs): string {
  const [from, to] = [duration(best), duration(worst)];
  if (from === to) return to;
  if (best === 0) return `up to ${to}`;
  const unit = to.slice(to.lastIndexOf(' '));
  return from.endsWith(unit) ? `${from.slice(0, -unit.length)}–${to}` : `${from} – ${to}`;
}

function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}
