import * as vscode from 'vscode';
import { limits } from '../documents/limits';
import { LinkedFolders } from './linkedFolders';

/**
 * Which documents are looked at while they are open. What a file *is* follows from its content; this only keeps us out
 * of the many that can hold nothing of ours.
 */
const languages: ReadonlySet<string> = new Set([
  'json',
  'jsonc',
  'shellscript',
  'yaml',
  'dockercompose',
  'properties',
  'java-properties',
  'terraform',
]);
const extensions = ['json', 'jsonc', 'sh', 'bash', 'yml', 'yaml', 'properties', 'cfg', 'conf', 'tf', 'txt'];

/** Which files of the workspace are read without being open. */
const candidates = `**/*.{${extensions.join(',')}}`;

const tellingNames = `**/*{kafka,topic,placement,observer,replica,broker,compose,server}*.{${extensions.join(',')}}`;

/** Beyond it the search stops and the log says so: a workspace of that size is no repository of Kafka files. */
export const workspaceFileCountMax = 5_000;

/** For providers of lenses, hovers and code actions. */
export function documentSelector(): vscode.DocumentFilter[] {
  return [...[...languages].map((language) => ({ language })), { pattern: candidates }, { scheme: 'untitled' }];
}

/**
 * Whether an open document may be ours. Virtual texts (a diff's left side, an output channel) are somebody else's; what was
 * pasted into a new editor has no name yet, and a language that VS Code guessed.
 */
export function isCandidate(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  if (uri.scheme === 'untitled') return true;
  const extension = uri.path.slice(uri.path.lastIndexOf('.') + 1).toLowerCase();
  return (languages.has(languageId) || extensions.includes(extension)) && isOwnScheme(uri);
}

function isOwnScheme({ scheme }: vscode.Uri): boolean {
  if (scheme === 'file') return true;
  return vscode.workspace.workspaceFolders?.some((folder) => folder.uri.scheme === scheme) ?? false;
}

/** Events of files that come, change and go; {@link findCandidates} says which of them count. */
export function watchCandidates(): vscode.FileSystemWatcher {
  return vscode.workspace.createFileSystemWatcher(candidates);
}

/** The workspace's files, without what the person hides from the explorer or from search. */
export async function findCandidates(): Promise<{ readonly uris: readonly vscode.Uri[]; readonly cut: boolean }> {
  if (!vscode.workspace.workspaceFolders?.length) return { uris: [], cut: false };
  // Links come and go with other files: what was found out about folders holds for one search.
  linkedFolders = new Map();
  const excluded = excludeGlob();
  const found = await vscode.workspace.findFiles(candidates, excluded, workspaceFileCountMax + 1);
  if (found.length <= workspaceFileCountMax) return { uris: found, cut: false };
  // Which of very many files are found first is chance: those whose names speak of Kafka come before all others.
  const telling = await vscode.workspace.findFiles(tellingNames, excluded, workspaceFileCountMax);
  const unique = new Map([...telling, ...found].map((uri) => [uri.toString(), uri]));
  return { uris: [...unique.values()].slice(0, workspaceFileCountMax), cut: true };
}

/** What the person hides from the explorer and from search. */
const excludeSettings = ['files.exclude', 'search.exclude'] as const;

/** When other files than before are hidden. */
export function onDidChangeExcludes(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (excludeSettings.some((name) => change.affectsConfiguration(name))) listener();
  });
}

/** Both as one pattern; without any, VS Code's own defaults. */
function excludeGlob(): string | undefined {
  const patterns = excludeSettings.flatMap((name) => {
    const patternsSet = vscode.workspace.getConfiguration().get<Record<string, unknown>>(name, {});
    return Object.entries(patternsSet).flatMap(([pattern, on]) => (on === true ? [pattern] : []));
  });
  return patterns.length > 0 ? `{${[...new Set(patterns)].join(',')}}` : undefined;
}

/** By the workspace folder. */
let linkedFolders = new Map<string, LinkedFolders>();

async function isBehindLink(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) return false;
  const key = folder.uri.toString();
  const known = linkedFolders.get(key) ?? new LinkedFolders((path) => isLink(uri.with({ path })));
  linkedFolders.set(key, known);
  return known.leadTo(uri.path, folder.uri.path);
}

async function isLink(uri: vscode.Uri): Promise<boolean> {
  const { type } = await vscode.workspace.fs.stat(uri);
  return (type & vscode.FileType.SymbolicLink) !== 0;
}

/**
 * A file's text from the disk, or `undefined` for what no reader would take: gone, a folder, too large, binary, behind a
 * symbolic link. A byte order mark is dropped, as VS Code does when it opens the file, so offsets agree.
 */
export async function readFromDisk(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > limits.fileLengthMax || (await isBehindLink(uri))) return undefined;
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.subarray(0, sniffedByteCount).includes(0) ? undefined : new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

const sniffedByteCount = 8_192;
