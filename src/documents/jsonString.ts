import { decodedText, type EmbeddedText } from './embedded';
import type { JsonString } from './json';

/** The text inside a JSON string of a file, for JSON inside JSON: each character with where its escape stands. */
export function jsonStringText(text: string, { span, value }: JsonString): EmbeddedText {
  const offsets: number[] = [];
  let at = span.start + 1;
  while (offsets.length < value.length && at < span.end) {
    offsets.push(at);
    at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  }
  while (offsets.length < value.length) offsets.push(span.end);
  const encodePart = (part: string): string => JSON.stringify(part).slice(1, -1);
  return decodedText(
    value,
    [...offsets, Math.min(at, span.end)],
    { start: Math.min(span.start + 1, span.end), end: Math.min(at, span.end) },
    {
      encode: encodePart,
      encodePart,
    },
  );
}
