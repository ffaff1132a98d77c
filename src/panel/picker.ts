import { exactly, html, nothing, type Safe, shorten, visible } from './html';
import type { TopicChoice } from './protocol';
import { renderName, renderSign, when } from './words';

/** The list under the search field while it is open. */
export interface PickerState {
  readonly query: string;
  /** Index of the highlighted match. */
  readonly active: number;
}

/** As many matches as are drawn; the rest is counted, and found by typing more. */
export const matchesShownMax = 50;

export interface Matches {
  readonly shown: readonly TopicChoice[];
  /** Matches beyond those shown. */
  readonly beyond: number;
}

/** The topics whose name, or what tells it from another, contains the query, ignoring case, worst first as the host sent them. */
export function matchTopics(topics: readonly TopicChoice[], query: string): Matches {
  const wanted = query.trim().toLowerCase();
  const found = topics.filter(({ name, detail }) => `${name} ${detail}`.toLowerCase().includes(wanted));
  return { shown: found.slice(0, matchesShownMax), beyond: Math.max(0, found.length - matchesShownMax) };
}

/** A combobox over all topics (ARIA's "editable combobox with list autocomplete"); nothing where there is one topic. */
export function renderPicker(topics: readonly TopicChoice[], selected: TopicChoice, open: PickerState | null): Safe {
  if (topics.length < 2) return nothing;
  const matches = open === null ? null : matchTopics(topics, open.query);
  const active =
    open !== null && matches?.shown[open.active] ? html` aria-activedescendant="topic-${open.active}"` : nothing;
  const text = open === null ? visible(shorten(selected.name, 249)) : exactly(open.query);
  return html`<div class="picker" data-key="picker">
<label class="unseen" for="topic">Topic, ${topics.length} to choose from</label>
<span class="picked">${renderSign(selected.mark)}</span>
<input id="topic" type="text" role="combobox" dir="auto" autocomplete="off" spellcheck="false" aria-expanded="${open !== null}" aria-controls="topics" aria-autocomplete="list"${active} placeholder="Search ${topics.length} topics" value="${text}">
<span class="caret" aria-hidden="true"></span>
${matches === null ? html`<div id="topics" hidden></div>` : renderMatches(matches, selected, open?.active ?? 0)}
</div>`;
}

function renderMatches(matches: Matches, selected: TopicChoice, active: number): Safe {
  return html`<div id="topics" class="drop">
<ul role="listbox" aria-label="Topics, worst first">${matches.shown.map((topic, index) => renderChoice(topic, index, topic.key === selected.key, index === active))}</ul>
${when(matches.shown.length === 0, html`<p class="dim">No topic has this in its name.</p>`)}
${when(matches.beyond > 0, html`<p class="dim">${matches.beyond} more: type to narrow down</p>`)}
</div>`;
}

function renderChoice(topic: TopicChoice, index: number, isSelected: boolean, isActive: boolean): Safe {
  return html`<li id="topic-${index}" class="${isActive ? 'active' : ''}" role="option" aria-selected="${isSelected}" data-do="topic" data-arg="${exactly(topic.key)}">${renderSign(topic.mark)}${renderName(topic.name)}${when(topic.detail !== '', html` <span class="dim">${renderName(topic.detail)}</span>`)}</li>`;
}
