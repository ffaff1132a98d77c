import type { Span } from '../documents/span';
import { at, type TopicFacts } from './facts';
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
  const { name, minIsr } = facts.assessment.topic;
  const minIsrAssumed = minIsr.origin.kind === 'assumed' && !whateverMinIsr;
  return {
    facts: { ...own, topics: [name.value], minIsr: minIsr.value, minIsrAssumed },
    place: at(facts.placement.uri, span),
    related: relatedOfTopic(facts),
    ...quietest(atMost, minIsrAssumed ? 'information' : undefined),
  };
}

/** The other places: where min ISR is set, or else where the topic is created. */
function relatedOfTopic({ assessment, command }: TopicFacts): NonNullable<Draft['related']> {
  const { origin } = assessment.topic.minIsr;
  if (origin.kind === 'stated') return [{ role: 'min-isr-set', place: origin.place }];
  return command === null ? [] : [{ role: 'topic-command', place: at(command.uri, command.declared.name.span) }];
}

/** The quietest of several caps, as the part of a draft that carries it. */
function quietest(...caps: readonly (FindingLevel | undefined)[]): { readonly atMost?: FindingLevel } {
  const quiet = levels.find((level) => caps.includes(level === 'off' ? undefined : level) && level !== 'off');
  return quiet === undefined || quiet === 'off' ? {} : { atMost: quiet };
}

/**
 * Topics that share a placement mostly share its findings too: drafts that differ in nothing but the topic become one,
 * which names them all.
 */
export function mergeTopics(drafts: readonly Draft[]): readonly Draft[] {
  const merged = new Map<string, Draft>();
  for (const draft of drafts) {
    if (!('topics' in draft.facts)) {
      merged.set(`${merged.size}`, draft);
      continue;
    }
    const key = JSON.stringify([{ ...draft.facts, topics: [] }, draft.place, draft.atMost]);
    const same = merged.get(key);
    merged.set(key, same === undefined ? draft : withTopicsOf(same, draft));
  }
  return [...merged.values()];
}

/** Related places beyond these would bury the finding. */
const relatedMax = 5;

function withTopicsOf(first: Draft, next: Draft): Draft {
  if (!('topics' in first.facts) || !('topics' in next.facts)) return first;
  const topics = [...new Set([...first.facts.topics, ...next.facts.topics])];
  const related = [...(first.related ?? []), ...(next.related ?? [])].slice(0, relatedMax);
  return { ...first, facts: { ...first.facts, topics }, related };
}
