import type { StepView } from './protocol';

/** The stretch of the time axis during which one step's state holds, in whole CSS pixels. */
export interface Stretch {
  readonly x: number;
  readonly width: number;
  /** Time runs much faster here than in the most detailed stretch: the axis shows a break. */
  readonly compressed: boolean;
}

export interface Axis {
  readonly stretches: readonly Stretch[];
  readonly width: number;
  /** Whether any two neighbouring steps have times; otherwise only the order is drawn. */
  readonly timed: boolean;
}

/** Narrowest stretch: a finger or a mouse must be able to hit it. With more steps than fit, the axis grows and scrolls. */
const stretchWidthMin = 18;

/** A stretch counts as compressed where a pixel stands for this many times as much time as in the finest one. */
const compressedTimes = 4;

/**
 * Lays the steps out from left to right. Each gets a base width, and more the longer it lasts, but only with the
 * logarithm of its length: half a second stays visible beside five minutes.
 */
export function timeAxis(steps: readonly Pick<StepView, 'at'>[], widthAvailable: number): Axis {
  const durations = steps.map((step, index) => durationMs(step, steps[index + 1]));
  const width = Math.max(widthAvailable, steps.length * stretchWidthMin);
  const spare = width - steps.length * stretchWidthMin;
  const weights = durations.map((ms) => 1 + Math.log2(1 + (ms ?? 0) / 1000) / 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const edges = [0];
  for (const weight of weights) edges.push((edges.at(-1) ?? 0) + stretchWidthMin + (spare * weight) / sum);
  const rounded = edges.map((edge) => Math.round(edge));

  const widths = durations.map((_, index) => (rounded[index + 1] ?? 0) - (rounded[index] ?? 0));
  const msPerPixel = durations.map((ms, index) => (ms === null || ms === 0 ? null : ms / (widths[index] ?? 1)));
  const finest = Math.min(...msPerPixel.filter((scale) => scale !== null));
  const stretches = widths.map((stretchWidth, index) => ({
    x: rounded[index] ?? 0,
    width: stretchWidth,
    compressed: (msPerPixel[index] ?? 0) > finest * compressedTimes,
  }));
  return { stretches, width, timed: durations.some((ms) => ms !== null && ms > 0) };
}

/** How long a step's state holds at worst; `null` if unknown. The first and the last state hold for as long as one likes. */
function durationMs(step: Pick<StepView, 'at'>, next: Pick<StepView, 'at'> | undefined): number | null {
  if (step.at === null || next === undefined || next.at === null) return null;
  return Math.max(0, next.at.worst - step.at.worst);
}

/** The step whose stretch holds the x coordinate; the outermost ones take what lies beyond them. */
export function stepAt(axis: Axis, x: number): number {
  const beyond = axis.stretches.findIndex((stretch) => x < stretch.x + stretch.width);
  return beyond === -1 ? Math.max(0, axis.stretches.length - 1) : beyond;
}
