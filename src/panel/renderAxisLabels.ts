import type { Axis } from './axis';
import { html, nothing, type Safe, shorten } from './html';
import type { StepView } from './protocol';

const rowHeight = 16;
const charWidth = 6.2;
const rowsMax = 2;
const labelCharsMax = 40;

interface Label {
  readonly index: number;
  readonly text: string;
  readonly row: number;
  readonly from: number;
  readonly to: number;
  /** A label at the right edge ends at its tick rather than begin there. */
  readonly anchor: 'start' | 'end';
  readonly x: number;
}

/**
 * The words under the axis, in two rows: as many as fit without touching each other, the chosen step's always. Below
 * them the signs that time is compressed.
 */
export function renderAxisLabels(
  steps: readonly StepView[],
  axis: Axis,
  { chosen, top }: { readonly chosen: number; readonly top: number },
): { readonly markup: Safe; readonly height: number } {
  const labels = placeLabels(steps, axis, chosen);
  const rows = labels.reduce((most, { row }) => Math.max(most, row + 1), 1);
  const markup = html`${axis.stretches.map(({ x, width, compressed }) =>
    compressed ? html`<path class="break" d="${breakSign(x + width / 2, top)}"/>` : nothing,
  )}${labels.map(
    (label) =>
      html`<text class="${label.index === chosen ? 'when chosen' : 'when'}" x="${label.x}" y="${
        top + 18 + label.row * rowHeight
      }" text-anchor="${label.anchor}">${label.text}</text>`,
  )}`;
  return { markup, height: 8 + rows * rowHeight };
}

/** Two strokes across the axis, as on a drawing whose scale is broken. */
function breakSign(x: number, y: number): string {
  const middle = Math.round(x);
  return `M${middle - 5} ${y + 5}l5 -9M${middle} ${y + 5}l5 -9`;
}

function placeLabels(steps: readonly StepView[], axis: Axis, chosen: number): readonly Label[] {
  const placed: Label[] = [];
  const order = [chosen, ...steps.keys()].filter((index, at, all) => all.indexOf(index) === at);
  for (const index of order) {
    const label = placeLabel(steps, axis, index, placed);
    if (label !== null) placed.push(label);
  }
  return placed.sort((a, b) => a.index - b.index);
}

function placeLabel(steps: readonly StepView[], axis: Axis, index: number, placed: readonly Label[]): Label | null {
  const step = steps[index];
  const stretch = axis.stretches[index];
  if (step === undefined || stretch === undefined) return null;
  const text = shorten([step.time, step.short].filter((part) => part !== '').join(' '), labelCharsMax);
  if (text === '') return null;
  const width = text.length * charWidth;
  const atEdge = stretch.x + width > axis.width;
  const from = atEdge ? Math.max(0, axis.width - width) : stretch.x;
  const to = from + width;
  for (let row = 0; row < rowsMax; row++) {
    if (placed.some((other) => other.row === row && from < other.to + 8 && other.from < to + 8)) continue;
    return { index, text, row, from, to, anchor: atEdge ? 'end' : 'start', x: atEdge ? axis.width : stretch.x };
  }
  return null;
}
