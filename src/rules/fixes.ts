import { and, capital } from '../analysis/lists';
import type { Help } from '../analysis/whatHelps';
import type { PlacementDeclaration } from '../documents/declaration';
import { member } from '../documents/json';
import type { PlacementChange } from '../documents/placementEdits';
import type { Cluster } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import { observerPromotionPolicies } from '../kafka/placement';
import type { Topic } from '../kafka/topic';
import { addedWords, type Examine, reinforcements } from './addObservers';
import { changeWords, placementChanges } from './changeEdits';
import type { Finding, TextEdit } from './finding';
import { quoted } from './phrases';

/**
 * What would help against a finding, not yet proven. A candidate becomes a fix only after its edits were applied in memory
 * and what it claims was seen to hold.
 */
export interface Candidate {
  readonly title: string;
  readonly edit: CandidateEdit;
  readonly preferred: boolean;
  readonly mechanical: boolean;
  readonly claim: Claim;
}

/** Changes of the placement, edits of the text elsewhere, or both. */
export interface CandidateEdit {
  readonly changes: readonly PlacementChange[];
  readonly texts: readonly TextEdit[];
}

/**
 * `gone`: this finding is not made any more, and no new error is.
 * `survives`: no new error, and writes of every topic of the placement survive the loss of any one datacenter.
 * `durable`: besides, none of their acknowledged writes is lost with it.
 */
export type Claim = 'gone' | 'survives' | 'durable';

/** What candidates are made from. */
export interface FixInput {
  readonly finding: Finding;
  /** The placement that the finding is about, if it is about one. */
  readonly placement: PlacementDeclaration | null;
  /** All topics that use it. */
  readonly topics: readonly Topic[];
  readonly cluster: Cluster | null;
  readonly examine: Examine;
  /** Simulated changes of the first topic that achieve what {@link whatHelps} is after. */
  readonly helps: () => readonly Help[];
  readonly textOf: (uri: string) => string | undefined;
}

/** Candidates for a finding, the best first. */
export function candidatesFor(input: FixInput): readonly Candidate[] {
  const { finding, placement } = input;
  const { facts } = finding;
  switch (facts.code) {
    case 'json-syntax':
      return deletion(input);
    case 'json-duplicate-key':
      return [
        mechanical(`Delete the ${quoted(facts.key)} that does not count`, {
          kind: 'delete-member',
          key: finding.place,
        }),
      ];
    case 'unknown-field':
    case 'constraint-key':
      return facts.nearest === null
        ? []
        : [
            mechanical(`Rename to ${quoted(facts.nearest)}`, {
              kind: 'rename-key',
              key: finding.place,
              to: facts.nearest,
            }),
          ];
    case 'version-missing':
      return [change('Insert "version": 2', [{ kind: 'set-version', version: 2 }], true)];
    case 'version-unknown':
      return [change('Use version 2', [{ kind: 'set-version', version: 2 }], true)];
    case 'version-string':
      return [mechanical(`Write the number ${facts.version}`, { kind: 'set-version', version: facts.version })];
    case 'rack-duplicate':
      return [
        mechanical(`Merge into one item of ${facts.count} in rack ${quoted(facts.rack)}`, {
          kind: 'merge-duplicates',
          list: facts.list,
          rack: facts.rack,
        }),
      ];
    case 'rack-unknown':
      return knownRack(facts.nearest, finding.place, placement);
    case 'policy-unknown':
      return choosePolicy(facts.nearest);
    case 'policy-on-version-1':
      return facts.policy === 'leader-is-observer'
        ? []
        : [
            change(
              `Use version 2, so that "${facts.policy}" takes effect`,
              [{ kind: 'set-version', version: 2 }],
              true,
            ),
          ];
    case 'policy-implicit':
      return [
        mechanical('Say "observerPromotionPolicy": "under-min-isr"', { kind: 'set-policy', policy: 'under-min-isr' }),
      ];
    case 'policy-without-observers':
      return withoutPolicy(placement);
    case 'policy-leader-is-observer':
      return [
        change('Promote observers with "under-min-isr"', [{ kind: 'set-policy', policy: 'under-min-isr' }], false),
      ];
    case 'version-1-with-observers':
    case 'datacenter-loss-stops-writes':
      return [...reinforcement(input), ...(facts.code === 'version-1-with-observers' ? [versionTwo] : [])];
    case 'datacenter-loss-offline':
      return spread(input);
    case 'min-isr-within-datacenter':
      return higherMinIsr(input, facts.syncReplicas + 1);
    case 'replication-factor-with-placement':
    case 'replication-factor-minus-one':
    case 'replication-factor-shadows-default':
      return withoutReplicationFactor(input);
    default:
      return [];
  }
}

function change(
  title: string,
  changes: readonly PlacementChange[],
  preferred: boolean,
  claim: Claim = 'gone',
): Candidate {
  return { title, edit: { changes, texts: [] }, preferred, mechanical: false, claim };
}

/** One that needs no thought: it changes neither where replicas go nor what min ISR is. */
function mechanical(title: string, one: PlacementChange): Candidate {
  return { title, edit: { changes: [one], texts: [] }, preferred: true, mechanical: true, claim: 'gone' };
}

const versionTwo: Candidate = change(
  'Use version 2 with "under-min-isr", which promotes observers automatically',
  [
    { kind: 'set-version', version: 2 },
    { kind: 'set-policy', policy: 'under-min-isr' },
  ],
  false,
);

/** A comment or a comma that the broker refuses: nothing is lost with it. */
function deletion({ finding, textOf }: FixInput): readonly Candidate[] {
  const text = textOf(finding.place.uri) ?? '';
  const { start, end } = finding.place;
  const refused = text.slice(start, end);
  const isComment = refused.startsWith('//') || refused.startsWith('/*');
  if (!isComment && refused !== ',') return [];
  const edit: TextEdit = { place: isComment ? withLine(text, finding.place) : finding.place, newText: '' };
  return [
    {
      title: isComment ? 'Delete the comment' : 'Delete the comma',
      edit: { changes: [], texts: [edit] },
      preferred: true,
      mechanical: true,
      claim: 'gone',
    },
  ];
}

/** The whole line, if nothing else stands on it; else the blanks before it too. */
function withLine(text: string, place: Place): Place {
  const before = /[ \t]*$/.exec(text.slice(Math.max(0, place.start - 1_000), place.start))?.[0].length ?? 0;
  const start = place.start - before;
  const alone = start === 0 || text[start - 1] === '\n';
  const lineEnd = /^[ \t]*\r?\n/.exec(text.slice(place.end, place.end + 1_000))?.[0].length ?? 0;
  return { uri: place.uri, start, end: alone ? place.end + lineEnd : place.end };
}

function knownRack(nearest: string | null, place: Place, placement: PlacementDeclaration | null): readonly Candidate[] {
  const item = placement?.constraints.find(
    ({ rack }) => rack?.span.start === place.start && rack.span.end === place.end,
  );
  if (nearest === null || item === undefined) return [];
  const { list, index } = item;
  return [change(`Use the known rack ${quoted(nearest)}`, [{ kind: 'set-rack', list, index, rack: nearest }], true)];
}

function choosePolicy(nearest: string | null): readonly Candidate[] {
  return observerPromotionPolicies
    .toSorted((a, b) => Number(b === nearest) - Number(a === nearest))
    .map((policy) => change(`Use "${policy}"`, [{ kind: 'set-policy', policy }], policy === nearest));
}

function withoutPolicy(placement: PlacementDeclaration | null): readonly Candidate[] {
  if (placement?.json.type !== 'object') return [];
  const found = member(placement.json, 'observerPromotionPolicy');
  return found === undefined
    ? []
    : [change('Delete the policy', [{ kind: 'delete-member', key: found.key.span }], false)];
}

/** Observers, a policy that promotes them, or both: whatever it takes for writes to survive. */
function reinforcement({ topics, cluster, examine }: FixInput): readonly Candidate[] {
  const found = cluster === null ? [] : reinforcements(topics, cluster, examine);
  return found
    .filter(({ changes }) => changes.length > 0)
    .map(({ placement, changes, added, changesPolicy }) => {
      const policy = placement.observerPromotionPolicy ?? 'under-min-isr';
      const parts = [
        ...(added.size > 0 ? [`add ${addedWords(added)}`] : []),
        ...(changesPolicy ? [`use version 2 with "${policy}"`] : []),
      ];
      const title = `${capital(parts.join(' and '))}: writes survive the loss of any one datacenter`;
      return change(title, changes, true, 'survives');
    });
}

/** Sync replicas in a second datacenter, with observers where they take them: the smallest change that was simulated. */
function spread({ topics, helps, placement }: FixInput): readonly Candidate[] {
  if (topics.length === 0 || placement === null) return [];
  return helps()
    .filter(({ change: { syncReplicasMoved, minIsr } }) => syncReplicasMoved.length > 0 && minIsr === null)
    .flatMap(({ change: found }) => {
      const changes = placementChanges(placement, found);
      return changes === null
        ? []
        : [change(`${changeWords(found)}: writes survive the loss of any one datacenter`, changes, false, 'survives')];
    });
}

/** A min ISR that always spans two datacenters, with the observers that writes then need to survive the loss of one. */
function higherMinIsr({ topics, cluster, examine, textOf }: FixInput, minIsr: number): readonly Candidate[] {
  if (cluster === null || topics.length === 0) return [];
  const texts = topics.filter((topic) => topic.minIsr.value < minIsr).map((topic) => minIsrEdit(topic, minIsr, textOf));
  if (texts.includes(null)) return [];
  // Topics may share the place that sets it.
  const edits = [...new Map(texts.flatMap((edit) => (edit === null ? [] : [[edit.place.start, edit]]))).values()];
  const raised = topics.map((topic) => ({
    ...topic,
    minIsr: { ...topic.minIsr, value: Math.max(topic.minIsr.value, minIsr) },
  }));
  const set = `Set min.insync.replicas to ${minIsr}`;
  return reinforcements(raised, cluster, examine)
    .slice(0, 1)
    .map(({ changes, added, changesPolicy, placement: { observerPromotionPolicy = 'under-min-isr' } }) => {
      const parts = [
        set,
        ...(added.size > 0 ? [`add ${addedWords(added)}`] : []),
        ...(changesPolicy ? [`use version 2 with "${observerPromotionPolicy}"`] : []),
      ];
      return {
        title: `${and(parts)}: any one datacenter may be lost, and no acknowledged write with it`,
        edit: { changes, texts: edits },
        preferred: true,
        mechanical: false,
        claim: 'durable',
      };
    });
}

/** The number where it is stated, in quotes if it was; `null` where it is not stated as a number. */
function minIsrEdit({ minIsr: { origin } }: Topic, value: number, textOf: FixInput['textOf']): TextEdit | null {
  if (origin.kind !== 'stated') return null;
  const { uri, start, end } = origin.place;
  const quotes = /^(["']?)\d+\1$/.exec((textOf(uri) ?? '').slice(start, end))?.[1];
  return quotes === undefined ? null : { place: origin.place, newText: `${quotes}${value}${quotes}` };
}

/** The option with its value, and the line break before it where it has a line of its own. */
function withoutReplicationFactor({ finding, textOf }: FixInput): readonly Candidate[] {
  const text = textOf(finding.place.uri) ?? '';
  const { uri, start, end } = finding.place;
  const before = text.slice(Math.max(0, start - 200), start);
  const option = /(?:[ \t]*\\\r?\n)?[ \t]*--replication-factor(?:=|[ \t]+)$/.exec(before)?.[0];
  if (option === undefined) return [];
  return [
    {
      title: 'Drop the replication factor: the placement says how many replicas there are',
      edit: { changes: [], texts: [{ place: { uri, start: start - option.length, end }, newText: '' }] },
      preferred: true,
      mechanical: finding.code === 'replication-factor-with-placement',
      claim: 'gone',
    },
  ];
}
