import type { Located } from '../documents/span';
import type { Place } from '../kafka/origin';
import { effectivePolicy, type Placement, type ReplicaConstraint } from '../kafka/placement';
import { at, type CommandFacts } from './facts';
import { fileName } from './fileNames';
import type { Draft } from './finding';
import { groupBy } from './grouping';
import { isTemplate } from './template';

/**
 * Family `topic`, where a topic is described as it is and files say that it is otherwise: it was altered by hand, or the
 * files were never applied. Files that do not agree among themselves are another rule's matter.
 */
export function checkDescribedDifferently(commands: readonly CommandFacts[]): readonly Draft[] {
  const described = commands.filter(isDescription);
  if (described.length === 0) return [];
  const byName = groupBy(
    commands.filter((command) => !isDescription(command)),
    ({ declared }) => declared.name.value,
  );
  return described.flatMap((command) => {
    const stating = byName.get(command.declared.name.value) ?? [];
    return stating.length === 0 ? [] : [...minIsrDiffers(command, stating), ...placementDiffers(command, stating)];
  });
}

function isDescription({ declared }: CommandFacts): boolean {
  return declared.action === 'describe';
}

const minIsrKey = 'min.insync.replicas';

function minIsrDiffers({ uri, declared }: CommandFacts, stating: readonly CommandFacts[]): readonly Draft[] {
  const found = declared.configs.get(minIsrKey);
  const stated = agreed(stating, (one) => one.declared.configs.get(minIsrKey), numberIn);
  if (found === undefined || stated === null || numberIn(found) === numberIn(stated.value)) return [];
  const place = at(stated.by.uri, stated.value.span);
  const values = { described: numberIn(found), stated: numberIn(stated.value) };
  return [draft(declared.name.value, minIsrKey, values, { uri, span: found.span }, place, stated.by)];
}

function placementDiffers(
  { uri, declared, placement }: CommandFacts,
  stating: readonly CommandFacts[],
): readonly Draft[] {
  const found = placement.kind === 'own' ? placement.declared.placement : null;
  const own = (one: CommandFacts): Placement | undefined =>
    one.placement.kind === 'own' ? (one.placement.declared.placement ?? undefined) : undefined;
  const stated = agreed(stating, own, meaning);
  if (found === null || stated === null || stated.by.placement.kind !== 'own') return [];
  if (meaning(found) === meaning(stated.value)) return [];
  const { span } = stated.by.placement.declared;
  const place = at(stated.by.placement.uri, { start: span.start, end: Math.min(span.end, span.start + 1) });
  const none = { described: null, stated: null };
  return [draft(declared.name.value, 'placement', none, { uri, span: declared.name.span }, place, stated.by)];
}

function draft(
  topic: string,
  what: 'placement' | typeof minIsrKey,
  values: { readonly described: string | null; readonly stated: string | null },
  { uri, span }: { readonly uri: string; readonly span: Located<string>['span'] },
  place: Place,
  by: CommandFacts,
): Draft {
  const file = fileName(by.uri);
  return {
    facts: { code: 'described-differently', topic, what, ...values, file },
    place: at(uri, span),
    related: [{ role: what === 'placement' ? 'placement' : 'min-isr-set', place }],
  };
}

/** What files give a topic: the last alteration counts, else the creations, where they agree. `null` if nobody knows. */
function agreed<T>(
  stating: readonly CommandFacts[],
  read: (command: CommandFacts) => T | undefined,
  meant: (value: T) => string,
): { readonly value: T; readonly by: CommandFacts } | null {
  const stated = stating.flatMap((by) => {
    const value = read(by);
    return value === undefined ? [] : [{ value, by }];
  });
  const altered = stated.findLast(({ by }) => by.declared.action === 'alter');
  const candidates = altered === undefined ? stated : [altered];
  const [first] = candidates;
  const same = first !== undefined && candidates.every(({ value }) => meant(value) === meant(first.value));
  return same && !isTemplate(meant(first.value)) ? first : null;
}

function numberIn({ value }: Located<string>): string {
  return value.trim();
}

/** A placement by what it does: the order of its constraints is no difference worth a word here. */
function meaning(placement: Placement): string {
  const list = (constraints: readonly ReplicaConstraint[]): readonly string[] =>
    constraints.map(({ rack, count }) => JSON.stringify([rack, count])).toSorted();
  const policy = placement.observers.length === 0 ? null : effectivePolicy(placement);
  return JSON.stringify([list(placement.replicas), list(placement.observers), policy]);
}
