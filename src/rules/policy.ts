import type { PlacementDeclaration } from '../documents/declaration';
import { nearestName } from '../documents/nearestName';
import type { Span } from '../documents/span';
import { type Cluster, datacenterOfRack } from '../kafka/cluster';
import {
  effectivePolicy,
  type ObserverPromotionPolicy,
  observerPromotionPolicies,
  replicaCount,
} from '../kafka/placement';
import { at, type PlacementFacts } from './facts';
import type { Draft, PolicyFacts } from './finding';
import { isOlder } from './platform';
import { isTemplate } from './template';

/**
 * Family `policy`: what the version and the policy of a placement will really do.
 * Source: docs.confluent.io, "Automatic observer promotion"; version 2 since Confluent Platform 6.1.
 */
export function checkPolicy({ uri, declared, cluster }: PlacementFacts): readonly Draft[] {
  return [
    ...policyName(uri, declared),
    ...(declared.placement === null
      ? []
      : [...versionOne(uri, declared, cluster.cluster), ...versionTwo(uri, declared, cluster.cluster)]),
    ...platform(uri, declared, cluster.cluster),
  ];
}

/** Only the docs' three values exist; `none`, seen in the wild, belongs to another product. */
function policyName(uri: string, { policy }: PlacementDeclaration): readonly Draft[] {
  if (policy === null || isKnown(policy.value) || isTemplate(policy.value)) return [];
  const nearest = observerPromotionPolicies.find(
    (known) => known === nearestName(policy.value, observerPromotionPolicies),
  );
  return [draft(uri, { code: 'policy-unknown', found: policy.value, nearest: nearest ?? null }, policy.span)];
}

function versionOne(uri: string, declared: PlacementDeclaration, cluster: Cluster): readonly Draft[] {
  const { placement, policy, version } = declared;
  if (placement?.version !== 1) return [];
  const observers = replicaCount(placement.observers);
  if (placement.observerPromotionPolicy !== undefined && policy !== null) {
    const facts: PolicyFacts = { code: 'policy-on-version-1', policy: placement.observerPromotionPolicy };
    // What is written is what happens: no intent is lost, the field is merely idle.
    const harmless = placement.observerPromotionPolicy === 'leader-is-observer';
    return [{ ...draft(uri, facts, policy.span), ...(harmless ? { atMost: 'information' } : {}) }];
  }
  if (observers === 0 || isOlder(cluster.confluentPlatform?.value, '6.1')) return [];
  return [draft(uri, { code: 'version-1-with-observers', observers }, version?.span ?? declared.span)];
}

function versionTwo(uri: string, declared: PlacementDeclaration, cluster: Cluster): readonly Draft[] {
  const { placement, policy, version } = declared;
  if (placement?.version !== 2) return [];
  const observers = replicaCount(placement.observers);
  const span = policy?.span ?? version?.span ?? declared.span;
  if (placement.observerPromotionPolicy === undefined) {
    return observers === 0 ? [] : [draft(uri, { code: 'policy-implicit' }, span)];
  }
  if (observers === 0) {
    return [draft(uri, { code: 'policy-without-observers', policy: placement.observerPromotionPolicy }, span)];
  }
  switch (effectivePolicy(placement)) {
    case 'leader-is-observer':
      return [draft(uri, { code: 'policy-leader-is-observer', observers }, span)];
    case 'under-replicated':
      return underReplicated(uri, declared, cluster, span);
    case 'under-min-isr':
      return [];
  }
}

/** An observer far from some sync replica joins the ISR on any restart, and acks=all then waits for it. */
function underReplicated(
  uri: string,
  { placement }: PlacementDeclaration,
  cluster: Cluster,
  span: Span,
): readonly Draft[] {
  if (placement === null) return [];
  const datacenter = (rack: string | null): string | undefined =>
    rack === null ? undefined : datacenterOfRack(cluster, rack);
  const sites = new Set(placement.replicas.map(({ rack }) => datacenter(rack)));
  const remote = placement.observers.flatMap(({ rack }) => {
    const home = datacenter(rack);
    return rack !== null && home !== undefined && [...sites].some((site) => site !== home) ? [rack] : [];
  });
  if (remote.length === 0) return [];
  const syncReplicas = replicaCount(placement.replicas);
  return [draft(uri, { code: 'policy-under-replicated-remote', syncReplicas, racks: remote }, span)];
}

/** Source: placement since 5.4, version 2 since 6.1, one rack in both lists since inter.broker.protocol 3.3 (7.3). */
function platform(uri: string, declared: PlacementDeclaration, cluster: Cluster): readonly Draft[] {
  const platformVersion = cluster.confluentPlatform;
  if (platformVersion === undefined) return [];
  const stated = platformVersion.value;
  if (!isOlder(stated, '7.3')) return [];
  const { origin } = platformVersion;
  const related = origin.kind === 'stated' ? [{ role: 'platform-version' as const, place: origin.place }] : [];
  const need = (
    feature: 'placement' | 'version-2' | 'rack-in-both-lists',
    since: string,
    span: Span,
  ): readonly Draft[] =>
    isOlder(stated, since)
      ? [{ ...draft(uri, { code: 'needs-newer-platform', feature, since, stated }, span), related }]
      : [];
  const start = declared.version?.span ?? declared.span;
  if (isOlder(stated, '5.4')) return need('placement', '5.4', start);
  const shared = declared.constraints.find(
    ({ list, rack }) =>
      list === 'observers' &&
      rack !== null &&
      declared.constraints.some((other) => other.list === 'replicas' && other.rack?.value === rack.value),
  );
  return [
    ...(declared.version?.value === 2 ? need('version-2', '6.1', declared.version.span) : []),
    ...(shared?.rack ? need('rack-in-both-lists', '7.3', shared.rack.span) : []),
  ];
}

function isKnown(name: string): name is ObserverPromotionPolicy {
  return observerPromotionPolicies.some((policy) => policy === name);
}

function draft(uri: string, facts: PolicyFacts, span: Span): Draft {
  return { facts, place: at(uri, span) };
}
