/** Small parts that messages are made of. */

/** `1 broker`, `2 brokers`, `no brokers`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  if (n === 0) return `no ${plural}`;
  return `${n} ${n === 1 ? singular : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function and(items: readonly string[]): string {
  return joined(items, 'and');
}

/** `a`, `a or b`, `a, b or c`. */
export function or(items: readonly string[]): string {
  return joined(items, 'or');
}

function joined(items: readonly string[], word: string): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1) ?? ''}`;
}

const namedTopics = 3;

/** `topic orders`, `topics a, b and c`, `topics a, b, c and 7 more`. */
export function topics(names: readonly string[]): string {
  if (names.length === 1) return `topic ${names.join('')}`;
  if (names.length <= namedTopics) return `topics ${and(names)}`;
  return `topics ${names.slice(0, namedTopics).join(', ')} and ${names.length - namedTopics} more`;
}

/** A name in quotes. Line breaks and invisible direction marks in hostile names would let a message lie. */
export function quoted(text: string): string {
  const harmless = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return `"${harmless.length > 80 ? `${harmless.slice(0, 79)}…` : harmless}"`;
}

/** The text with a capital first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
