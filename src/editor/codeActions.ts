import * as vscode from 'vscode';
import { isRuleCode } from '../rules/catalogue';
import type { Fix } from '../rules/finding';
import { commandIds } from './commandIds';
import type { DiagnosticsPublisher, Published } from './diagnostics';
import { documentSelector } from './files';
import type { Log } from './log';
import { toRange } from './positions';
import { section } from './settings';
import { Slices } from './slices';
import type { SyncedAnalysis, WorkspaceSync } from './workspaceSync';

/** What `editor.codeActionsOnSave` names to run the mechanical fixes. */
export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append(section);

/**
 * Quick fixes. Each was applied in memory and simulated by the workspace before it is offered here; this class only
 * carries it into the editor, and only while the texts are still those it was computed for.
 */
export class CodeActions implements vscode.CodeActionProvider {
  readonly #sync: WorkspaceSync;
  readonly #diagnostics: DiagnosticsPublisher;
  readonly #log: Log;

  constructor(sync: WorkspaceSync, diagnostics: DiagnosticsPublisher, log: Log) {
    this.#sync = sync;
    this.#diagnostics = diagnostics;
    this.#log = log;
  }

  register(): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(documentSelector(), this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind],
    });
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (context.triggerKind === vscode.CodeActionTriggerKind.Invoke) this.#sync.flush();
    const analysis = await this.#sync.whenCurrent(document, token);
    if (analysis === null) return [];
    const all = this.#diagnostics.published(document.uri);
    if (context.only !== undefined && fixAllKind.intersects(context.only)) {
      const fixAll = await this.#fixAll(all, analysis, token);
      return fixAll === null ? [] : [fixAll];
    }
    if (context.only !== undefined && !context.only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const pointedAt = all.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
    const fixes = await this.#quickFixes(pointedAt, analysis, token);
    return token.isCancellationRequested ? [] : [...fixes, ...pointedAt.map(disableRule)];
  }

  async #quickFixes(
    published: readonly Published[],
    analysis: SyncedAnalysis,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const slices = new Slices();
    const actions: vscode.CodeAction[] = [];
    let preferred = false;
    for (const { finding, diagnostic } of published) {
      await slices.next();
      if (token.isCancellationRequested) return [];
      for (const fix of await this.#fixesOf({ finding, diagnostic })) {
        const edit = toWorkspaceEdit([fix], analysis);
        if (edit === null) continue;
        const same = actions.find((action) => action.title === fix.title);
        if (same !== undefined) {
          same.diagnostics?.push(diagnostic);
          continue;
        }
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.diagnostics = [diagnostic];
        action.edit = edit;
        // Several findings may meet at the cursor; *Auto Fix* must still know one answer.
        action.isPreferred = fix.preferred && !preferred;
        preferred ||= fix.preferred;
        actions.push(action);
      }
    }
    return actions;
  }

  /** All mechanical fixes that do not touch each other, as one edit. */
  async #fixAll(
    published: readonly Published[],
    analysis: SyncedAnalysis,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction | null> {
    const slices = new Slices();
    const chosen: Fix[] = [];
    for (const one of published) {
      await slices.next();
      if (token.isCancellationRequested) return null;
      const fix = (await this.#fixesOf(one)).find(({ mechanical }) => mechanical);
      if (fix !== undefined && !chosen.some((other) => overlap(other, fix))) chosen.push(fix);
    }
    const edit = chosen.length > 0 ? toWorkspaceEdit(chosen, analysis) : null;
    if (edit === null) return null;
    const action = new vscode.CodeAction('Fix what Failover Lens can fix mechanically', fixAllKind);
    action.edit = edit;
    return action;
  }

  async #fixesOf({ finding }: Published): Promise<readonly Fix[]> {
    try {
      return await this.#sync.fixes(finding);
    } catch (thrown) {
      this.#log.error(`Looking for fixes of ${finding.code}`, thrown);
      return [];
    }
  }
}

/** An edit for the editor, or `null` if a text has moved on since the fixes were computed. */
export function toWorkspaceEdit(fixes: readonly Fix[], analysis: SyncedAnalysis): vscode.WorkspaceEdit | null {
  const edit = new vscode.WorkspaceEdit();
  for (const { place, newText } of fixes.flatMap(({ edits }) => edits)) {
    const snapshot = analysis.snapshot(place.uri);
    if (snapshot === undefined) return null;
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === place.uri);
    if (open !== undefined && open.version !== snapshot.version) return null;
    edit.replace(vscode.Uri.parse(place.uri), toRange(snapshot, place), newText);
  }
  return edit;
}

function overlap(a: Fix, b: Fix): boolean {
  return a.edits.some(({ place: one }) =>
    b.edits.some(({ place: other }) => one.uri === other.uri && one.start <= other.end && other.start <= one.end),
  );
}

function disableRule({ finding, diagnostic }: Published): vscode.CodeAction {
  const title = `Disable the rule ${finding.code}`;
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = { title, command: commandIds.disableRule, arguments: [finding.code] };
  return action;
}

/** Turns a rule off where the person keeps settings: in the folder if there is one, else for themselves. */
export async function writeRuleOff(code: unknown): Promise<void> {
  if (typeof code !== 'string' || !isRuleCode(code)) return;
  const settings = vscode.workspace.getConfiguration(section);
  const inspected = settings.inspect<Record<string, unknown>>('rules');
  const inFolder = vscode.workspace.workspaceFolders !== undefined;
  const present = inFolder ? inspected?.workspaceValue : inspected?.globalValue;
  const target = inFolder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('rules', { ...present, [code]: 'off' }, target);
}
