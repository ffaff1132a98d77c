import type { DocumentReading } from '../documents/declaration';
import type { Finding, Fix } from '../rules/finding';
import type { Analysis } from './api';
import type { LinkedCluster } from './link';

/** What a fix may look at, and the means to try it in memory. */
export interface FixContext {
  readonly readings: ReadonlyMap<string, DocumentReading>;
  readonly textOf: (uri: string) => string | undefined;
  readonly clusters: readonly LinkedCluster[];
  readonly analysis: Analysis;
  readonly analyse: (readings: ReadonlyMap<string, DocumentReading>) => {
    readonly clusters: readonly LinkedCluster[];
    readonly analysis: Analysis;
  };
}

export function fixesFor(_finding: Finding, _context: FixContext): Promise<readonly Fix[]> {
  return Promise.resolve([]);
}
