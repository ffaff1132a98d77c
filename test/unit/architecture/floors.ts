import type { Import, ImportGraph } from './importGraph';

/** What a folder of `src/` may import from outside itself. */
interface Floor {
  /** Other folders of `src/`. */
  readonly folders: readonly string[];
  /** Folders of which only types may be imported, so that nothing of them gets into this folder's bundle. */
  readonly typesOf?: readonly string[];
  /** Packages by name; `node:` stands for all of Node's own modules. */
  readonly packages?: readonly string[];
}

/** The table of docs/architecture.md, floor by floor. `extension.ts` stands for itself. */
export const floors: Readonly<Record<string, Floor>> = {
  kafka: { folders: [] },
  simulator: { folders: ['kafka'] },
  documents: { folders: ['kafka'], packages: ['jsonc-parser', 'yaml'] },
  analysis: { folders: ['kafka', 'simulator'] },
  rules: { folders: ['kafka', 'simulator', 'documents', 'analysis'] },
  workspace: { folders: ['kafka', 'simulator', 'documents', 'analysis', 'rules'] },
  panel: { folders: [], typesOf: ['kafka', 'simulator', 'documents', 'analysis'] },
  editor: {
    folders: ['kafka', 'simulator', 'documents', 'analysis', 'rules', 'workspace', 'panel'],
    packages: ['vscode', 'jsonc-parser'],
  },
  cli: { folders: ['kafka', 'simulator', 'documents', 'analysis', 'rules', 'workspace'], packages: ['node:'] },
  'extension.ts': { folders: ['editor'], packages: ['vscode'] },
};

/** Data files at the project's root that any part may read. */
const dataFiles = ['package.json'];

/** Each import that goes up the table, sideways, or to a package that its floor may not know, in words. */
export function trespasses(graph: ImportGraph): readonly string[] {
  return [...graph].flatMap(([file, imports]) => {
    const folder = folderOf(file);
    const floor = folder === undefined ? undefined : floors[folder];
    if (folder === undefined || floor === undefined) return [`${file} is on no floor`];
    return imports
      .filter((imported) => !mayImport(folder, floor, imported))
      .map(({ target, typeOnly }) => `${file} must not import ${typeOnly ? 'even a type of ' : ''}${target}`);
  });
}

function mayImport(folder: string, floor: Floor, { target, typeOnly }: Import): boolean {
  const targetFolder = folderOf(target);
  if (targetFolder === undefined) {
    return dataFiles.includes(target) || (floor.packages ?? []).some((name) => isFrom(name, target));
  }
  return (
    targetFolder === folder ||
    floor.folders.includes(targetFolder) ||
    (typeOnly && (floor.typesOf ?? []).includes(targetFolder))
  );
}

function isFrom(name: string, target: string): boolean {
  return name.endsWith(':') ? target.startsWith(name) : target === name;
}

/** `src/kafka/cluster.ts` → `kafka`; `src/extension.ts` → `extension.ts`; undefined outside `src/`. */
function folderOf(file: string): string | undefined {
  const [top, folder] = file.split('/');
  return top === 'src' ? folder : undefined;
}
