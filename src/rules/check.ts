import type { DocumentReading } from '../documents/declaration';
import { catalogue } from './catalogue';
import { checkContradictions } from './contradictions';
import { checkDescribedDifferently } from './describedDifferently';
import { checkDrift } from './drift';
import type { ClusterFacts, CommandFacts, DescribedFacts, NodeFacts, PlacementFacts, TopicFacts } from './facts';
import { type Draft, type Finding, type FindingLevel, type Level, levels, type RuleCode } from './finding';
import { groupBy } from './grouping';
import { checkJson, checkReading } from './json';
import { message, relatedMessage } from './messages';
import { checkMinIsr } from './minIsr';
import { oncePerObject } from './once';
import { harmless } from './phrases';
import { checkPolicy } from './policy';
import { checkQuorum } from './quorum';
import { checkBrokers, checkRacks } from './rack';
import { checkGoal, checkSurvival } from './survival';
import { checkCommand, checkNodes, checkUncleanElection } from './topic';
import { groupAlike } from './topicDraft';

/** One cluster with all that belongs to it, as the rules see it. */
export interface ClusterUnderCheck {
  readonly facts: ClusterFacts;
  readonly nodes: NodeFacts;
  readonly placements: readonly PlacementFacts[];
  readonly commands: readonly CommandFacts[];
  readonly described: readonly DescribedFacts[];
  readonly topics: readonly Omit<TopicFacts, 'alike'>[];
}

/** The rules that need no simulation: the text of placements, policies, and racks as far as they are known. */
export const checkPlacement: (facts: PlacementFacts) => readonly Draft[] = oncePerObject((facts) => [
  ...checkJson(facts.uri, facts.declared),
  ...checkPolicy(facts),
  ...checkRacks(facts),
]);

/** The rules about one command, in a cluster of these nodes. */
const commandChecks = oncePerObject((nodes: NodeFacts) =>
  oncePerObject((command: CommandFacts) => checkCommand(command, nodes)),
);

/** The rules about one topic and what its failures do. */
export function checkTopic(facts: TopicFacts): readonly Draft[] {
  return [...checkMinIsr(facts), ...checkSurvival(facts), ...checkUncleanElection(facts)];
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

/** All rules, over one cluster. */
export function checkCluster(cluster: ClusterUnderCheck): ClusterCheck {
  const { facts, nodes, placements, commands, described, topics } = cluster;
  const byPlacement = placements.map((placement) => ({ placement, drafts: checkPlacement(placement) }));
  const impossible = new Set(
    byPlacement.filter(({ drafts }) => drafts.some(isRefusal)).map(({ placement }) => placement.declared),
  );
  // What cannot be created cannot be lost: whatever was simulated for such a topic is not worth a word yet.
  const [refused, possible] = partition(groupAlike(topics), ({ placement }) => impossible.has(placement.declared));
  const drafts = [
    ...byPlacement.flatMap(({ drafts }) => drafts),
    ...(placements.length > 0 ? [...checkBrokers(facts), ...checkQuorum(facts.cluster)] : []),
    ...checkNodes(nodes, placements.length > 0),
    ...commands.flatMap(commandChecks(nodes)),
    ...checkContradictions(commands, nodes),
    ...checkDescribedDifferently(commands),
    ...described.flatMap((topic) => checkDrift(topic, facts.cluster)),
    ...possible.flatMap(checkTopic),
    ...checkGoal(facts.cluster, possible),
  ];
  return { drafts, refused };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  const groups = groupBy(items, test);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
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

/** Gives drafts their levels and words, drops what is off or said twice, and puts them in the order of the text. */
export function findingsOf(drafts: readonly Draft[], settings: Levels): ReadonlyMap<string, readonly Finding[]> {
  const byFile = new Map<string, Map<string, Finding>>();
  for (const draft of drafts) {
    const level = levelOf(draft, settings);
    if (level === null) continue;
    const { facts, place } = draft;
    const related = (draft.related ?? []).filter((other) => !isSamePlace(other.place, place));
    const finding: Finding = {
      ...facts,
      level,
      place,
      message: harmless(message(facts)),
      related: related.map((other) => ({ place: other.place, message: harmless(relatedMessage(other)) })),
    };
    const ofFile = byFile.get(place.uri) ?? new Map<string, Finding>();
    byFile.set(place.uri, ofFile);
    const key = `${place.start} ${place.end} ${finding.code} ${finding.message}`;
    if (!ofFile.has(key)) ofFile.set(key, finding);
  }
  return new Map([...byFile].map(([uri, findings]) => [uri, [...findings.values()].sort(inTextOrder)]));
}

function levelOf({ facts, atMost }: Draft, settings: Levels): FindingLevel | null {
  const level = settings[facts.code] ?? catalogue[facts.code].level;
  const capped = atMost !== undefined && levels.indexOf(atMost) < levels.indexOf(level) ? atMost : level;
  return capped === 'off' ? null : capped;
}

function isSamePlace(a: Draft['place'], b: Draft['place']): boolean {
  return a.uri === b.uri && a.start === b.start && a.end === b.end;
}

function inTextOrder(a: Finding, b: Finding): number {
  return a.place.start - b.place.start || a.place.end - b.place.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}
