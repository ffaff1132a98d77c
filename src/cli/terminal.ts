import type { Mark } from '../analysis/words';

/** Marks a text, where the terminal can show it. */
export type Paint = (text: string, mark: Mark) => string;

/** Colours if they are wanted. */
export function painter(colour: boolean): Paint {
  return colour ? painted : plain;
}

const plain: Paint = (text) => text;

/** Green, yellow, red of the terminal's own palette. */
const painted: Paint = (text, mark) => {
  const code = { good: '32', warning: '33', bad: '31', neutral: null }[mark];
  return code === null ? text : `\u001b[${code}m${text}\u001b[0m`;
};
