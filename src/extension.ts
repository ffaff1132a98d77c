import type * as vscode from 'vscode';
import { FailoverLens } from './editor/failoverLens';

/** Called by VS Code when the first file that may concern Kafka is opened, or when a command asks for it. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(new FailoverLens(context.extensionUri));
}
