/** The line, from 0, of each heading of a Markdown text that is one word (perhaps as code): `## rack-unknown`. */
export function headingLines(markdown: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of markdown.split('\n').entries()) {
    const word = /^#{1,6} +`?([\w-]+)`?\s*$/.exec(line)?.[1];
    if (word !== undefined && !lines.has(word)) lines.set(word, index);
  }
  return lines;
}
