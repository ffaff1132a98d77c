import { describe, expect, it } from 'vitest';
import { type RecordingName, readRecording, recordingNames } from './fixtures';
import { MalformedRecording } from './json';
import { replayText } from './recordings';

/** Steps in each committed selection: a reader that skips some would be noticed. */
const steps: Readonly<Record<RecordingName, number>> = {
  'kafka-controller-traces.jsonl': 12_458,
  'kafka-leader-traces.jsonl': 6_687,
  'kafka-cluster-traces.jsonl': 11_549,
  'kafka-follower-traces.jsonl': 2_118,
  'kafka-placer-traces.jsonl': 200,
  'kafka-vectors.json': 715,
  'mrc-scenarios.json': 78,
};

describe("recordings of Kafka's own classes, vectors and printed states", () => {
  for (const name of recordingNames) {
    it(`${name}: every step is reproduced, result and full state`, () => {
      const { mismatches, reproduced, steps: replayed } = replayText(name, readRecording(name));
      expect(mismatches.slice(0, 3)).toEqual([]);
      expect({ replayed, reproduced }).toEqual({ replayed: steps[name], reproduced: steps[name] });
    });
  }
});

/** One recorded sequence with its first expectation falsified. */
function falsified(name: RecordingName, from: string, to: string): string {
  const [sequence = ''] = readRecording(name).split('\n');
  const changed = sequence.replace(from, to);
  expect(changed).not.toBe(sequence);
  return changed;
}

describe('a recording that differs', () => {
  it('is noticed in the state after a step, and told in words', () => {
    const {
      reproduced,
      steps: replayed,
      mismatches,
    } = replayText(
      'recording',
      falsified('kafka-controller-traces.jsonl', '"state":{"leader":3', '"state":{"leader":2'),
    );
    expect(replayed - reproduced).toBe(1);
    expect(mismatches[0]).toMatchObject({ step: 1, differences: ['leader: recorded 2, model 3'] });
  });

  it('is noticed in the result of a step', () => {
    const text = falsified('kafka-leader-traces.jsonl', 'APPENDED base=14', 'APPENDED base=15');
    expect(replayText('recording', text).mismatches[0]?.differences[0]).toMatch(/^result: recorded "APPENDED base=15/);
  });

  it('is noticed in the initial state, which no step then starts from', () => {
    const text = falsified(
      'kafka-leader-traces.jsonl',
      '"initState":{"now":1000000,"leo":14',
      '"initState":{"now":1000000,"leo":15',
    );
    const { reproduced, mismatches } = replayText('recording', text);
    expect(reproduced).toBe(0);
    expect(mismatches[0]).toMatchObject({ step: 0, differences: ['leo: recorded 15, model 14'] });
  });

  it('is noticed where the recording has less than the model', () => {
    const text = falsified(
      'kafka-controller-traces.jsonl',
      '"recovery":"RECOVERED","replicas":[3,1,2],"fenced":[]},"steps"',
      '"replicas":[3,1,2],"fenced":[]},"steps"',
    );
    expect(replayText('recording', text).mismatches[0]?.differences).toEqual([
      'recovery: not recorded, model "RECOVERED"',
    ]);
  });
});

describe('a file that is no recording', () => {
  it.each([
    ['', 'no recording in it'],
    ['{"a":1}', 'none of the known forms'],
    ['{"a":', 'not JSON'],
    ['[1,2]', 'expected an object'],
    [
      '{"id":"x","elr":true,"unclean":false,"minIsr":"2","brokers":[1],"replicas":[1],"init":{},"steps":[]}',
      '"minIsr" is not a number',
    ],
    ['{"id":"x","elr":true,"unclean":false,"minIsr":1,"brokers":[1],"replicas":[1]}', '"init" is missing'],
  ])('%s is refused, saying what is wrong and where', (text, message) => {
    expect(() => replayText('file', text)).toThrow(MalformedRecording);
    expect(() => replayText('file', text)).toThrow(message);
  });

  it('an unknown event is refused by name', () => {
    const text = falsified('kafka-controller-traces.jsonl', '"op":"fence"', '"op":"explode"');
    expect(() => replayText('file', text)).toThrow('unknown controller event "explode"');
  });
});
