import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/panel/shell';

const shell = panelHtml({
  cspSource: 'https://webview.test',
  nonce: 'abc123',
  scriptUri: 'https://webview.test/panel.js?a&b',
  styleUri: 'https://webview.test/panel.css',
});

describe('the shell', () => {
  it('allows one script, by its nonce, the extension’s style sheets, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(shell)?.[1];
    expect(policy).toBe(
      "default-src 'none'; style-src https://webview.test; script-src 'nonce-abc123'; base-uri 'none'; form-action 'none'",
    );
  });

  it('has no inline script and no inline style', () => {
    expect(shell.match(/<script[^>]*>([^<]*)<\/script>/)?.[1]).toBe('');
    expect(shell).not.toMatch(/<style|style="|\son\w+=/);
  });

  it('escapes what stands in its attributes', () => expect(shell).toContain('panel.js?a&amp;b'));
});
