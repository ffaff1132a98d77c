import * as vscode from 'vscode';
import type { Finding, FindingLevel } from '../rules/finding';
import { isCandidate } from './files';
import { loudest } from './loudest';
import { type TextSnapshot, toRange } from './positions';
import type { RuleLinks } from './ruleLinks';
import { Slices } from './slices';
import type { Lint, SyncedAnalysis, WorkspaceSync } from './workspaceSync';

/** What stands before each message in the problems view. */
export const diagnosticSource = 'Failover Lens';

/** A finding as it is shown: code actions go from what a person points at back to the finding. */
export interface Published {
  readonly finding: Finding;
  readonly diagnostic: vscode.Diagnostic;
}

/**
 * Puts findings of open documents into the problems view. There are two collections because there are two speeds: what
 * the simulation found stays, moved along by VS Code as the person types, while the cheap rules are shown anew.
 */
export class DiagnosticsPublisher implements vscode.Disposable {
  readonly #sync: WorkspaceSync;
  readonly #links: RuleLinks;
  readonly #cheap = new Shown('failover-lens');
  readonly #simulated = new Shown('failover-lens-simulation');
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(sync: WorkspaceSync, links: RuleLinks) {
    this.#sync = sync;
    this.#links = links;
    this.#subscriptions = [
      sync.onDidLint((lint) => this.#showLint(lint)),
      sync.onDidAnalyse((analysis) => {
        void new Slices().run(this.#showAnalysis(analysis), () => sync.analysis === analysis);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#cheap.clear(uri);
        this.#simulated.clear(uri);
      }),
    ];
  }

  /** What is shown of a document, in the order of the text within each speed. */
  published(uri: vscode.Uri): readonly Published[] {
    return [...this.#simulated.of(uri), ...this.#cheap.of(uri)];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#cheap.dispose();
    this.#simulated.dispose();
  }

  #showLint({ document, snapshot, findings }: Lint): void {
    this.#cheap.show(document.uri, this.#diagnose(findings, snapshot));
  }

  /**
   * Only documents that still are what was analysed: a newer version has its own analysis under way. In steps, because a file
   * may have a thousand findings, and VS Code takes its time over each.
   */
  *#showAnalysis(analysis: SyncedAnalysis): Generator<void, void> {
    for (const document of vscode.workspace.textDocuments) {
      if (!isCandidate(document)) continue;
      const uri = document.uri.toString();
      const snapshot = analysis.snapshot(uri);
      const isCurrent = (): boolean => !document.isClosed && snapshot?.version === document.version;
      if (snapshot === undefined || !isCurrent()) continue;
      const cheap = analysis.lintOf(uri);
      const known = new Set(cheap.map(identity));
      yield;
      if (isCurrent()) this.#cheap.show(document.uri, this.#diagnose(cheap, snapshot));
      yield;
      const simulated = (analysis.findings.get(uri) ?? []).filter((finding) => !known.has(identity(finding)));
      if (isCurrent()) this.#simulated.show(document.uri, this.#diagnose(simulated, snapshot));
      yield;
    }
  }

  #diagnose(findings: readonly Finding[], snapshot: TextSnapshot): readonly Published[] {
    return loudest(findings).map((finding) => ({ finding, diagnostic: this.#toDiagnostic(finding, snapshot) }));
  }

  #toDiagnostic(finding: Finding, snapshot: TextSnapshot): vscode.Diagnostic {
    const range = toRange(snapshot, finding.place);
    const diagnostic = new vscode.Diagnostic(range, finding.message, severities[finding.level]);
    diagnostic.source = diagnosticSource;
    diagnostic.code = { value: finding.code, target: this.#links.linkTo(finding.code) };
    diagnostic.relatedInformation = finding.related.flatMap(({ place, message }) => {
      const there = place.uri === finding.place.uri ? snapshot : this.#sync.analysis?.snapshot(place.uri);
      if (there === undefined) return [];
      const location = new vscode.Location(vscode.Uri.parse(place.uri), toRange(there, place));
      return [new vscode.DiagnosticRelatedInformation(location, message)];
    });
    return diagnostic;
  }
}

/** One diagnostic collection and the findings behind it. */
class Shown implements vscode.Disposable {
  readonly #collection: vscode.DiagnosticCollection;
  readonly #published = new Map<string, readonly Published[]>();

  constructor(name: string) {
    this.#collection = vscode.languages.createDiagnosticCollection(name);
  }

  of(uri: vscode.Uri): readonly Published[] {
    return this.#published.get(uri.toString()) ?? [];
  }

  show(uri: vscode.Uri, published: readonly Published[]): void {
    this.#published.set(uri.toString(), published);
    this.#collection.set(
      uri,
      published.map(({ diagnostic }) => diagnostic),
    );
  }

  clear(uri: vscode.Uri): void {
    this.#published.delete(uri.toString());
    this.#collection.delete(uri);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

const severities: Readonly<Record<FindingLevel, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

function identity({ code, place, message }: Finding): string {
  return `${code} ${place.start} ${place.end} ${message}`;
}
