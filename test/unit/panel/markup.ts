/** An element of rendered markup. */
export interface MarkupElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (MarkupElement | string)[];
}

interface OpenElement extends MarkupElement {
  readonly children: (MarkupElement | string)[];
}

const voidTags = new Set(['input', 'rect', 'path']);
const token = /<(\/?)([a-zA-Z][\w-]*)((?: [\w-]+(?:="[^"<>]*")?)*)(\/?)>|([^<>]+)/gy;

/**
 * Reads markup as strictly as it should be written: every `<` opens a tag of ours, every tag is closed, every attribute
 * is quoted. Anything else is a mistake of the renderer, and throws.
 */
export function parseMarkup(markup: string): MarkupElement {
  const root: OpenElement = { tag: '#root', attributes: new Map(), children: [] };
  const open = [root];
  let end = 0;
  for (const [whole, slash, tag, attributes, closed, text] of markup.matchAll(token)) {
    end += whole.length;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.children.push(text);
    else if (slash === '/') {
      if (open.pop()!.tag !== tag)
        throw new Error(`</${tag}> closes something else before: ${markup.slice(end, end + 80)}`);
    } else {
      const element: OpenElement = { tag: tag!, attributes: parseAttributes(attributes!), children: [] };
      parent.children.push(element);
      if (closed !== '/' && !voidTags.has(tag!)) open.push(element);
    }
  }
  if (end !== markup.length || open.length !== 1) throw new Error(`not well-formed at: ${markup.slice(end, end + 80)}`);
  return root;
}

function parseAttributes(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)];
  const attributes = new Map(pairs.map(([, name, value]) => [name!, value ?? '']));
  if (attributes.size !== pairs.length) throw new Error(`an attribute stands twice in: ${text}`);
  return attributes;
}

/** All elements in document order that satisfy the condition. */
export function all(element: MarkupElement, wanted: (element: MarkupElement) => boolean): readonly MarkupElement[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(wanted(child) ? [child] : []), ...all(child, wanted)],
  );
}

export const tagged =
  (tag: string) =>
  (element: MarkupElement): boolean =>
    element.tag === tag;

/** What a person reads, with entities resolved and white space collapsed. */
export function textOf(element: MarkupElement): string {
  const text = element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

/** A line per tag, so that a changed snapshot shows what changed. */
export function perLine(markup: string): string {
  return `${markup
    .replaceAll(/\s*\n\s*/g, '\n')
    .replaceAll('><', '>\n<')
    .trim()}\n`;
}
