import { html, nothing, type Safe } from './html';
import { type PickerState, renderPicker } from './picker';
import type { FactView, NoticeView, TopicChoice, TopicView, Words } from './protocol';
import { renderButton, renderLink, renderName, renderWords, when } from './words';

/** Which topic this is, and the way to another one. */
export function renderHead(topic: TopicView, topics: readonly TopicChoice[], picker: PickerState | null): Safe {
  const choice = topics.find(({ key }) => key === topic.key) ?? {
    key: topic.key,
    name: topic.name,
    detail: '',
    mark: 'neutral',
  };
  return html`<header data-key="head">
<h1>${renderName(topic.name)}</h1>
<p class="subtitle">${topic.subtitle}</p>
${renderPicker(topics, choice, picker)}
</header>`;
}

/** What has to be known before the verdict is read: an older result is shown, something was assumed, a bound was hit. */
export function renderNotices(notices: readonly NoticeView[]): Safe {
  if (notices.length === 0) return nothing;
  return html`<ul class="notices" data-key="notices">${notices.map(renderNotice)}</ul>`;
}

function renderNotice(notice: NoticeView): Safe {
  const { source, action } = notice;
  return html`<li class="${notice.mark}">${renderWords(notice)}${source === null ? nothing : html` ${renderLink(source)}`}${
    action === null ? nothing : renderButton({ does: action.kind, text: action.label })
  }</li>`;
}

/** The answer in words: a line per sentence. */
export function renderVerdict(lines: readonly (readonly Words[])[]): Safe {
  return html`<div class="verdict" data-key="verdict">${lines.map(
    (line) => html`<p>${line.map((words, index) => html`${when(index > 0, html` `)}${renderWords(words)}`)}</p>`,
  )}</div>`;
}

/** Every input the verdict rests on, each with its place or the word *assumed*. */
export function renderFacts(facts: readonly FactView[]): Safe {
  if (facts.length === 0) return nothing;
  return html`<ul class="facts" data-key="facts" aria-label="What this rests on">${facts.map(renderFact)}</ul>`;
}

/** What holds for every course of events, or the shortest one in which it does not. */
export function renderProofs(proofs: readonly Words[]): Safe {
  if (proofs.length === 0) return nothing;
  return html`<ul class="proofs" data-key="proofs" aria-label="What was proved">${proofs.map(
    (words) => html`<li>${renderWords(words)}</li>`,
  )}</ul>`;
}

function renderFact({ label, value, source, assumed }: FactView): Safe {
  return html`<li>${label === '' ? value : html`${label} <b>${value}</b>`}${
    assumed === null ? nothing : html` · <span class="assumed">assumed</span>${assumed === '' ? '' : `: ${assumed}`}`
  }${source === null ? nothing : html` · ${renderLink(source)}`}</li>`;
}
