import { describe, expect, it } from 'vitest';
import { type Happening, initialModel, type Model, react } from '../../../src/panel/app';
import type { HostToPage, PageToHost, TopicView } from '../../../src/panel/protocol';
import { noPageState } from '../../../src/panel/state';
import { models, sixTopics } from '../../fixtures/panel/all';

const { orders, payments } = models;

const show = (topic: TopicView, selectedScenario = topic.play?.scenario ?? ''): Happening =>
  host({ kind: 'show', topics: sixTopics, topic, selectedScenario });
const host = (message: HostToPage): Happening => ({ kind: 'host', message });
const busy = host({ kind: 'busy' });

/** The page after all this happened, one after the other, to a new one. */
function pageAfter(...happenings: readonly Happening[]): Model {
  return happenings.reduce((model, happening) => react(model, happening).model, initialModel(noPageState, 1000));
}

function posts(model: Model, happening: Happening): readonly PageToHost[] {
  return react(model, happening).posts;
}

describe('the handshake', () => {
  it('says ready, and what a person had chosen before the page was hidden', () => {
    const kept = { ...noPageState, topic: 'orders', scenario: 'datacenter:east' };
    expect(posts(initialModel(kept, 1000), { kind: 'loaded' })).toEqual([
      { kind: 'ready', topic: 'orders', scenario: 'datacenter:east' },
    ]);
  });

  it('takes the kept step up again when the same failure is shown', () => {
    const kept = { ...noPageState, topic: 'orders', scenario: 'datacenter:west', step: 4 };
    expect(react(initialModel(kept, 1000), show(orders)).model.kept.step).toBe(4);
  });

  it('begins at the first step when another failure or topic is shown', () => {
    const kept = { ...noPageState, topic: 'payments', scenario: 'datacenter:west', step: 4 };
    expect(react(initialModel(kept, 1000), show(orders)).model.kept.step).toBe(0);
  });
});

describe('a save', () => {
  it('keeps the chosen step, rows and unfolded failures', () => {
    const before = pageAfter(
      show(orders),
      { kind: 'stepChosen', step: 5 },
      { kind: 'moreToggled' },
      { kind: 'rowMoved', from: 'datacenter:west', by: 1 },
    );
    const saved = react(before, show(orders)).model;
    expect([saved.kept, saved.reachableRow]).toEqual([before.kept, 'datacenter:east']);
  });

  it('stays within the steps that are left', () => {
    const shorter = { ...orders, play: { ...orders.play!, steps: orders.play!.steps.slice(0, 3) } };
    expect(pageAfter(show(orders), { kind: 'stepChosen', step: 7 }, show(shorter)).kept.step).toBe(2);
  });

  it('speaks only if the verdict changed', () => {
    expect(pageAfter(show(orders), show(orders)).status).toBe('');
    expect(pageAfter(show(orders), show({ ...orders, verdict: payments.verdict })).status).toContain(
      'broken by the loss of west',
    );
  });
});

describe('a long analysis', () => {
  it('is shown after 200 ms and until the answer comes', () => {
    expect(pageAfter(busy).busy).toBe('started');
    expect(pageAfter(busy, { kind: 'busyFor200Ms' }).busy).toBe('shown');
    expect(pageAfter(busy, { kind: 'busyFor200Ms' }, show(orders)).busy).toBe('no');
  });

  it('is never shown if the answer came sooner', () => {
    expect(pageAfter(busy, show(orders), { kind: 'busyFor200Ms' }).busy).toBe('no');
  });
});

describe('the table', () => {
  it('moves along the rows that show, and stops at the ends', () => {
    const model = pageAfter(show(orders));
    const move = (from: string, by: number | 'first' | 'last') => react(model, { kind: 'rowMoved', from, by }).focus;
    expect(move('broker:any', 1)).toBe('row:datacenter:west');
    expect(move('broker:any', -1)).toBe('row:broker:any');
    expect(move('broker:any', 'last')).toBe('row:datacenters:west+east');
    expect(
      react(pageAfter(show(orders), { kind: 'moreToggled' }), { kind: 'rowMoved', from: 'broker:any', by: 'last' })
        .focus,
    ).toBe('row:restart:rolling');
  });

  it('asks the host to play the chosen row, and marks it at once', () => {
    const chosen = react(pageAfter(show(orders)), { kind: 'rowChosen', row: 'controllers' });
    expect(chosen.posts).toEqual([{ kind: 'selectScenario', scenario: 'controllers' }]);
    expect(chosen.model.kept.scenario).toBe('controllers');
  });
});

describe('playing', () => {
  it('goes step by step and stops at the end', () => {
    let model = pageAfter(show(payments), { kind: 'playToggled' });
    const seen = [];
    for (let tick = 0; tick < 4; tick++) {
      model = react(model, { kind: 'played' }).model;
      seen.push([model.kept.step, model.playing]);
    }
    expect(seen).toEqual([
      [1, true],
      [2, false],
      [2, false],
      [2, false],
    ]);
  });

  it('begins again at the end', () => {
    const model = pageAfter(show(payments), { kind: 'stepMoved', by: 'last', focus: false }, { kind: 'playToggled' });
    expect([model.kept.step, model.playing]).toEqual([0, true]);
  });

  it('stops when a person takes a step, chooses a row or a topic', () => {
    for (const happening of [
      { kind: 'stepMoved', by: 1, focus: false },
      { kind: 'rowChosen', row: 'x' },
      { kind: 'topicChosen', topic: 'x' },
    ] satisfies Happening[]) {
      expect(pageAfter(show(orders), { kind: 'playToggled' }, happening).playing).toBe(false);
    }
  });
});

describe('a step', () => {
  it('is copied as the line that kafka-topics --describe prints', () => {
    const copied = react(pageAfter(show(orders), { kind: 'stepChosen', step: 3 }), { kind: 'copied' });
    expect(copied.posts).toEqual([{ kind: 'copy', text: orders.play!.steps[3]!.describe }]);
    expect([copied.model.copied, copied.model.status]).toEqual([true, 'Copied']);
    expect(react(copied.model, { kind: 'stepMoved', by: 1, focus: false }).model.copied).toBe(false);
  });

  it('takes the focus along when the list moves, and not when the drawing does', () => {
    const model = pageAfter(show(orders));
    expect(react(model, { kind: 'stepMoved', by: 1, focus: true }).focus).toBe('step:1');
    expect(react(model, { kind: 'stepMoved', by: 1, focus: false }).focus).toBeNull();
  });

  it('out of range changes nothing', () => {
    const model = pageAfter(show(orders));
    for (const step of [-1, 8, Number.NaN])
      expect(react(model, { kind: 'stepChosen', step }).model.kept).toEqual(model.kept);
  });
});

describe('the topics', () => {
  it('open on the arrow key, narrow down while typing, and are chosen with Enter', () => {
    const typed = pageAfter(
      show(orders),
      { kind: 'topicsMoved', by: 1 },
      { kind: 'topicsOpened', query: 'C' },
      { kind: 'topicsMoved', by: 1 },
    );
    expect(typed.picker).toEqual({ query: 'C', active: 1 });
    const chosen = react(typed, { kind: 'activeTopicChosen' });
    expect(chosen.posts).toEqual([{ kind: 'selectTopic', topic: 'metrics' }]);
    expect(chosen.model.picker).toBeNull();
  });

  it('choose nothing where nothing matches', () => {
    expect(
      posts(pageAfter(show(orders), { kind: 'topicsOpened', query: 'zzz' }), { kind: 'activeTopicChosen' }),
    ).toEqual([]);
  });
});

describe('a message of another version', () => {
  it('changes nothing', () => {
    const model = pageAfter(show(orders));
    const unknown: Happening = JSON.parse('{"kind":"host","message":{"kind":"dance"}}');
    expect(react(model, unknown).model).toBe(model);
  });
});
