import * as vscode from 'vscode';
import { isCandidate } from './files';
import type { PanelHost } from './panelHost';
import { isTopicsOutput } from './topicsOutputText';
import type { WorkspaceSync } from './workspaceSync';

/**
 * Analyses what `kafka-topics --describe` printed: the active editor's text if it holds that, else the clipboard's. The text
 * is a document like any other then, with findings, lenses and the panel for its first topic, next to the files of the folder.
 */
export async function analyseTopicsOutput(sync: WorkspaceSync, panel: PanelHost): Promise<void> {
  const document = (await describedInEditor()) ?? (await describedInClipboard());
  if (document === null) {
    // Short, as VS Code shows one line of a message.
    void vscode.window.showInformationMessage('No kafka-topics --describe output here or in the clipboard.');
    return;
  }
  sync.readFolder();
  const analysis = await sync.whenCurrent(document, new vscode.CancellationTokenSource().token);
  if (analysis !== null && analysis.topicsIn(document.uri.toString()).length === 0) {
    // The panel would show a topic of some other file, as if that were the answer.
    void vscode.window.showInformationMessage('No topic of this output has a replica placement to simulate.');
    return;
  }
  panel.open({ file: document.uri.toString() });
}

/**
 * The document to analyse if the active editor shows such output. What is in no folder and under a name that is nobody's of
 * ours, such as a log, is looked at in a copy.
 */
async function describedInEditor(): Promise<vscode.TextDocument | null> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !isTopicsOutput(document.getText())) return null;
  return isCandidate(document) ? document : openUntitled(document.getText());
}

async function describedInClipboard(): Promise<vscode.TextDocument | null> {
  const text = await vscode.env.clipboard.readText();
  return isTopicsOutput(text) ? openUntitled(text) : null;
}

async function openUntitled(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}
