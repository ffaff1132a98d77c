import { visible } from '../analysis/visible';
import type { Broker, Cluster, Datacenter, UnplacedController } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import { groupBy } from '../rules/grouping';
import { racksBySite } from '../rules/sites';
import { datacenterFromName } from '../workspace/topology';

/** The name that a new cluster file is offered under; the schema and the reader know it. */
export const clusterFileName = 'kafka-cluster.json';

/**
 * A cluster file that says what was so far found or assumed, for a person to correct: see docs/cluster-file.md. Comments
 * say where each part was found, what was assumed, and which racks were put together by a guess at their names.
 *
 * @param shown a file's name as a person knows it
 */
export function clusterFileText(cluster: Cluster, shown: (uri: string) => string): string {
  const { datacenters, brokers, controllers } = cluster.origins;
  const sites = grouped(cluster);
  const { unplacedControllers: unplaced = [] } = cluster;
  const guessed = guessedSites(unplaced, sites);
  const notes = [
    datacenters.kind === 'assumed'
      ? 'Assumed: which racks share a datacenter. No other file says it: put racks of one site into one.'
      : '',
    brokers.kind === 'assumed' ? 'Assumed: the broker ids. Each rack got as many as the placements need.' : '',
    controllers.kind === 'assumed' && cluster.controllers !== null
      ? 'Assumed: where the controllers stand, by their names.'
      : '',
    cluster.controllers === null && unplaced.length === 0
      ? 'Missing: the controllers. Without them the quorum is taken to survive every failure.'
      : '',
    unplaced.length > 0 && guessed === null ? stray(unplaced, shown) : '',
  ].filter((note) => note !== '');
  return `// What each datacenter has. Failover Lens reads this file; no broker does.
${notes.map((note) => `// ${oneLine(note)}\n`).join('')}{
  // "durable-first": no acknowledged write is lost with any one datacenter. Or "available-first".
  "survivalGoal": ${JSON.stringify(cluster.goal.value)},
  "datacenters": {
${sites.map((site) => datacenterText(cluster, site, guessed?.get(site.name) ?? [], shown)).join(',\n')}
  }
}
`;
}

/** What becomes one datacenter of the file, and the racks that a guess put into it. */
interface Site {
  readonly name: string;
  readonly members: readonly Datacenter[];
  readonly guessed: readonly string[];
}

/** The datacenters as they are known; where each rack only counts as one, those that are called like parts of one site. */
function grouped(cluster: Cluster): readonly Site[] {
  const guess = cluster.origins.datacenters.kind === 'assumed' ? racksBySite(cluster) : null;
  const siteOf = (rack: string): string | undefined =>
    [...(guess ?? [])].find(([, racks]) => racks.length > 1 && racks.includes(rack))?.[0];
  const sites = new Map<string, { members: Datacenter[]; guessed: string[] }>();
  for (const datacenter of cluster.datacenters) {
    const [rack] = datacenter.racks;
    const site = rack === undefined ? undefined : siteOf(rack);
    const name = site ?? datacenter.name;
    const known = sites.get(name) ?? { members: [], guessed: [] };
    known.members.push(datacenter);
    if (site !== undefined && rack !== undefined) known.guessed.push(rack);
    sites.set(name, known);
  }
  return [...sites].map(([name, { members, guessed }]) => ({ name, members, guessed }));
}

/**
 * The controllers of which no file says where they stand, by the sites that their names name. `null` where a name names none:
 * half of a quorum would be worse than none.
 */
function guessedSites(
  unplaced: readonly UnplacedController[],
  sites: readonly Site[],
): ReadonlyMap<string, readonly UnplacedController[]> | null {
  const names = sites.map(({ name }) => name);
  const bySite = groupBy(unplaced, ({ name }) => datacenterFromName(name, names, false));
  const found = new Map<string, readonly UnplacedController[]>();
  for (const [site, controllers] of bySite) {
    if (site === null) return null;
    found.set(site, controllers);
  }
  return found;
}

/** What the person has to say of controllers that were found. */
function stray(unplaced: readonly UnplacedController[], shown: (uri: string) => string): string {
  const named = unplaced.map(({ id, name }) => `${id} (${name})`).join(', ');
  const from = foundIn('They are', unplaced, shown);
  return `Missing: where the controllers ${named} stand. Put each id into its datacenter: without them the quorum is taken to survive every failure. ${from}`.trim();
}

function datacenterText(
  { brokers, controllers }: Cluster,
  { name, members, guessed }: Site,
  guessedControllers: readonly UnplacedController[],
  shown: (uri: string) => string,
): string {
  const names = members.map((member) => member.name);
  const own = brokers.filter(({ datacenter }) => names.includes(datacenter));
  const placed = (controllers ?? []).filter(({ datacenter }) => names.includes(datacenter));
  const voters = [...placed, ...guessedControllers];
  const racks = members.flatMap((member) => member.racks);
  const unracked = own.filter(({ rack }) => rack === null);
  const comments = [
    unracked.length > 0 ? 'No file says which racks these brokers have. Put each where it stands.' : '',
    guessed.length > 0 ? `Guess by their names: ${guessed.join(', ')} are racks of one site. Correct it if not.` : '',
    guessText(guessedControllers),
    foundIn('Brokers', own, shown),
    foundIn('Controllers', voters, shown),
  ].filter((comment) => comment !== '');
  const fields = [
    ...(racks.length > 0 ? [`"racks": { ${racks.map((rack) => rackText(rack, own)).join(', ')} }`] : []),
    ...(unracked.length > 0 ? [`"brokers": ${list(unracked)}`] : []),
    `"controllers": ${list(voters)}`,
  ];
  return `${comments.map((comment) => `    // ${oneLine(comment)}\n`).join('')}    ${JSON.stringify(name)}: {
      ${fields.join(',\n      ')}
    }`;
}

/** Which controllers a guess put into a datacenter. */
function guessText(guessed: readonly UnplacedController[]): string {
  if (guessed.length === 0) return '';
  const names = guessed.map(({ name }) => name).join(', ');
  const guess = guessed.length === 1 ? `its name: ${names} stands` : `their names: ${names} stand`;
  return `Guess by ${guess} here. Correct it if not.`;
}

/** `Brokers from docker-compose.yml.` Nothing of those that no file declares. */
function foundIn(what: string, nodes: readonly { readonly place?: Place }[], shown: (uri: string) => string): string {
  const files = [...new Set(nodes.flatMap(({ place }) => (place === undefined ? [] : [place.uri])))];
  if (files.length === 0) return '';
  const [first = '', ...others] = files;
  return `${what} from ${shown(first)}${others.length > 0 ? ` and ${others.length} more` : ''}.`;
}

/** Names may hold any character; a line break would end the comment, and marks of direction would let it lie. */
function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

function rackText(rack: string, brokers: readonly Broker[]): string {
  return `${JSON.stringify(rack)}: ${list(brokers.filter((broker) => broker.rack === rack))}`;
}

function list(nodes: readonly { readonly id: number }[]): string {
  return `[${nodes.map(({ id }) => id).join(', ')}]`;
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
