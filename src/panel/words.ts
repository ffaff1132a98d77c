import { exactly, type Hole, html, nothing, type Safe, shorten } from './html';
import type { Mark, SourceLink, Words } from './protocol';

/** A mark is never colour alone: its sign is read by eyes, its name by screen readers. */
const signs = {
  good: { sign: '✓', name: 'good' },
  warning: { sign: '▲', name: 'warning' },
  bad: { sign: '✕', name: 'bad' },
} as const;

export function renderSign(mark: Mark): Safe {
  if (mark === 'neutral') return nothing;
  const { sign, name } = signs[mark];
  return html`<span class="sign ${mark}" role="img" aria-label="${name}">${sign}</span>`;
}

/** A marked run of text; the sign stands before it. A dash says that there is nothing to say, and steps back. */
export function renderWords(words: Words): Safe {
  return html`<span class="words ${words.text === '–' ? 'dim' : words.mark}">${renderSign(words.mark)}<span>${words.text}</span></span>`;
}

/** Longest name shown: Kafka's own limit for topic names. */
const nameCharsMax = 249;

/** A name from somebody's file: cut to a readable length, and isolated so that its direction can't turn its surroundings. */
export function renderName(name: string): Safe {
  return html`<bdi>${shorten(name, nameCharsMax)}</bdi>`;
}

export function renderLink(source: SourceLink): Safe {
  return html`<a href="#" data-do="open" data-arg="${exactly(source.link)}">${renderName(source.label)}</a>`;
}

export interface ButtonParts {
  /** The action it stands for: see `gestures.ts`. */
  readonly does: string;
  readonly arg?: string | number;
  readonly text: Hole;
  readonly look?: 'primary' | 'plain';
  /** What a screen reader says, where the text alone would be ambiguous. */
  readonly label?: string;
  readonly more?: Safe;
}

export function renderButton({ does, arg = '', text, look = 'plain', label, more = nothing }: ButtonParts): Safe {
  const name = label === undefined ? nothing : html` aria-label="${label}"`;
  return html`<button type="button" class="${look}" data-do="${does}" data-arg="${exactly(String(arg))}"${name}${more}>${text}</button>`;
}

/** An attribute that is there or not: `hidden`, `disabled`. */
export function when(condition: boolean, markup: Safe): Safe {
  return condition ? markup : nothing;
}
