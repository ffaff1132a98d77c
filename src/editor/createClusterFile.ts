import * as vscode from 'vscode';
import { clusterFileName, clusterFileText, exampleClusterFile } from './clusterFileText';
import type { WorkspaceSync } from './workspaceSync';

/**
 * Opens a new, unsaved cluster file that says what was found or assumed so far. Nothing is written to the disk until
 * the person saves it: a guess is theirs to correct first.
 */
export async function createClusterFile(sync: WorkspaceSync): Promise<void> {
  sync.readFolder();
  const analysis = await sync.whenRested();
  const [assessment] = analysis?.assessments ?? [];
  const text = assessment === undefined ? exampleClusterFile : clusterFileText(assessment.deployment.cluster);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'jsonc', content: text }));
    return;
  }
  const uri = vscode.Uri.joinPath(folder.uri, clusterFileName);
  if (await exists(uri)) {
    await vscode.window.showTextDocument(uri);
    return;
  }
  const untitled = uri.with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(untitled);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(untitled, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
