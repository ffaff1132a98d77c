import type { Declaration, DocumentReading } from '../documents/declaration';
import type { ClusterFacts, In } from '../rules/facts';
import { type FilePath, parsePath } from './paths';

/** Declarations of each kind. */
export type ByKind = { readonly [K in Declaration['kind']]: Extract<Declaration, { readonly kind: K }> };

type Sorted = { readonly [K in keyof ByKind]: readonly In<ByKind[K]>[] };

/** What linking found out once and need not find out again: it depends on one file alone, or came out as it was. */
export class LinkMemory {
  private readonly paths = new Map<string, FilePath>();
  private readonly sorted = new WeakMap<DocumentReading, Sorted>();
  private readonly clusters = new Map<string, ClusterFacts>();

  pathOf(uri: string): FilePath {
    const known = this.paths.get(uri);
    if (known !== undefined) return known;
    const path = parsePath(uri);
    this.paths.set(uri, path);
    return path;
  }

  /** The declarations of a kind, with their file. */
  declarationsOf<K extends keyof ByKind>(reading: DocumentReading, kind: K): readonly In<ByKind[K]>[] {
    const known = this.sorted.get(reading) ?? sortByKind(reading);
    this.sorted.set(reading, known);
    return known[kind];
  }

  /**
   * The same object for a cluster that is as it was, so that what was computed for it is found again. Few clusters change,
   * so those of the past are kept up to a bound.
   */
  cluster(facts: ClusterFacts): ClusterFacts {
    const key = JSON.stringify(facts);
    const known = this.clusters.get(key);
    if (known !== undefined) return known;
    if (this.clusters.size >= clustersKeptMax) this.clusters.clear();
    this.clusters.set(key, facts);
    return facts;
  }
}

const clustersKeptMax = 1_000;

function sortByKind({ uri, declarations }: DocumentReading): Sorted {
  const of = <K extends keyof ByKind>(kind: K): readonly In<ByKind[K]>[] =>
    declarations
      .filter((declared): declared is ByKind[K] => declared.kind === kind)
      .map((declared) => ({ uri, declared }));
  return {
    placement: of('placement'),
    topic: of('topic'),
    broker: of('broker'),
    controller: of('controller'),
    default: of('default'),
    mount: of('mount'),
    assignment: of('assignment'),
    cluster: of('cluster'),
  };
}
