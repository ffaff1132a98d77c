import type { PageToHost } from '../panel/protocol';
import { readPageState } from '../panel/state';

/** What the page posted, or `null`: a webview is another program, so nothing it says is taken on trust. */
export function readPageMessage(message: unknown): PageToHost | null {
  if (typeof message !== 'object' || message === null) return null;
  const parts = new Map<string, unknown>(Object.entries(message));
  const text = (name: string): string | null => {
    const value = parts.get(name);
    return typeof value === 'string' ? value : null;
  };
  switch (parts.get('kind')) {
    case 'ready':
      return { kind: 'ready', topic: text('topic'), scenario: text('scenario') };
    case 'selectTopic':
      return given(text('topic'), (topic) => ({ kind: 'selectTopic', topic }));
    case 'selectScenario':
      return given(text('scenario'), (scenario) => ({ kind: 'selectScenario', scenario }));
    case 'open':
      return given(text('link'), (link) => ({ kind: 'open', link }));
    case 'apply':
      return given(text('help'), (help) => ({ kind: 'apply', help }));
    case 'copy':
      return given(text('text'), (copied) => ({ kind: 'copy', text: copied }));
    case 'createClusterFile':
      return { kind: 'createClusterFile' };
    default:
      return null;
  }
}

/** What a person had chosen when the window was closed. */
export function readPanelState(state: unknown): { readonly topic: string | null; readonly scenario: string | null } {
  const { topic, scenario } = readPageState(state);
  return { topic, scenario };
}

function given(value: string | null, make: (value: string) => PageToHost): PageToHost | null {
  return value === null ? null : make(value);
}
