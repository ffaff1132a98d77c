import { assert } from 'chai';
import * as vscode from 'vscode';

/** How often and how long a test asks for what VS Code does in its own time. */
const askAgainAfterMs = 50;
const patienceMs = 10_000;

/** Asks until the answer is good and returns it; says what was last answered if it never is. */
export async function until<T>(
  what: string,
  ask: () => T | Thenable<T>,
  isGood: (answer: T) => boolean = Boolean,
): Promise<T> {
  const givenUpAt = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (Date.now() > givenUpAt) assert.fail(`${what}: not within ${patienceMs} ms; last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs));
  }
}

/** A file of the sample workspace. */
export function sample(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.isDefined(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder!.uri, path);
}

/** Opens a file as a person does. (`showTextDocument` would keep the document alive after its editor is closed.) */
export async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('vscode.open', uri);
  const editor = await until(
    `an editor of ${uri.path}`,
    () => vscode.window.activeTextEditor,
    (active) => active?.document.uri.toString() === uri.toString(),
  );
  return editor!.document;
}

/** A new document that is not on the disk. */
export async function openNew(content: string, language = 'json'): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes every editor and throws unsaved changes away. */
export async function closeAll(): Promise<void> {
  while (vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0)) {
    const before = countTabs();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    if (countTabs() === before) await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  }
}

function countTabs(): number {
  return vscode.window.tabGroups.all.reduce((sum, { tabs }) => sum + tabs.length, 0);
}

/** Our findings of a document: their codes, in the order of the text. */
export function codes(uri: vscode.Uri): readonly string[] {
  return ours(uri).map(codeOf);
}

export function ours(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === 'Failover Lens')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

export function findingOf(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  return until(`a finding ${code} in ${uri.path}`, () =>
    ours(uri).find((diagnostic) => codeOf(diagnostic) === code),
  ).then((found) => found!);
}

export function untilGone(uri: vscode.Uri, code: string): Promise<readonly string[]> {
  return until(
    `no finding ${code} in ${uri.path}`,
    () => codes(uri),
    (shown) => !shown.includes(code),
  );
}

/** Replaces the first occurrence of a text, as typing would. */
export async function type(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from);
  assert.isAtLeast(at, 0, `the text has ${from}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  assert.isTrue(await vscode.workspace.applyEdit(edit));
}

/** Where a text begins in a document. */
export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  return document.positionAt(document.getText().indexOf(text));
}

/** The quick fixes at a place, with their edits. */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    kind?.value,
  );
}

/** The action of a title, once it is offered. */
export function actionNamed(uri: vscode.Uri, range: vscode.Range, title: RegExp): Promise<vscode.CodeAction> {
  return until(`an action ${title}`, async () =>
    (await actionsAt(uri, range)).find((action) => title.test(action.title)),
  ).then((found) => found!);
}
