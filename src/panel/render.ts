import { currentPlay, type Model } from './app';
import { exactly, html, nothing, type Safe } from './html';
import type { HelpView, HostToPage } from './protocol';
import { renderFacts, renderHead, renderNotices, renderProofs, renderVerdict } from './renderAnswer';
import { renderFailures } from './renderFailures';
import { renderPlay } from './renderPlay';
import { renderButton, when } from './words';

/** The whole page: the answer first, the table of failures second, one failure played out third, what would help last. */
export function renderPage(model: Model): Safe {
  const progress = when(model.busy === 'shown', html`<div class="progress" data-key="progress"></div>`);
  switch (model.content.kind) {
    case 'nothing':
      return html`${progress}${when(model.busy === 'shown', html`<p class="dim waiting" data-key="waiting">Simulating…</p>`)}`;
    case 'empty':
      return html`${progress}${renderEmpty(model.content.title, model.content.explanation)}`;
    case 'show':
      return html`${progress}${renderTopic(model, model.content)}`;
  }
}

function renderTopic(model: Model, { topic, topics }: Extract<HostToPage, { readonly kind: 'show' }>): Safe {
  const play = currentPlay(model);
  const chosen = model.kept.scenario ?? '';
  return html`${renderHead(topic, topics, model.picker)}
${renderNotices(topic.notices)}
${renderVerdict(topic.verdict)}
${renderFacts(topic.facts)}
${renderProofs(topic.proofs)}
${renderFailures({ rows: topic.rows, chosen, reachable: model.reachableRow, more: model.kept.more })}
${
  play === null
    ? nothing
    : renderPlay({
        play,
        chosen: model.kept.step,
        playing: model.playing,
        copied: model.copied,
        widthPx: model.widthPx,
      })
}
${renderHelp(topic.help)}`;
}

function renderEmpty(title: string, explanation: string): Safe {
  return html`<section class="empty" data-key="empty">
<svg width="120" height="64" viewBox="0 0 120 64" aria-hidden="true">
<rect class="bar leader" x="0.5" y="4.500" width="52" height="11" rx="2"/><path class="bar down" d="M58 10H120"/>
<rect class="bar in-sync" x="0.5" y="22.500" width="66" height="11" rx="2"/><rect class="bar leader" x="67.500" y="22.500" width="52" height="11" rx="2"/>
<rect class="bar observer" x="0.5" y="40.500" width="66" height="11" rx="2"/><rect class="bar promoted" x="67.500" y="40.500" width="52" height="11" rx="2"/>
</svg>
<h1>${title}</h1><p class="dim">${explanation}</p>
</section>`;
}

/** Simulated changes, each with its price and what it buys. */
function renderHelp(help: readonly HelpView[]): Safe {
  if (help.length === 0) return nothing;
  return html`<section class="help" data-key="help" aria-labelledby="help-title">
<h2 id="help-title">What would help</h2>
<ul>${help.map(
    ({ id, title, price, buys }, index) => html`<li data-key="help:${exactly(id)}">
<div><h3>${title}</h3><p>${buys}</p>${when(price !== '', html`<p class="dim">${price}</p>`)}</div>
${renderButton({ does: 'apply', arg: id, text: 'Apply', label: `Apply: ${title}`, look: index === 0 ? 'primary' : 'plain' })}
</li>`,
  )}</ul>
</section>`;
}
