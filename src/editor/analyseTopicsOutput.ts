import * as vscode from 'vscode';
import { mayBeDescribe, readDescribe } from '../documents/describe';
import { limits } from '../documents/limits';
import { sourceFile } from '../documents/reader';
import { isCandidate } from './files';
import type { PanelHost } from './panelHost';
import type { WorkspaceSync } from './workspaceSync';

/**
 * Analyses what `kafka-topics --describe` printed: the active editor's text if it holds that, else the clipboard's. The text
 * is a document like any other then, with findings, lenses and the panel for its first topic, next to the files of the folder.
 */
export async function analyseTopicsOutput(sync: WorkspaceSync, panel: PanelHost): Promise<void> {
  const document = (await describedInEditor()) ?? (await describedInClipboard());
  if (document === null) {
    void vscode.window.showInformationMessage(
      'Neither the open editor nor the clipboard holds output of kafka-topics --describe. Copy it, from the first line that begins with “Topic:” on, and run this command again.',
    );
    return;
  }
  sync.readFolder();
  await sync.whenCurrent(document, new vscode.CancellationTokenSource().token);
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

function isTopicsOutput(text: string): boolean {
  if (text.length > limits.fileLengthMax) return false;
  const file = sourceFile('', text);
  return mayBeDescribe(file) && readDescribe(file) !== null;
}
