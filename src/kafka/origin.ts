/** Where a fact comes from. Nothing is assumed silently: each fact of a deployment carries one of these. */

/** A span of a file, in UTF-16 code units from its start, `end` exclusive. */
export interface Place {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** What is taken for granted where no file says. The name is also the key under which the person reads about it. */
export type Assumption =
  /** No cluster file and no racks grouped: every rack counts as a datacenter of its own. */
  | 'racks-are-datacenters'
  /** No file lists brokers: each rack has as many as the placements need. */
  | 'enough-brokers'
  /** Files list some of the brokers, or leave their racks open: beside those each rack has as many as the placements need. */
  | 'more-brokers'
  /** No file lists brokers: those that hold the described replicas, in the racks that the placements leave them. */
  | 'brokers-of-described-replicas'
  /** No file lists controllers, or tells of each where it stands: the quorum is taken to stand whatever is lost. */
  | 'quorum-stands'
  /** A controller's datacenter was read from its name, as no rack is stated for it. */
  | 'datacenter-from-name'
  /** No file sets it: Apache Kafka's own default. */
  | 'kafka-default'
  /** The person's settings say what to assume. */
  | 'settings'
  /** No file names a topic for this placement: it is called after its file. */
  | 'named-after-file';

export type Origin =
  | { readonly kind: 'stated'; readonly place: Place }
  | { readonly kind: 'assumed'; readonly assumption: Assumption };

/** A value with where it was stated or why it was assumed. */
export interface Fact<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A fact that a file states. */
export function stated<T>(value: T, place: Place): Fact<T> {
  return { value, origin: { kind: 'stated', place } };
}

/** A fact that no file states. */
export function assumed<T>(value: T, assumption: Assumption): Fact<T> {
  return { value, origin: { kind: 'assumed', assumption } };
}
