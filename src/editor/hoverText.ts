import { visible } from '../analysis/visible';
import type { ConstraintDeclaration } from '../documents/declaration';
import type { Cluster } from '../kafka/cluster';
import type { Assumption, Origin } from '../kafka/origin';
import { effectivePolicy, type ObserverPromotionPolicy, type Placement } from '../kafka/placement';

/** What a hover says of a constraint needs the constraint, its placement and the cluster it lands on. */
export interface ConstraintInContext {
  readonly constraint: ConstraintDeclaration;
  readonly placement: Placement | null;
  readonly cluster: Cluster;
  /** Topics that use the placement. */
  readonly topics: readonly string[];
}

/** What a constraint places where, as Markdown. Names from files stand in code spans, so they cannot become markup. */
export function describeConstraint({ constraint, placement, cluster, topics }: ConstraintInContext): string {
  const count = constraint.count?.value ?? null;
  const role = constraint.list === 'replicas' ? 'sync replica' : 'observer';
  const rack = constraint.rack?.value ?? null;
  const how = count === null ? `${role}s` : plural(count, role);
  const where = rack === null ? 'on any rack' : `on rack ${code(rack)}`;
  const paragraphs = [`**${how}** ${where}. ${duty(constraint.list, placement)}`, ...landing(rack, placement, cluster)];
  if (topics.length > 0) paragraphs.push(`Used by ${enumerate(topics.map(code), shownTopics)}.`);
  return paragraphs.join('\n\n');
}

/** What a replica of that role is for. */
function duty(list: 'replicas' | 'observers', placement: Placement | null): string {
  if (list === 'replicas') return 'acks=all waits for each of them that is in sync.';
  return placement === null ? 'They follow outside the ISR.' : promotion[effectivePolicy(placement)];
}

const promotion: Readonly<Record<ObserverPromotionPolicy, string>> = {
  'under-min-isr':
    'They follow outside the ISR, and the leader admits a caught-up one when the ISR falls under `min.insync.replicas`.',
  'under-replicated':
    'They follow outside the ISR, and the leader admits a caught-up one when any sync replica is missing from it.',
  'leader-is-observer':
    'They follow outside the ISR and are never promoted by themselves: only after an unclean election of one of them.',
};

function landing(rack: string | null, placement: Placement | null, cluster: Cluster): readonly string[] {
  const brokers = rack === null ? cluster.brokers : cluster.brokers.filter((broker) => broker.rack === rack);
  const datacenters = [...new Set(brokers.map(({ datacenter }) => datacenter))];
  if (rack !== null && brokers.length === 0) {
    // The rack of such a broker may be left open by a template, or read from a label of the node that it runs on.
    const open = cluster.brokers.some((broker) => broker.rack === null);
    return [
      open ? 'No file says which brokers have this rack.' : 'No broker has this rack: the topic cannot be created.',
    ];
  }
  const place =
    datacenters.length === 1
      ? `Datacenter ${code(datacenters.join(''))}: `
      : `Datacenters ${enumerate(datacenters.map(code), shownDatacenters)}: `;
  const ids = brokers.map(({ id }) => String(id));
  const lines = [`${place}${brokers.length === 1 ? 'broker' : 'brokers'} ${enumerate(ids, shownBrokers)}.`];
  const needed = rack === null || placement === null ? null : replicasOn(rack, placement);
  if (needed !== null) {
    lines[0] += ` Each partition takes ${needed} of ${brokers.length === 1 ? 'this 1' : `these ${brokers.length}`}.`;
  }
  return [...lines, ...assumptionsOf(cluster)];
}

function replicasOn(rack: string, placement: Placement): number {
  return [...placement.replicas, ...placement.observers]
    .filter((constraint) => constraint.rack === rack)
    .reduce((sum, { count }) => sum + count, 0);
}

/** Nothing is assumed silently. */
function assumptionsOf(cluster: Cluster): readonly string[] {
  const { datacenters, brokers } = cluster.origins;
  return [datacenters, brokers].flatMap((origin: Origin) => {
    const words = origin.kind === 'assumed' ? assumptions[origin.assumption] : undefined;
    return words === undefined ? [] : [`*Assumed: ${words}*`];
  });
}

const assumptions: Partial<Readonly<Record<Assumption, string>>> = {
  'racks-are-datacenters': 'each rack is a datacenter, as no cluster file says otherwise.',
  'brokers-of-described-replicas':
    'the brokers are those of the described replicas; the placements say in which racks.',
  'enough-brokers': 'each rack has as many brokers as the placements need, as no file lists them.',
  'more-brokers': 'beside the brokers that files list, each rack has as many as the placements need.',
};

const shownBrokers = 12;
const shownDatacenters = 6;
const shownTopics = 5;

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function enumerate(items: readonly string[], shown: number): string {
  if (items.length <= shown) return items.join(', ');
  return `${items.slice(0, shown).join(', ')} and ${items.length - shown} more`;
}

/** A code span whatever the text holds: Markdown ends one only at a run of backticks of the same length. */
export function code(text: string): string {
  const flat = visible(text.replace(/\s+/g, ' ')).slice(0, codeLengthMax);
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

const codeLengthMax = 120;
