import type { PartitionSnapshot, ProduceState } from '../../timeline';
import { NO_LEADER, type PartitionRegistration } from '../partition';
import type { Ledger } from './ledger';
import type { World } from './world';

/** The partition at this moment, as `kafka-topics --describe` would print it. */
export function takeSnapshot(
  world: World,
  ledger: Ledger,
  partition: PartitionRegistration,
  produce: ProduceState,
): PartitionSnapshot {
  const { replicas, observers, isr, elr, lastKnownElr, leader } = partition;
  const { addingReplicas: adding, removingReplicas: removing } = partition;
  const inOrder = (members: readonly number[]): number[] => replicas.filter((id) => members.includes(id));
  return {
    leader: leader === NO_LEADER ? null : leader,
    replicas,
    observers,
    isr: inOrder(isr),
    offline: replicas.filter((id) => !world.isResponsive(id)),
    caughtUp: replicas.filter((id) => world.isResponsive(id) && ledger.holdsAcknowledged(id)),
    elr: inOrder(elr),
    ...(world.setup.elrEnabled ? { lastKnownElr } : {}),
    ...(adding.length + removing.length > 0 ? { reassignment: { adding, removing } } : {}),
    produce,
    quorum: world.quorum.electable !== undefined,
  };
}
