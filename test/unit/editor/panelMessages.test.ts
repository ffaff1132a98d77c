import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPageMessage, readPanelState } from '../../../src/editor/panelMessages';

describe('what the page says', () => {
  it.each([
    { kind: 'ready', topic: null, scenario: null },
    { kind: 'selectTopic', topic: 'orders' },
    { kind: 'selectScenario', scenario: 'datacenter:west' },
    { kind: 'open', link: 'link-1' },
    { kind: 'apply', help: '0' },
    { kind: 'copy', text: 'Topic: orders' },
    { kind: 'createClusterFile' },
  ])('$kind is understood', (message) => expect(readPageMessage(message)).toEqual(message));

  it.each([null, 'ready', {}, { kind: 'open' }, { kind: 'open', link: 3 }, { kind: 'format-disk' }])(
    '%j is not',
    (message) => expect(readPageMessage(message)).toBeNull(),
  );

  it('never makes the host throw', () => {
    fc.assert(fc.property(fc.anything(), (message) => void readPageMessage(message)));
    fc.assert(fc.property(fc.anything(), (state) => void readPanelState(state)));
  });
});
