import { describe, expect, it } from 'vitest';
import { BrokerPartition } from '../../../../src/simulator/cluster/brokerPartition';
import { ReplicaLog } from '../../../../src/simulator/cluster/log';
import { currentRules } from '../../../../src/simulator/cluster/rules';

/** A log of so many records for each epoch, in order; record ids are offsets. */
function logOf(...runs: readonly (readonly [epoch: number, count: number])[]): ReplicaLog {
  const epochs = runs.flatMap(([epoch, count]) => Array.from({ length: count }, () => epoch));
  return ReplicaLog.restored(
    epochs,
    epochs.map((_, offset) => offset),
    0,
  );
}

function broker(id: number, log: ReplicaLog, leader: number, leaderEpoch: number): BrokerPartition {
  const options = { id, brokerEpoch: id, rules: currentRules, observerPolicy: null, lagTimeMaxMs: 30_000 };
  const partition = new BrokerPartition(options, log);
  const registration = { replicas: [1, 2], observers: [], isr: [1, 2], leader, leaderEpoch, partitionEpoch: 0 };
  const view = { fenced: false, inControlledShutdown: false };
  const image = new Map([1, 2].map((epoch) => [epoch, { ...view, epoch }]));
  partition.applyMetadata({ registration, image, minInsyncReplicas: 1 }, 0);
  return partition;
}

describe('the leader epoch cache', () => {
  it('says where the largest epoch not above the asked one ends', () => {
    const log = logOf([1, 10], [3, 6]);
    expect(log.endOffsetFor(3)).toEqual({ epoch: 3, endOffset: 16 });
    expect(log.endOffsetFor(2)).toEqual({ epoch: 1, endOffset: 10 });
    expect(log.endOffsetFor(1)).toEqual({ epoch: 1, endOffset: 10 });
    expect(log.endOffsetFor(0)).toEqual({ epoch: 0, endOffset: 0 });
    expect(log.endOffsetFor(4)).toBeUndefined();
  });

  it('keeps the first offset of an epoch that is noted again, unless that is earlier', () => {
    const log = logOf([1, 10], [3, 6]);
    log.assignEpochStart(3, 12);
    expect(log.epochCache.at(-1)).toEqual({ epoch: 3, startOffset: 10 });
    log.assignEpochStart(3, 8);
    expect(log.epochCache.at(-1)).toEqual({ epoch: 3, startOffset: 8 });
  });

  it('drops entries that a new one makes impossible: of its epoch or a later one, or that start no earlier', () => {
    const later = logOf([1, 10], [5, 6]);
    later.assignEpochStart(3, 16);
    expect(later.epochCache).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 3, startOffset: 16 },
    ]);
    const empty = logOf([1, 10]);
    empty.assignEpochStart(3, 10);
    empty.assignEpochStart(5, 10);
    expect(empty.epochCache).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 5, startOffset: 10 },
    ]);
  });

  it('forgets epochs that a truncation cuts off, and the high watermark with them', () => {
    const log = logOf([1, 10], [3, 6]);
    log.followHighWatermark(14);
    expect(log.truncateTo(10)).toEqual([10, 11, 12, 13, 14, 15]);
    expect(log.epochCache).toEqual([{ epoch: 1, startOffset: 0 }]);
    expect(log.highWatermark).toBe(10);
  });

  it('drops entries that a new epoch makes impossible', () => {
    const log = logOf([1, 4]);
    log.assignEpochStart(5, 4);
    log.assignEpochStart(6, 4);
    expect(log.epochCache).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 6, startOffset: 4 },
    ]);
  });
});

describe('a follower whose log parts from the leader', () => {
  it('truncates to where the leader says its last common epoch ends, then fetches on (vector K06)', () => {
    const leader = broker(1, logOf([1, 10], [3, 6]), 1, 3);
    const follower = broker(2, logOf([1, 10], [2, 2]), 1, 3);
    const diverging = leader.serveFetch(follower.fetchRequest(), 100, 0);
    expect(diverging).toEqual({ kind: 'diverging', divergingEpoch: { epoch: 1, endOffset: 10 } });
    expect(follower.receiveFetch(diverging)).toMatchObject({ kind: 'truncated', endOffset: 10, removed: [10, 11] });
    expect(follower.receiveFetch(leader.serveFetch(follower.fetchRequest(), 100, 0))).toEqual({
      kind: 'appended',
      count: 6,
    });
    expect(follower.log.ids).toEqual(leader.log.ids);
  });

  it('is not noted by the leader before it has truncated', () => {
    const leader = broker(1, logOf([1, 10], [3, 6]), 1, 3);
    const follower = broker(2, logOf([1, 10], [2, 2]), 1, 3);
    leader.serveFetch(follower.fetchRequest(), 100, 0);
    expect(leader.leading?.followers.get(2)?.logEndOffset).toBe(-1);
  });
});
