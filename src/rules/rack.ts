import { oncePerObject } from '../analysis/once';
import type { ConstraintDeclaration, PlacementDeclaration } from '../documents/declaration';
import { nearestName } from '../documents/nearestName';
import { type Cluster, datacenterOfRack } from '../kafka/cluster';
import { at, type ClusterFacts, type PlacementFacts } from './facts';
import type { Draft } from './finding';
import { groupBy } from './grouping';
import { racksBySite } from './sites';
import { isTemplate } from './template';

/**
 * Family `rack`, as far as a placement is concerned: racks and brokers that exist. Silent where no file lists them, as
 * they are then assumed to be whatever placements need.
 */
export function checkRacks(facts: PlacementFacts): readonly Draft[] {
  const { cluster, racksKnown } = facts.cluster;
  const named = facts.declared.constraints.filter(({ rack }) => rack !== null && !isTemplate(rack.value));
  return [
    ...named.flatMap((constraint) => wildcard(facts, constraint)),
    ...(racksStated(cluster) && racksKnown ? named.flatMap((constraint) => unknownRack(facts, constraint)) : []),
    ...(cluster.origins.brokers.kind === 'stated' && racksKnown ? capacity(facts, named) : []),
    ...preferredLeaders(facts),
    ...sites(facts),
  ];
}

function racksStated({ origins }: Cluster): boolean {
  return origins.brokers.kind === 'stated' || origins.datacenters.kind === 'stated';
}

function wildcard(facts: PlacementFacts, { rack }: ConstraintDeclaration): readonly Draft[] {
  if (rack === null || !/[*?]/.test(rack.value) || brokersIn(facts.cluster, rack.value) > 0) return [];
  return [{ facts: { code: 'rack-wildcard', rack: rack.value }, place: at(facts.uri, rack.span) }];
}

/** Equality of strings, case and blanks included, is all that matching is (docs; a broker's rack may hold blanks). */
function unknownRack(facts: PlacementFacts, { rack, list }: ConstraintDeclaration): readonly Draft[] {
  if (rack === null || rack.value.trim() === '' || /[*?]/.test(rack.value)) return [];
  if (brokersIn(facts.cluster, rack.value) > 0) return [];
  const known = knownRacks(facts.cluster);
  // A rack stands once in a list: of two that are as near, the one that is missing is meant.
  const named = racksNamed(facts.declared)[list];
  const missingFirst = [...known.filter((one) => !named.has(one)), ...known.filter((one) => named.has(one))];
  const nearest = nearestName(rack.value, missingFirst) ?? null;
  return [
    {
      facts: { code: 'rack-unknown', rack: rack.value, nearest, known },
      place: at(facts.uri, rack.span),
    },
  ];
}

/** The racks that each list names. */
const racksNamed = oncePerObject(({ constraints }: PlacementDeclaration) => {
  const named = { replicas: new Set<string>(), observers: new Set<string>() };
  for (const { list, rack } of constraints) if (rack !== null) named[list].add(rack.value);
  return named;
});

/**
 * "The total number of brokers with a given broker.rack must be greater than or equal to the total number of replicas
 * and observers with that rack" (docs); otherwise the topic's creation fails.
 */
function capacity(facts: PlacementFacts, named: readonly ConstraintDeclaration[]): readonly Draft[] {
  const racks = [...groupBy(named, ({ rack }) => rack?.value ?? '')].map(([rack, items]) => ({
    rack,
    needed: items.reduce((sum, { count }) => sum + Math.max(0, count?.value ?? 0), 0),
    brokers: brokersIn(facts.cluster, rack),
    last: items.at(-1),
  }));
  const known = racks.filter(({ brokers, needed }) => brokers > 0 && needed > 0);
  const lone =
    known.length > 1 &&
    known.length === racks.length &&
    known.every(({ brokers, needed }) => brokers === 1 && needed === 1);
  if (lone) {
    const place = at(facts.uri, known[0]?.last?.rack?.span ?? facts.declared.span);
    return [{ facts: { code: 'one-broker-per-rack', racks: known.map(({ rack }) => rack) }, place }];
  }
  const tooFew = known.flatMap(({ rack, needed, brokers, last }): readonly Draft[] =>
    needed > brokers && last !== undefined
      ? [
          {
            facts: { code: 'rack-capacity', rack, needed, brokers },
            place: at(facts.uri, last.count?.span ?? last.span),
          },
        ]
      : [],
  );
  const full = known.filter(({ needed, brokers }) => needed === brokers);
  const first = full[0]?.last;
  if (first === undefined) return tooFew;
  const place = at(facts.uri, first.rack?.span ?? first.span);
  return [...tooFew, { facts: { code: 'rack-no-spare', racks: full.map(({ rack }) => rack) }, place }];
}

/** Printed by six independent clusters: replicas follow the order of the list, so the first rack leads everything. */
function preferredLeaders(facts: PlacementFacts): readonly Draft[] {
  const { cluster } = facts.cluster;
  const replicas = facts.declared.constraints.filter(({ list, rack }) => list === 'replicas' && rack !== null);
  const [first, ...others] = replicas;
  if (first?.rack == null) return [];
  const datacenter = datacenterOfRack(cluster, first.rack.value);
  const spread = others.some(({ rack }) => rack !== null && datacenterOfRack(cluster, rack.value) !== datacenter);
  if (datacenter === undefined || !spread) return [];
  return [
    {
      facts: { code: 'preferred-leaders-first-rack', rack: first.rack.value, datacenter },
      place: at(facts.uri, first.rack.span),
    },
  ];
}

/** Racks such as `west-f` and `west-o`: only a guess, which a person must confirm with a cluster file. */
function sites(facts: PlacementFacts): readonly Draft[] {
  const { cluster } = facts.cluster;
  if (cluster.origins.datacenters.kind === 'stated') return [];
  const bySite = racksBySite(cluster);
  if (bySite === null) return [];
  const used = new Set(facts.declared.constraints.map(({ rack }) => rack?.value));
  const split = [...bySite].flatMap(([site, members]) =>
    members.length > 1 && members.some((rack) => used.has(rack)) ? [{ site, racks: members }] : [],
  );
  const first = facts.declared.constraints.find(({ rack }) =>
    split.some((site) => site.racks.includes(rack?.value ?? '')),
  );
  if (first?.rack == null) return [];
  return [{ facts: { code: 'racks-look-like-sites', sites: split }, place: at(facts.uri, first.rack.span) }];
}

/** Family `rack`, as far as the brokers themselves are concerned: once for a cluster whose racks placements use. */
export function checkBrokers({ cluster, racksKnown }: ClusterFacts): readonly Draft[] {
  const racks = knownRacks({ cluster, racksKnown });
  if (racks.length === 0 || !racksKnown) return [];
  return cluster.brokers.flatMap((broker): readonly Draft[] =>
    broker.rack === null && broker.place !== undefined
      ? [{ facts: { code: 'broker-rack-missing', broker: `broker ${broker.id}`, racks }, place: broker.place }]
      : [],
  );
}

function brokersIn({ cluster }: ClusterFacts, rack: string): number {
  return brokersByRack(cluster).get(rack)?.length ?? 0;
}

const brokersByRack = oncePerObject(({ brokers }: Cluster) => groupBy(brokers, ({ rack }) => rack));

/** Racks that brokers have, each once. */
function knownRacks({ cluster }: ClusterFacts): readonly string[] {
  return [...brokersByRack(cluster).keys()].filter((rack) => rack !== null);
}
