/**
 * How deep collections of a YAML text stand inside one another, at least as deep as a parser would go. Asked before the
 * YAML library is: ten thousand `- ` on a line make it exhaust the process, which no `catch` survives.
 */
export function yamlNesting(text: string): number {
  let deepest = 0;
  const columns: number[] = [];
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const content = blockColumns(text, start, end, columns);
    deepest = Math.max(deepest, columns.length);
    if (isFlowStart(text, content, end)) {
      const flow = flowNesting(text, content);
      deepest = Math.max(deepest, columns.length + flow.depth);
      start = Math.max(flow.end, end + 1);
    } else {
      start = end + 1;
    }
  }
  return deepest;
}

/** Takes in the columns at which collections of a line begin; returns where its content begins. */
function blockColumns(text: string, start: number, end: number, columns: number[]): number {
  let at = start;
  for (;;) {
    while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
    if (at >= end || text[at] === '#') return at;
    const column = at - start;
    while ((columns.at(-1) ?? -1) >= column) columns.pop();
    columns.push(column);
    const compact = (text[at] === '-' || text[at] === '?') && (text[at + 1] === ' ' || text[at + 1] === '\t');
    if (!compact) return at;
    at++;
  }
}

/** Whether a flow collection begins as the line's content, or as the value behind its key. */
function isFlowStart(text: string, content: number, end: number): boolean {
  if (text[content] === '[' || text[content] === '{') return true;
  return /:[ \t]+(?:[&!][^\s]*[ \t]+)*[[{]/.test(text.slice(content, Math.min(end, content + 2000)));
}

function flowNesting(text: string, from: number): { readonly depth: number; readonly end: number } {
  let depth = 0;
  let deepest = 0;
  let before = '';
  for (let at = from; at < text.length; at++) {
    const unit = text.charAt(at);
    if (unit === '[' || unit === '{') deepest = Math.max(deepest, ++depth);
    else if ((unit === ']' || unit === '}') && --depth <= 0) return { depth: deepest, end: at + 1 };
    else if ((unit === '"' || unit === "'") && depth > 0 && /[,[{:]/.test(before)) at = closingQuote(text, at);
    else if (unit === '\n' && depth === 0) return { depth: deepest, end: at };
    if (/\S/.test(unit)) before = unit;
  }
  return { depth: deepest, end: text.length };
}

function closingQuote(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
