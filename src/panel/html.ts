/**
 * The one way from words to markup. A template's own text is markup that this project wrote; whatever is put into its
 * holes is text and gets escaped, unless it is `Safe`, which only a template can make. So text from a workspace can't
 * become markup by mistake: there is no function that would turn a string into `Safe` unread.
 */
class SafeMarkup {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** Markup made by `html`. The class itself stays in this file, so nobody else can make one. */
export type Safe = SafeMarkup;

/** What a hole takes: text and numbers are escaped, lists are joined, `null` leaves it empty. */
export type Hole = string | number | boolean | Safe | null | readonly Hole[];

/** Longest text shown in one place; Kafka's own names end at 249 characters, sentences of ours are far shorter. */
const shownCharsMax = 2000;

/** `html\`<b>${name}</b>\`` is markup. Holes stand in text or inside a double-quoted attribute value, nowhere else. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Safe {
  return new SafeMarkup(parts.reduce((markup, part, index) => markup + markupOf(holes[index - 1] ?? null) + part));
}

export const nothing: Safe = html``;

function markupOf(hole: Hole): string {
  if (hole === null) return '';
  if (typeof hole === 'string') return escaped(visible(shorten(hole, shownCharsMax)));
  if (typeof hole === 'number' || typeof hole === 'boolean') return String(hole);
  if (hole instanceof SafeMarkup) return hole.toString();
  return hole.map(markupOf).join('');
}

/**
 * Text as it is, only escaped: for ids that the page hands back to the host, and for what a person typed. What is shown
 * goes into a hole as it is.
 */
export function exactly(text: string): Safe {
  return new SafeMarkup(escaped(text));
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['\r', '&#13;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => entities.get(character) ?? '');
}

/**
 * Control and direction characters are spelt out: invisible, they can make one name look like another ("Trojan Source",
 * CVE-2021-42574). A tab hides nothing: it stays what it is.
 */
export function visible(text: string): string {
  return text.replace(
    /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** At most `charsMax` (3 or more) characters: of longer text the beginning and the end, which is where names differ. */
export function shorten(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const tail = Math.max(1, Math.floor(charsMax / 4));
  const head = text.slice(0, Math.max(1, charsMax - tail - 1)).replace(/[\ud800-\udbff]$/, '');
  return `${head}…${text.slice(-tail).replace(/^[\udc00-\udfff]/, '')}`;
}
