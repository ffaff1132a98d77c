import type { Splice } from './embedded';
import type { JsonArray, JsonMember, JsonObject } from './json';
import type { Span } from './span';

/**
 * Edits of JSON that look as if the person who wrote the text had made them: what is new takes its blanks, its line
 * breaks and its colons from its neighbours. jsonc-parser's `modify` would lay lines out anew instead.
 */

/** Adds a member behind another one. */
export function memberInserted(
  text: string,
  object: JsonObject,
  behind: JsonMember,
  key: string,
  value: string,
): Splice {
  const at = endOf(behind);
  const blank = blankBetweenMembers(text, object, behind);
  return {
    span: { start: at, end: at },
    newText: `,${blank}${JSON.stringify(key)}${colonStyle(text, object)}${value}`,
  };
}

/** Adds a member before all others. */
export function memberPrepended(text: string, object: JsonObject, key: string, value: string): Splice {
  const written = `${JSON.stringify(key)}${colonStyle(text, object)}${value}`;
  const first = object.members[0];
  if (first === undefined) return { span: inside(object.span), newText: written };
  const at = first.key.span.start;
  return { span: { start: at, end: at }, newText: `${written},${blankBetweenMembers(text, object, first)}` };
}

/** Removes a member with the comma that would be left over. */
export function memberRemoved(object: JsonObject, member: JsonMember): Splice {
  const index = object.members.indexOf(member);
  return { span: withSeparator(object.span, object.members.map(memberSpan), index), newText: '' };
}

/** Adds an item behind the last one. `sibling` is an array to take the layout from while this one is empty. */
export function itemAppended(text: string, array: JsonArray, item: string, sibling: JsonArray | undefined): Splice {
  const last = array.items.at(-1);
  if (last !== undefined) {
    const at = last.span.end;
    return { span: { start: at, end: at }, newText: `,${blankBetweenItems(text, array)}${item}` };
  }
  return { span: array.span, newText: arrayAround(text, item, sibling) };
}

/** An array of one item, laid out as another array is. */
export function arrayAround(text: string, item: string, sibling: JsonArray | undefined): string {
  const first = sibling?.items[0];
  const last = sibling?.items.at(-1);
  if (sibling === undefined || first === undefined || last === undefined) return `[${item}]`;
  const opening = blankOnly(text.slice(sibling.span.start + 1, first.span.start));
  const closing = blankOnly(text.slice(last.span.end, sibling.span.end - 1));
  return `[${opening}${item}${closing}]`;
}

/** Removes an item with the comma that would be left over. */
export function itemRemoved(array: JsonArray, index: number): Splice | null {
  if (array.items[index] === undefined) return null;
  const spans = array.items.map((item) => item.span);
  return { span: withSeparator(array.span, spans, index), newText: '' };
}

/** What stands between a key and its value. */
export function colonStyle(text: string, object: JsonObject): string {
  const shown = object.members.find((member) => member.value !== undefined);
  const between = shown?.value && text.slice(shown.key.span.end, shown.value.span.start);
  return between !== undefined && /^[ \t]*:[ \t]*$/.test(between) ? between : isAiry(text) ? ': ' : ':';
}

/** Whether a text has blanks behind its colons and commas. */
export function isAiry(text: string): boolean {
  return /[:,][ \t]/.test(text) || !/[:,]\S/.test(text);
}

function blankBetweenMembers(text: string, object: JsonObject, near: JsonMember): string {
  const index = object.members.indexOf(near);
  const [before, after] = index > 0 ? [index - 1, index] : [index, index + 1];
  const first = object.members[before];
  const second = object.members[after];
  if (first !== undefined && second !== undefined) return blankOnly(text.slice(endOf(first), second.key.span.start));
  return lineOrBlank(text, text.slice(object.span.start + 1, near.key.span.start));
}

function blankBetweenItems(text: string, array: JsonArray): string {
  const [first, second] = array.items.slice(-2);
  if (first === undefined) return '';
  if (second !== undefined) return blankOnly(text.slice(first.span.end, second.span.start));
  return lineOrBlank(text, text.slice(array.span.start + 1, first.span.start));
}

/** Behind an opening bracket: a line break is kept; blanks say little about those behind a comma. */
function lineOrBlank(text: string, opening: string): string {
  return opening.includes('\n') ? blankOnly(opening) : isAiry(text) ? ' ' : '';
}

/** The blanks of a separator, without its comma and whatever else stands there. */
function blankOnly(separator: string): string {
  return separator.slice(separator.trimEnd().length);
}

function withSeparator(whole: Span, parts: readonly Span[], index: number): Span {
  const part = parts[index] ?? inside(whole);
  const next = parts[index + 1];
  const previous = parts[index - 1];
  if (next !== undefined) return { start: part.start, end: next.start };
  return previous !== undefined ? { start: previous.end, end: part.end } : inside(whole);
}

function inside(span: Span): Span {
  return { start: span.start + 1, end: Math.max(span.start + 1, span.end - 1) };
}

function memberSpan(member: JsonMember): Span {
  return { start: member.key.span.start, end: endOf(member) };
}

function endOf(member: JsonMember): number {
  return member.value?.span.end ?? member.key.span.end;
}
