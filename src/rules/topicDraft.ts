import type { Span } from '../documents/span';
import { at, type OneTopicFacts, type TopicFacts } from './facts';
import { type Draft, type FindingLevel, levels, type MinIsrFacts, type SurvivalFacts } from './finding';

/** What findings of one topic have in common, whichever rule made them. */
interface OfTopic {
  readonly topics: readonly string[];
  readonly minIsr: number;
  readonly minIsrAssumed: boolean;
}

/** The data that one rule adds. Distributes over the union, so that each code keeps its own fields. */
type Own<Facts> = Facts extends OfTopic ? Omit<Facts, keyof OfTopic> : never;

export interface DraftOptions {
  readonly atMost?: FindingLevel | undefined;
  /** Whether it would be just as true under any other min ISR. */
  readonly whateverMinIsr?: boolean;
}

/**
 * A finding about one topic, at a part of its placement, with the place that sets min ISR as the other one. A verdict
 * that rests on an assumed min ISR says so and is never more than information.
 */
export function topicDraft(
  facts: TopicFacts,
  own: Own<MinIsrFacts | SurvivalFacts>,
  span: Span,
  { atMost, whateverMinIsr = false }: DraftOptions = {},
): Draft {
  const { minIsr } = facts.assessment.topic;
  const minIsrAssumed = minIsr.origin.kind === 'assumed' && !whateverMinIsr;
  const draft = {
    facts: Object.assign({ topics: facts.names, minIsr: minIsr.value, minIsrAssumed }, own),
    place: at(facts.placement.uri, span),
    related: relatedOf(facts),
  };
  const cap = quietest(atMost, minIsrAssumed ? 'information' : undefined);
  return cap === undefined ? draft : { ...draft, atMost: cap };
}

function relatedOf(facts: TopicFacts): NonNullable<Draft['related']> {
  if (facts.alike.length === 0) return relatedOfTopic(facts);
  return [facts, ...facts.alike.slice(0, relatedMax - 1)].flatMap(relatedOfTopic);
}

/** The other places: where min ISR is set, or else where the topic is created. */
function relatedOfTopic({ assessment, command }: OneTopicFacts): NonNullable<Draft['related']> {
  const { origin } = assessment.topic.minIsr;
  if (origin.kind === 'stated') return [{ role: 'min-isr-set', place: origin.place }];
  return command === null ? [] : [{ role: 'topic-command', place: at(command.uri, command.declared.name.span) }];
}

/** The quieter of two caps. */
function quietest(one: FindingLevel | undefined, other: FindingLevel | undefined): FindingLevel | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return levels.indexOf(one) < levels.indexOf(other) ? one : other;
}

/** Related places beyond these would bury the finding. */
const relatedMax = 5;

/**
 * Topics that share a placement mostly share everything else that rules look at: each such group is checked once, and its
 * findings name them all.
 */
export function groupAlike(topics: readonly OneTopicFacts[]): readonly TopicFacts[] {
  const byPlacement = new Map<OneTopicFacts['placement'], Map<string, Group>>();
  const all: Group[] = [];
  for (const topic of topics) {
    const groups = byPlacement.get(topic.placement) ?? new Map<string, Group>();
    if (groups.size === 0) byPlacement.set(topic.placement, groups);
    const group = groups.get(topic.likeness);
    if (group !== undefined) {
      group.alike.push(topic);
      continue;
    }
    const fresh = { first: topic, alike: [] };
    groups.set(topic.likeness, fresh);
    all.push(fresh);
  }
  return all.map(({ first, alike }) => together(first, alike));
}

interface Group {
  readonly first: OneTopicFacts;
  readonly alike: OneTopicFacts[];
}

/** A topic with those like it. */
export function together(first: OneTopicFacts, alike: readonly OneTopicFacts[]): TopicFacts {
  const names = [first, ...alike].map(({ assessment }) => assessment.topic.name.value);
  return { ...first, names: names.length > 1 ? [...new Set(names)] : names, alike };
}

/** A topic, ready for the rules. */
export function topicFacts(facts: Omit<OneTopicFacts, 'likeness'>): OneTopicFacts {
  return { ...facts, likeness: likenessOf(facts) };
}

function likenessOf({ assessment, command }: Omit<OneTopicFacts, 'likeness'>): string {
  const { minIsr, uncleanLeaderElection: unclean, assignments } = assessment.topic;
  const uncleanPlace = unclean.value && unclean.origin.kind === 'stated' ? JSON.stringify(unclean.origin.place) : '';
  const described = assignments === null ? '' : JSON.stringify(assignments);
  return `${minIsr.value} ${minIsr.origin.kind} ${command === null} ${unclean.value} ${uncleanPlace} ${described}`;
}
