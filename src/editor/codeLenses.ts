import * as vscode from 'vscode';
import { commandIds } from './commandIds';
import { documentSelector } from './files';
import { placementsIn } from './placements';
import { toRange } from './positions';
import { type TopicEntry, topicsAt, verdictLine } from './topics';
import type { SyncedAnalysis, WorkspaceSync } from './workspaceSync';

/** Beyond it, one lens speaks for all topics of a placement. */
const lensesPerPlacementMax = 3;

/**
 * Over each placement: the verdict in one line. A click opens the simulation. VS Code goes on showing the lenses of a
 * provider that is gone for half a minute, so this one stays when it is switched off, and has nothing to show.
 */
export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #registration: vscode.Disposable;
  #sync: WorkspaceSync | null = null;
  #subscription: vscode.Disposable | null = null;

  constructor() {
    this.onDidChangeCodeLenses = this.#changed.event;
    this.#registration = vscode.languages.registerCodeLensProvider(documentSelector(), this);
  }

  /** Shows verdicts of these analyses from now on, or none at all. */
  show(sync: WorkspaceSync | null): void {
    if (sync === this.#sync) return;
    this.#sync = sync;
    this.#subscription?.dispose();
    this.#subscription = sync?.onDidAnalyse(() => this.#changed.fire()) ?? null;
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#registration.dispose();
    this.#changed.dispose();
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[] | null> {
    if (this.#sync === null) return [];
    const analysis = await this.#sync.whenCurrent(document, token);
    const uri = document.uri.toString();
    const reading = analysis?.readings.get(uri);
    const snapshot = analysis?.snapshot(uri);
    if (analysis === null || reading === undefined || snapshot === undefined) return null;
    return placementsIn(reading).flatMap(({ span, syntaxErrors }) => {
      const suffix = syntaxErrors.length > 0 ? ' · as far as it can be read' : '';
      const range = toRange(snapshot, { start: span.start, end: span.start });
      return lensTitles(analysis, uri, span.start).map(
        ({ title, topic }) =>
          new vscode.CodeLens(range, {
            title: title + suffix,
            tooltip: 'See what each failure does',
            command: commandIds.openSimulation,
            arguments: [topic],
          }),
      );
    });
  }
}

function lensTitles(
  analysis: SyncedAnalysis,
  uri: string,
  start: number,
): readonly { readonly title: string; readonly topic: string }[] {
  const topics = topicsAt(analysis, uri, start);
  const [worst] = topics;
  if (worst === undefined) return [];
  const titled = (name: string, entry: TopicEntry) => ({ title: name + verdictLine(entry), topic: entry.key });
  if (topics.length === 1) return [titled('', worst)];
  if (topics.length <= lensesPerPlacementMax) return topics.map((entry) => titled(`${entry.name}: `, entry));
  return [titled(`${worst.name} (worst of ${topics.length} topics): `, worst)];
}
