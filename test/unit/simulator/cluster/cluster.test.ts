import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../../src/simulator/cluster/cluster';

function clusterOf(): Cluster {
  return new Cluster({
    brokers: [1, 2],
    replicas: [1, 2],
    settings: { minInsyncReplicas: 1, uncleanLeaderElection: false },
    elrEnabled: false,
    sessionTimeoutMs: Number.POSITIVE_INFINITY,
  });
}

/** Broker 1 leads and wants 2, which has nothing of what was written, out of the ISR. */
function shrinking(): Cluster {
  const cluster = clusterOf();
  cluster.produce(1, 1);
  cluster.broker(1)?.leading?.maybeShrinkIsr(100_000);
  return cluster;
}

describe('an AlterPartition on its way', () => {
  it('of a process whose broker id has registered anew is refused, and kept in flight', () => {
    const cluster = shrinking();
    cluster.controller.expireSession(1);
    cluster.controller.register(1, true, 0);
    const partition = cluster.controller.partition;
    expect(cluster.deliverAlterPartition(1)).toEqual({ error: 'STALE_BROKER_EPOCH', effect: 'request-kept' });
    expect(cluster.controller.partition).toBe(partition);
    expect(cluster.broker(1)?.leading?.inFlight).toBeDefined();
  });

  it('whose answer is lost is applied and sent again, with epochs that are too old by then', () => {
    const cluster = shrinking();
    expect(cluster.deliverAlterPartition(1, true)).toEqual({ error: 'NONE', effect: 'response-lost' });
    expect(cluster.controller.partition.isr).toEqual([1]);
    expect(cluster.broker(1)?.leading?.isr).toEqual([1, 2]);
    expect(cluster.deliverAlterPartition(1)).toEqual({
      error: 'INVALID_UPDATE_VERSION',
      effect: 'pending-until-metadata',
    });
  });

  it('is nothing where none was sent', () => {
    expect(clusterOf().deliverAlterPartition(1)).toBeUndefined();
    expect(clusterOf().deliverAlterPartition(2)).toBeUndefined();
  });
});

describe('a produce', () => {
  it('to a broker that does not lead is refused, and its record number is used up', () => {
    const cluster = clusterOf();
    expect(cluster.produce(2, 1)).toEqual({ record: 1, reply: { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' } });
    expect(cluster.produce(1, 1)).toEqual({ record: 2, reply: { kind: 'appended', offset: 0 } });
  });

  it('that waits is told when its leader is gone, or leads no more', () => {
    const gone = clusterOf();
    gone.produce(1, -1);
    gone.stop(1, 0);
    expect(gone.completeProduces()).toEqual([{ record: 1, result: 'LOST_CONNECTION' }]);
    const deposed = clusterOf();
    deposed.produce(1, -1);
    deposed.controller.fence(1);
    deposed.deliverMetadata(1);
    expect(deposed.completeProduces()).toEqual([{ record: 1, result: 'NOT_LEADER_OR_FOLLOWER' }]);
    expect(deposed.acknowledged.size).toBe(0);
  });
});
