import { describe, expect, it } from 'vitest';
import { matchTopics, renderPicker } from '../../../src/panel/picker';
import { topicChoices } from '../../fixtures/panel/others';
import { all, parseMarkup, textOf } from './markup';

const topics = topicChoices(2000);
const selected = topics[0]!;
const options = (query: string, active = 0) =>
  all(
    parseMarkup(String(renderPicker(topics, selected, { query, active }))),
    ({ attributes }) => attributes.get('role') === 'option',
  );

describe('searching 2,000 topics', () => {
  it('finds a part of the name, in any case', () => {
    expect(matchTopics(topics, ' STREAM-1999 ').shown.map(({ name }) => name)).toEqual(['team-39.stream-1999']);
  });

  it('keeps the host’s order, worst first', () => {
    const marks = matchTopics(topics, 'team-7.').shown.map(({ mark }) => mark);
    expect(marks).toEqual(
      [...marks].sort((a, b) => ['bad', 'warning', 'good'].indexOf(a) - ['bad', 'warning', 'good'].indexOf(b)),
    );
  });

  it('tells topics of one name apart, and finds them by what does', () => {
    const two = ['prod', 'test'].map((detail) => ({ key: detail, name: 'orders', detail, mark: 'good' as const }));
    expect(matchTopics(two, 'test').shown.map(({ key }) => key)).toEqual(['test']);
    const drawn = parseMarkup(String(renderPicker(two, two[0]!, { query: '', active: 0 })));
    const shown = all(drawn, ({ attributes }) => attributes.get('role') === 'option').map((option) => textOf(option));
    expect(shown).toEqual([expect.stringContaining('prod'), expect.stringContaining('test')]);
  });

  it('draws fifty and counts the rest', () => {
    expect(options('')).toHaveLength(50);
    expect(matchTopics(topics, '').beyond).toBe(1950);
    expect(String(renderPicker(topics, selected, { query: '', active: 0 }))).toContain(
      '1950 more: type to narrow down',
    );
  });

  it('says when nothing matches', () => {
    expect(options('nowhere')).toHaveLength(0);
    expect(String(renderPicker(topics, selected, { query: 'nowhere', active: 0 }))).toContain(
      'No topic has this in its name.',
    );
  });

  it('tells a screen reader which choice is highlighted', () => {
    const root = parseMarkup(String(renderPicker(topics, selected, { query: 'team-7.', active: 3 })));
    const [input] = all(root, ({ tag }) => tag === 'input');
    const [option] = all(
      root,
      ({ attributes }) => attributes.get('id') === input!.attributes.get('aria-activedescendant'),
    );
    expect(textOf(option!)).toContain(matchTopics(topics, 'team-7.').shown[3]!.name);
  });

  it('is not there for a single topic', () => {
    expect(String(renderPicker([selected], selected, null))).toBe('');
  });
});
