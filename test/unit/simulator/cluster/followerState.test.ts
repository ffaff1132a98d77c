import { describe, expect, it } from 'vitest';
import { afterFetch, isCaughtUp, unknownFollower } from '../../../../src/simulator/cluster/followerState';

const fetch = { offset: 5, brokerEpoch: 1, aliveBrokerEpoch: 1, leaderEndOffset: 5, nowMs: 100 };

describe('what a leader notes of a follower', () => {
  it('never goes back in time, nor in what the leader had', () => {
    const state = afterFetch(afterFetch(unknownFollower, fetch), { ...fetch, leaderEndOffset: 4, nowMs: 90 });
    expect(state).toMatchObject({ lastCaughtUpTimeMs: 100, lastFetchLeaderLogEndOffset: 5, lastFetchTimeMs: 90 });
  });

  it('a follower ahead of the leader is not at its end', () => {
    const state = { ...unknownFollower, logEndOffset: 6 };
    expect(isCaughtUp(state, 5, 50_000, 30_000)).toBe(false);
    expect(isCaughtUp(state, 6, 50_000, 30_000)).toBe(true);
  });
});
