import { join } from 'node:path';
import { limits } from '../documents/limits';
import type { Disk } from './disk';

/** Folders that hold what others made. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.terraform', '.venv']);

/** Files that are no text, told by their names to save reading them; others are told by a NUL in their text. */
const binaryName =
  /\.(?:png|jpe?g|gif|webp|ico|svgz?|pdf|zip|gz|tgz|bz2|xz|zst|7z|jar|war|class|so|dylib|dll|exe|o|a|wasm|mp[34]|mov|woff2?|ttf|otf|vsix|pyc|parquet|avro|jks|p12)$/i;

/** UTF-8 takes at most three bytes for each UTF-16 unit, so a larger file is certainly beyond what readers read. */
const bytesMax = limits.fileLengthMax * 3;

export interface WalkedFile {
  /** Absolute, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** What a walk comes upon: a text, something that the person may not read, or a link (or device) that is left alone. */
export type Walked =
  | WalkedFile
  | { readonly path: string; readonly problem: string }
  | { readonly path: string; readonly left: 'link' };

/** All texts below a path, in a stable order. Links inside it are not followed: they may lead anywhere, or in circles. */
export async function* walk(disk: Disk, path: string): AsyncGenerator<Walked> {
  const kind = await disk.kind(path, true);
  if (kind === 'folder') yield* walkFolder(disk, path);
  else if (kind === 'file') yield* readText(disk, path);
}

async function* walkFolder(disk: Disk, folder: string): AsyncGenerator<Walked> {
  const listed = await attempt(() => disk.list(folder));
  if ('problem' in listed) {
    yield { path: folder, problem: listed.problem };
    return;
  }
  const names = [...listed.value].sort();
  for (const name of names) {
    const path = join(folder, name);
    const kind = await disk.kind(path, false);
    if (kind === 'folder' && !skippedFolders.has(name)) yield* walkFolder(disk, path);
    else if (kind === 'file' && !binaryName.test(name)) yield* readText(disk, path);
    else if (kind === 'other') yield { path, left: 'link' };
  }
}

async function* readText(disk: Disk, path: string): AsyncGenerator<Walked> {
  const found = await attempt(async () => ((await disk.size(path)) > bytesMax ? null : disk.read(path)));
  if ('problem' in found) yield { path, problem: found.problem };
  else if (found.value !== null) yield { path: path.replaceAll('\\', '/'), text: found.value };
}

/** A file system says no by throwing; here that is an answer like any other. */
async function attempt<T>(ask: () => Promise<T>): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await ask() };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
