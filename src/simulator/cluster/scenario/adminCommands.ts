import type { NodeId } from '../../../kafka/cluster';
import type { Cause } from '../../timeline';
import type { RunContext } from './context';

/**
 * What a person asks the active controller for. Without one that can commit the request times out, and nothing changes:
 * whoever asked has to ask again.
 */
export class AdminCommands {
  readonly #context: RunContext;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** `kafka-leader-election`. */
  elect(election: 'preferred' | 'unclean'): void {
    if (!this.#isAnswered('election')) return;
    const { change, record, world } = this.#context;
    change({ by: 'controller', preferred: election === 'preferred', commanded: true }, () => {
      const result = world.cluster.controller.electLeaders(election);
      if (result !== 'NONE') record({ kind: 'election-refused', error: result });
    });
  }

  /** `kafka-configs --alter --add-config min.insync.replicas=…`. */
  setMinIsr(minIsr: number): void {
    if (!this.#isAnswered('min-isr')) return;
    const { record, world } = this.#context;
    const { controller } = world.cluster;
    const isSet = controller.settings.minInsyncReplicas === minIsr;
    controller.setMinInsyncReplicas(minIsr);
    record(isSet ? { kind: 'without-effect', why: 'set', minIsr } : { kind: 'min-isr-set', minIsr });
  }

  /**
   * `kafka-configs --alter --add-config unclean.leader.election.enable=…`. The controller only notes it: a leaderless partition
   * waits for `maybeElectUncleanLeaders`, every `unclean.leader.election.interval.ms`, or for the next fencing or unfencing
   * (`ReplicationControlManagerTest.testMaybeTriggerUncleanLeaderElectionForLeaderlessPartitions`).
   */
  setUncleanElection(enabled: boolean): void {
    if (!this.#isAnswered('unclean-election')) return;
    const { record, world } = this.#context;
    const { controller } = world.cluster;
    const isSet = controller.settings.uncleanLeaderElection === enabled;
    if (!isSet) controller.setUncleanLeaderElection(enabled);
    record(isSet ? { kind: 'without-effect', why: 'set-unclean', enabled } : { kind: 'unclean-election-set', enabled });
  }

  /** `kafka-reassign-partitions --execute`. */
  reassign(replicas: readonly NodeId[], observers: readonly NodeId[]): void {
    if (!this.#isAnswered('reassignment')) return;
    const { record, change, world } = this.#context;
    const { controller } = world.cluster;
    const { partitionEpoch } = controller.partition;
    change({ by: 'controller' }, () => controller.reassign(replicas, observers));
    if (controller.partition.partitionEpoch === partitionEpoch) {
      record({ kind: 'without-effect', why: 'assigned', replicas });
    }
  }

  #isAnswered(command: (Cause & { readonly kind: 'command-unanswered' })['command']): boolean {
    const { record, world } = this.#context;
    if (!world.quorum.canCommit) record({ kind: 'command-unanswered', command });
    return world.quorum.canCommit;
  }
}
