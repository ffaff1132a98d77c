import { exactly, html, nothing, type Safe } from './html';
import type { FailureRow } from './protocol';
import { renderButton, renderName, renderWords, when } from './words';

export interface FailuresParts {
  readonly rows: readonly FailureRow[];
  /** Id of the row that is played out below. */
  readonly chosen: string;
  /** Id of the row that Tab reaches; the arrow keys move it. */
  readonly reachable: string;
  /** Whether the folded rows show. */
  readonly more: boolean;
}

/** The columns after the first, in the order of `FailureRow`. */
const columns = ['writes', 'reads', 'acknowledgedData', 'person', 'headroom'] as const;

const columnNames = {
  writes: 'Writes (acks=all)',
  reads: 'Reads',
  acknowledgedData: 'Acknowledged data',
  person: 'A person must',
  headroom: 'Headroom',
} as const;

/** The rows to draw: the standard set, the chosen one, and all of them once unfolded. */
export function shownRows(rows: readonly FailureRow[], chosen: string, more: boolean): readonly FailureRow[] {
  return rows.filter((row) => more || !row.folded || row.id === chosen);
}

/**
 * The table of failures: a grid whose rows take the focus, so that the arrow keys walk it and Enter chooses. The roles
 * are spelt out because narrow windows lay the rows out as cards, and `display` would take a table's own roles away.
 */
export function renderFailures({ rows, chosen, reachable, more }: FailuresParts): Safe {
  if (rows.length === 0) return nothing;
  const shown = shownRows(rows, chosen, more);
  const tabStop = shown.some(({ id }) => id === reachable) ? reachable : (shown[0]?.id ?? '');
  const folded = rows.filter((row) => row.folded).length;
  return html`<section class="failures" data-key="failures" aria-labelledby="failures-title">
<h2 id="failures-title">What each failure does</h2>
<table role="grid" aria-labelledby="failures-title" aria-readonly="true">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Failure</th>${columns.map(
    (column) => html`<th role="columnheader" scope="col">${columnNames[column]}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${shown.map((row) => renderRow(row, row.id === chosen, row.id === tabStop))}</tbody>
</table>
${when(folded > 0, renderButton({ does: 'more', text: moreText(folded, more), look: 'plain', more: html` aria-expanded="${more}"` }))}
</section>`;
}

function moreText(folded: number, more: boolean): string {
  const failures = folded === 1 ? '1 more failure' : `${folded} more failures`;
  return more ? `Hide ${failures}` : `Show ${failures}`;
}

function renderRow(row: FailureRow, isChosen: boolean, isTabStop: boolean): Safe {
  return html`<tr role="row" data-key="row:${exactly(row.id)}" data-do="row" data-arg="${exactly(row.id)}" aria-selected="${isChosen}" tabindex="${isTabStop ? 0 : -1}">
<th role="rowheader" scope="row">${renderName(row.title)}</th>${columns.map(
    (column) =>
      html`<td role="gridcell" class="${column}" data-label="${columnNames[column]}">${renderWords(row[column])}</td>`,
  )}
</tr>`;
}
