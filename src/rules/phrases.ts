import { and } from '../analysis/lists';
import { visible } from '../analysis/visible';
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

/** A name in quotes. */
export function quoted(text: string): string {
  const shown = visible(text);
  return `"${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}"`;
}

/** Kafka's own names end at 249 characters; no sentence of ours is half as long as the second bound. */
const nameLengthMax = 250;
const messageLengthMax = 2_000;

/** What could need a change besides length: anything but plain characters. */
const suspicious = /[^\x20-\x7e]/;

/** A message as it is shown, whatever names files have put into it. Most are as they were, which is quickly told. */
export function harmless(message: string): string {
  if (message.length <= messageLengthMax && !mayHoldLongWord(message) && !suspicious.test(message)) return message;
  const shown = visible(message).replace(/\S+/g, (word) =>
    word.length > nameLengthMax ? `${word.slice(0, nameLengthMax - 1)}…` : word,
  );
  return shown.length > messageLengthMax ? `${shown.slice(0, messageLengthMax - 1)}…` : shown;
}

/** A word beyond the bound covers one of these places; a few looks tell that there is none. */
function mayHoldLongWord(message: string): boolean {
  for (let at = nameLengthMax; at < message.length; at += nameLengthMax + 1) {
    const begin = message.lastIndexOf(' ', at) + 1;
    const end = message.indexOf(' ', at);
    if ((end < 0 ? message.length : end) - begin > nameLengthMax) return true;
  }
  return false;
}
