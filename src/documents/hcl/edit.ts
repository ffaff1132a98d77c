import type { Splice } from '../embedded';
import { isRecord, parsedJson } from '../platformJson';
import type { Span } from '../span';
import { type HclEntry, type HclValue, stringText } from './parser';
import { inline, keyOf, onLines } from './print';

export type HclObject = HclValue & { readonly kind: 'object' };

/**
 * The edits that turn an object of HCL into the value of a JSON text, each as small as can be: what stays as it is keeps its
 * layout and its comments, and what is new looks like its neighbours. `null` where it takes writing the object anew.
 * @param text the file in which the object stands
 */
export function hclSplices(text: string, object: HclObject, json: string): readonly Splice[] | null {
  const after = parsedJson(json);
  const keys = new Set(object.entries.map(({ key }) => key.value));
  if (!isRecord(after) || keys.size < object.entries.length || keys.size === 0) return null;
  const edit = new HclEdit(text);
  edit.entries(object.entries, new Map(Object.entries(after)));
  return edit.splices;
}

/** What a value of HCL is as JSON. Nothing in it is computed, or it would not have been read as a placement. */
function plain(value: HclValue): unknown {
  switch (value.kind) {
    case 'string':
      return stringText(value.units);
    case 'literal':
      return JSON.parse(value.text);
    case 'list':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries(value.entries.map((entry) => [entry.key.value, plain(entry.value)]));
    case 'call':
    case 'computed':
      return undefined;
  }
}

function isEqual(value: HclValue, after: unknown): boolean {
  return JSON.stringify(plain(value)) === JSON.stringify(after);
}

class HclEdit {
  readonly splices: Splice[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  entries(before: readonly HclEntry[], after: ReadonlyMap<string, unknown>): void {
    const known = new Set(before.map(({ key }) => key.value));
    const names = [...after.keys()];
    // A key that is not there any more, and a new one at its place: it has another name now.
    const nameOf = ({ key }: HclEntry, index: number): string | undefined => {
      if (after.has(key.value)) return key.value;
      const name = names.length === before.length ? names[index] : undefined;
      return name === undefined || known.has(name) ? undefined : name;
    };
    const parts = new Map<string, Span>();
    const gone: Span[] = [];
    for (const [index, entry] of before.entries()) {
      const name = nameOf(entry, index);
      const part = this.spanOf(entry);
      if (name === undefined) gone.push(part);
      else {
        if (name !== entry.key.value) this.replace(entry.key.span, this.keyInPlaceOf(entry, name));
        this.change(entry.value, after.get(name));
        parts.set(name, part);
      }
    }
    this.remove(before.map(this.spanOf), gone);
    for (const [index, name] of names.entries()) {
      if (!parts.has(name)) this.addEntry(parts, names.slice(0, index), name, after.get(name));
    }
  }

  /** In brackets a bare word is what a variable is called. */
  private keyInPlaceOf({ key }: HclEntry, name: string): string {
    return this.text[key.span.start - 1] === '(' ? inline(name) : keyOf(name);
  }

  /** Behind the nearest one that is to stand before it, or before all others. */
  private addEntry(parts: ReadonlyMap<string, Span>, before: readonly string[], name: string, value: unknown): void {
    const behind = before.flatMap((other) => parts.get(other) ?? []).at(-1);
    if (behind === undefined) {
      const [first] = parts.values();
      if (first === undefined) return;
      const indentation = this.indentationOf(first);
      const between = indentation === null ? ', ' : `${this.lineBreakAt(first.start)}${indentation}`;
      this.insert(first.start, `${keyOf(name)} = ${inline(value)}${between}`);
      return;
    }
    const indentation = this.indentationOf(behind);
    const lineEnd = this.lineEndBehind(behind);
    if (indentation === null || lineEnd === null) this.insert(behind.end, `, ${keyOf(name)} = ${inline(value)}`);
    else {
      const isOnLines = this.text.slice(behind.start, behind.end).includes('\n');
      const written = isOnLines ? onLines(value, indentation) : inline(value);
      const lines = `\n${indentation}${keyOf(name)} = ${written}`;
      this.insert(lineEnd, lines.replaceAll('\n', this.lineBreakAt(lineEnd)));
    }
  }

  private change(value: HclValue, after: unknown): void {
    if (isEqual(value, after)) return;
    if (value.kind === 'object' && isRecord(after) && value.entries.length > 0) {
      this.entries(value.entries, new Map(Object.entries(after)));
    } else if (value.kind === 'list' && Array.isArray(after)) this.items(value, after);
    else this.replace(value.span, inline(after));
  }

  /** Items that are as they were at both ends stay; of those in between each becomes the one at its place. */
  private items(list: HclValue & { readonly kind: 'list' }, after: readonly unknown[]): void {
    const { items } = list;
    const fewer = Math.min(items.length, after.length);
    const isSame = (index: number, other: number): boolean => {
      const item = items.at(index);
      return item !== undefined && isEqual(item, after.at(other));
    };
    let first = 0;
    while (first < fewer && isSame(first, first)) first++;
    let same = 0;
    while (same < fewer - first && isSame(-1 - same, -1 - same)) same++;
    for (let index = first; index < fewer - same; index++) {
      const item = items[index];
      if (item !== undefined) this.change(item, after[index]);
    }
    const spans = items.map(({ span }) => span);
    this.remove(spans, spans.slice(fewer - same, items.length - same));
    this.addItems(list, spans[fewer - same - 1], after.slice(fewer - same, after.length - same));
  }

  private addItems(
    list: HclValue & { readonly kind: 'list' },
    behind: Span | undefined,
    added: readonly unknown[],
  ): void {
    if (added.length === 0) return;
    if (behind === undefined) {
      if (list.items.length === 0) this.fill(list, added);
      else this.replace(list.span, inline([...added, ...list.items.map(plain)]));
      return;
    }
    const indentation = this.indentationOf(behind);
    const lineEnd = this.lineEndBehind(behind);
    if (indentation === null || lineEnd === null) {
      this.insert(behind.end, added.map((item) => `, ${inline(item)}`).join(''));
      return;
    }
    const hasComma = this.text.slice(behind.end, lineEnd).trimStart().startsWith(',');
    if (!hasComma) this.insert(behind.end, ',');
    const line = `${this.lineBreakAt(lineEnd)}${indentation}`;
    this.insert(lineEnd, `${line}${added.map(inline).join(`,${line}`)}${hasComma ? ',' : ''}`);
  }

  /** Fills an empty list, behind what a person may have written into it. */
  private fill({ span }: HclValue, added: readonly unknown[]): void {
    const close = span.end - 1;
    if (this.text.slice(span.start + 1, close).trim() === '') {
      this.replace(span, inline(added));
      return;
    }
    const place = { start: close, end: close };
    const indentation = this.indentationOf(place);
    if (indentation === null) {
      this.insert(close, `${added.map(inline).join(', ')} `);
      return;
    }
    const lineBreak = this.lineBreakAt(span.start);
    const lines = added.map((item) => `${indentation}  ${inline(item)},${lineBreak}`);
    this.insert(this.lineStartOf(place), lines.join(''));
  }

  /** Removes parts that stand one behind another, with their lines or with the commas that would be left over. */
  private remove(parts: readonly Span[], gone: readonly Span[]): void {
    const [first, last] = [gone[0], gone.at(-1)];
    if (first === undefined || last === undefined) return;
    const lineEnds = gone.map((part) => (this.indentationOf(part) === null ? null : this.lineEndBehind(part)));
    // A comma may also begin the line of what comes next: it goes with what stands before it.
    const leavesComma = lineEnds.some((lineEnd) => lineEnd !== null && this.behindComma(lineEnd) > lineEnd);
    if (!leavesComma && lineEnds.every((lineEnd) => lineEnd !== null)) {
      for (const [index, part] of gone.entries()) {
        const lineBreak = this.text.indexOf('\n', lineEnds[index] ?? part.end);
        this.replace({ start: this.lineStartOf(part), end: lineBreak + 1 }, '');
      }
      return;
    }
    const before = parts.findLast(({ end }) => end <= first.start);
    const behind = parts.find(({ start }) => start >= last.end);
    if (behind !== undefined) this.replace({ start: first.start, end: behind.start }, '');
    else if (before !== undefined) this.replace({ start: before.end, end: last.end }, '');
    else this.replace({ start: first.start, end: this.behindComma(last.end) }, '');
  }

  private behindComma(end: number): number {
    const comma = /\s*,/y;
    comma.lastIndex = end;
    return comma.test(this.text) ? comma.lastIndex : end;
  }

  private readonly spanOf = ({ key, value }: HclEntry): Span => ({
    start: this.text[key.span.start - 1] === '(' ? key.span.start - 1 : key.span.start,
    end: value.span.end,
  });

  private lineStartOf({ start }: Span): number {
    return this.text.lastIndexOf('\n', start - 1) + 1;
  }

  /** What stands before a part in its line, if it is the first one there. */
  private indentationOf(part: Span): string | null {
    const before = this.text.slice(this.lineStartOf(part), part.start);
    return before.trim() === '' ? before : null;
  }

  /** Where the line ends in which a part ends, if nothing but a comma and a comment stands behind it. */
  private lineEndBehind({ end }: Span): number | null {
    const rest = /[ \t]*,?[ \t]*(?:(?:#|\/\/)[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?=\r?\n)/y;
    rest.lastIndex = end;
    return rest.test(this.text) ? rest.lastIndex : null;
  }

  private lineBreakAt(offset: number): string {
    const found = this.text.indexOf('\n', offset);
    return this.text[found - 1] === '\r' ? '\r\n' : '\n';
  }

  private insert(at: number, newText: string): void {
    this.replace({ start: at, end: at }, newText);
  }

  private replace(span: Span, newText: string): void {
    this.splices.push({ span, newText });
  }
}
