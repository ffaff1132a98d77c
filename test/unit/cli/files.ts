import { dirname } from 'node:path';
import type { Disk } from '../../../src/cli/disk';
import { run } from '../../../src/cli/run';

/** A disk in memory: absolute paths and their texts, a link where there is none. Folders are where files are. */
export function diskOf(files: Readonly<Record<string, string | null>>): Disk {
  const folders = new Set<string>();
  for (const path of Object.keys(files)) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  const read = (file: string): string => {
    const text = files[file];
    if (text === undefined || text === null) throw new Error(`There is no ${file}.`);
    return text;
  };
  return {
    kind: async (path) => {
      if (Object.hasOwn(files, path)) return files[path] === null ? 'other' : 'file';
      return folders.has(path) ? 'folder' : null;
    },
    list: async (folder) => {
      const inside = [...Object.keys(files), ...folders].filter((path) => dirname(path) === folder && path !== folder);
      return inside.map((path) => path.slice(path.lastIndexOf('/') + 1));
    },
    read: async (file) => read(file),
    size: async (file) => Buffer.byteLength(read(file)),
  };
}

/** What a command line prints, and how it ends. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in the folder `/w`. */
export async function runIn(
  files: Readonly<Record<string, string | null>>,
  argv: readonly string[],
  colour = false,
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    disk: diskOf(files),
    cwd: '/w',
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    colour,
  });
  return { code, out, err };
}
