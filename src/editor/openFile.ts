import * as vscode from 'vscode';

/**
 * Opens a file as a person does. `showTextDocument` would keep the text alive for minutes after its editor was closed,
 * and an open text wins over the disk: a file that was deleted meanwhile would go on counting.
 */
export async function openFile(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', uri, options);
}
