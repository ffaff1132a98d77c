import type { Cluster } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import type { LimitHit } from './assessment';
import type { Arrangement } from './assignments';
import type { Scenario } from './scenario';

export interface ScenarioList {
  readonly scenarios: readonly Scenario[];
  readonly limits: readonly LimitHit[];
}

/** More datacenters than this are not combined in pairs; 12 make 66 pairs. */
export const maxPairedDatacenters = 12;

/**
 * What is tried on a topic, in the order in which the panel's table shows it: the loss of one broker, of each datacenter, of
 * one broker more, cut links, pairs, and then the finer cases. Only datacenters that hold replicas of the topic or
 * controllers are named, and links only between datacenters that hold replicas.
 */
export function scenariosOf(cluster: Cluster, arrangements: readonly Arrangement[]): ScenarioList {
  const { named, holding, controlling } = namesOf(cluster, arrangements);
  const replicated = named.filter((name) => holding.has(name));
  const pairedNames = named.slice(0, maxPairedDatacenters);
  const limits: LimitHit[] =
    named.length > maxPairedDatacenters
      ? [{ limit: 'datacenters', examined: maxPairedDatacenters, bound: named.length }]
      : [];
  return {
    limits,
    scenarios: [
      { kind: 'any-broker' },
      ...named.map((name): Scenario => ({ kind: 'datacenters', datacenters: [name] })),
      ...replicated.map((datacenter): Scenario => ({ kind: 'datacenter-then-broker', datacenter })),
      ...pairs(replicated.slice(0, maxPairedDatacenters)).map((between): Scenario => ({ kind: 'link', between })),
      ...pairs(pairedNames).map((datacenters): Scenario => ({ kind: 'datacenters', datacenters })),
      ...named.map((datacenter): Scenario => ({ kind: 'isolated', datacenter })),
      ...replicated.map((datacenter): Scenario => ({ kind: 'datacenter-rolling', datacenter })),
      ...replicated
        .filter((datacenter) => controlling.has(datacenter))
        .map((datacenter): Scenario => ({ kind: 'datacenter-brokers', datacenter })),
      ...(controlling.size > 0 ? [{ kind: 'controllers' } as const] : []),
      { kind: 'rolling-restart' },
    ],
  };
}

/** The datacenters whose loss a topic could feel, as the cluster lists them. */
export function datacentersToLose(cluster: Cluster, arrangements: readonly Arrangement[]): readonly string[] {
  return namesOf(cluster, arrangements).named;
}

interface Names {
  /** All of them, in order. */
  readonly named: readonly string[];
  /** Those with replicas of the topic. */
  readonly holding: ReadonlySet<string>;
  /** Those with controllers. */
  readonly controlling: ReadonlySet<string>;
}

function namesOf(cluster: Cluster, arrangements: readonly Arrangement[]): Names {
  const holding = namesHolding(arrangements);
  const controlling = new Set((cluster.controllers ?? []).map(({ datacenter }) => datacenter));
  return { named: orderNames(cluster, new Set([...holding, ...controlling])), holding, controlling };
}

function namesHolding(arrangements: readonly Arrangement[]): ReadonlySet<string> {
  return new Set(
    arrangements.flatMap(({ shape, datacenters }) =>
      datacenters.filter((_, index) => (shape.slotsIn[index] ?? 0) !== 0),
    ),
  );
}

/** As the cluster lists them; those that it does not know come last. */
function orderNames(cluster: Cluster, names: ReadonlySet<string>): readonly string[] {
  const listed = cluster.datacenters.map(({ name }) => name);
  const known = listed.filter((name) => names.has(name));
  return [...known, ...[...names].filter((name) => !listed.includes(name)).sort()];
}

function pairs(names: readonly string[]): readonly [string, string][] {
  return names.flatMap((one, index) => names.slice(index + 1).map((other): [string, string] => [one, other]));
}

/** Whether a scenario belongs to the standard set; the others fold under *more*. */
export function isStandard(scenario: Scenario, topic: Topic, datacenterCount: number): boolean {
  switch (scenario.kind) {
    case 'any-broker':
    case 'datacenter-then-broker':
      return true;
    case 'link':
    case 'datacenters':
      // With few datacenters every pair is a question people ask; with many it is a wall of rows.
      return scenario.kind === 'link' || scenario.datacenters.length === 1 || datacenterCount <= 3;
    case 'datacenter-rolling':
      return topic.placement.observers.length > 0;
    default:
      return false;
  }
}
