import { type Happening, initialModel, type Model, react } from './app';
import { clicked, pointed, pressed } from './gestures';
import { morph } from './morph';
import type { HostToPage, PageToHost } from './protocol';
import { renderPage } from './render';
import { type PageState, readPageState } from './state';

/**
 * The page in the browser: turns events into happenings, lets `react` decide, and puts what it decided on the screen.
 * No decision is made here.
 */

declare function acquireVsCodeApi(): {
  postMessage(message: PageToHost): void;
  getState(): unknown;
  setState(state: PageState): void;
};

const busyShownAfterMs = 200;
const playedEveryMs = 1600;

function start(root: HTMLElement, status: HTMLElement): void {
  const host = acquireVsCodeApi();
  let model = initialModel(readPageState(host.getState()), root.clientWidth);
  let scrollTo: number | null = model.kept.scrollTop;
  let busyTimer: ReturnType<typeof setTimeout> | undefined;
  let playTimer: ReturnType<typeof setInterval> | undefined;

  function happen(happening: Happening): void {
    const before = model;
    const reaction = react(model, happening);
    model = reaction.model;
    if (model !== before) {
      draw(before);
      keepTime(before);
    }
    if (reaction.focus !== null) focusOn(root, reaction.focus);
    for (const message of reaction.posts) host.postMessage(message);
  }

  function draw(before: Model): void {
    if (model.kept !== before.kept) host.setState(model.kept);
    if (!looksAlike(model, before)) drawPage(root, model);
    if (model.status !== before.status) status.textContent = model.status;
    if (scrollTo !== null && model.content.kind === 'show') {
      window.scrollTo(0, scrollTo);
      scrollTo = null;
    }
  }

  function keepTime(before: Model): void {
    if (model.busy !== before.busy) {
      clearTimeout(busyTimer);
      if (model.busy === 'started') busyTimer = setTimeout(() => happen({ kind: 'busyFor200Ms' }), busyShownAfterMs);
    }
    if (model.playing !== before.playing) {
      clearInterval(playTimer);
      if (model.playing) playTimer = setInterval(() => happen({ kind: 'played' }), playedEveryMs);
    }
  }

  window.addEventListener('message', ({ data }: MessageEvent<HostToPage>) => happen({ kind: 'host', message: data }));
  window.addEventListener('scroll', () => {
    if (scrollTo === null) happen({ kind: 'scrolled', scrollTop: Math.round(window.scrollY) });
  });
  new ResizeObserver(() => happen({ kind: 'resized', widthPx: root.clientWidth })).observe(root);
  listenToPerson(root, () => model, happen);
  happen({ kind: 'loaded' });
}

function listenToPerson(root: HTMLElement, model: () => Model, happen: (happening: Happening) => void): void {
  root.addEventListener('click', (event) => take(event, clicked(event.target)));
  root.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) take(event, pressed(event.key, event.target, model()));
  });
  root.addEventListener('pointerdown', (event) => point(event));
  root.addEventListener('pointermove', (event) => {
    if (event.buttons === 1) point(event);
  });
  root.addEventListener('input', ({ target }) => {
    if (isPicker(target)) happen({ kind: 'topicsOpened', query: target.value });
  });
  root.addEventListener('focusin', ({ target }) => {
    if (isPicker(target)) target.select();
  });
  root.addEventListener('focusout', ({ target }) => {
    if (isPicker(target) && model().picker !== null) happen({ kind: 'topicsClosed' });
  });
  // A press on a choice must not take the focus off the field: losing it closes the list before the click arrives.
  root.addEventListener('mousedown', (event) => {
    if (event.target instanceof Element && event.target.closest('#topics')) event.preventDefault();
    else if (isPicker(event.target) && model().picker === null) happen({ kind: 'topicsOpened', query: '' });
  });

  function take(event: Event, happening: Happening | null): void {
    if (happening === null) return;
    event.preventDefault();
    happen(happening);
  }

  function point(event: PointerEvent): void {
    const happening = event.button <= 0 ? pointed(event.target, event.clientX, model()) : null;
    if (happening !== null) happen(happening);
  }
}

function isPicker(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.id === 'topic';
}

/** Scrolling and what a screen reader says change nothing on the screen. */
function looksAlike(model: Model, before: Model): boolean {
  const ignoring = ({ kept, ...rest }: Model): object => ({ ...rest, ...kept, scrollTop: 0, status: '' });
  const [now, then] = [ignoring(model), ignoring(before)];
  const was = new Map<string, unknown>(Object.entries(then));
  return Object.entries(now).every(([name, value]) => was.get(name) === value);
}

function drawPage(root: HTMLElement, model: Model): void {
  const focused = document.activeElement;
  morph(root, renderPage(model));
  root.setAttribute('aria-busy', String(model.busy === 'shown'));
  // An element that had to move has lost the focus on the way.
  if (focused instanceof HTMLElement && focused !== document.activeElement && root.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
  root.querySelector('[role="option"].active')?.scrollIntoView({ block: 'nearest' });
}

function focusOn(root: HTMLElement, key: string): void {
  const element = root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const focusable = element?.matches('[tabindex]') ? element : element?.querySelector('[tabindex]');
  if (focusable instanceof HTMLElement) focusable.focus();
}

const root = document.getElementById('panel');
const status = document.getElementById('status');
if (root !== null && status !== null) start(root, status);
