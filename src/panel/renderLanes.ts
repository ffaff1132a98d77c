import type { ProduceState } from '../simulator/timeline';
import { type Axis, timeAxis } from './axis';
import { html, nothing, type Safe, shorten, visible } from './html';
import type { LaneState, LaneView, PlayView } from './protocol';
import { renderAxisLabels } from './renderAxisLabels';

/** Where things stand, in CSS pixels. */
const produceTop = 8;
const barHeight = 16;
const isrTop = 46;
const isrHeight = 24;
const groupsTop = 90;
const groupTitleHeight = 24;
const laneHeight = 23;
const rightMargin = 4;

/** About how wide a character of a lane's text is; texts that would not fit are left out. */
const charWidth = 6.4;

/** The words in a bar; the states without one are told by their look and the legend. */
const laneWords: Readonly<Record<LaneState, string>> = {
  leader: 'leader',
  'in-sync': '',
  observer: '',
  promoted: 'promoted',
  'catching-up': 'catching up',
  down: '',
  'cut-off': 'cut off',
};

const produceWords: Readonly<Record<ProduceState, string>> = {
  accepted: '',
  waiting: 'waiting',
  refused: 'refused',
  offline: 'no leader',
};

/** How much room the names of the lanes take on the left of the axis. */
export function gutterWidth(width: number): number {
  return width < 560 ? 100 : 150;
}

/** The axis of a drawing that is `width` pixels wide: shared by the drawing and by the pointer that points into it. */
export function axisOf(play: PlayView, width: number): Axis {
  return timeAxis(play.steps, width - gutterWidth(width) - rightMargin);
}

/**
 * The swimlanes: whether acks=all writes flow, the size of the ISR against min ISR, and one lane per replica grouped by
 * datacenter. A drawing of what the list of steps says in words, so it is hidden from screen readers.
 */
export function renderLanes(play: PlayView, chosen: number, width: number): Safe {
  const axis = axisOf(play, width);
  const left = gutterWidth(width);
  const groups = groupLanes(play.lanes);
  const bottom = groups.reduce((y, lanes) => y + groupHeight(lanes), groupsTop);
  const labels = renderAxisLabels(play.steps, axis, { chosen, top: bottom });
  const tops = groups.map((_, index) => groups.slice(0, index).reduce((y, lanes) => y + groupHeight(lanes), groupsTop));
  const cursor = axis.stretches[chosen];
  return html`<svg class="lanes" aria-hidden="true" width="${left + axis.width + rightMargin}" height="${bottom + labels.height}">
<g transform="translate(${left} 0)">
${cursor ? html`<rect class="cursor" x="${cursor.x}" y="0" width="${cursor.width}" height="${bottom}"/>` : nothing}
<path class="ticks" d="${axis.stretches
    .slice(1)
    .map(({ x }) => `M${x}.5 2V${bottom}`)
    .join('')}"/>
${renderProduce(play, axis)}
${renderIsr(play, axis)}
${groups.map((lanes, index) => renderGroupBars(lanes, tops[index] ?? 0, axis))}
${labels.markup}
</g>
<g>
<text x="0" y="${produceTop + 12}">acks=all writes</text>
<text x="0" y="${isrTop + 4}">in-sync replicas</text>
${groups.map((lanes, index) => renderGroupNames(lanes, tops[index] ?? 0, left))}
<path class="rules" d="${[...tops, bottom].map((y) => `M0 ${y}.5H${left + axis.width}`).join('')}"/>
</g>
</svg>`;
}

type Lanes = readonly LaneView[];

/** Neighbouring lanes of the same datacenter belong together. */
function groupLanes(lanes: Lanes): readonly Lanes[] {
  const groups: LaneView[][] = [];
  for (const lane of lanes) {
    const last = groups.at(-1);
    if (last?.[0]?.datacenter === lane.datacenter) last.push(lane);
    else groups.push([lane]);
  }
  return groups;
}

function groupHeight(lanes: Lanes): number {
  return groupTitleHeight + lanes.length * laneHeight + 4;
}

function renderGroupNames(lanes: Lanes, top: number, left: number): Safe {
  const title = shorten(visible(lanes[0]?.datacenter ?? ''), 40);
  const charsMax = Math.floor((left - 16) / charWidth);
  return html`<text class="datacenter" x="0" y="${top + 17}">${title}</text>${lanes.map((lane, index) => {
    const label = shorten(visible(lane.label), charsMax);
    const role = lane.role === 'observer' && label.length + ' observer'.length <= charsMax;
    const text = role ? html`${label} <tspan class="dim">observer</tspan>` : label;
    return html`<text x="12" y="${laneTop(top, index) + 12}">${text}</text>`;
  })}`;
}

function laneTop(groupTop: number, index: number): number {
  return groupTop + groupTitleHeight + index * laneHeight;
}

function renderGroupBars(lanes: Lanes, top: number, axis: Axis): Safe {
  return html`${lanes.map((lane, index) =>
    runs(lane.states, axis).map(({ value, x, width }) =>
      renderBar(value, laneWords[value], x, laneTop(top, index), width),
    ),
  )}`;
}

function renderProduce(play: PlayView, axis: Axis): Safe {
  const states = play.steps.map((step) => step.produce);
  return html`${runs(states, axis).map(({ value, x, width }) => renderBar(value, produceWords[value], x, produceTop, width))}`;
}

/** A bar, or a line where there is nothing left to draw a bar of. */
function renderBar(state: LaneState | ProduceState, words: string, x: number, y: number, width: number): Safe {
  const text =
    words.length * charWidth + 12 < width
      ? html`<text class="in-${state}" x="${x + 7}" y="${y + 12}">${words}</text>`
      : nothing;
  if (state === 'down')
    return html`<path class="bar down" d="M${x + 2} ${y + barHeight / 2}H${x + width - 2}"/>${text}`;
  return html`<rect class="bar ${state}" x="${x + 0.5}" y="${y + 0.5}" width="${width - 1}" height="${barHeight - 1}" rx="2"/>${text}`;
}

function renderIsr(play: PlayView, axis: Axis): Safe {
  const sizes = play.steps.map((step) => step.isrSize);
  const low = Math.min(play.minIsr, ...sizes);
  const high = Math.max(play.minIsr, ...sizes);
  const yOf = (size: number): number =>
    isrTop + isrHeight - Math.round((isrHeight * (size - low)) / Math.max(1, high - low));
  const steps = runs(sizes, axis);
  const line = steps
    .map(({ value, x, width }, index) => `${index === 0 ? `M${x} ` : 'V'}${yOf(value)}H${x + width}`)
    .join('');
  return html`<path class="min-isr" d="M0 ${yOf(play.minIsr)}H${axis.width}"/><path class="isr" d="${line}"/>
<text class="min-isr-text" x="-8" y="${isrTop + 20}" text-anchor="end">min ISR ${play.minIsr}</text>
${steps.map(({ value, x }) => html`<text class="${value < play.minIsr ? 'isr-text under' : 'isr-text'}" x="${x + 5}" y="${yOf(value) - 4}">${value}</text>`)}`;
}

interface Run<T> {
  readonly value: T;
  readonly x: number;
  readonly width: number;
}

/** Neighbouring stretches with the same value are one. */
function runs<T>(values: readonly T[], axis: Axis): readonly Run<T>[] {
  const found: { value: T; x: number; width: number }[] = [];
  axis.stretches.forEach(({ x, width }, index) => {
    const value = values[index];
    if (value === undefined) return;
    const last = found.at(-1);
    if (last?.value === value) last.width += width;
    else found.push({ value, x, width });
  });
  return found;
}
