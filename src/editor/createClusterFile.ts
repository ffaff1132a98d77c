import * as vscode from 'vscode';
import type { Deployment } from '../kafka/deployment';
import { clusterFileName, clusterFileText, exampleClusterFile } from './clusterFileText';
import { openFile } from './openFile';
import type { SyncedAnalysis, WorkspaceSync } from './workspaceSync';

/**
 * Opens a new, unsaved cluster file that says what was found or assumed so far. Nothing is written to the disk until
 * the person saves it: a guess is theirs to correct first.
 * @param file that speaks of the cluster, where it is not the active one
 */
export async function createClusterFile(sync: WorkspaceSync, file: string | undefined): Promise<void> {
  const asked = file ?? vscode.window.activeTextEditor?.document.uri.toString();
  sync.readFolder();
  const analysis = await sync.whenRested();
  const deployments = analysis?.assessments.map(({ deployment }) => deployment) ?? [];
  const deployment = await chosen(deployments, analysis, asked);
  if (deployment === undefined) return;
  const written = deployment === null ? null : clusterFileOf(deployment, analysis);
  if (written !== null) {
    await openFile(written);
    return;
  }
  const shown = (uri: string): string => vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
  const text = deployment === null ? exampleClusterFile : clusterFileText(deployment.cluster, shown);
  const folder = folderFor(deployments, deployment);
  if (folder === null) {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'jsonc', content: text }));
    return;
  }
  await openIn(vscode.Uri.joinPath(folder, clusterFileName), text);
}

/**
 * The cluster that is meant: the only one, the one that the active file speaks of, or the one that the person picks. `null`
 * where nothing is known yet, `undefined` if the person picks none.
 */
async function chosen(
  deployments: readonly Deployment[],
  analysis: SyncedAnalysis | null,
  asked: string | undefined,
): Promise<Deployment | null | undefined> {
  const [only, ...others] = deployments;
  if (only === undefined) return null;
  if (others.length === 0) return only;
  const here = asked === undefined ? [] : (analysis?.topicsIn(asked) ?? []);
  const spokenOf = deployments.find(({ topics }) => topics.some((topic) => here.some((one) => one.topic === topic)));
  if (spokenOf !== undefined) return spokenOf;
  const picked = await vscode.window.showQuickPick(
    deployments.map((deployment) => ({
      label: deployment.name,
      description: [...new Set(deployment.topics.map(({ name }) => name.value))].join(', '),
      deployment,
    })),
    { placeHolder: 'Which cluster is the file for?', matchOnDescription: true },
  );
  return picked?.deployment;
}

/** The file that says already what a new one would, whatever it is called. */
function clusterFileOf({ cluster }: Deployment, analysis: SyncedAnalysis | null): vscode.Uri | null {
  const { datacenters } = cluster.origins;
  if (datacenters.kind !== 'stated') return null;
  const { uri } = datacenters.place;
  return analysis?.readings.get(uri)?.format === 'cluster-file' ? vscode.Uri.parse(uri) : null;
}

/** Where the file counts for this cluster: the folder that is open, or of several clusters the folder of its own files. */
function folderFor(deployments: readonly Deployment[], deployment: Deployment | null): vscode.Uri | null {
  const [open] = vscode.workspace.workspaceFolders ?? [];
  const own = deployment?.cluster.brokers.find(({ place }) => place !== undefined)?.place?.uri;
  const file = own ?? deployment?.topics[0]?.placementPlace.uri;
  if (deployments.length < 2 || file === undefined) return open?.uri ?? null;
  const uri = vscode.Uri.parse(file);
  return uri.scheme === 'untitled' ? (open?.uri ?? null) : vscode.Uri.joinPath(uri, '..');
}

async function openIn(uri: vscode.Uri, text: string): Promise<void> {
  if (await exists(uri)) {
    await openFile(uri);
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
