import {
  afterFetch,
  afterLeaderEpochChange,
  type FollowerState,
  isCaughtUp,
  isStaleFetch,
  unknownFollower,
} from '../../src/simulator/cluster/followerState';
import { currentRules, type KafkaRules } from '../../src/simulator/cluster/rules';
import { differences } from './compare';
import { type Fields, type Json, MalformedRecording } from './json';
import type { Mismatch, ReplayReport } from './replay';

/** A sequence of `kafka-follower-traces`: what a leader notes of one follower; each step holds event and state. */
export function replayFollower(sequence: Fields, rules: KafkaRules = currentRules): ReplayReport {
  const lagTimeMaxMs = sequence.number('replicaLagTimeMaxMs');
  const steps = sequence.objects('steps');
  const mismatches: Mismatch[] = [];
  let state = unknownFollower;
  let leaderEndOffset = 0;
  steps.forEach((step, index) => {
    leaderEndOffset = step.numberOr('leaderLeo', leaderEndOffset);
    const after = applyStep(state, step, leaderEndOffset, rules);
    state = after.state;
    const caughtUp = isCaughtUp(state, leaderEndOffset, step.number('now'), lagTimeMaxMs);
    const model = {
      state: stateForm(state),
      error: after.error,
      ...(step.has('isCaughtUp') ? { isCaughtUp: caughtUp } : {}),
    };
    const recorded = {
      state: step.value('state'),
      error: step.stringOr('error', ''),
      ...(step.has('isCaughtUp') ? { isCaughtUp: step.boolean('isCaughtUp') } : {}),
    };
    const found = differences(recorded, model);
    const event = Object.fromEntries(Object.entries(step.object).filter(([key]) => key !== 'state'));
    if (found.length > 0)
      mismatches.push({ sequence: sequence.string('id'), step: index + 1, event, differences: found });
  });
  return { steps: steps.length, reproduced: steps.length - mismatches.length, skipped: [], mismatches };
}

function applyStep(
  state: FollowerState,
  step: Fields,
  leaderEndOffset: number,
  rules: KafkaRules,
): { state: FollowerState; error: string } {
  const op = step.string('op');
  switch (op) {
    case 'becomeLeader': {
      const leader = { isNew: step.boolean('isNewLeader'), endOffset: leaderEndOffset };
      const reset = afterLeaderEpochChange(state, leader, step.boolean('followerInIsr'), step.number('now'));
      return { state: rules.guards.resetFollowersOnNewEpoch || leader.isNew ? reset : state, error: '' };
    }
    case 'fetch': {
      const fetch = {
        offset: step.number('fetchOffset'),
        brokerEpoch: step.number('fetchBrokerEpoch'),
        aliveBrokerEpoch: step.number('cachedAliveEpoch'),
        leaderEndOffset,
        nowMs: step.number('now'),
      };
      const refused = rules.guards.fetchBrokerEpoch && isStaleFetch(fetch);
      return refused
        ? { state, error: 'NotLeaderOrFollowerException' }
        : { state: afterFetch(state, fetch), error: '' };
    }
    case 'metadata':
      return { state, error: '' };
    default:
      throw new MalformedRecording(step.where, `unknown follower event "${op}"`);
  }
}

function stateForm(state: FollowerState): Json {
  return {
    leo: state.logEndOffset,
    lastFetchLeaderLeo: state.lastFetchLeaderLogEndOffset,
    lastFetchTimeMs: state.lastFetchTimeMs,
    lastCaughtUpTimeMs: state.lastCaughtUpTimeMs,
    ...(state.brokerEpoch === null ? {} : { brokerEpoch: state.brokerEpoch }),
  };
}
