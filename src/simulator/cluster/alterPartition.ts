import type { NodeId } from '../../kafka/cluster';
import { isActive, type RegisteredBroker } from './brokerLifecycle';
import { NO_LEADER, type PartitionRegistration, type RecoveryState } from './partition';
import type { Guards } from './rules';

/** What a leader asks of the controller: a new ISR, against the epochs it believes in (`AlterPartitionRequest`). */
export interface AlterPartitionRequest {
  readonly sender: NodeId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly NodeId[];
  /** Broker epoch of each member of `isr`, in that order; -1 where the leader does not know it. */
  readonly isrBrokerEpochs: readonly number[];
  readonly recovery: RecoveryState;
}

export type AlterPartitionError =
  | 'STALE_BROKER_EPOCH'
  | 'UNKNOWN_TOPIC_ID'
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'NOT_CONTROLLER'
  | 'FENCED_LEADER_EPOCH'
  | 'INVALID_REQUEST'
  | 'INVALID_UPDATE_VERSION'
  | 'INELIGIBLE_REPLICA'
  | 'NEW_LEADER_ELECTED'
  | 'OPERATION_NOT_ATTEMPTED'
  | 'UNKNOWN_SERVER_ERROR';

/**
 * Why the controller would refuse the request, checks in the controller's own order, or `undefined`.
 * Source: `ReplicationControlManager.validateAlterPartitionData`, `ineligibleReplicasForIsr`.
 */
export function validateAlterPartition(
  partition: PartitionRegistration,
  brokers: ReadonlyMap<NodeId, RegisteredBroker>,
  guards: Guards,
  request: AlterPartitionRequest,
): AlterPartitionError | undefined {
  const { leaderEpoch, partitionEpoch, isr } = request;
  // A leader that knows more than this controller talks to a deposed one.
  if (leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch) return 'NOT_CONTROLLER';
  if (guards.leaderEpoch && leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (partition.leader === NO_LEADER || request.sender !== partition.leader) return 'INVALID_REQUEST';
  if (guards.partitionEpoch && partitionEpoch < partition.partitionEpoch) return 'INVALID_UPDATE_VERSION';
  if (!isValidIsr(partition, isr)) return 'INVALID_REQUEST';
  if (request.recovery === 'RECOVERING' && (isr.length > 1 || partition.recovery === 'RECOVERED')) {
    return 'INVALID_REQUEST';
  }
  const ineligible = isr.some(
    (id, index) => !isEligible(brokers.get(id), request.isrBrokerEpochs[index] ?? -1, guards),
  );
  return ineligible ? 'INELIGIBLE_REPLICA' : undefined;
}

/** Not empty, no duplicates, replicas only, the leader among them. */
function isValidIsr(partition: PartitionRegistration, isr: readonly NodeId[]): boolean {
  return (
    isr.length > 0 &&
    new Set(isr).size === isr.length &&
    isr.every((id) => partition.replicas.includes(id)) &&
    isr.includes(partition.leader)
  );
}

function isEligible(broker: RegisteredBroker | undefined, brokerEpoch: number, guards: Guards): boolean {
  if (broker === undefined) return false;
  if (guards.fencedBrokersIneligible && !isActive(broker)) return false;
  return !guards.alterPartitionBrokerEpoch || brokerEpoch === -1 || brokerEpoch === broker.epoch;
}
