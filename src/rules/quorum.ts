import { type Cluster, majority } from '../kafka/cluster';
import type { Draft, QuorumFacts, VotersAt } from './finding';

/**
 * Family `quorum`: controllers over datacenters. Without a majority of the voters nothing changes any more: no leader,
 * no ISR, no promotion. Sources: docs.confluent.io, "Multi-Region Clusters" (three or more datacenters, 2-2-1);
 * confluent-kubernetes-examples, 2dc.md: for every failure domain, its voters must be fewer than a majority.
 */
export function checkQuorum(cluster: Cluster): readonly Draft[] {
  const { controllers } = cluster;
  if (controllers === null || cluster.datacenters.length < 2) return [];
  const place = controllers.find((controller) => controller.place !== undefined)?.place;
  if (place === undefined) return [];
  const voters = votersPerDatacenter(cluster);
  const total = controllers.length;
  const needed = majority(total);
  // One controller, or all of them at one site, is a cluster for trying things out; several sites are a promise.
  if (total < 2 || voters.length < 2) return [];
  const decisive = voters.filter(({ voters: lost }) => total - lost < needed).map(({ datacenter }) => datacenter);
  const layout = { voters, majority: needed };
  if (decisive.length > 0) {
    const first = controllers.find((controller) => decisive.includes(controller.datacenter));
    const facts: QuorumFacts = { code: 'quorum-lost-with-datacenter', datacenters: decisive, ...layout };
    return [{ facts, place: first?.place ?? place }];
  }
  return total % 2 === 0 ? [{ facts: { code: 'quorum-even', ...layout }, place }] : [];
}

function votersPerDatacenter({ datacenters, controllers }: Cluster): readonly VotersAt[] {
  return datacenters
    .map(({ name }) => ({
      datacenter: name,
      voters: (controllers ?? []).filter(({ datacenter }) => datacenter === name).length,
    }))
    .filter(({ voters }) => voters > 0);
}
