import type { LimitHit, ScenarioResult, TopicAssessment } from '../analysis/assessment';
import { limitWords } from '../analysis/limitWords';
import type { ProofResult } from '../analysis/prove';
import { type Scenario, scenarioId } from '../analysis/scenario';
import { isStandard } from '../analysis/scenarios';
import {
  acknowledgedDataWords,
  headroomWords,
  personWords,
  readsWords,
  scenarioTitle,
  verdictLines,
  writesWords,
} from '../analysis/words';
import type { DocumentReading, PlacementDeclaration } from '../documents/declaration';
import type { Cluster } from '../kafka/cluster';
import type { Assumption, Place } from '../kafka/origin';
import type { Topic } from '../kafka/topic';
import type { FailureRow, HelpView, HostToPage, NoticeView, PlayView, TopicChoice, TopicView } from '../panel/protocol';
import type { Fix } from '../rules/finding';
import { groupBy } from '../rules/grouping';
import type { Timeline } from '../simulator/timeline';
import type { Analysis } from '../workspace/api';
import { factsOf, Links, type LinkTarget } from './facts';
import type { LineIndex } from './lines';
import { placementsIn } from './placements';
import { playView } from './playView';
import { proofWords } from './proofs';
import { listTopics, type TopicEntry, verdictLine } from './topics';

export interface PanelRequest {
  readonly analysis: Analysis;
  /** What the person chose, as far as they did. */
  readonly topic: string | null;
  readonly file: string | null;
  readonly scenario: string | null;
  /** Simulated changes that help the topic with this key, as far as they are known. */
  helpOf(topic: string): readonly Fix[];
  /** What was shown last: it stays while a syntax error hides the topic. */
  readonly previous: ShownTopic | null;
  /** What could be proved of a topic so far. */
  proofsOf(topic: TopicAssessment): readonly ProofResult[];
  playOut(cluster: Cluster, topic: Topic, scenario: Scenario): Timeline | null;
  linesOf(uri: string): LineIndex | undefined;
  /** How a person calls a file. */
  nameOf(uri: string): string;
}

/** A topic that was shown, with the file that places it. */
export interface ShownTopic {
  readonly key: string;
  readonly scenario: string;
  readonly file: string;
  /** Where in the file its placement began. */
  readonly start: number;
  readonly view: TopicView;
}

export interface PanelView {
  readonly message: HostToPage;
  readonly shown: ShownTopic | null;
  /** What the links of the message lead to. */
  readonly links: ReadonlyMap<string, LinkTarget>;
}

/** What the panel is to show of an analysis. Pure: words and numbers come from the analysis, none is computed here. */
export function panelView(request: PanelRequest): PanelView {
  const links = new Links((place) => placeLabel(place, request));
  const topics = listTopics(request.analysis);
  const all = choicesOf(topics, request);
  const outdated = lastGood(request, topics, links);
  if (outdated !== null) {
    const message = {
      kind: 'show',
      topics: all,
      topic: outdated.view,
      selectedScenario: outdated.scenario,
    } as const;
    return { message, shown: request.previous, links: links.targets };
  }
  const entry = topicToShow(topics, request);
  if (entry === undefined) return { message: emptyMessage, shown: null, links: links.targets };
  const scenario = chosenScenario(entry, request.scenario);
  const view = topicView(entry, scenario, request, links);
  const selectedScenario = scenario === undefined ? '' : scenarioId(scenario.scenario);
  const { uri: file, start } = entry.topic.topic.placementPlace;
  return {
    message: { kind: 'show', topics: all, topic: view, selectedScenario },
    shown: { key: entry.key, scenario: selectedScenario, file, start, view },
    links: links.targets,
  };
}

/** Topics of one name are told apart by their clusters, or else by their files. */
function choicesOf(topics: readonly TopicEntry[], { nameOf }: PanelRequest): readonly TopicChoice[] {
  const known = choices.get(topics);
  if (known !== undefined) return known;
  const sameName = groupBy(topics, ({ name }) => name);
  const made = topics.map((entry) => {
    const { key, name, level } = entry;
    const same = sameName.get(name) ?? [];
    const clusters = new Set(same.map(({ deployment }) => deployment));
    const detail = clusters.size === same.length ? entry.deployment : nameOf(entry.topic.topic.placementPlace.uri);
    return { key, name, detail: same.length > 1 ? detail : '', mark: level };
  });
  choices.set(topics, made);
  return made;
}

/** The list of an analysis is asked for with every click. */
const choices = new WeakMap<readonly TopicEntry[], readonly TopicChoice[]>();

const emptyMessage: HostToPage = {
  kind: 'empty',
  title: 'No replica placement yet',
  explanation:
    'Open a replica placement, or a script or resource that creates topics with one. What kafka-topics --describe printed will do too: copy it and run “Failover: Analyse kafka-topics Output”.',
};

/**
 * The worst topic of the file that a person was in, else the one that they chose, else whoever took the place of the one that was
 * shown, else the worst of all.
 */
export function topicToShow(
  topics: readonly TopicEntry[],
  { topic, file, previous }: Pick<PanelRequest, 'topic' | 'file' | 'previous'>,
): TopicEntry | undefined {
  const inFile = topics.find((entry) => entry.topic.topic.placementPlace.uri === file);
  const chosen = inFile ?? topics.find(({ key }) => key === topic);
  return chosen ?? (previous === null ? undefined : successor(topics, previous)) ?? topics[0];
}

/** Who has the placement of a topic that is gone, as it goes by another name now; else whose is next to it in the file. */
function successor(topics: readonly TopicEntry[], { file, start }: ShownTopic): TopicEntry | undefined {
  const distance = ({ topic }: TopicEntry): number => Math.abs(topic.topic.placementPlace.start - start);
  const inFile = topics.filter(({ topic }) => topic.topic.placementPlace.uri === file);
  return inFile.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** What the person chose, else the first loss of a datacenter that stops writes, else the first one. */
function chosenScenario({ topic }: TopicEntry, chosen: string | null): ScenarioResult | undefined {
  const { results } = topic.everyFailure();
  const losses = results.filter(({ scenario }) => scenario.kind === 'datacenters' && scenario.datacenters.length === 1);
  return (
    results.find(({ scenario }) => scenarioId(scenario) === chosen) ??
    losses.find(({ outcome }) => outcome.headroom === null) ??
    losses[0] ??
    results[0]
  );
}

/** The topic that was shown, if it is gone only because its file cannot be read, or is empty, at the moment. */
function lastGood(request: PanelRequest, topics: readonly TopicEntry[], links: Links): ShownTopic | null {
  const { previous, analysis } = request;
  if (previous === null || request.topic !== previous.key || topics.some(({ key }) => key === previous.key))
    return null;
  const reading = analysis.readings.get(previous.file);
  const error = reading === undefined ? undefined : firstError(reading);
  const inFile = topics.some(({ topic }) => topic.topic.placementPlace.uri === previous.file);
  if (reading === undefined || (error === undefined && inFile)) return null;
  const notice: NoticeView = {
    text:
      error === undefined
        ? 'There is no replica placement in the file at the moment. This is what it meant before.'
        : 'The file cannot be read at the moment. This is what it meant before.',
    mark: 'warning',
    source: links.toPlace({ uri: previous.file, ...(error ?? { start: 0, end: 0 }) }),
    action: null,
  };
  // Links of an older message lead nowhere, so they are not shown as links.
  const facts = previous.view.facts.map((fact) => ({ ...fact, source: null }));
  return { ...previous, view: { ...previous.view, facts, help: [], notices: [notice] } };
}

function firstError(reading: DocumentReading): { readonly start: number; readonly end: number } | undefined {
  const inPlacements = placementsIn(reading).flatMap(({ placement, syntaxErrors, span }) =>
    placement === null ? [syntaxErrors[0]?.span ?? span] : [],
  );
  return inPlacements[0] ?? reading.problems[0]?.span;
}

function topicView(
  entry: TopicEntry,
  chosen: ScenarioResult | undefined,
  request: PanelRequest,
  links: Links,
): TopicView {
  const { topic, cluster } = entry;
  const { placementPlace } = topic.topic;
  const { results, limits } = topic.everyFailure();
  const placement = placementAt(request.analysis, placementPlace);
  return {
    key: entry.key,
    name: entry.name,
    subtitle: subtitle(entry, request),
    verdict: entry.refused ? [[{ text: `${verdictLine(entry)}.`, mark: 'bad' }]] : verdictLines(topic),
    facts: factsOf(topic, cluster, placement, links),
    proofs: request.proofsOf(topic).map(proofWords),
    rows: results.map((result) => failureRow(result, entry)),
    play: chosen === undefined ? null : playOut(entry, chosen.scenario, request),
    help: request.helpOf(entry.key).map((fix, index) => helpView(fix, index, request)),
    notices: [
      ...syntaxNotices(placement, placementPlace, links),
      ...refusalNotices(entry, links),
      ...clusterNotices(entry, request.analysis),
      ...limits.map(limitNotice),
    ],
  };
}

function failureRow({ scenario, outcome }: ScenarioResult, { topic, cluster }: TopicEntry): FailureRow {
  return {
    id: scenarioId(scenario),
    title: scenarioTitle(scenario),
    outcome,
    writes: writesWords(outcome),
    reads: readsWords(outcome),
    acknowledgedData: acknowledgedDataWords(outcome),
    person: personWords(outcome),
    headroom: headroomWords(outcome),
    folded: !isStandard(scenario, topic.topic, cluster.datacenters.length),
  };
}

function playOut(
  { topic: { topic }, cluster }: TopicEntry,
  scenario: Scenario,
  request: PanelRequest,
): PlayView | null {
  const timeline = request.playOut(cluster, topic, scenario);
  return timeline === null ? null : playView(topic, cluster, scenario, timeline);
}

function subtitle({ topic: { topic }, cluster, deployment }: TopicEntry, { nameOf, analysis }: PanelRequest): string {
  const partitions = `${topic.partitions.value} partition${topic.partitions.value === 1 ? '' : 's'}`;
  const names = cluster.datacenters.map(({ name }) => name);
  const datacenters = names.length <= 3 ? names.join(', ') : `${names.length} datacenters`;
  const parts = [
    datacenters,
    topic.partitions.origin.kind === 'stated' ? partitions : '',
    nameOf(topic.placementPlace.uri),
    analysis.assessments.length > 1 ? `cluster ${deployment}` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function placementAt(analysis: Analysis, place: Place): PlacementDeclaration | undefined {
  const reading = analysis.readings.get(place.uri);
  return reading === undefined ? undefined : placementsIn(reading).find(({ span }) => span.start === place.start);
}

function placeLabel({ uri, start }: Place, { linesOf, nameOf }: PanelRequest): string {
  const lines = linesOf(uri);
  return lines === undefined ? nameOf(uri) : `${nameOf(uri)}:${lines.locate(start).line + 1}`;
}

function refusalNotices({ refused, refusal }: TopicEntry, links: Links): readonly NoticeView[] {
  if (!refused) return [];
  const why = refusal?.message ?? 'No brokers can hold this placement.';
  const source = refusal === null ? null : links.toPlace(refusal.place);
  return [{ text: `${why} What follows is for brokers that could hold it.`, mark: 'bad', source, action: null }];
}

/** What could be read of a text that is no JSON is not what a broker would make of it. */
function syntaxNotices(
  placement: PlacementDeclaration | undefined,
  { uri }: Place,
  links: Links,
): readonly NoticeView[] {
  const [error] = placement?.syntaxErrors ?? [];
  if (error === undefined) return [];
  const text = 'The placement has a syntax error. What follows is for the rest of it.';
  return [{ text, mark: 'warning', source: links.toPlace({ uri, ...error.span }), action: null }];
}

/** What was made of the cluster where no file says it, and the file that would. */
function clusterNotices({ cluster, topic }: TopicEntry, { findings }: Analysis): readonly NoticeView[] {
  const { brokers } = cluster.origins;
  const inFile = findings.get(topic.topic.placementPlace.uri) ?? [];
  const alike = inFile.find(({ code }) => code === 'racks-look-like-sites');
  const text = (brokers.kind === 'assumed' ? assumedBrokers[brokers.assumption] : undefined) ?? alike?.message;
  if (text === undefined) return [];
  const action = { kind: 'createClusterFile', label: 'Write a cluster file' } as const;
  return [{ text, mark: 'neutral', source: null, action }];
}

const assumedBrokers: Partial<Readonly<Record<Assumption, string>>> = {
  'enough-brokers':
    'No file lists the brokers: each rack is taken for a datacenter with as many brokers as the placements need.',
  'brokers-of-described-replicas':
    'No file lists the brokers: only those that the replicas name are known, and each rack is taken for a datacenter.',
  'more-brokers':
    'Files list only some of the brokers: each rack is taken to have as many more as the placements need.',
};

function limitNotice(limit: LimitHit): NoticeView {
  return { text: `Not everything was looked at: ${limitWords(limit)}.`, mark: 'warning', source: null, action: null };
}

function helpView({ title, edits }: Fix, index: number, { nameOf }: PanelRequest): HelpView {
  const files = [...new Set(edits.map(({ place }) => nameOf(place.uri)))];
  return { id: String(index), title, price: '', buys: `Simulated before it is offered. Edits ${files.join(' and ')}.` };
}
