import { oncePerObject } from '../analysis/once';
import type { Cluster } from '../kafka/cluster';
import { groupBy } from './grouping';

/**
 * Racks by the sites they may be part of. `null` where names tell nothing: it is a guess for people to confirm, and never
 * acted upon.
 */
export const racksBySite = oncePerObject(({ datacenters }: Cluster): ReadonlyMap<string, readonly string[]> | null => {
  const racks = [...new Set(datacenters.flatMap((datacenter) => datacenter.racks))];
  const bySite = new Map<string, readonly string[]>();
  for (const [site, members] of groupBy(racks, siteOf)) if (site !== null) bySite.set(site, members);
  const told = [...bySite.values()].reduce((sum, members) => sum + members.length, 0);
  // With one stem alone (rack-1, rack-2, rack-3) the names tell nothing apart.
  return bySite.size < 2 || told < racks.length ? null : bySite;
});

/**
 * The site a rack's name may be part of, or `null`: `west-f` → `west`, `DC-1A` → `DC-1`, `us-east-1a` → `us-east-1`.
 * A bare number at the end (`rack-1`, `us-east-1`) more often counts racks or regions than parts of a site.
 */
function siteOf(rack: string): string | null {
  return /^(.+?)[-_. ](?:[a-z]|[a-z]\d|az\d+|rack\d+)$/i.exec(rack)?.[1] ?? /^(.+\d)[a-f]$/i.exec(rack)?.[1] ?? null;
}
