import * as vscode from 'vscode';
import { commandIds } from './commandIds';
import { documentSelector } from './files';
import { statusOf } from './statusText';
import { listTopics } from './topics';
import type { WorkspaceSync } from './workspaceSync';

/** The language status item: which cluster was found or assumed, and how the topics fare. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('failoverLens.status', documentSelector());
  readonly #subscription: vscode.Disposable;

  constructor(sync: WorkspaceSync) {
    this.#item.name = 'Failover Lens';
    this.#item.command = { title: 'Open simulation', command: commandIds.openSimulation };
    this.#item.text = 'Failover Lens';
    this.#subscription = vscode.Disposable.from(
      sync.onWillAnalyse(() => {
        this.#item.busy = true;
      }),
      sync.onDidRest(() => {
        this.#item.busy = false;
      }),
      sync.onDidAnalyse((analysis) => {
        const { text, detail, level } = statusOf(listTopics(analysis), (uri) =>
          vscode.workspace.asRelativePath(vscode.Uri.parse(uri)),
        );
        this.#item.text = text;
        this.#item.detail = detail;
        this.#item.severity =
          level === 'bad' ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
      }),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
