import type { ProduceState } from '../simulator/timeline';
import { html, nothing, type Safe } from './html';
import type { ChangePart, LaneState, PlayView, StepView } from './protocol';
import { axisOf, renderLanes } from './renderLanes';
import { renderButton, renderName, when } from './words';

export interface PlayParts {
  readonly play: PlayView;
  /** Index of the chosen step. */
  readonly chosen: number;
  readonly playing: boolean;
  /** Whether the chosen step's line was just copied. */
  readonly copied: boolean;
  /** Room for the drawing, in CSS pixels. */
  readonly widthPx: number;
}

/** One failure played out: the swimlanes and the same steps as a list; moving along either moves the other. */
export function renderPlay({ play, chosen, playing, copied, widthPx }: PlayParts): Safe {
  if (play.steps.length === 0) return nothing;
  return html`<section class="play" data-key="play" aria-labelledby="play-title">
<div class="bar"><h2 id="play-title">${renderName(play.title)}</h2>${when(play.steps.length > 1, renderControls(play, chosen, playing))}</div>
${when(play.lanes.length > 0, renderSlider(play, chosen, widthPx))}
<ol class="steps" aria-label="Steps">${play.steps.map((step, index) => renderStep(step, index, play, chosen, copied))}</ol>
${when(play.estimates !== '', html`<p class="dim estimates">${play.estimates}</p>`)}
</section>`;
}

const icons = {
  back: html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M11 3v10L4.500 8z"/></svg>`,
  play: html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2.500v11L13 8z"/></svg>`,
  pause: html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 3h3v10H4zM9 3h3v10H9z"/></svg>`,
  forward: html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M5 3v10l6.500-5z"/></svg>`,
} as const;

function renderControls(play: PlayView, chosen: number, playing: boolean): Safe {
  const last = play.steps.length - 1;
  const disabled = html` aria-disabled="true"`;
  return html`<div class="controls" role="group" aria-label="Playback">
<span class="dim">step ${chosen + 1} of ${last + 1}</span>
${renderButton({ does: 'move', arg: -1, text: icons.back, label: 'Step back', more: when(chosen === 0, disabled) })}
${renderButton({ does: 'play', text: playing ? icons.pause : icons.play, label: playing ? 'Pause' : 'Play' })}
${renderButton({ does: 'move', arg: 1, text: icons.forward, label: 'Step forward', more: when(chosen === last, disabled) })}
</div>`;
}

/** The drawing is one slider over the steps: arrow keys and the pointer move it, and its value is the step's sentence. */
function renderSlider(play: PlayView, chosen: number, widthPx: number): Safe {
  const step = play.steps[chosen];
  const axis = axisOf(play, widthPx);
  const value = step === undefined ? '' : [step.time, step.sentence].filter((part) => part !== '').join(': ');
  return html`<div class="timeline" data-key="timeline" data-slider role="slider" tabindex="0" aria-label="Timeline" aria-valuemin="1" aria-valuemax="${play.steps.length}" aria-valuenow="${chosen + 1}" aria-valuetext="${value}">${renderLanes(play, chosen, widthPx)}</div>
<p class="legend">${renderLegend(play)}<span class="scale">${scaleWords(
    axis.timed,
    axis.stretches.some(({ compressed }) => compressed),
  )}</span></p>`;
}

function scaleWords(timed: boolean, compressed: boolean): string {
  if (!timed) return 'Order of events; the axis has no time scale.';
  return compressed
    ? 'Time axis not to scale: // where little happens and it is compressed.'
    : 'Time axis not to scale.';
}

const legendOrder: readonly LaneState[] = [
  'leader',
  'in-sync',
  'observer',
  'promoted',
  'catching-up',
  'cut-off',
  'down',
];

const stateNames: Readonly<Record<LaneState, string>> = {
  leader: 'leader',
  'in-sync': 'in sync',
  observer: 'observer',
  promoted: 'promoted observer',
  'catching-up': 'catching up',
  'cut-off': 'cut off',
  down: 'down',
};

function renderLegend(play: PlayView): Safe {
  const seen = new Set(play.lanes.flatMap(({ states }) => states));
  return html`${legendOrder
    .filter((state) => seen.has(state))
    .map(
      (state) =>
        html`<span class="key"><svg width="18" height="10" aria-hidden="true">${
          state === 'down'
            ? html`<path class="bar down" d="M1 5H17"/>`
            : html`<rect class="bar ${state}" x="0.5" y="0.5" width="17" height="9" rx="2"/>`
        }</svg>${stateNames[state]}</span>`,
    )}`;
}

function renderStep(step: StepView, index: number, play: PlayView, chosen: number, copied: boolean): Safe {
  const isChosen = index === chosen;
  return html`<li class="${isChosen ? 'chosen' : ''}" data-key="step:${index}">
<button type="button" class="step" data-do="step" data-arg="${index}" tabindex="${isChosen ? 0 : -1}"${when(isChosen, html` aria-current="step"`)}>
<span class="time">${step.time === '' ? step.short : step.time}</span>
<span class="sentence">${step.sentence}</span>
<span class="changes">${step.changes.map(renderChange)}</span>
<span class="unseen">${stateInWords(play, index)}</span>
</button>${when(isChosen && step.describe !== '', renderDescribe(step, copied))}
</li>`;
}

/** The chosen step as `kafka-topics --describe` would print it. */
function renderDescribe(step: StepView, copied: boolean): Safe {
  return html`<div class="describe"><code>${step.describe}</code>${renderButton({
    does: 'copy',
    text: copied ? 'Copied' : 'Copy',
    label: copied ? 'Copied' : 'Copy as kafka-topics --describe prints it',
  })}</div>`;
}

function renderChange({ field, parts }: StepView['changes'][number]): Safe {
  return html`<code>${field} ${parts.map((part, index) => html`${when(index > 0, html`, `)}${renderPart(part)}`)}</code>`;
}

function renderPart({ text, change }: ChangePart): Safe {
  switch (change) {
    case 'kept':
      return html`${text}`;
    case 'added':
      return html`<ins>+${text}</ins>`;
    case 'removed':
      return html`<del>−${text}</del>`;
  }
}

const produceNames: Readonly<Record<ProduceState, string>> = {
  accepted: 'Writes with acks=all are accepted.',
  waiting: 'Writes with acks=all wait.',
  refused: 'Writes with acks=all are refused.',
  offline: 'There is no leader to write to.',
};

/** What the drawing shows at one step, for who can't see it: writes, the ISR, and the state of each replica. */
export function stateInWords(play: PlayView, index: number): string {
  const step = play.steps[index];
  if (step === undefined) return '';
  const lanes = legendOrder.flatMap((state) => {
    const labels = play.lanes.filter(({ states }) => states[index] === state).map(({ label }) => label);
    return labels.length === 0 ? [] : [`${stateNames[state]} ${labels.join(', ')}`];
  });
  const replicas = lanes.length === 0 ? '' : ` Replicas: ${lanes.join('; ')}.`;
  return `${produceNames[step.produce]} ISR ${step.isrSize}, min ISR ${play.minIsr}.${replicas}`;
}
