import * as vscode from 'vscode';
import { analyseTopicsOutput } from './analyseTopicsOutput';
import { writeRuleOff } from './codeActions';
import { commandIds } from './commandIds';
import { createClusterFile } from './createClusterFile';
import type { Log } from './log';
import type { PanelHost } from './panelHost';
import { placementsIn } from './placements';
import type { WorkspaceSync } from './workspaceSync';

/** What a person can ask for. A lens passes the key of its topic; from the palette the open file says what is meant. */
export function registerCommands(sync: WorkspaceSync, panel: PanelHost, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commandIds.openSimulation, (topic: unknown) => {
      if (typeof topic === 'string') panel.open({ topic });
      else panel.open({ file: vscode.window.activeTextEditor?.document.uri.toString() ?? null });
    }),
    vscode.commands.registerCommand(commandIds.analyseTopicsOutput, () => analyseTopicsOutput(sync, panel)),
    vscode.commands.registerCommand(commandIds.createClusterFile, (file: unknown) =>
      createClusterFile(sync, typeof file === 'string' ? file : undefined),
    ),
    vscode.commands.registerCommand(commandIds.disableRule, writeRuleOff),
    vscode.commands.registerCommand(commandIds.showLog, () => log.show()),
    sync.onDidAnalyse(() => showInTitle(sync)),
    vscode.window.onDidChangeActiveTextEditor(() => showInTitle(sync)),
  );
}

/** Read by package.json's `when` clauses: an editor's title offers the simulation over placements only. */
function showInTitle(sync: WorkspaceSync): void {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const reading = active === undefined ? undefined : sync.analysis?.readings.get(active);
  const hasPlacement = reading !== undefined && placementsIn(reading).length > 0;
  void vscode.commands.executeCommand('setContext', 'failoverLens.activePlacement', hasPlacement);
}
