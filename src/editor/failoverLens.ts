import * as vscode from 'vscode';
import { createWorkspace } from '../workspace/workspace';
import { CodeActions } from './codeActions';
import { CodeLenses } from './codeLenses';
import { registerCommands } from './commands';
import { DiagnosticsPublisher } from './diagnostics';
import { Hovers } from './hovers';
import { Log } from './log';
import { PanelHost } from './panelHost';
import { RuleLinks } from './ruleLinks';
import { type EditorSettings, readSettings, section } from './settings';
import { StatusItem } from './statusItem';
import { WorkspaceSync } from './workspaceSync';

/** The whole extension, put together: features are made when it is switched on and dropped when it is switched off. */
export class FailoverLens implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #log = new Log();
  readonly #codeLenses = new CodeLenses();
  readonly #subscription: vscode.Disposable;
  #features: Features | null = null;

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) this.#configure();
    });
    this.#configure();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#features?.dispose();
    this.#codeLenses.dispose();
    this.#log.dispose();
  }

  #configure(): void {
    const configuration = vscode.workspace.getConfiguration(section);
    const settings = readSettings((name) => configuration.get(name));
    for (const problem of settings.problems) this.#log.warn(problem);
    if (!settings.enable) {
      this.#codeLenses.show(null);
      this.#features?.dispose();
      this.#features = null;
      return;
    }
    if (this.#features === null) this.#features = new Features(settings, this.#extensionUri, this.#log);
    else this.#features.configure(settings);
    this.#codeLenses.show(settings.codeLens ? this.#features.sync : null);
  }
}

class Features implements vscode.Disposable {
  readonly sync: WorkspaceSync;
  readonly #subscription: vscode.Disposable;

  constructor(settings: EditorSettings, extensionUri: vscode.Uri, log: Log) {
    const sync = new WorkspaceSync(createWorkspace(settings.core), log);
    const diagnostics = new DiagnosticsPublisher(sync, new RuleLinks(extensionUri, log));
    const panel = new PanelHost(sync, extensionUri, log);
    this.sync = sync;
    this.#subscription = vscode.Disposable.from(
      sync,
      diagnostics,
      panel,
      new StatusItem(sync),
      new CodeActions(sync, diagnostics, log).register(),
      new Hovers(sync).register(),
      registerCommands(sync, panel, log),
    );
    sync.start();
  }

  configure(settings: EditorSettings): void {
    this.sync.configure(settings.core);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
