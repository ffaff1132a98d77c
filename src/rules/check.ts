import { oncePerObject } from '../analysis/once';
import { eachInSteps } from '../analysis/steps';
import { append } from '../documents/append';
import type { DocumentReading, PlacementDeclaration } from '../documents/declaration';
import type { Place } from '../kafka/origin';
import type { Placement } from '../kafka/placement';
import { catalogue } from './catalogue';
import { checkContradictions } from './contradictions';
import { checkDescribedDifferently } from './describedDifferently';
import { checkDrift } from './drift';
import type {
  ClusterFacts,
  CommandFacts,
  DescribedFacts,
  NodeFacts,
  OneTopicFacts,
  PlacementFacts,
  TopicFacts,
} from './facts';
import {
  type Draft,
  type Finding,
  type FindingLevel,
  type Level,
  quieter,
  type RelatedPlace,
  type RuleCode,
} from './finding';
import { groupBy } from './grouping';
import { checkJson, checkReading } from './json';
import { message, relatedMessage } from './messages';
import { addMinIsr } from './minIsr';
import { harmless } from './phrases';
import { checkPolicy } from './policy';
import { checkQuorum } from './quorum';
import { checkBrokers, checkRacks } from './rack';
import { addSurvival, checkGoal } from './survival';
import { toldAgain } from './toldAgain';
import { addUncleanElection, checkCommand, checkNodes } from './topic';
import { groupAlike } from './topicDraft';

/** One cluster with all that belongs to it, as the rules see it. */
export interface ClusterUnderCheck {
  readonly facts: ClusterFacts;
  readonly nodes: NodeFacts;
  readonly placements: readonly PlacementFacts[];
  readonly commands: readonly CommandFacts[];
  readonly described: readonly DescribedFacts[];
  readonly topics: readonly OneTopicFacts[];
}

/**
 * A placement in a file, ready for the rules that need no simulation: its text, its policy, and racks as far as they are known.
 * @param decoded what a broker makes of it
 */
export function placementFacts(
  uri: string,
  declared: PlacementDeclaration,
  decoded: Placement | null,
  cluster: ClusterFacts,
): PlacementFacts {
  let drafts: readonly Draft[] | null = null;
  const facts: PlacementFacts = {
    uri,
    declared,
    decoded,
    cluster,
    drafts: () => {
      drafts ??= [...checkJson(uri, declared), ...policyAndRacks(facts)];
      return drafts;
    },
  };
  return facts;
}

const policyAndRacks = toldAgain((facts) => [...checkPolicy(facts), ...checkRacks(facts)]);

/** A command in a file, ready for the rules about it. */
export function commandFacts(linked: Omit<CommandFacts, 'drafts'>): CommandFacts {
  let last: { readonly nodes: NodeFacts; readonly drafts: readonly Draft[] } | null = null;
  const facts: CommandFacts = {
    ...linked,
    drafts: (nodes) => {
      if (last?.nodes !== nodes) last = { nodes, drafts: checkCommand(facts, nodes) };
      return last.drafts;
    },
  };
  return facts;
}

/** The rules about one topic and what its failures do. */
function addTopic(facts: TopicFacts, found: Draft[]): void {
  addMinIsr(facts, found);
  addSurvival(facts, found);
  addUncleanElection(facts, found);
}

/** Whether a draft is an error where settings leave rules at their own levels. */
export function isError(draft: Draft): boolean {
  return levelOf(draft, {}) === 'error';
}

export interface ClusterCheck {
  readonly drafts: readonly Draft[];
  /** Topics that the broker would refuse to create. */
  readonly refused: readonly TopicFacts[];
}

/** A cluster and its nodes mostly stay as they are while topics and placements change. */
const clusterDrafts = oncePerObject((facts: ClusterFacts) => [...checkBrokers(facts), ...checkQuorum(facts.cluster)]);
const nodeDrafts = oncePerObject((nodes: NodeFacts) => checkNodes(nodes, true));

/** All rules, over one cluster, in small steps. */
export function* checkClusterInSteps(cluster: ClusterUnderCheck): Generator<void, ClusterCheck> {
  const { facts, nodes, placements, commands, described, topics } = cluster;
  const drafts: Draft[] = [];
  yield* eachInSteps(placements, (placement) => append(drafts, placement.drafts()));
  if (placements.length > 0) append(drafts, clusterDrafts(facts));
  append(drafts, placements.length > 0 ? nodeDrafts(nodes) : checkNodes(nodes, false));
  yield* eachInSteps(commands, (command) => append(drafts, command.drafts(nodes)));
  append(drafts, checkContradictions(commands, nodes));
  yield;
  append(drafts, checkDescribedDifferently(commands));
  yield;
  yield* eachInSteps(described, (topic) => append(drafts, checkDrift(topic, facts.cluster)));
  // What cannot be created cannot be lost: whatever was simulated for such a topic is not worth a word yet.
  const [refused, possible]: [TopicFacts[], TopicFacts[]] = [[], []];
  for (const topic of groupAlike(topics)) (isRefused(topic) ? refused : possible).push(topic);
  yield* eachInSteps(possible, (topic) => addTopic(topic, drafts));
  append(drafts, checkGoal(facts.cluster, possible));
  return { drafts, refused };
}

function isRefused({ placement }: TopicFacts): boolean {
  return placement.drafts().some(isRefusal);
}

/** What the readers had to say of one file. */
export function checkDocument(reading: DocumentReading): readonly Draft[] {
  return checkReading(reading);
}

const refusals: ReadonlySet<RuleCode> = new Set(['rack-unknown', 'rack-wildcard', 'rack-capacity']);

/** Whether a topic with this placement could not be created at all. */
export function isRefusal({ facts }: Draft): boolean {
  return refusals.has(facts.code);
}

/** Level per rule as a person's settings have it; absent means the rule's own. */
export type Levels = Readonly<Partial<Record<string, Level>>>;

/**
 * Gives drafts their levels and words, drops what is off or said twice, and puts them in the order of the text. In small
 * steps: the words of thousands take their time.
 */
export function* findingsInSteps(
  drafts: readonly Draft[],
  settings: Levels,
): Generator<void, ReadonlyMap<string, readonly Finding[]>> {
  const found: Finding[] = [];
  yield* eachInSteps(drafts, (draft) => {
    const level = levelOf(draft, settings);
    if (level !== null) found.push(findingOf(draft, level));
  });
  const ordered = new Map<string, readonly Finding[]>();
  yield* eachInSteps([...groupBy(found, ({ place }) => place.uri)], ([uri, findings]) =>
    ordered.set(uri, inOrder(findings)),
  );
  return ordered;
}

function findingOf({ facts, place, related = none }: Draft, level: FindingLevel): Finding {
  return {
    code: facts.code,
    level,
    place,
    message: harmless(message(facts)),
    related: related.length === 0 ? none : othersOf(related, place),
    facts,
  };
}

const none: readonly never[] = [];

function othersOf(related: NonNullable<Draft['related']>, place: Place): readonly RelatedPlace[] {
  return related
    .filter((other) => !isSamePlace(other.place, place))
    .map((other) => ({ place: other.place, message: harmless(relatedMessage(other)) }));
}

/** In the order of the text; what one rule says twice of one place is said once. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  if (isOrdered(findings)) return findings.slice();
  const sorted = findings.toSorted(inTextOrder);
  if (isOrdered(sorted)) return sorted;
  let said = new Set<string>();
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    if (before === undefined || inTextOrder(before, finding) !== 0) said = new Set();
    if (said.has(finding.message)) return false;
    said.add(finding.message);
    return true;
  });
}

/** Whether each stands behind the one before, so that nothing is left to sort and nothing is said twice. */
function isOrdered(findings: readonly Finding[]): boolean {
  return findings.every((finding, index) => {
    const before = findings[index - 1];
    return before === undefined || inTextOrder(before, finding) < 0;
  });
}

function levelOf({ facts, atMost }: Draft, settings: Levels): FindingLevel | null {
  const level = settings[facts.code] ?? catalogue[facts.code].level;
  const capped = atMost === undefined ? level : quieter<Level>(atMost, level);
  return capped === 'off' ? null : capped;
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.uri === b.uri && a.start === b.start && a.end === b.end;
}

function inTextOrder(a: Finding, b: Finding): number {
  return a.place.start - b.place.start || a.place.end - b.place.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}
