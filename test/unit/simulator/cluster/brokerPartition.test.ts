import { describe, expect, it } from 'vitest';
import { BrokerPartition, type FetchRequest } from '../../../../src/simulator/cluster/brokerPartition';
import { ReplicaLog } from '../../../../src/simulator/cluster/log';
import { NO_LEADER } from '../../../../src/simulator/cluster/partition';
import { currentRules } from '../../../../src/simulator/cluster/rules';

const registration = {
  replicas: [1, 2],
  observers: [],
  isr: [1, 2],
  leader: 1,
  leaderEpoch: 5,
  partitionEpoch: 7,
};

function brokerOf(id: number): BrokerPartition {
  const options = { id, brokerEpoch: 1, rules: currentRules, observerPolicy: null, lagTimeMaxMs: 30_000 };
  const broker = new BrokerPartition(options, ReplicaLog.restored([2, 2, 4], [1, 2, 3], 1));
  apply(broker, {});
  return broker;
}

function apply(broker: BrokerPartition, change: Partial<typeof registration>): boolean {
  const image = new Map([1, 2].map((id) => [id, { epoch: 1, fenced: false, inControlledShutdown: false }]));
  return broker.applyMetadata({ registration: { ...registration, ...change }, image, minInsyncReplicas: 1 }, 0);
}

const request: FetchRequest = { replica: 2, brokerEpoch: 1, leaderEpoch: 5, fetchOffset: 3, lastFetchedEpoch: 4 };

describe('a fetch that is served', () => {
  it('carries the high watermark from before it, though the fetch itself raises it', () => {
    const leader = brokerOf(1);
    const response = leader.serveFetch(request, 10, 0);
    expect(response).toMatchObject({ kind: 'records', highWatermark: 1 });
    expect(leader.log.highWatermark).toBe(3);
  });

  it('carries no more records than were asked for', () => {
    const response = brokerOf(1).serveFetch({ ...request, fetchOffset: 0, lastFetchedEpoch: undefined }, 2, 0);
    expect(response).toMatchObject({ records: { ids: [1, 2], epochs: [2, 2] } });
  });

  it('that diverges is answered with where, and notes nothing of the follower', () => {
    const leader = brokerOf(1);
    const response = leader.serveFetch({ ...request, lastFetchedEpoch: 3 }, 10, 0);
    expect(response).toEqual({ kind: 'diverging', divergingEpoch: { epoch: 2, endOffset: 2 } });
    expect(leader.leading?.followers.get(2)?.logEndOffset).toBe(-1);
  });
});

describe('a fetch that is refused', () => {
  it.each<[string, Partial<FetchRequest>, string]>([
    ['an older leader epoch', { leaderEpoch: 4 }, 'FENCED_LEADER_EPOCH'],
    ['a newer leader epoch', { leaderEpoch: 6 }, 'UNKNOWN_LEADER_EPOCH'],
    ['no replica, though its log diverges', { replica: 9, lastFetchedEpoch: 3 }, 'UNKNOWN_LEADER_EPOCH'],
    ['an epoch that this log has never had', { lastFetchedEpoch: 9 }, 'OFFSET_OUT_OF_RANGE'],
    ['an offset beyond the end', { fetchOffset: 4, lastFetchedEpoch: undefined }, 'OFFSET_OUT_OF_RANGE'],
  ])('%s', (_, change, error) => {
    expect(brokerOf(1).serveFetch({ ...request, ...change }, 10, 0)).toEqual({ kind: 'error', error });
  });

  it('by a broker that does not lead', () => {
    expect(brokerOf(2).serveFetch(request, 10, 0)).toEqual({ kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' });
  });
});

describe('a follower', () => {
  it('takes the leader of metadata whose partition epoch is older than what it has, and nothing else of it', () => {
    const follower = brokerOf(2);
    expect(apply(follower, { leader: NO_LEADER, leaderEpoch: 3, partitionEpoch: 6 })).toBe(false);
    expect(follower.believedLeader).toBe(NO_LEADER);
    expect(follower.isFollowing).toBe(false);
    expect({ leaderEpoch: follower.leaderEpoch, partitionEpoch: follower.partitionEpoch }).toEqual({
      leaderEpoch: 5,
      partitionEpoch: 7,
    });
  });

  it('truncates to the end that both logs have of the same epoch, else to the end of its own largest common one', () => {
    const truncatedTo = (epoch: number, endOffset: number) => {
      const follower = brokerOf(2);
      follower.receiveFetch({ kind: 'diverging', divergingEpoch: { epoch, endOffset } });
      return follower.log.endOffset;
    };
    expect(truncatedTo(2, 1)).toBe(1);
    expect(truncatedTo(4, 9)).toBe(3);
    // It has nothing of epoch 3: its epoch 2 ends at 2, whatever the leader says of 3.
    expect(truncatedTo(3, 1)).toBe(2);
    // It has nothing after epoch 4, so the leader's word is all there is.
    expect(truncatedTo(9, 1)).toBe(1);
  });

  it('follows the high watermark of the leader, down too, as far as its own log reaches', () => {
    const follower = brokerOf(2);
    const records = { epochs: [], ids: [] };
    follower.receiveFetch({ kind: 'records', records, highWatermark: 9 });
    expect(follower.log.highWatermark).toBe(3);
    follower.receiveFetch({ kind: 'records', records, highWatermark: 0 });
    expect(follower.log.highWatermark).toBe(0);
  });
});
