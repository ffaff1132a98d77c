/** What a leader knows of one follower (`ReplicaState`). Times in ms, offsets in records. */
export interface FollowerState {
  readonly logEndOffset: number;
  /** The leader's end at the follower's previous fetch. */
  readonly lastFetchLeaderLogEndOffset: number;
  readonly lastFetchTimeMs: number;
  readonly lastCaughtUpTimeMs: number;
  /** Broker epoch the follower last fetched with; `null` before its first fetch, -1 from a release without them. */
  readonly brokerEpoch: number | null;
}

/** A follower never heard of. */
export const unknownFollower: FollowerState = {
  logEndOffset: -1,
  lastFetchLeaderLogEndOffset: -1,
  lastFetchTimeMs: 0,
  lastCaughtUpTimeMs: 0,
  brokerEpoch: null,
};

/** One fetch of a follower, as its leader meets it. */
export interface FollowerFetch {
  /** The follower's log end. */
  readonly offset: number;
  readonly brokerEpoch: number;
  /** Epoch of that broker in the leader's metadata if it is alive there, else -1. */
  readonly aliveBrokerEpoch: number;
  /** The leader's log end before the read. */
  readonly leaderEndOffset: number;
  readonly nowMs: number;
}

/** A fetch by an incarnation the metadata has already replaced is refused (`Replica.updateFetchStateOrThrow`). */
export function isStaleFetch(fetch: FollowerFetch): boolean {
  return fetch.brokerEpoch !== -1 && fetch.aliveBrokerEpoch > fetch.brokerEpoch;
}

/**
 * The follower's state after a fetch. Reaching what was the leader's end at the previous fetch counts as caught up at
 * that time, so a follower under steady load stays in the ISR though it never equals the leader's end
 * (`Replica.updateFetchStateOrThrow`).
 */
export function afterFetch(state: FollowerState, fetch: FollowerFetch): FollowerState {
  const { offset, leaderEndOffset, nowMs } = fetch;
  let lastCaughtUpTimeMs = state.lastCaughtUpTimeMs;
  if (offset >= leaderEndOffset) {
    lastCaughtUpTimeMs = Math.max(lastCaughtUpTimeMs, nowMs);
  } else if (offset >= state.lastFetchLeaderLogEndOffset) {
    lastCaughtUpTimeMs = Math.max(lastCaughtUpTimeMs, state.lastFetchTimeMs);
  }
  return {
    logEndOffset: offset,
    lastFetchLeaderLogEndOffset: Math.max(leaderEndOffset, state.lastFetchLeaderLogEndOffset),
    lastFetchTimeMs: nowMs,
    lastCaughtUpTimeMs,
    brokerEpoch: fetch.brokerEpoch,
  };
}

/** How a leader starts a leader epoch: a new leader knows nothing, a re-elected one keeps offsets (`resetReplicaState`). */
export function afterLeaderEpochChange(
  state: FollowerState,
  leader: { readonly isNew: boolean; readonly endOffset: number },
  inIsr: boolean,
  nowMs: number,
): FollowerState {
  const lastCaughtUpTimeMs = inIsr ? nowMs : 0;
  if (leader.isNew) return { ...unknownFollower, lastCaughtUpTimeMs };
  return {
    ...state,
    lastFetchLeaderLogEndOffset: leader.endOffset,
    lastFetchTimeMs: inIsr ? nowMs : 0,
    lastCaughtUpTimeMs,
  };
}

/** At the leader's end, or there within `replica.lag.time.max.ms`: 30,000 ms is in, 30,001 is out (`isCaughtUp`). */
export function isCaughtUp(
  state: FollowerState,
  leaderEndOffset: number,
  nowMs: number,
  lagTimeMaxMs: number,
): boolean {
  return state.logEndOffset === leaderEndOffset || nowMs - state.lastCaughtUpTimeMs <= lagTimeMaxMs;
}
