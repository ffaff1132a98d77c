import type { NodeId } from '../kafka/cluster';
import type { PartitionAssignment, Topic } from '../kafka/topic';
import type { PartitionSnapshot } from '../simulator/timeline';

/** Which of its columns `kafka-topics --describe` prints. */
export interface DescribeForm {
  /** Confluent Server's broker adds `Offline`, and `Observers` where there are any. */
  readonly confluent: boolean;
  /** The columns of KIP-966: not there before 3.8, `N/A` where the broker does not tell, else lists. */
  readonly elr: 'absent' | 'not-available' | 'listed';
}

/**
 * A partition as `kafka-topics --describe` prints it, without the line's end: fields set apart by tabs, `Leader: none`,
 * nothing behind the colon of an empty list. Source: `TopicCommand.PartitionDescription.printDescription`; Confluent
 * Server's columns as real clusters print them.
 */
export function describeLine(topic: string, partition: number, state: PartitionSnapshot, form: DescribeForm): string {
  const { leader, replicas, observers, isr, offline, elr, lastKnownElr = [], reassignment } = state;
  const fields = [
    `Topic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader ?? 'none'}`,
    `Replicas: ${replicas.join()}`,
    `Isr: ${isr.join()}`,
  ];
  if (form.confluent) {
    fields.push(`Offline: ${offline.join()}`);
    if (observers.length > 0) fields.push(`Observers: ${observers.join()}`);
  }
  if (reassignment !== undefined) {
    fields.push(`Adding Replicas: ${reassignment.adding.join()}`, `Removing Replicas: ${reassignment.removing.join()}`);
  }
  if (form.elr !== 'absent') {
    const isListed = form.elr === 'listed';
    fields.push(`Elr: ${isListed ? elr.join() : 'N/A'}`, `LastKnownElr: ${isListed ? lastKnownElr.join() : 'N/A'}`);
  }
  return `\t${fields.join('\t')}`;
}

/**
 * Which partition a run of a topic is about: where a text describes them, the first one that has the replicas and the state
 * that the run starts from. All others are alike, so that any number is as good as 0.
 */
export function partitionOf({ assignments }: Topic, start: PartitionSnapshot): number {
  const isSame = ({ replicas, isr, leader, offline = [] }: PartitionAssignment): boolean =>
    replicas.join() === start.replicas.join() &&
    [...isr].sort(byId).join() === [...start.isr].sort(byId).join() &&
    leader === start.leader &&
    offline.every((id) => isr.includes(id) || start.offline.includes(id));
  return assignments?.find(isSame)?.partition ?? 0;
}

function byId(one: NodeId, other: NodeId): number {
  return one - other;
}
