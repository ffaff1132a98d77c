import type { Span } from '../documents/span';
import { at, type OneTopicFacts, type TopicFacts } from './facts';
import { type Draft, type FindingLevel, type MinIsrFacts, type OfTopics, quieter, type SurvivalFacts } from './finding';

export interface DraftOptions {
  readonly atMost?: FindingLevel | undefined;
  /** Whether it would be just as true under any other min ISR. */
  readonly whateverMinIsr?: boolean;
}

/**
 * A finding about one topic, at a part of its placement, with the place that sets min ISR as the other one. A verdict
 * that rests on an assumed min ISR says so and is never more than information.
 * @param rule what it found, said of these topics
 */
export function topicDraft(
  facts: TopicFacts,
  rule: (of: OfTopics) => MinIsrFacts | SurvivalFacts,
  span: Span,
  { atMost, whateverMinIsr }: DraftOptions = byDefault,
): Draft {
  const { minIsr } = facts.assessment.topic;
  const minIsrAssumed = minIsr.origin.kind === 'assumed' && !whateverMinIsr;
  return {
    facts: rule({ topics: facts.names, minIsr: minIsr.value, minIsrAssumed }),
    place: at(facts.placement.uri, span),
    related: relatedOf(facts),
    atMost: quietest(atMost, minIsrAssumed ? 'information' : undefined),
  };
}

const byDefault: DraftOptions = {};

function relatedOf(facts: TopicFacts): NonNullable<Draft['related']> {
  if (facts.alike.length === 0) return relatedOfTopic(facts);
  return [facts, ...facts.alike.slice(0, relatedMax - 1)].flatMap(relatedOfTopic);
}

/** The other places: where min ISR is set, or else where the topic is created. */
function relatedOfTopic({ assessment, command }: OneTopicFacts): NonNullable<Draft['related']> {
  const { origin } = assessment.topic.minIsr;
  if (origin.kind === 'stated') return [{ role: 'min-isr-set', place: origin.place }];
  return command === null ? none : [{ role: 'topic-command', place: at(command.uri, command.declared.name.span) }];
}

const none: readonly never[] = [];

/** The quieter of two caps, as far as there are any. */
function quietest(one: FindingLevel | undefined, other: FindingLevel | undefined): FindingLevel | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return quieter(one, other);
}

/** Related places beyond these would bury the finding. */
const relatedMax = 5;

/**
 * Topics that share a placement mostly share everything else that rules look at: each such group is checked once, and its
 * findings name them all.
 */
export function groupAlike(topics: readonly OneTopicFacts[]): readonly TopicFacts[] {
  const groups: Group[] = [];
  // Most placements are of one topic: what it has in common with others is only asked where there are others.
  const firstOf = new Map<OneTopicFacts['placement'], Group>();
  let othersOf: Map<OneTopicFacts['placement'], Map<string, Group>> | null = null;
  for (const topic of topics) {
    const first = firstOf.get(topic.placement);
    if (first === undefined) {
      const group = { first: topic, alike: [] };
      groups.push(group);
      firstOf.set(topic.placement, group);
      continue;
    }
    othersOf ??= new Map();
    const byLikeness = othersOf.get(topic.placement) ?? new Map([[likenessOf(first.first), first]]);
    othersOf.set(topic.placement, byLikeness);
    const group = byLikeness.get(likenessOf(topic));
    if (group !== undefined) {
      group.alike.push(topic);
      continue;
    }
    const fresh = { first: topic, alike: [] };
    groups.push(fresh);
    byLikeness.set(likenessOf(topic), fresh);
  }
  return groups.map(({ first, alike }) => together(first, alike));
}

interface Group {
  readonly first: OneTopicFacts;
  readonly alike: OneTopicFacts[];
}

/** A topic with those like it. */
export function together(first: OneTopicFacts, alike: readonly OneTopicFacts[]): TopicFacts {
  const { placement, assessment, command } = first;
  const name = assessment.topic.name.value;
  const names = alike.length === 0 ? [name] : [...new Set([name, ...alike.map(nameOf)])];
  return { placement, assessment, command, names, alike };
}

function nameOf({ assessment }: OneTopicFacts): string {
  return assessment.topic.name.value;
}

/** Equal for topics of one placement of which rules say the same. */
function likenessOf({ assessment, command }: OneTopicFacts): string {
  const { minIsr, uncleanLeaderElection: unclean, assignments } = assessment.topic;
  const uncleanPlace = unclean.value && unclean.origin.kind === 'stated' ? JSON.stringify(unclean.origin.place) : '';
  const described = assignments === null ? '' : JSON.stringify(assignments);
  return `${minIsr.value} ${minIsr.origin.kind} ${command === null} ${unclean.value} ${uncleanPlace} ${described}`;
}
