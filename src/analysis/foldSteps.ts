import type { Cause, PartitionSnapshot, TimelineStep } from '../simulator/timeline';
import type { Names } from './names';

/**
 * One leg of an exact run in as few steps as it takes to follow it. Brokers that die together are fenced 10 ms apart, and
 * each fencing may elect a leader that is fenced next: told is what has become of it once all are. That a broker without a
 * place in the ISR is fenced, registers, is unfenced, or cuts off records that nobody was promised changes nothing anybody could see.
 * @param before the state that the leg begins in.
 */
export function foldSteps(
  leg: readonly TimelineStep[],
  before: PartitionSnapshot | undefined,
  names: Names,
): readonly TimelineStep[] {
  const folded: TimelineStep[] = [];
  let was = before;
  for (let index = 0; index < leg.length; index++) {
    const step = leg[index];
    if (step === undefined) break;
    const fencings = fencingsFrom(leg, index);
    const told = fencings.length > 0 ? tellFencings(was, fencings) : tellStep(step, names);
    if (told !== null) folded.push(told);
    // A step that is left out may still be when producers noticed what came before it.
    else amendLast(folded, (fencings.at(-1) ?? step).state);
    index += Math.max(0, fencings.length - 1);
    was = (fencings.at(-1) ?? step).state;
  }
  return folded;
}

/** The fencings that follow each other without anything else in between, with what the controller does in each. */
function fencingsFrom(leg: readonly TimelineStep[], start: number): readonly TimelineStep[] {
  if (leg[start]?.cause.kind !== 'broker-fenced') return [];
  const end = leg.findIndex(({ cause }, index) => index > start && !isPartOfFencing(cause));
  return leg.slice(start, end === -1 ? leg.length : end);
}

function isPartOfFencing(cause: Cause): boolean {
  return (
    cause.kind === 'broker-fenced' ||
    cause.kind === 'leader-lost' ||
    (cause.kind === 'isr-shrunk' && cause.by === 'controller') ||
    (cause.kind === 'leader-elected' && cause.election === 'clean')
  );
}

/** Several fencings as one step, at the time of the last that changed anything; `null` if none did. */
function tellFencings(was: PartitionSnapshot | undefined, fencings: readonly TimelineStep[]): TimelineStep | null {
  const decisive = fencings.findLast(({ cause }) => cause.kind !== 'broker-fenced');
  const state = fencings.at(-1)?.state;
  if (decisive === undefined || state === undefined || was === undefined) return null;
  const removed = was.isr.filter((id) => !state.isr.includes(id));
  if (state.leader === was.leader) {
    return removed.length === 0
      ? null
      : { ...decisive, cause: { kind: 'isr-shrunk', removed, by: 'controller', fenced: true }, state };
  }
  if (state.leader !== null) {
    return { ...decisive, cause: { kind: 'leader-elected', leader: state.leader, election: 'clean', removed }, state };
  }
  return was.leader === null ? null : { ...decisive, cause: { kind: 'leader-lost', leader: was.leader }, state };
}

function tellStep(step: TimelineStep, names: Names): TimelineStep | null {
  const { cause } = step;
  switch (cause.kind) {
    case 'broker-registered':
    case 'broker-unfenced':
    case 'without-effect':
      return null;
    case 'truncated':
      return cause.lostAcknowledged ? step : null;
    case 'datacenter-lost':
    case 'datacenter-returned':
      // The run leaves out brokers that hold no replica here; they share its fate all the same.
      return { ...step, cause: { ...cause, brokers: names.brokersOf(cause.datacenter) } };
    default:
      return step;
  }
}

function amendLast(folded: TimelineStep[], state: PartitionSnapshot): void {
  const last = folded.pop();
  if (last !== undefined) folded.push({ ...last, state });
}
