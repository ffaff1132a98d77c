import { matchTopics, type PickerState } from './picker';
import type { HostToPage, PageToHost, PlayView, TopicView } from './protocol';
import { shownRows } from './renderFailures';
import type { PageState } from './state';

/** What the host last said that there is to show. */
export type Content = { readonly kind: 'nothing' } | Extract<HostToPage, { readonly kind: 'empty' | 'show' }>;

/** Everything the page is drawn from. */
export interface Model {
  readonly content: Content;
  readonly kept: PageState;
  /** Id of the row that Tab reaches. */
  readonly reachableRow: string;
  readonly picker: PickerState | null;
  /** An analysis that answers at once must not flicker, so the page waits 200 ms before it says so. */
  readonly busy: 'no' | 'started' | 'shown';
  readonly playing: boolean;
  /** Whether the chosen step's line was just copied. */
  readonly copied: boolean;
  readonly widthPx: number;
  /** What a screen reader says of its own accord. */
  readonly status: string;
}

/** What happens to the page: the host speaks, a person does something, a timer goes off. */
export type Happening =
  | { readonly kind: 'host'; readonly message: HostToPage }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'busyFor200Ms' }
  | { readonly kind: 'resized'; readonly widthPx: number }
  | { readonly kind: 'scrolled'; readonly scrollTop: number }
  | { readonly kind: 'rowMoved'; readonly from: string; readonly by: Move }
  | { readonly kind: 'rowChosen'; readonly row: string }
  | { readonly kind: 'moreToggled' }
  | { readonly kind: 'stepChosen'; readonly step: number }
  | { readonly kind: 'stepMoved'; readonly by: Move; readonly focus: boolean }
  | { readonly kind: 'playToggled' }
  | { readonly kind: 'played' }
  | { readonly kind: 'copied' }
  | { readonly kind: 'topicsOpened'; readonly query: string }
  | { readonly kind: 'topicsMoved'; readonly by: Move }
  | { readonly kind: 'topicsClosed' }
  | { readonly kind: 'activeTopicChosen' }
  | { readonly kind: 'topicChosen'; readonly topic: string }
  | { readonly kind: 'posted'; readonly message: PageToHost };

/** Along a list: by so many entries, or to one of its ends. */
export type Move = number | 'first' | 'last';

export interface Reaction {
  readonly model: Model;
  readonly posts: readonly PageToHost[];
  /** Key of the element that should have the focus next; `null` leaves it where it is. */
  readonly focus: string | null;
}

export function initialModel(kept: PageState, widthPx: number): Model {
  return {
    content: { kind: 'nothing' },
    kept,
    reachableRow: kept.scenario ?? '',
    picker: null,
    busy: 'no',
    playing: false,
    copied: false,
    widthPx,
    status: '',
  };
}

/** What the page becomes and says. Nothing but this function decides it, so the page's manners are tested without a browser. */
export function react(model: Model, happening: Happening): Reaction {
  switch (happening.kind) {
    case 'host':
      return quietly(listen(model, happening.message));
    case 'loaded':
      return saying(model, { kind: 'ready', topic: model.kept.topic, scenario: model.kept.scenario });
    case 'busyFor200Ms':
      return quietly(model.busy === 'started' ? { ...model, busy: 'shown', status: 'Simulating' } : model);
    case 'resized':
      return quietly({ ...model, widthPx: happening.widthPx });
    case 'scrolled':
      return quietly(keep(model, { scrollTop: happening.scrollTop }));
    case 'rowMoved':
      return moveRow(model, happening.from, happening.by);
    case 'rowChosen':
      return saying(
        { ...keep(model, { scenario: happening.row }), reachableRow: happening.row, playing: false },
        { kind: 'selectScenario', scenario: happening.row },
      );
    case 'moreToggled':
      return quietly(keep(model, { more: !model.kept.more }));
    case 'stepChosen':
      return quietly(chooseStep({ ...model, playing: false }, happening.step));
    case 'stepMoved': {
      const moved = moveStep({ ...model, playing: false }, happening.by);
      return { model: moved, posts: [], focus: happening.focus ? `step:${moved.kept.step}` : null };
    }
    case 'playToggled':
      return quietly(togglePlay(model));
    case 'played':
      return quietly(playOn(model));
    case 'copied':
      return copyStep(model);
    case 'topicsOpened':
      return quietly({ ...model, picker: { query: happening.query, active: 0 } });
    case 'topicsMoved':
      return quietly(moveTopic(model, happening.by));
    case 'topicsClosed':
      return quietly({ ...model, picker: null });
    case 'activeTopicChosen':
      return chooseActiveTopic(model);
    case 'topicChosen':
      return saying({ ...model, picker: null, playing: false }, { kind: 'selectTopic', topic: happening.topic });
    case 'posted':
      return saying(model, happening.message);
    default:
      return quietly(unreachable(happening, model));
  }
}

/** The scenario that is played out, with its steps; `null` while there is none. */
export function currentPlay(model: Model): PlayView | null {
  return model.content.kind === 'show' ? model.content.topic.play : null;
}

function listen(model: Model, message: HostToPage): Model {
  switch (message.kind) {
    case 'busy':
      return model.busy === 'no' ? { ...model, busy: 'started' } : model;
    case 'empty':
      return { ...model, content: message, busy: 'no', playing: false, picker: null, status: message.title };
    case 'show':
      return show(model, message);
    default:
      return unreachable(message, model);
  }
}

/** Takes over what the host shows, and keeps the chosen step as long as the same failure of the same topic is played. */
function show(model: Model, message: Extract<HostToPage, { readonly kind: 'show' }>): Model {
  const { topic, selectedScenario } = message;
  const before = model.content.kind === 'show' ? model.content : null;
  const topicBefore = before === null ? model.kept.topic : before.topic.key;
  const playBefore = before === null ? model.kept.scenario : (before.topic.play?.scenario ?? null);
  const samePlay = topicBefore === topic.key && playBefore === (topic.play?.scenario ?? null);
  const lastStep = Math.max(0, (topic.play?.steps.length ?? 0) - 1);
  const step = samePlay ? Math.min(model.kept.step, lastStep) : 0;
  const verdict = inWords(topic);
  return {
    ...keep(model, { topic: topic.key, scenario: selectedScenario, step }),
    content: message,
    reachableRow: topicBefore === topic.key && model.reachableRow !== '' ? model.reachableRow : selectedScenario,
    busy: 'no',
    playing: samePlay && model.playing,
    copied: samePlay && model.copied,
    status: before !== null && inWords(before.topic) !== verdict ? verdict : '',
  };
}

function inWords(topic: TopicView): string {
  return [topic.name, ...topic.verdict.map((line) => line.map(({ text }) => text).join(' '))].join('. ');
}

function moveRow(model: Model, from: string, by: Move): Reaction {
  if (model.content.kind !== 'show') return quietly(model);
  const rows = shownRows(model.content.topic.rows, model.kept.scenario ?? '', model.kept.more);
  const index = moved(
    rows.findIndex(({ id }) => id === from),
    by,
    rows.length,
  );
  const row = rows[index];
  if (row === undefined) return quietly(model);
  return { model: { ...model, reachableRow: row.id }, posts: [], focus: `row:${row.id}` };
}

function moveStep(model: Model, by: Move): Model {
  const count = currentPlay(model)?.steps.length ?? 0;
  return chooseStep(model, moved(model.kept.step, by, count));
}

function chooseStep(model: Model, step: number): Model {
  const count = currentPlay(model)?.steps.length ?? 0;
  const exists = step >= 0 && step < count;
  if (!exists || step === model.kept.step) return model;
  return { ...keep(model, { step }), copied: false };
}

/** Pressing play at the end begins again. */
function togglePlay(model: Model): Model {
  const atEnd = moveStep(model, 1) === model;
  if (model.playing || !atEnd) return { ...model, playing: !model.playing };
  return { ...moveStep(model, 'first'), playing: true };
}

function playOn(model: Model): Model {
  if (!model.playing) return model;
  const next = moveStep(model, 1);
  return moveStep(next, 1) === next ? { ...next, playing: false } : next;
}

function copyStep(model: Model): Reaction {
  const step = currentPlay(model)?.steps[model.kept.step];
  if (step === undefined) return quietly(model);
  return saying({ ...model, copied: true, status: 'Copied' }, { kind: 'copy', text: step.describe });
}

function moveTopic(model: Model, by: Move): Model {
  if (model.content.kind !== 'show') return model;
  if (model.picker === null) return { ...model, picker: { query: '', active: 0 } };
  const { shown } = matchTopics(model.content.topics, model.picker.query);
  return { ...model, picker: { ...model.picker, active: moved(model.picker.active, by, shown.length) } };
}

function chooseActiveTopic(model: Model): Reaction {
  if (model.content.kind !== 'show' || model.picker === null) return quietly(model);
  const choice = matchTopics(model.content.topics, model.picker.query).shown[model.picker.active];
  return choice === undefined ? quietly(model) : react(model, { kind: 'topicChosen', topic: choice.key });
}

/** The index after a move along a list of `count` entries: it stops at the ends. */
function moved(index: number, by: Move, count: number): number {
  if (by === 'first') return 0;
  if (by === 'last') return count - 1;
  return Math.max(0, Math.min(count - 1, index + by));
}

function keep(model: Model, kept: Partial<PageState>): Model {
  return { ...model, kept: { ...model.kept, ...kept } };
}

function quietly(model: Model): Reaction {
  return { model, posts: [], focus: null };
}

function saying(model: Model, message: PageToHost): Reaction {
  return { model, posts: [message], focus: null };
}

/** An older page may outlive an update of the extension: a message it does not know changes nothing. */
function unreachable(_: never, model: Model): Model {
  return model;
}
