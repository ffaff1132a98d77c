import { describe, expect, it } from 'vitest';
import { BrokerPartition } from '../../../../src/simulator/cluster/brokerPartition';
import type { PartitionLeader } from '../../../../src/simulator/cluster/leader';
import { ReplicaLog } from '../../../../src/simulator/cluster/log';
import { currentRules } from '../../../../src/simulator/cluster/rules';

const registration = {
  replicas: [1, 2, 3],
  observers: [],
  isr: [1],
  leader: 1,
  leaderEpoch: 5,
  partitionEpoch: 7,
};

function brokerOf(): { broker: BrokerPartition; leader: PartitionLeader } {
  const options = { id: 1, brokerEpoch: 101, rules: currentRules, observerPolicy: null, lagTimeMaxMs: 30_000 };
  const broker = new BrokerPartition(options, ReplicaLog.restored([0, 0], [1, 2], 2));
  apply(broker, {});
  const leader = broker.leading;
  if (leader === undefined) throw new Error('broker 1 leads');
  return { broker, leader };
}

function apply(broker: BrokerPartition, change: Partial<typeof registration>): boolean {
  const image = new Map(
    [1, 2, 3, 9].map((id) => [id, { epoch: 100 + id, fenced: false, inControlledShutdown: false }]),
  );
  return broker.applyMetadata({ registration: { ...registration, ...change }, image, minInsyncReplicas: 1 }, 0);
}

function fetch(leader: PartitionLeader, id: number, brokerEpoch = 100 + id) {
  return leader.recordFetch(id, { offset: 2, brokerEpoch, aliveBrokerEpoch: -1, leaderEndOffset: 2, nowMs: 0 });
}

/** A leader with follower 2 about to join. */
function expanding() {
  const { broker, leader } = brokerOf();
  fetch(leader, 2);
  const change = leader.pending;
  if (change === undefined) throw new Error('2 is about to join');
  return { broker, leader, change };
}

describe('an AlterPartition request', () => {
  it('carries the epochs that the leader believes in, its own broker epoch, and the one each follower fetched with', () => {
    expect(expanding().change.request).toEqual({
      sender: 1,
      leaderEpoch: 5,
      partitionEpoch: 7,
      isr: [1, 2],
      isrBrokerEpochs: [101, 102],
      recovery: 'RECOVERED',
    });
  });

  it('carries the partition epoch of the last answer, not of the last metadata', () => {
    const { leader, change } = expanding();
    leader.alterPartitionCommitted(change, { isr: [1, 2], leaderEpoch: 5, partitionEpoch: 12 }, 0);
    fetch(leader, 3);
    expect(leader.pending?.request.partitionEpoch).toBe(12);
  });
});

describe('an answer to an AlterPartition', () => {
  const committed = { isr: [1, 2], leaderEpoch: 5, partitionEpoch: 8 };

  it.each([
    { ...committed, leaderEpoch: 6 },
    { ...committed, leaderEpoch: 4 },
    { ...committed, partitionEpoch: 6 },
  ])('from another leader epoch or an older partition epoch waits for metadata: %o', (result) => {
    const { leader, change } = expanding();
    expect(leader.alterPartitionCommitted(change, result, 0)).toBe('pending-until-metadata');
    expect(leader.isr).toEqual([1]);
    expect(leader.pending).toBe(change);
    expect(leader.inFlight).toBeUndefined();
  });

  it('that comes after metadata is ignored, also while another change is pending', () => {
    const { broker, leader, change } = expanding();
    apply(broker, { partitionEpoch: 8 });
    expect(leader.pending).toBeUndefined();
    fetch(leader, 3);
    const other = leader.pending;
    expect(leader.alterPartitionCommitted(change, { ...committed, partitionEpoch: 9 }, 0)).toBe('ignored');
    expect(leader.alterPartitionFailed(change, 'INELIGIBLE_REPLICA')).toBe('ignored');
    expect(leader.isr).toEqual([1]);
    expect(leader.pending).toBe(other);
    expect(leader.inFlight).toBe(other);
  });

  it.each([
    ['INVALID_UPDATE_VERSION', 'pending-until-metadata', false],
    ['NEW_LEADER_ELECTED', 'pending-until-metadata', false],
    ['NOT_CONTROLLER', 'retried', true],
    ['STALE_BROKER_EPOCH', 'retried', true],
  ] as const)('%s: %s, still in flight: %s', (error, effect, isInFlight) => {
    const { leader, change } = expanding();
    expect(leader.alterPartitionFailed(change, error)).toBe(effect);
    expect(leader.pending).toBe(change);
    expect(leader.inFlight).toBe(isInFlight ? change : undefined);
  });
});

describe('a fetch', () => {
  it('of a broker that holds no replica is refused and noted nowhere', () => {
    const { leader } = brokerOf();
    expect(fetch(leader, 9)).toBe('UNKNOWN_LEADER_EPOCH');
    expect([...leader.followers.keys()]).toEqual([2, 3]);
  });

  it('without broker epochs is eligible, one of another incarnation than the metadata has is not', () => {
    const { leader } = brokerOf();
    fetch(leader, 2, 55);
    expect(leader.pending).toBeUndefined();
    fetch(leader, 3, -1);
    expect(leader.pending?.isr).toEqual([1, 3]);
    expect(leader.pending?.request.isrBrokerEpochs).toEqual([101, -1]);
  });
});

describe('the high watermark', () => {
  it('waits for a replica from the fetch on with which it is about to join, though it is far behind in time', () => {
    const options = { id: 1, brokerEpoch: 101, rules: currentRules, observerPolicy: null, lagTimeMaxMs: 30_000 };
    const broker = new BrokerPartition(options, ReplicaLog.restored([0, 0], [1, 2], 0));
    const image = new Map([1, 2, 3].map((id) => [id, { epoch: 100 + id, fenced: false, inControlledShutdown: false }]));
    // Under min ISR it stands still at 0, and lowering the min ISR does not move it by itself.
    broker.applyMetadata({ registration, image, minInsyncReplicas: 2 }, 0);
    broker.leading?.append(1, 3, 0);
    broker.leading?.updateContext(image, 1);
    const request = { offset: 2, brokerEpoch: 102, aliveBrokerEpoch: 102, leaderEndOffset: 3, nowMs: 100_000 };
    broker.leading?.recordFetch(2, request);
    expect(broker.leading?.pending?.isr).toEqual([1, 2]);
    expect(broker.log.highWatermark).toBe(2);
  });
});

describe('metadata', () => {
  it('with an older leader epoch leaves the epoch, and takes the rest', () => {
    const { broker, leader } = brokerOf();
    apply(broker, { leaderEpoch: 4, partitionEpoch: 8, isr: [1, 2] });
    expect({ leaderEpoch: leader.leaderEpoch, partitionEpoch: leader.partitionEpoch, isr: leader.isr }).toEqual({
      leaderEpoch: 5,
      partitionEpoch: 8,
      isr: [1, 2],
    });
    fetch(leader, 3);
    expect(leader.pending?.request.leaderEpoch).toBe(5);
  });

  it('with an older partition epoch is ignored', () => {
    const { broker, leader } = brokerOf();
    expect(apply(broker, { partitionEpoch: 6, isr: [1, 2] })).toBe(false);
    expect(leader.isr).toEqual([1]);
  });

  it('that takes a replica away forgets it', () => {
    const { broker, leader } = brokerOf();
    apply(broker, { partitionEpoch: 8, replicas: [1, 3] });
    expect([...leader.followers.keys()]).toEqual([3]);
  });
});
