import type { BlockedReason, ReadState } from '../simulator/cluster/scenario/clients';
import type { LossReason } from '../simulator/cluster/scenario/ledger';
import type { ClientReport, ClientStep } from '../simulator/cluster/scenario/timeline';
import type { TimeRangeMs } from '../simulator/timeline';
import { and, verb } from './lists';

/** What a producer and a consumer meet along a scenario, in Kafka's own terms. */

/** A stretch of time in which clients meet the same. */
export interface ClientPeriod {
  readonly from: TimeRangeMs;
  /** `null`: to the end. */
  readonly to: TimeRangeMs | null;
  readonly words: string;
  /** Whether all is as it should be. */
  readonly good: boolean;
}

/** One side of what clients do. */
export interface ClientSide {
  readonly title: string;
  readonly periods: readonly ClientPeriod[];
}

/** Writes with acks=all, writes with acks=1, and reads, each as the periods it goes through. */
export function clientSides({ steps }: ClientReport): readonly ClientSide[] {
  return [
    {
      title: 'acks=all writes',
      periods: periodsOf(steps, ({ blocked }) => blocked && blockedWords(blocked), 'accepted'),
    },
    {
      title: 'acks=1 writes',
      periods: periodsOf(
        steps,
        ({ produceToLeader, blocked }) =>
          produceToLeader === 'accepted' ? null : blockedWords(blocked ?? { kind: 'no-leader' }),
        'accepted',
      ),
    },
    { title: 'reads', periods: periodsOf(steps, ({ read }) => readWords[read], 'continue') },
  ];
}

/** Joins neighbouring steps of which the same is said; `null` stands for all being well. */
function periodsOf(
  steps: readonly ClientStep[],
  trouble: (step: ClientStep) => string | null,
  wellWords: string,
): readonly ClientPeriod[] {
  const periods: { from: TimeRangeMs; to: TimeRangeMs | null; words: string; good: boolean }[] = [];
  for (const step of steps) {
    const words = trouble(step);
    const last = periods.at(-1);
    if (last?.words === (words ?? wellWords)) continue;
    if (last !== undefined) last.to = step.at;
    // What clients met until the very first fault took no time.
    if (step.at.worst === 0) periods.pop();
    periods.push({ from: step.at, to: null, words: words ?? wellWords, good: words === null });
  }
  return periods;
}

/** Why acks=all writes are not accepted. */
export function blockedWords(reason: BlockedReason): string {
  switch (reason.kind) {
    case 'no-leader':
      return 'no leader';
    case 'leader-not-answering':
      return `leader ${reason.leader} does not answer and is not replaced yet`;
    case 'under-min-isr':
      return `NOT_ENOUGH_REPLICAS: the ISR has ${reason.isr}, min.insync.replicas is ${reason.minIsr}`;
    case 'isr-not-answering':
      return `waiting for ${and(reason.replicas.map(String))}, which ${verb(reason.replicas, 'is', 'are')} in the ISR and ${verb(reason.replicas, 'does', 'do')} not fetch the records`;
  }
}

const readWords: Readonly<Record<ReadState, string | null>> = {
  continue: null,
  frozen: 'frozen: what was read can be read again, nothing new becomes visible',
  'acknowledged-hidden': 'frozen below acknowledged records: the new leader does not know yet that they are committed',
  offline: 'nobody serves',
};

/** Why an acknowledged record is gone. */
export function lossWords(reason: LossReason): string {
  switch (reason) {
    case 'unclean-election':
      return 'an unclean election chose a replica that did not hold them';
    case 'last-known-leader':
      return 'the last known leader, elected as nobody eligible was left, had lost them';
    case 'last-replica-standing':
      return 'the last replica standing lost the end of its log, and was elected cleanly';
    case 'acknowledged-by-leader-alone':
      return 'only the leader held them when it was replaced';
  }
}

/** A moment of a scenario, or the range it falls into: `0 s`, `7–10.1 s`, `15 min – 15 min 2.5 s`. */
export function moment({ best, worst }: TimeRangeMs): string {
  const [from, to] = [clockTime(best), clockTime(worst)];
  if (from === to) return to;
  const [amount, unit] = from.split(' ');
  if (from.split(' ').length > 2 || to.split(' ').length > 2) return `${from} – ${to}`;
  return best === 0 || to.endsWith(` ${unit}`) ? `${amount}–${to}` : `${from} – ${to}`;
}

/** To a tenth of a second, however late: steps a second apart would else look as if they came together. */
function clockTime(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  const [hours, minutes, seconds] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(seconds > 0 ? [`${seconds} s`] : []),
  ];
  return parts.join(' ');
}
