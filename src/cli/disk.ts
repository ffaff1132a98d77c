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
  async read(file) {
    const bytes = await readFile(file);
    if (isUtf16(bytes)) throw new Error('It is UTF-16, and Kafka reads UTF-8. Save it as UTF-8.');
    return bytes.toString('utf8');
  },
  size: async (file) => (await stat(file)).size,
};

/** By its byte order mark. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}
