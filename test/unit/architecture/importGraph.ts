import path from 'node:path/posix';

/** One import of a module, as its text states it. */
export interface Import {
  /** A file of the project from its root (`src/kafka/cluster.ts`), or a package's name as it is written (`node:fs`). */
  readonly target: string;
  /** Whether nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

/** Every file of the project, by its path from the root, with what it imports. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`, in the one form that the formatter writes. */
const importForms = [
  /^(?:import|export) (type )?(?:[^'";]*) from '([^']+)'/gm,
  /^import ()'([^']+)'/gm,
  /\bimport\(()'([^']+)'\)/g,
];

/** The import graph of some files. */
export function importGraph(texts: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...texts].map(([file, text]) => [file, importsOf(file, text, texts)]));
}

function importsOf(file: string, text: string, texts: ReadonlyMap<string, string>): readonly Import[] {
  return importForms.flatMap((form) =>
    [...text.matchAll(form)].map(([, type, specifier = '']) => ({
      target: specifier.startsWith('.') ? fileOf(file, specifier, texts) : specifier,
      typeOnly: Boolean(type),
    })),
  );
}

/** Relative imports leave out the extension, and may mean a folder's `index.ts`. */
function fileOf(importer: string, specifier: string, texts: ReadonlyMap<string, string>): string {
  const stem = path.join(path.dirname(importer), specifier);
  return [`${stem}.ts`, `${stem}/index.ts`].find((candidate) => texts.has(candidate)) ?? stem;
}

/** A circle of imports, as the files on it in order, first and last the same; undefined if there is none. */
export function findCircle(graph: ImportGraph): readonly string[] | undefined {
  const finished = new Set<string>();
  const walk = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    const start = trail.indexOf(file);
    if (start >= 0) return [...trail.slice(start), file];
    if (finished.has(file)) return undefined;
    for (const { target } of graph.get(file) ?? []) {
      const circle = walk(target, [...trail, file]);
      if (circle !== undefined) return circle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = walk(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
