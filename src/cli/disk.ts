import { lstat, readdir, readFile, stat } from 'node:fs/promises';

/** The part of a file system that is needed, so that tests can have one in memory. */
export interface Disk {
  /** What a path is; links are looked through only where `follow` says so. `null` if nothing is there. */
  kind(path: string, follow: boolean): Promise<EntryKind | null>;
  /** Names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  read(file: string): Promise<string>;
  /** In bytes. */
  size(file: string): Promise<number>;
}

export type EntryKind = 'file' | 'folder' | 'other';

export const nodeDisk: Disk = {
  async kind(path, follow) {
    try {
      const found = await (follow ? stat(path) : lstat(path));
      return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw thrown;
    }
  },
  list: (folder) => readdir(folder),
  read: (file) => readFile(file, 'utf8'),
  size: async (file) => (await stat(file)).size,
};

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}
