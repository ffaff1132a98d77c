/**
 * Measures the extension from within a real extension host, on the sample workspace. Started by
 * `scripts/measure-editor.mjs`; prints one line of JSON.
 */
import * as vscode from 'vscode';

const extensionId = 'failover-lens.kafka-failover-lens';
const roundCount = 20;
const tickMs = 5;
const patienceMs = 20_000;

export interface Measured {
  readonly openToFindingsMs: number;
  readonly saveToFindingsMs: readonly number[];
  readonly typeToFindingsMs: readonly number[];
  /** The longest time that nobody else had a turn on the thread while the extension was loaded and activated. */
  readonly longestBlockActivatingMs: number;
  /** The same from then to the end of the first analysis. */
  readonly longestBlockAtStartMs: number;
  /** The same for all later rounds. */
  readonly longestBlockLaterMs: number;
}

export async function run(): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no folder is open');
  const orders = vscode.Uri.joinPath(folder.uri, 'placements/orders.json');
  const payments = vscode.Uri.joinPath(folder.uri, 'placements/payments.json');

  const blocks = watchThread();
  await vscode.extensions.getExtension(extensionId)?.activate();
  const longestBlockActivatingMs = await blocks.longestUntilNowMs();
  const openToFindingsMs = await timed(async () => {
    const shown = has(payments, 'datacenter-loss-stops-writes', true);
    await vscode.commands.executeCommand('vscode.open', payments);
    await shown;
  });
  const longestBlockAtStartMs = await blocks.longestUntilNowMs();

  await vscode.commands.executeCommand('vscode.open', orders);
  const document = await vscode.workspace.openTextDocument(orders);
  const saveToFindingsMs: number[] = [];
  const typeToFindingsMs: number[] = [];
  for (let round = 0; round < roundCount; round++) {
    const breaks = round % 2 === 0;
    await replace(document, breaks ? '"version": 2' : '"version": 1', breaks ? '"version": 1' : '"version": 2');
    saveToFindingsMs.push(
      await timed(async () => {
        const shown = has(orders, 'datacenter-loss-stops-writes', breaks);
        await document.save();
        await shown;
      }),
    );
    typeToFindingsMs.push(
      await timed(async () => {
        const shown = has(orders, 'unknown-field', true);
        await replace(document, '"replicas"', '"replica"');
        await shown;
      }),
    );
    const mended = has(orders, 'unknown-field', false);
    await replace(document, '"replica"', '"replicas"');
    await mended;
  }
  const longestBlockLaterMs = await blocks.longestUntilNowMs();
  blocks.stop();
  const measured: Measured = {
    openToFindingsMs,
    saveToFindingsMs,
    typeToFindingsMs,
    longestBlockActivatingMs,
    longestBlockAtStartMs,
    longestBlockLaterMs,
  };
  console.log(`measured: ${JSON.stringify(measured)}`);
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Resolves when a file's findings have, or no longer have, one with this code. */
function has(uri: vscode.Uri, code: string, wanted: boolean): Promise<void> {
  const isSo = (): boolean =>
    vscode.languages
      .getDiagnostics(uri)
      .some(({ code: shown }) => typeof shown === 'object' && shown.value === code) === wanted;
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`${code} in ${uri.path}: not ${wanted}`)), patienceMs);
    const look = (): void => {
      if (!isSo()) return;
      clearTimeout(giveUp);
      subscription.dispose();
      resolve();
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to);
  await vscode.workspace.applyEdit(edit);
}

/** How late a timer's turn comes says how long others held the thread. */
function watchThread() {
  let longestMs = 0;
  let lastAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - lastAt - tickMs);
    lastAt = now;
  }, tickMs);
  return {
    /** The longest since last asked. The timer gets its turn first, else what was just held would count as later. */
    async longestUntilNowMs(): Promise<number> {
      await new Promise((resolve) => setTimeout(resolve, 2 * tickMs));
      const longest = longestMs;
      longestMs = 0;
      return longest;
    },
    stop: () => clearInterval(timer),
  };
}
