import { mayBeDescribe, readDescribe } from '../documents/describe';
import { limits } from '../documents/limits';
import { sourceFile } from '../documents/reader';

/** How much is read to know it: the description of one topic is far shorter. */
const triedLength = 20_000;

/** Whether a text holds what `kafka-topics --describe` prints. Only its first lines are read: there may be megabytes. */
export function isTopicsOutput(text: string): boolean {
  if (text.length > limits.fileLengthMax || !mayBeDescribe(sourceFile('', text))) return false;
  const first = Math.min(...['PartitionCount:', 'Isr:'].map((label) => text.indexOf(label)).filter((at) => at >= 0));
  const begin = text.lastIndexOf('\n', first) + 1;
  return readDescribe(sourceFile('', text.slice(begin, begin + triedLength))) !== null;
}
