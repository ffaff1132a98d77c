import type { PartitionSnapshot } from '../simulator/timeline';

/** A part of a partition's state that differs from the state before, as it was and as it is. */
export interface StateChange {
  readonly field: ChangedField;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Fields as `kafka-topics --describe` names them. */
export type ChangedField = 'Leader' | 'Replicas' | 'Isr' | 'Offline' | 'Elr';

/** What changed from one state to the next; empty where nothing did. */
export function stateChanges(before: PartitionSnapshot, after: PartitionSnapshot): readonly StateChange[] {
  const one = (leader: number | null): readonly number[] => (leader === null ? [] : [leader]);
  const fields: readonly StateChange[] = [
    { field: 'Leader', before: one(before.leader), after: one(after.leader) },
    { field: 'Replicas', before: before.replicas, after: after.replicas },
    { field: 'Isr', before: before.isr, after: after.isr },
    { field: 'Offline', before: before.offline, after: after.offline },
    { field: 'Elr', before: before.elr, after: after.elr },
  ];
  return fields.filter((field) => field.before.join() !== field.after.join());
}

/** `Leader 1 → 4`, `Isr -1,2 +6`. */
export function changeWords({ field, before, after }: StateChange): string {
  if (field === 'Leader') return `Leader ${before[0] ?? 'none'} → ${after[0] ?? 'none'}`;
  const removed = before.filter((id) => !after.includes(id));
  const added = after.filter((id) => !before.includes(id));
  const parts = [
    ...(removed.length > 0 ? [`-${removed.join()}`] : []),
    ...(added.length > 0 ? [`+${added.join()}`] : []),
  ];
  return parts.length === 0 ? `${field} in another order` : `${field} ${parts.join(' ')}`;
}
