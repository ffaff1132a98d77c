import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly, html, shorten, visible } from '../../../src/panel/html';
import { parseMarkup, textOf } from './markup';

describe('html', () => {
  it('escapes text in holes', () => {
    expect(String(html`<b>${'<i>&"\''}</b>`)).toBe('<b>&lt;i&gt;&amp;&quot;&#39;</b>');
  });

  it('takes markup of its own as it is, lists joined, null as nothing', () => {
    expect(String(html`<p>${html`<b>${1}</b>`}${[html`<i></i>`, 'a<b']}${null}${true}</p>`)).toBe(
      '<p><b>1</b><i></i>a&lt;btrue</p>',
    );
  });

  it('yields well-formed markup and the same text back, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const root = parseMarkup(String(html`<p title="${text}">${text}</p>`));
        expect(textOf(root)).toBe(visible(text).replaceAll(/\s+/g, ' '));
      }),
    );
  });

  it('shows at most 2,000 characters in one place', () => {
    expect(String(html`${'x'.repeat(1_000_000)}`)).toHaveLength(2000);
  });
});

describe('exactly', () => {
  it('escapes and changes nothing else: ids find their way back to the host', () => {
    expect(String(html`<a data-arg="${exactly('a"\u202e<\r')}"></a>`)).toBe(
      '<a data-arg="a&quot;\u202e&lt;&#13;"></a>',
    );
  });
});

describe('visible', () => {
  it('spells out what would be invisible or would turn the text around', () => {
    expect(visible('a\u202Eb\u2066c\u200Bd\u0000e\ufeff')).toBe('a[U+202E]b[U+2066]c[U+200B]d[U+0000]e[U+FEFF]');
  });

  it('spells out half a surrogate pair, which no font can show', () => {
    expect(visible('\ud83d')).toBe('[U+D83D]');
  });

  it('leaves scripts and emoji as they are', () => {
    expect(visible('zürich-東京-שלום-🦀')).toBe('zürich-東京-שלום-🦀');
  });
});

describe('shorten', () => {
  it('keeps what fits', () => expect(shorten('orders', 6)).toBe('orders'));

  it('keeps the beginning and the end of what does not', () =>
    expect(shorten('abcdefghijklmnop', 9)).toBe('abcdef…op'));

  it('never yields more than asked for and never cuts a character in half', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 40 }), (text, charsMax) => {
        const short = shorten(text, charsMax);
        expect(short.length).toBeLessThanOrEqual(charsMax);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});
