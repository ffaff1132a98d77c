import type { Span } from '../documents/span';
import { at, type TopicFacts } from './facts';
import { type Draft, type FindingLevel, levels, type MinIsrFacts, type SurvivalFacts } from './finding';
import { groupBy } from './grouping';
import { oncePerObject } from './once';

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
  return {
    facts: { ...own, topics: namesOf(facts), minIsr: minIsr.value, minIsrAssumed },
    place: at(facts.placement.uri, span),
    related: [facts, ...facts.alike.slice(0, relatedMax - 1)].flatMap(relatedOfTopic),
    ...quietest(atMost, minIsrAssumed ? 'information' : undefined),
  };
}

/** The other places: where min ISR is set, or else where the topic is created. */
function relatedOfTopic({ assessment, command }: Omit<TopicFacts, 'alike'>): NonNullable<Draft['related']> {
  const { origin } = assessment.topic.minIsr;
  if (origin.kind === 'stated') return [{ role: 'min-isr-set', place: origin.place }];
  return command === null ? [] : [{ role: 'topic-command', place: at(command.uri, command.declared.name.span) }];
}

/** The quietest of several caps, as the part of a draft that carries it. */
function quietest(...caps: readonly (FindingLevel | undefined)[]): { readonly atMost?: FindingLevel } {
  const quiet = levels.find((level) => caps.includes(level === 'off' ? undefined : level) && level !== 'off');
  return quiet === undefined || quiet === 'off' ? {} : { atMost: quiet };
}

/** Related places beyond these would bury the finding. */
const relatedMax = 5;

/** The topic and those like it, each name once. */
export const namesOf = oncePerObject((facts: TopicFacts): readonly string[] => {
  const names = new Set([facts.assessment.topic.name.value]);
  for (const { assessment } of facts.alike) names.add(assessment.topic.name.value);
  return [...names];
});

/**
 * Topics that share a placement mostly share everything else that rules look at: each such group is checked once, and its
 * findings name them all.
 */
export function groupAlike(topics: readonly Omit<TopicFacts, 'alike'>[]): readonly TopicFacts[] {
  const placements = groupBy(topics, ({ placement }) => placement.declared);
  return [...placements.values()].flatMap((ofPlacement) =>
    [...groupBy(ofPlacement, likeness).values()].flatMap(([first, ...alike]) =>
      first === undefined ? [] : [{ ...first, alike }],
    ),
  );
}

const likeness = oncePerObject(({ assessment, command }: Omit<TopicFacts, 'alike'>): string => {
  const { minIsr, uncleanLeaderElection: unclean, assignments } = assessment.topic;
  const uncleanPlace = unclean.value && unclean.origin.kind === 'stated' ? JSON.stringify(unclean.origin.place) : '';
  const described = assignments === null ? '' : JSON.stringify(assignments);
  return `${minIsr.value} ${minIsr.origin.kind} ${command === null} ${unclean.value} ${uncleanPlace} ${described}`;
});
