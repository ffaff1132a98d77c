import * as vscode from 'vscode';
import { documentSelector } from './files';
import { describeConstraint } from './hoverText';
import { constraintAt } from './placements';
import { toRange } from './positions';
import { topicsAt } from './topics';
import type { WorkspaceSync } from './workspaceSync';

/** Over each constraint: what it places where. */
export class Hovers implements vscode.HoverProvider {
  readonly #sync: WorkspaceSync;

  constructor(sync: WorkspaceSync) {
    this.#sync = sync;
  }

  register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider(documentSelector(), this);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const analysis = await this.#sync.whenCurrent(document, token);
    const uri = document.uri.toString();
    const reading = analysis?.readings.get(uri);
    const snapshot = analysis?.snapshot(uri);
    if (analysis === null || reading === undefined || snapshot === undefined) return null;
    const found = constraintAt(reading, snapshot.offsetOf(position));
    if (found === null) return null;
    const { constraint, placement } = found;
    const topics = topicsAt(analysis, uri, placement.span.start);
    // A placement may serve topics of several clusters; each gets its own answer.
    const parts = [...new Set(topics.map(({ cluster }) => cluster))].map((cluster) => {
      const names = topics.filter((entry) => entry.cluster === cluster).map(({ name }) => name);
      return describeConstraint({ constraint, placement: placement.placement, cluster, topics: names });
    });
    return parts.length === 0
      ? null
      : new vscode.Hover(
          parts.map((part) => new vscode.MarkdownString(part)),
          toRange(snapshot, constraint.span),
        );
  }
}
