import type { MountDeclaration } from '../documents/declaration';
import type { In } from '../rules/facts';
import { below, commonDepth, type FilePath, folderOf, nameOf, parsePath, pathKey, resolve } from './paths';
import { remember } from './remember';

/** A file that is one placement. */
export interface PlacementFile {
  readonly uri: string;
  readonly path: FilePath;
}

/** What became of a path that a command names. */
export type Resolution =
  | { readonly kind: 'found'; readonly file: PlacementFile }
  /** Nothing like it is in the workspace, or what is there is no placement. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly PlacementFile[] };

/**
 * Finds the file that a path means. Paths are looked up among the files that are there and never followed, so none leads
 * out of the workspace.
 */
export class PlacementFiles {
  private readonly byPath = new Map<string, PlacementFile>();
  private readonly byName = new Map<string, PlacementFile[]>();
  private readonly mounts: readonly In<MountDeclaration>[];
  private readonly known = new Map<string, Resolution>();

  constructor(uris: Iterable<string>, mounts: readonly In<MountDeclaration>[]) {
    this.mounts = mounts;
    for (const uri of uris) {
      const path = parsePath(uri);
      const file = { uri, path };
      this.byPath.set(pathKey(path), file);
      const same = this.byName.get(nameOf(path));
      if (same === undefined) this.byName.set(nameOf(path), [file]);
      else same.push(file);
    }
  }

  /** The file that a path, as written in another file, means. */
  resolve(uri: string, from: FilePath, written: string): Resolution {
    const key = `${uri}\n${written}`;
    return remember(this.known, key, pathsKeptMax, () => {
      const folder = folderOf(from);
      return this.mounted(folder, written) ?? this.relative(folder, written) ?? this.named(folder, written);
    });
  }

  /** Through the volumes of compose files: the longest mount point that fits, and of equals the nearest file's. */
  private mounted(folder: FilePath, written: string): Resolution | null {
    const fitting = this.mounts
      .flatMap(({ uri, declared }) => {
        const rest = below(declared.containerPath, written);
        if (rest === null) return [];
        const home = folderOf(parsePath(uri));
        const host = resolve(home, `${declared.hostPath.replace(/^\$(?:PWD|\{PWD\})(?=\/|$)/, '.')}/${rest}`);
        const file = host === null ? undefined : this.byPath.get(pathKey(host));
        if (file === undefined) return [];
        return [{ file, length: declared.containerPath.length, depth: commonDepth(home, folder) }];
      })
      .sort((a, b) => b.length - a.length || b.depth - a.depth);
    const [best] = fitting;
    return best === undefined ? null : { kind: 'found', file: best.file };
  }

  /** From the script's own folder, or from one above it, where people stand when they run it. */
  private relative(folder: FilePath, written: string): Resolution | null {
    for (let depth = folder.segments.length; depth >= 0; depth--) {
      const start = { root: folder.root, segments: folder.segments.slice(0, depth) };
      const path = resolve(start, written);
      const file = path === null ? undefined : this.byPath.get(pathKey(path));
      if (file !== undefined) return { kind: 'found', file };
    }
    return null;
  }

  /** By name alone: the file whose folders fit best, and of equals the nearest. */
  private named(folder: FilePath, written: string): Resolution {
    const segments = written.replaceAll('\\', '/').split('/');
    const candidates = this.byName.get(segments.at(-1) ?? '') ?? [];
    const scored = candidates
      .map((file) => ({ file, fit: commonEnd(file.path.segments, segments), depth: commonDepth(file.path, folder) }))
      .sort((a, b) => b.fit - a.fit || b.depth - a.depth);
    const [best] = scored;
    if (best === undefined) return { kind: 'missing' };
    const equals = scored.filter(({ fit, depth }) => fit === best.fit && depth === best.depth);
    return equals.length === 1
      ? { kind: 'found', file: best.file }
      : { kind: 'ambiguous', candidates: equals.map(({ file }) => file) };
  }
}

const pathsKeptMax = 100_000;

/** How many names two paths have in common, counted from their ends. */
function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}
