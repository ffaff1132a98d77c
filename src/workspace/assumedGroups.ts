import type { PlacementDeclaration } from '../documents/declaration';
import { racksOf } from './ground';
import { type FilePath, folderOf, nameOf, pathKey } from './paths';

interface Placed {
  readonly path: FilePath;
  readonly declared: PlacementDeclaration;
}

/**
 * Placements that no file gives a cluster, grouped by what can be told: those of one folder whose racks are named
 * together, directly or through others, may share a cluster. Racks that are never named together may belong to clusters
 * that have nothing to do with each other.
 */
export function assumedGroups<T extends Placed>(
  placed: readonly T[],
): readonly { readonly name: string; readonly members: readonly T[] }[] {
  const racks = new Sets();
  const rackKeys = placed.map(({ path, declared }) => {
    const folder = pathKey(folderOf(path));
    const named = racksOf(declared);
    return (named.length === 0 ? [''] : named).map((rack) => `${folder}\n${rack}`);
  });
  for (const keys of rackKeys) {
    for (const key of keys) racks.unite(keys[0] ?? '', key);
  }
  const groups = new Map<string, T[]>();
  placed.forEach((one, index) => {
    const root = racks.find(rackKeys[index]?.[0] ?? '');
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [one]);
    else group.push(one);
  });
  return [...groups.values()].map((members) => ({
    name: members[0] === undefined ? '' : nameOf(folderOf(members[0].path)),
    members,
  }));
}

/** Disjoint sets of texts (union–find with path halving). */
class Sets {
  private readonly parents = new Map<string, string>();

  find(key: string): string {
    let current = key;
    for (;;) {
      const parent = this.parents.get(current) ?? current;
      if (parent === current) return current;
      const grandparent = this.parents.get(parent) ?? parent;
      this.parents.set(current, grandparent);
      current = grandparent;
    }
  }

  unite(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA !== rootB) this.parents.set(rootB, rootA);
  }
}
