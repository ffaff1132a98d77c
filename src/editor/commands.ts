import * as vscode from 'vscode';
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
    vscode.commands.registerCommand(commandIds.createClusterFile, () => createClusterFile(sync)),
    vscode.commands.registerCommand(commandIds.disableRule, writeRuleOff),
    vscode.commands.registerCommand(commandIds.showLog, () => log.show()),
    sync.onDidAnalyse(({ readings }) => {
      const files = [...readings].filter(([, reading]) => placementsIn(reading).length > 0).map(([uri]) => uri);
      // Read by package.json's `when` clauses: the editor's title shows the simulation over placements only.
      void vscode.commands.executeCommand('setContext', 'failoverLens.placementFiles', files);
    }),
  );
}
