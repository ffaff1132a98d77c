import { describe, expect, it } from 'vitest';
import { currentRules, type Guards, type KafkaRules, kafkaGuards } from '../../src/simulator/cluster/rules';
import { type RecordingName, readRecording } from './fixtures';
import { replayText } from './recordings';

/** Every guard of the model, and a recording that notices when it is gone. */
const noticedBy: readonly (readonly [keyof Guards, RecordingName])[] = [
  ['leaderEpochStart', 'kafka-leader-traces.jsonl'],
  ['highWatermarkReached', 'kafka-leader-traces.jsonl'],
  ['fetchBrokerEpoch', 'kafka-follower-traces.jsonl'],
  ['isrBrokerEpoch', 'kafka-leader-traces.jsonl'],
  ['fencedBrokersIneligible', 'kafka-controller-traces.jsonl'],
  ['partitionEpoch', 'kafka-cluster-traces.jsonl'],
  ['leaderEpoch', 'kafka-cluster-traces.jsonl'],
  ['alterPartitionBrokerEpoch', 'kafka-controller-traces.jsonl'],
  ['maximalIsr', 'kafka-leader-traces.jsonl'],
  ['waitForJoiner', 'kafka-leader-traces.jsonl'],
  ['resetFollowersOnNewEpoch', 'kafka-follower-traces.jsonl'],
  ['truncateOnDivergence', 'kafka-cluster-traces.jsonl'],
  ['duplicateRegistration', 'kafka-controller-traces.jsonl'],
  ['uncleanRestartLeavesElr', 'kafka-controller-traces.jsonl'],
  ['observersWaitForPolicy', 'mrc-scenarios.json'],
  ['thresholdCountsObservers', 'mrc-scenarios.json'],
];

/** The selections hold no AlterPartition with a stale broker epoch, so here is one, as the controller answers it. */
const staleBrokerEpoch = JSON.stringify({
  id: 'stale-broker-epoch',
  elr: false,
  unclean: false,
  minIsr: 1,
  brokers: [1, 2],
  replicas: [1, 2],
  init: state([1, 2], 0),
  steps: [
    { event: { op: 'alterIsr', broker: 1, isr: [1] }, result: 'NONE', state: state([1], 1) },
    {
      event: { op: 'alterIsr', broker: 1, isr: [1, 2], staleEpochs: [2] },
      result: 'INELIGIBLE_REPLICA',
      state: state([1], 1),
    },
    { event: { op: 'alterIsr', broker: 1, isr: [1, 2], epochs: [-1, -1] }, result: 'NONE', state: state([1, 2], 2) },
  ],
});

function state(isr: readonly number[], partitionEpoch: number) {
  const partition = { leader: 1, isr, elr: [], lastKnownElr: [], leaderEpoch: 0, partitionEpoch };
  return { ...partition, recovery: 'RECOVERED', replicas: [1, 2], fenced: [] };
}

/** A text that notices the guard; of the scenarios only what concerns observers, as the others are slow without it. */
function textFor(guard: keyof Guards, recording: RecordingName): string {
  if (guard === 'alterPartitionBrokerEpoch') return staleBrokerEpoch;
  const text = readRecording(recording);
  if (recording !== 'mrc-scenarios.json') return text;
  const file: { scenarios: { id: string }[] } = JSON.parse(text);
  return JSON.stringify({ ...file, scenarios: file.scenarios.filter(({ id }) => id.endsWith('-under-min-isr')) });
}

function stepsNotReproduced(text: string, rules: KafkaRules): number {
  const { steps, reproduced } = replayText('recording', text, rules);
  return steps - reproduced;
}

describe('a rule broken on purpose is noticed by the recordings', () => {
  it('no guard is left out', () => {
    expect(noticedBy.map(([guard]) => guard).sort()).toEqual(Object.keys(kafkaGuards).sort());
  });

  for (const [guard, recording] of noticedBy) {
    it(`without ${guard}`, () => {
      const text = textFor(guard, recording);
      expect(stepsNotReproduced(text, currentRules)).toBe(0);
      const broken = { ...currentRules, guards: { ...kafkaGuards, [guard]: false } };
      expect(stepsNotReproduced(text, broken)).toBeGreaterThan(0);
    });
  }

  it('with a high watermark that goes on under min ISR, as before 3.7', () => {
    const broken = { ...currentRules, freezeHighWatermarkUnderMinIsr: false };
    expect(stepsNotReproduced(readRecording('kafka-leader-traces.jsonl'), broken)).toBeGreaterThan(0);
  });

  it('with a min ISR that may exceed the replicas, as before 3.7', () => {
    const broken = { ...currentRules, capMinIsrAtReplicas: false };
    expect(stepsNotReproduced(readRecording('kafka-leader-traces.jsonl'), broken)).toBeGreaterThan(0);
  });

  it('with a last known leader that may be fenced, as from 3.7 to 4.0', () => {
    const broken = { ...currentRules, electFencedLastKnownLeader: true };
    expect(stepsNotReproduced(readRecording('kafka-controller-traces.jsonl'), broken)).toBeGreaterThan(0);
  });
});

describe('what no source settles makes no difference to anything recorded', () => {
  it.each([
    { demotion: 'all-at-threshold' },
    { observerLeaderAdmitsAll: 'every-policy' },
    { caughtUp: 'log-end' },
    { minIsrCapCounts: 'sync-replicas' },
  ] as const)('%o', (reading) => {
    const rules = { ...currentRules, observers: { ...currentRules.observers, ...reading } };
    expect(stepsNotReproduced(readRecording('mrc-scenarios.json'), rules)).toBe(0);
  });
});
