/**
 * Addresses of files as folders and names. They come as URIs (`file:///shop/a.json`, `vscode-vfs://github/…`) or, from a
 * command line, as plain paths; both are taken apart the same way, so that linking needs no Node and no `vscode`.
 */
export interface FilePath {
  /** Scheme and authority (`file://`), `/` for an absolute path, or nothing for a relative one. */
  readonly root: string;
  /** Decoded names from the root to the file, without `.` and `..`. */
  readonly segments: readonly string[];
}

/** Takes a URI or a path apart. */
export function parsePath(uri: string): FilePath {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]+:(?:\/\/[^/]*)?/.exec(uri)?.[0];
  if (scheme === undefined) {
    const path = uri.replaceAll('\\', '/');
    return { root: path.startsWith('/') ? '/' : '', segments: normalise([], path) ?? [] };
  }
  const path = uri.slice(scheme.length).split(/[?#]/, 1)[0] ?? '';
  return { root: scheme, segments: normalise([], path.split('/').map(decode).join('/')) ?? [] };
}

/** The folders above a file, outermost first. */
export function folderOf(path: FilePath): FilePath {
  return { root: path.root, segments: path.segments.slice(0, -1) };
}

export function nameOf(path: FilePath): string {
  return path.segments.at(-1) ?? '';
}

/** A text by which equal paths are found again, whichever way they were written. */
export function pathKey(path: FilePath): string {
  return `${path.root}\n${path.segments.join('/')}`;
}

/**
 * A path as written in a file, seen from a folder. `null` where it leads out of everything (`../../..`) or is not a path
 * that could be in a workspace (a home folder, a variable).
 */
export function resolve(folder: FilePath, written: string): FilePath | null {
  if (written === '' || /^~|[$\0]/.test(written)) return null;
  const path = written.replaceAll('\\', '/');
  const segments = normalise(path.startsWith('/') ? [] : folder.segments, path);
  return segments === null ? null : { root: folder.root, segments };
}

/** Whether a file or folder lies in a folder, at any depth. */
export function isInside(folder: FilePath, path: FilePath): boolean {
  return (
    folder.root === path.root &&
    folder.segments.length <= path.segments.length &&
    folder.segments.every((segment, index) => path.segments[index] === segment)
  );
}

/** How many folders two paths have in common from the root. */
export function commonDepth(a: FilePath, b: FilePath): number {
  if (a.root !== b.root) return 0;
  let depth = 0;
  while (depth < a.segments.length && a.segments[depth] === b.segments[depth]) depth++;
  return depth;
}

/** What is left of a path inside a container below a mount point, or `null` if it is not below it. */
export function below(mountPoint: string, path: string): string | null {
  const [mount, inner] = [normalise([], mountPoint), normalise([], path)];
  if (mount === null || inner === null || !path.startsWith('/')) return null;
  return mount.every((segment, index) => inner[index] === segment) ? inner.slice(mount.length).join('/') : null;
}

/** A path as a person writes it from a folder, for messages: `placements/orders.json`. */
export function relativeTo(folder: FilePath, path: FilePath): string {
  const depth = isInside(folder, path) ? folder.segments.length : 0;
  return path.segments.slice(depth).join('/');
}

function normalise(from: readonly string[], path: string): readonly string[] | null {
  const segments = [...from];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
