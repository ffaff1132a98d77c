import type { Happening, Model, Move } from './app';
import { currentPlay } from './app';
import { stepAt } from './axis';
import { axisOf, gutterWidth } from './renderLanes';

/** What a click means: the nearest element that does something says what. */
export function clicked(target: EventTarget | null): Happening | null {
  const element = target instanceof Element ? target.closest('[data-do]') : null;
  if (element === null || element.getAttribute('aria-disabled') === 'true') return null;
  const arg = element.getAttribute('data-arg') ?? '';
  switch (element.getAttribute('data-do')) {
    case 'open':
      return { kind: 'posted', message: { kind: 'open', link: arg } };
    case 'apply':
      return { kind: 'posted', message: { kind: 'apply', help: arg } };
    case 'createClusterFile':
      return { kind: 'posted', message: { kind: 'createClusterFile' } };
    case 'row':
      return { kind: 'rowChosen', row: arg };
    case 'more':
      return { kind: 'moreToggled' };
    case 'step':
      return { kind: 'stepChosen', step: Number(arg) };
    case 'move':
      return { kind: 'stepMoved', by: Number(arg), focus: false };
    case 'play':
      return { kind: 'playToggled' };
    case 'copy':
      return { kind: 'copied' };
    case 'topic':
      return { kind: 'topicChosen', topic: arg };
    default:
      return null;
  }
}

/** What a key means where the focus is; `null` leaves it to the browser. */
export function pressed(key: string, target: EventTarget | null, model: Model): Happening | null {
  if (!(target instanceof Element)) return null;
  if (target.id === 'topic') return pressedInPicker(key, model);
  if (target.hasAttribute('data-slider')) return pressedInTimeline(key);
  const does = target.getAttribute('data-do');
  if (does === 'row') return pressedInTable(key, target.getAttribute('data-arg') ?? '');
  const by = does === 'step' ? verticalMove(key) : null;
  return by === null ? null : { kind: 'stepMoved', by, focus: true };
}

function pressedInTable(key: string, row: string): Happening | null {
  if (key === 'Enter' || key === ' ') return { kind: 'rowChosen', row };
  const by = verticalMove(key);
  return by === null ? null : { kind: 'rowMoved', from: row, by };
}

function pressedInTimeline(key: string): Happening | null {
  if (key === ' ' || key === 'Enter') return { kind: 'playToggled' };
  const by = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : verticalMove(key);
  return by === null ? null : { kind: 'stepMoved', by, focus: false };
}

function pressedInPicker(key: string, model: Model): Happening | null {
  if (key === 'Escape') return model.picker === null ? null : { kind: 'topicsClosed' };
  if (key === 'Enter') return { kind: 'activeTopicChosen' };
  const by = key === 'Home' || key === 'End' ? null : verticalMove(key);
  return by === null ? null : { kind: 'topicsMoved', by };
}

const pageOfRows = 10;

function verticalMove(key: string): Move | null {
  switch (key) {
    case 'ArrowUp':
      return -1;
    case 'ArrowDown':
      return 1;
    case 'PageUp':
      return -pageOfRows;
    case 'PageDown':
      return pageOfRows;
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}

/** The step at which the pointer points in the drawing; `null` where it points elsewhere. */
export function pointed(target: EventTarget | null, clientX: number, model: Model): Happening | null {
  const play = currentPlay(model);
  const drawing = target instanceof Element ? target.closest('[data-slider] > svg') : null;
  if (play === null || drawing === null) return null;
  const x = clientX - drawing.getBoundingClientRect().left - gutterWidth(model.widthPx);
  return { kind: 'stepChosen', step: stepAt(axisOf(play, model.widthPx), x) };
}
