import type { Assessor } from '../analysis/assess';
import { whatHelps } from '../analysis/whatHelps';
import type { DocumentReading } from '../documents/declaration';
import { applySplices } from '../documents/embedded';
import { editPlacement } from '../documents/placementEdits';
import { readDocument } from '../documents/read';
import { type Breathe, breathing } from '../documents/steps';
import { survives } from '../rules/addObservers';
import { checkDocument, isError, isRefusal } from '../rules/check';
import { noNodes, type PlacementFacts } from '../rules/facts';
import type { Draft, Finding, Fix, TextEdit } from '../rules/finding';
import { type Candidate, candidatesFor } from '../rules/fixes';
import { groupBy } from '../rules/grouping';
import { linkInSteps } from './link';
import type { LinkedCluster, LinkedTopic } from './linked';
import type { LinkMemory } from './linkMemory';
import type { TopicSettings } from './topicValues';

/** What is known now, and the means to try an edit in memory. */
export interface FixContext {
  readonly readings: ReadonlyMap<string, DocumentReading>;
  readonly clusters: readonly LinkedCluster[];
  readonly settings: TopicSettings;
  readonly memory: LinkMemory;
  readonly assessor: Assessor;
  readonly textOf: (uri: string) => string | undefined;
  /** Called between the pieces of each trial: a large file is read and linked anew for each. */
  readonly breathe: Breathe;
}

/** Fixes for a finding: each was applied in memory, read back, linked and, where it claims survival, simulated. */
export async function fixesFor(finding: Finding, context: FixContext): Promise<readonly Fix[]> {
  // What a tool printed is not mended by editing it; and reading thousands of described topics anew takes its time.
  const isPrinted = context.readings.get(finding.place.uri)?.format === 'describe';
  if (isPrinted || context.textOf(finding.place.uri) === undefined) return [];
  const found = placementAt(context.clusters, finding);
  // What could not be created cannot be made to survive.
  const topics = found === null || isRefused(found) ? [] : found.topics.map(({ topic }) => topic);
  const cluster = found?.placement.cluster.cluster ?? null;
  const [first] = topics;
  const candidates = candidatesFor({
    finding,
    placement: found?.placement.declared ?? null,
    topics,
    cluster,
    textOf: context.textOf,
    helps: () => (cluster === null || first === undefined ? [] : whatHelps(context.assessor, cluster, first)),
    examine: context.assessor.examine,
  });
  const fixes: Fix[] = [];
  const before = codesIn(finding.place.uri, context.readings, context.clusters);
  for (const candidate of candidates) {
    await context.breathe();
    const edits = editsOf(candidate, found?.placement ?? null);
    if (edits === null || changesOthers(candidate, found, context)) continue;
    if (!(await holds(candidate, edits, finding, before, context))) continue;
    const { title, mechanical } = candidate;
    const preferred = candidate.preferred && !fixes.some((fix) => fix.preferred);
    fixes.push({ title, mechanical, preferred, edits });
  }
  return fixes;
}

interface Found {
  readonly placement: PlacementFacts;
  readonly topics: readonly LinkedTopic[];
}

function isRefused({ placement }: Found): boolean {
  return placement.drafts().some(isRefusal);
}

/** The placement that a finding stands in, with the topics that use it. */
function placementAt(clusters: readonly LinkedCluster[], { place }: Finding): Found | null {
  for (const { placements, topics } of clusters) {
    const placement = placements.find(
      ({ uri, declared }) => uri === place.uri && declared.span.start <= place.start && place.end <= declared.span.end,
    );
    if (placement === undefined) continue;
    return { placement, topics: topics.filter((topic) => topic.placement.declared === placement.declared) };
  }
  return null;
}

function editsOf({ edit }: Candidate, placement: PlacementFacts | null): readonly TextEdit[] | null {
  if (edit.changes.length === 0) return edit.texts.length === 0 ? null : edit.texts;
  const edited = placement === null ? null : editPlacement(placement.declared, edit.changes);
  if (placement === null || edited === null || edited.splices.length === 0) return null;
  const own = edited.splices.map(({ span, newText }) => ({ place: { uri: placement.uri, ...span }, newText }));
  return [...own, ...edit.texts];
}

/** Whether a min ISR is edited that topics of other placements have too, such as the brokers' own. */
function changesOthers({ edit }: Candidate, found: Found | null, { clusters }: FixContext): boolean {
  const edited = new Set(edit.texts.map(({ place }) => `${place.start} ${place.uri}`));
  return clusters.some(({ topics }) =>
    topics.some(({ topic: { minIsr }, placement }) => {
      if (minIsr.origin.kind === 'assumed' || placement.declared === found?.placement.declared) return false;
      return edited.has(`${minIsr.origin.place.start} ${minIsr.origin.place.uri}`);
    }),
  );
}

/** Applies the edits in memory and sees whether what the candidate claims is so. */
async function holds(
  candidate: Candidate,
  edits: readonly TextEdit[],
  finding: Finding,
  before: readonly Draft[],
  context: FixContext,
): Promise<boolean> {
  const readings = await edited(edits, context);
  if (readings === null) return false;
  const clusters = await breathing(linkInSteps(readings, context.settings, context.memory), context.breathe);
  const after = codesIn(finding.place.uri, readings, clusters);
  await context.breathe();
  if (worse(before, after)) return false;
  switch (candidate.claim) {
    case 'gone':
      return countOf(after, finding.code) < countOf(before, finding.code);
    case 'survives':
    case 'durable':
      // Verdicts of the simulator are not among these codes; they have claims of their own.
      return allSurvive(clusters, finding, context.assessor, candidate.claim === 'durable');
  }
}

/** All files as they would be read after the edits. */
async function edited(
  edits: readonly TextEdit[],
  { readings, textOf, breathe }: FixContext,
): Promise<ReadonlyMap<string, DocumentReading> | null> {
  const after = new Map(readings);
  for (const [uri, own] of groupBy(edits, ({ place }) => place.uri)) {
    const text = textOf(uri);
    if (text === undefined) return null;
    const splices = own.map(({ place: { start, end }, newText }) => ({ span: { start, end }, newText }));
    after.set(uri, await readDocument(uri, applySplices(text, splices), breathe));
  }
  return after;
}

/** The findings of the rules that need no simulation, for one file. */
function codesIn(
  uri: string,
  readings: ReadonlyMap<string, DocumentReading>,
  clusters: readonly LinkedCluster[],
): readonly Draft[] {
  const reading = readings.get(uri);
  return [
    ...(reading === undefined ? [] : checkDocument(reading)),
    ...clusters.flatMap(({ placements, commands, source }) => [
      ...placements.filter((placement) => placement.uri === uri).flatMap(({ drafts }) => drafts()),
      ...commands.filter((command) => command.uri === uri).flatMap((command) => command.drafts(source ?? noNodes)),
    ]),
  ];
}

function countOf(drafts: readonly Draft[], code: Draft['facts']['code']): number {
  return drafts.filter(({ facts }) => facts.code === code).length;
}

/** Whether an error is there that was not. */
function worse(before: readonly Draft[], after: readonly Draft[]): boolean {
  return after.some((draft) => isError(draft) && countOf(after, draft.facts.code) > countOf(before, draft.facts.code));
}

/** Whether every topic of the placement, as it is after the edit, survives the loss of any one datacenter. */
function allSurvive(
  clusters: readonly LinkedCluster[],
  finding: Finding,
  { examine }: Assessor,
  durably: boolean,
): boolean {
  const { uri, start } = finding.place;
  // Edits stand behind the placement's beginning, so it begins where it did.
  const touched = clusters.flatMap(({ facts, topics }) =>
    topics
      .filter(({ placement }) => placement.uri === uri && placement.declared.span.start <= start)
      .map(({ topic }) => ({ topic, cluster: facts.cluster })),
  );
  const nearest = Math.max(...touched.map(({ topic }) => topic.placementPlace.start));
  const own = touched.filter(({ topic }) => topic.placementPlace.start === nearest);
  return own.length > 0 && own.every(({ topic, cluster }) => survives(topic, cluster, examine, durably));
}
