import type { TopicAssessment } from './assessment';
import { duration, durationRange } from './durations';
import { and, capital, count, or } from './lists';
import type { Outcome, Person } from './outcome';
import type { Scenario } from './scenario';

/**
 * Outcomes and verdicts in Kafka's own terms. Panel, lens, hover and command line all say it with these words; those for the
 * steps of a timeline are in `causeWords.ts`.
 */

/** A mark is shown as sign and colour together. */
export type Mark = 'good' | 'warning' | 'bad' | 'neutral';

/** A run of text, perhaps marked. */
export interface Marked {
  readonly text: string;
  readonly mark: Mark;
}

/** What stands where there is nothing to say. */
export const nothingToSay = '–';

/** `west, all at once`: the failure as a row of a table. */
export function scenarioTitle(scenario: Scenario): string {
  switch (scenario.kind) {
    case 'any-broker':
      return 'any one broker';
    case 'datacenters':
      return scenario.datacenters.length === 1
        ? `${scenario.datacenters[0]}, all at once`
        : `${and(scenario.datacenters)}, all at once`;
    case 'datacenter-brokers':
      return `brokers of ${scenario.datacenter}, controllers stay`;
    case 'datacenter-rolling':
      return `${scenario.datacenter}, broker by broker`;
    case 'datacenter-then-broker':
      return `${scenario.datacenter}, then one more broker`;
    case 'link':
      return `link ${scenario.between.join(' – ')} cut, controllers reachable`;
    case 'isolated':
      return `${scenario.datacenter} cut off from all others`;
    case 'controllers':
      return 'majority of the controllers';
    case 'rolling-restart':
      return 'rolling restart of all brokers';
  }
}

/** The cell *writes (acks=all)*. */
export function writesWords(outcome: Outcome): Marked {
  const promoted = outcome.promoted > 0 ? `: ${count(outcome.promoted, 'observer')} promoted` : '';
  switch (outcome.writes) {
    case 'continue':
      return { text: 'continue', mark: 'good' };
    case 'pause':
      return { text: `resume after ${durationRange(outcome.blockedMs)}${promoted}`, mark: 'good' };
    case 'stop':
      return { text: `stop: ${stopWords(outcome)}`, mark: 'bad' };
    case 'offline':
      return { text: 'offline: no leader', mark: 'bad' };
  }
}

/** Why a leader does not acknowledge. */
function stopWords(outcome: Outcome): string {
  if (outcome.isr < outcome.minIsr) return `ISR ${outcome.isr} of ${outcome.minIsr}`;
  if (outcome.person === 'isolate-one-side') return 'nothing is fenced, nothing promoted';
  if (outcome.person === 'restore-quorum') return 'no controller quorum';
  return 'the ISR names replicas that do not answer';
}

/** The cell *reads*. */
export function readsWords({ reads }: Outcome): Marked {
  switch (reads) {
    case 'continue':
      return { text: 'continue', mark: 'good' };
    case 'pause':
      return { text: 'pause, then continue', mark: 'good' };
    case 'stale':
      return { text: 'stale', mark: 'warning' };
    case 'offline':
      return { text: 'offline', mark: 'bad' };
  }
}

/** The cell *acknowledged data*. */
export function acknowledgedDataWords({ acknowledgedData }: Outcome): Marked {
  switch (acknowledgedData) {
    case 'kept':
      return { text: 'kept', mark: 'good' };
    case 'at-risk':
      return { text: 'at risk', mark: 'warning' };
    case 'lost':
      return { text: 'lost', mark: 'bad' };
  }
}

const personTexts: Readonly<Record<Person, string>> = {
  none: nothingToSay,
  'unclean-election': 'force an unclean election',
  'lower-min-isr': 'repair, or lower min.insync.replicas',
  repair: 'repair what was lost',
  'restore-quorum': 'restore the quorum',
  'isolate-one-side': 'shut one side down',
};

/** The cell *a person must*. */
export function personWords({ person }: Outcome): Marked {
  return { text: personTexts[person], mark: person === 'none' ? 'neutral' : 'warning' };
}

/** The cell *headroom*. */
export function headroomWords({ headroom }: Outcome): Marked {
  if (headroom === null) return { text: nothingToSay, mark: 'neutral' };
  if (headroom === 0) return { text: '0', mark: 'warning' };
  return { text: count(headroom, 'broker'), mark: 'neutral' };
}

/** Datacenters by what their loss, all at once, does. */
interface Losses {
  readonly all: readonly string[];
  readonly offline: readonly string[];
  readonly stopped: readonly string[];
  readonly survived: readonly string[];
}

function lossesOf({ losses }: TopicAssessment): Losses {
  const named = (...writes: readonly Outcome['writes'][]): readonly string[] =>
    losses.filter(({ outcome }) => writes.includes(outcome.writes)).map(({ datacenter }) => datacenter);
  return {
    all: losses.map(({ datacenter }) => datacenter),
    offline: named('offline'),
    stopped: named('stop'),
    survived: named('continue', 'pause'),
  };
}

/** The verdict in one line, as over a placement: `Survives any one datacenter · writes pause up to 15.7 s · headroom 0`. */
export function shortVerdict(assessment: TopicAssessment): string {
  const { verdict, losses, headroom } = assessment;
  if (losses.length === 0) return 'Too large to simulate';
  if (headroom === null)
    return isLeaderless(assessment) ? 'Offline as it is: no leader' : 'acks=all writes are refused from the start';
  const { all, offline, stopped } = lossesOf(assessment);
  const parts: string[] = [];
  if (offline.length > 0) parts.push(`loss of ${or(offline)} takes it offline`);
  if (stopped.length > 0) parts.push(`loss of ${or(stopped)} stops writes`);
  if (parts.length === 0) {
    const atRisk = verdict.dataAtRiskBy;
    if (atRisk.length > 0) parts.push(`loss of ${or(atRisk)} may lose acknowledged writes`);
    else parts.push(all.length === 0 ? 'no datacenter to lose' : 'survives any one datacenter');
    if (verdict.worstPauseMs !== null) parts.push(`writes pause up to ${duration(verdict.worstPauseMs)}`);
    if (verdict.headroomAfterLoss !== null) parts.push(`headroom ${verdict.headroomAfterLoss}`);
  }
  return capital(parts.join(' · '));
}

/** Whether a partition has no leader in the state that is described. */
function isLeaderless({ topic }: TopicAssessment): boolean {
  return topic.assignments?.some(({ leader }) => leader === null) ?? false;
}

/** The verdict in a few lines, for the panel and the hover: what each loss does, then what is left meanwhile. */
export function verdictLines(assessment: TopicAssessment): readonly (readonly Marked[])[] {
  if (assessment.losses.length === 0 || assessment.headroom === null) {
    return [[{ text: `${shortVerdict(assessment)}.`, mark: 'bad' }]];
  }
  const losses = lossesOf(assessment);
  return [
    ...lossLine(losses.offline, {
      text: 'the topic is offline, no leader is left and none is elected by itself.',
      mark: 'bad',
    }),
    ...lossLine(losses.stopped, {
      text: 'acks=all writes stop until something returns or somebody acts.',
      mark: 'bad',
    }),
    ...survivalLines(assessment, losses),
  ];
}

function lossLine(names: readonly string[], verdict: Marked): readonly (readonly Marked[])[] {
  return names.length === 0 ? [] : [[{ text: `Loses ${or(names)}: `, mark: 'neutral' }, verdict]];
}

function survivalLines(assessment: TopicAssessment, losses: Losses): readonly (readonly Marked[])[] {
  const { verdict } = assessment;
  if (losses.survived.length === 0) return [];
  const any = losses.survived.length === losses.all.length;
  const who = any ? 'any one datacenter' : or(losses.survived);
  const lines: (readonly Marked[])[] = [
    [{ text: `Loses ${who}: `, mark: 'neutral' }, survivalWords(assessment, losses)],
  ];
  if (verdict.headroomAfterLoss !== null) {
    lines.push([
      { text: `While ${any ? 'it' : who} is gone: `, mark: 'neutral' },
      headroomSentence(verdict.headroomAfterLoss),
    ]);
  }
  return lines;
}

function survivalWords({ verdict }: TopicAssessment, { survived }: Losses): Marked {
  const writes =
    verdict.worstPauseMs === null
      ? 'writes go on'
      : `writes resume by themselves within ${duration(verdict.worstPauseMs)}`;
  const atRisk = verdict.dataAtRiskBy.filter((name) => survived.includes(name));
  if (atRisk.length === 0) return { text: `${writes}, no acknowledged write is lost.`, mark: 'good' };
  return { text: `${writes}, but acknowledged writes may be lost with ${or(atRisk)}.`, mark: 'warning' };
}

function headroomSentence(headroom: number): Marked {
  if (headroom === 0) return { text: 'no headroom. The next broker to fail may stop writes.', mark: 'warning' };
  return { text: `${count(headroom, 'further broker')} may fail, wherever they are.`, mark: 'good' };
}
