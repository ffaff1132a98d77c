import { describe, expect, it } from 'vitest';
import { initialModel, type Model, react } from '../../../src/panel/app';
import type { TopicView } from '../../../src/panel/protocol';
import { renderPage } from '../../../src/panel/render';
import { stateInWords } from '../../../src/panel/renderPlay';
import { noPageState } from '../../../src/panel/state';
import { models, sixTopics } from '../../fixtures/panel/all';
import { all, type MarkupElement, parseMarkup, perLine, tagged, textOf } from './markup';

function shown(topic: TopicView, step = 0, widthPx = 1040): Model {
  const kept = { ...noPageState, topic: topic.key, scenario: topic.play?.scenario ?? null, step };
  const message = { kind: 'show', topics: sixTopics, topic, selectedScenario: topic.play?.scenario ?? '' } as const;
  return react(initialModel(kept, widthPx), { kind: 'host', message }).model;
}

const page = (model: Model): string => String(renderPage(model));
const parsed = (topic: TopicView, step = 0): MarkupElement => parseMarkup(page(shown(topic, step)));
const withRole = (root: MarkupElement, role: string) => all(root, ({ attributes }) => attributes.get('role') === role);

describe('the page', () => {
  const pictures = { orders: 3, payments: 2, assumed: 0, one: 1, nine: 5, hostile: 0 } as const;

  for (const [name, step] of Object.entries(pictures) as [keyof typeof pictures, number][]) {
    it(`of ${name} looks as committed`, async () => {
      await expect(perLine(page(shown(models[name], step)))).toMatchFileSnapshot(`__snapshots__/${name}.html.snap`);
    });
  }

  it('with nothing to show looks as committed', async () => {
    const message = { kind: 'empty', title: 'Nothing to simulate yet', explanation: 'Open a placement.' } as const;
    const { model } = react(initialModel(noPageState, 1000), { kind: 'host', message });
    await expect(perLine(page(model))).toMatchFileSnapshot('__snapshots__/empty.html.snap');
  });

  it('is blank before the host speaks, and says so after 200 ms', () => {
    const model = initialModel(noPageState, 1000);
    expect(page(model)).toBe('');
    expect(page({ ...model, busy: 'shown' })).toContain('Simulating…');
  });

  it('fits its drawing to the width, and never draws less than a step can be hit', () => {
    const widthOf = (model: Model) =>
      Number(
        all(parseMarkup(page(model)), ({ attributes }) => attributes.get('class') === 'lanes')[0]!.attributes.get(
          'width',
        ),
      );
    expect([1040, 372].map((widthPx) => widthOf(shown(models.orders, 0, widthPx)))).toEqual([1040, 372]);
    expect(widthOf(shown(models.nine, 0, 372))).toBe(100 + 18 * 18 + 4);
  });
});

describe('text from a workspace', () => {
  const tame = new Set(all(parsed(models.orders), () => true).map(({ tag }) => tag));

  it('makes no element and no attribute of its own', () => {
    const root = parsed(models.hostile);
    const elements = all(root, () => true);
    expect(elements.filter(({ tag }) => !tame.has(tag))).toEqual([]);
    const names = new Set(elements.flatMap(({ attributes }) => [...attributes.keys()]));
    expect([...names].filter((name) => name.startsWith('on') || name === 'style' || name === 'src')).toEqual([]);
  });

  it('shows what it tried', () => {
    expect(textOf(parsed(models.hostile))).toContain('<script>alert("1")</script>[U+202E]txt.exe[U+0000]');
  });

  it('is cut to a readable length', () => {
    const [title] = all(parsed(models.endless), tagged('h1'));
    expect(textOf(title!)).toHaveLength(249);
    expect(page(shown(models.hostile)).length).toBeLessThan(200_000);
  });

  it('stands in isolation, so that its direction can’t turn its surroundings', () => {
    const names = all(parsed(models.orders), ({ tag }) => tag === 'h1' || tag === 'a' || tag === 'h2' || tag === 'th');
    const isolated = names.filter((element) => all(element, tagged('bdi')).length === 1).map(textOf);
    expect(isolated).toEqual(
      expect.arrayContaining(['orders', 'create-topics.sh:12', 'west, all at once', 'any one broker']),
    );
  });
});

describe('for a screen reader', () => {
  const root = parsed(models.orders, 3);

  it('the table has a header for each column and each row', () => {
    const [table] = all(root, tagged('table'));
    const columns = withRole(table!, 'columnheader');
    expect(columns.map(textOf)).toEqual([
      'Failure',
      'Writes (acks=all)',
      'Reads',
      'Acknowledged data',
      'A person must',
      'Headroom',
    ]);
    for (const row of all(all(table!, tagged('tbody'))[0]!, tagged('tr'))) {
      expect(all(row, tagged('th')).map(({ attributes }) => attributes.get('scope'))).toEqual(['row']);
      expect(withRole(row, 'gridcell')).toHaveLength(columns.length - 1);
    }
  });

  it('one row is selected, and Tab stops at one row and one step', () => {
    const rows = withRole(root, 'row').filter(({ attributes }) => attributes.has('aria-selected'));
    expect(
      rows
        .filter(({ attributes }) => attributes.get('aria-selected') === 'true')
        .map(({ attributes }) => attributes.get('data-arg')),
    ).toEqual(['datacenter:west']);
    expect(rows.filter(({ attributes }) => attributes.get('tabindex') === '0')).toHaveLength(1);
    const steps = all(root, ({ attributes }) => attributes.get('data-do') === 'step');
    expect(
      steps
        .filter(({ attributes }) => attributes.get('tabindex') === '0')
        .map(({ attributes }) => attributes.get('aria-current')),
    ).toEqual(['step']);
  });

  it('each sign has a name beside its colour', () => {
    const signs = all(root, ({ attributes }) => attributes.get('class')?.startsWith('sign ') === true);
    expect(signs.length).toBeGreaterThan(20);
    for (const sign of signs)
      expect([sign.attributes.get('role'), sign.attributes.get('aria-label')]).toEqual([
        'img',
        sign.attributes.get('class')!.slice(5),
      ]);
  });

  it('the drawing is a slider whose value is the step in words', () => {
    const [slider] = withRole(root, 'slider');
    expect([...['min', 'max', 'now', 'text'].map((part) => slider!.attributes.get(`aria-value${part}`))]).toEqual([
      '1',
      '8',
      '4',
      '7.5–9.5 s: The ISR (2) is under min.insync.replicas (3): leader 3 admits observer 6, which is caught up.',
    ]);
  });

  it('the list says of each step all that the drawing shows', () => {
    expect(stateInWords(models.orders.play!, 3)).toBe(
      'Writes with acks=all are accepted. ISR 3, min ISR 3. Replicas: leader 3; in sync 4; promoted observer 6; down 1, 2, 5.',
    );
  });

  it('every button and link has a name', () => {
    for (const element of all(root, ({ tag }) => tag === 'button' || tag === 'a')) {
      expect(element.attributes.get('aria-label') ?? textOf(element).trim()).not.toBe('');
    }
  });

  it('ids are unique', () => {
    const ids = all(root, ({ attributes }) => attributes.has('id')).map(({ attributes }) => attributes.get('id'));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('folded rows', () => {
  const titles = (model: Model) => withRole(parseMarkup(page(model)), 'rowheader').map(textOf);

  it('show once asked for', () => {
    const folded = shown(models.nine);
    expect(titles(folded)).toHaveLength(10);
    expect(titles(react(folded, { kind: 'moreToggled' }).model)).toHaveLength(46);
  });

  it('show while they are chosen', () => {
    const model = react(shown(models.nine), { kind: 'rowChosen', row: 'datacenters:ams+dub' }).model;
    expect(titles(model)).toContain('ams and dub');
    expect(titles(model)).toHaveLength(11);
  });
});
