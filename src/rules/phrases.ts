import { and } from '../analysis/lists';
import { defaultPlacementName } from '../kafka/topic';

/** Small parts that messages are made of. */

/** `1 broker`, `2 brokers`, `no brokers`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  if (n === 0) return `no ${plural}`;
  return `${n} ${n === 1 ? singular : plural}`;
}

const namedTopics = 3;

/** `topic orders`, `topics of the default placement`, `topics a, b and c`, `topics a, b, c and 7 more`. */
export function topics(names: readonly string[]): string {
  if (names.length === 1)
    return names[0] === defaultPlacementName ? 'topics of the default placement' : `topic ${names[0]}`;
  if (names.length <= namedTopics) return `topics ${and(names)}`;
  return `topics ${names.slice(0, namedTopics).join(', ')} and ${names.length - namedTopics} more`;
}

/** A name in quotes. Line breaks and invisible direction marks in hostile names would let a message lie. */
export function quoted(text: string): string {
  const harmless = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
  return `"${harmless.length > 80 ? `${harmless.slice(0, 79)}…` : harmless}"`;
}
