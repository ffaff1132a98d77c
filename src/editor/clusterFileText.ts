import type { Broker, Cluster } from '../kafka/cluster';

/** The name that a new cluster file is offered under; the schema and the reader know it. */
export const clusterFileName = 'kafka-cluster.json';

/**
 * A cluster file that says what was so far found or assumed, for a person to correct: see docs/cluster-file.md. What a
 * comment calls assumed was not read in any file.
 */
export function clusterFileText(cluster: Cluster): string {
  const datacenters = cluster.datacenters.map(({ name, racks }) => {
    const brokers = cluster.brokers.filter((broker) => broker.datacenter === name);
    const controllers = (cluster.controllers ?? []).filter((controller) => controller.datacenter === name);
    const ids = controllers.map(({ id }) => id);
    return `    ${JSON.stringify(name)}: {
      "racks": { ${racks.map((rack) => `${JSON.stringify(rack)}: ${list(onRack(brokers, rack))}`).join(', ')} },
      "controllers": ${list(ids)}
    }`;
  });
  const controllersUnknown = cluster.controllers === null;
  return `// What each datacenter has. Failover Lens reads this file; no broker does.
${note(cluster.origins.datacenters.kind === 'assumed', 'Assumed: each rack is a datacenter. Put racks of one site into one datacenter.')}${note(
  cluster.origins.brokers.kind === 'assumed',
  'Assumed: the broker ids. Each rack got as many as the placements need.',
)}${note(controllersUnknown, 'Missing: the controllers. Without them the quorum is taken to survive every failure.')}{
  // "durable-first": no acknowledged write is lost with any one datacenter. Or "available-first".
  "survivalGoal": ${JSON.stringify(cluster.goal.value)},
  "datacenters": {
${datacenters.join(',\n')}
  }
}
`;
}

function onRack(brokers: readonly Broker[], rack: string): readonly number[] {
  return brokers.filter((broker) => broker.rack === rack).map(({ id }) => id);
}

function list(ids: readonly number[]): string {
  return `[${ids.join(', ')}]`;
}

function note(when: boolean, text: string): string {
  return when ? `// ${text}\n` : '';
}

/** What to start from where no placement names a rack yet. */
export const exampleClusterFile = `// What each datacenter has. Failover Lens reads this file; no broker does.
{
  // "durable-first": no acknowledged write is lost with any one datacenter. Or "available-first".
  "survivalGoal": "durable-first",
  "datacenters": {
    "west": { "brokers": [1, 2, 3], "controllers": [101, 102] },
    "east": { "brokers": [4, 5, 6], "controllers": [103, 104] },
    "central": { "controllers": [105] }
  }
}
`;
