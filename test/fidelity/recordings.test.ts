import { describe, expect, it } from 'vitest';
import { addedSequences, type RecordingName, readRecording, recordingNames } from './fixtures';
import { MalformedRecording } from './json';
import { replayText } from './recordings';

/** Steps in each committed selection: a reader that skips some would be noticed. */
const steps: Readonly<Record<RecordingName, number>> = {
  'kafka-controller-traces.jsonl': 12_458,
  'kafka-leader-traces.jsonl': 6_687,
  'kafka-cluster-traces.jsonl': 11_549,
  'kafka-follower-traces.jsonl': 2_118,
  'kafka-placer-traces.jsonl': 200,
  'kafka-vectors.json': 717,
  'mrc-scenarios.json': 80,
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

it('sequences beyond the recordings are reproduced: reassignments, unregistrations, odd requests, many racks', () => {
  const { mismatches, reproduced } = replayText(addedSequences, readRecording(addedSequences));
  expect(mismatches).toEqual([]);
  expect(reproduced).toBe(59);
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

describe('what cannot be read', () => {
  it.each([
    ['', 'no recording in it'],
    ['\n \r\n', 'no recording in it'],
    ['[1,2]', 'expected an object'],
    ['"text"', 'expected an object'],
  ])('%j is no recording at all', (text, message) => {
    expect(() => replayText('file', text)).toThrow(MalformedRecording);
    expect(() => replayText('file', text)).toThrow(message);
  });

  it.each([
    ['{"a":1}', 'none of the known forms'],
    ['{"a":', 'file:1: not JSON'],
    [
      '{"id":"x","elr":true,"unclean":false,"minIsr":"2","brokers":[1],"replicas":[1],"init":{},"steps":[]}',
      '"minIsr" is not a number',
    ],
    ['{"id":"x","elr":true,"unclean":false,"minIsr":1,"brokers":[1],"replicas":[1]}', '"init" is missing'],
    ['{"vectors":[{"id":"x","group":"magic"}]}', 'group "magic" is not known'],
    ['{"clusters":{},"scenarios":[{"steps":[]}]}', '"id" is missing'],
  ])('%s is not reproduced, saying what is wrong and where', (text, message) => {
    const { steps: replayed, reproduced, mismatches } = replayText('file', text);
    expect({ replayed, reproduced }).toEqual({ replayed: 1, reproduced: 0 });
    expect(mismatches[0]?.differences[0]).toContain(message);
  });

  it('an unknown event is a step that is not reproduced, by name; what is next to it is replayed', () => {
    const falsely = falsified('kafka-controller-traces.jsonl', '"op":"fence"', '"op":"explode"');
    const [, other = ''] = readRecording('kafka-controller-traces.jsonl').split('\n');
    const { reproduced, mismatches } = replayText('file', `${falsely}\n${other}`);
    expect(mismatches[0]?.differences).toEqual([expect.stringContaining('unknown controller event "explode"')]);
    expect(reproduced).toBeGreaterThanOrEqual(replayText('file', other).steps);
  });

  it('a field of a step that nothing compares is named', () => {
    const text = falsified('kafka-controller-traces.jsonl', '"steps":[{', '"steps":[{"surprise":1,');
    expect(replayText('file', text).skipped).toEqual(['r3: "surprise" of a step']);
  });
});

/** One vector or scenario by its id, with some text in it replaced. */
function changed(name: 'kafka-vectors.json' | 'mrc-scenarios.json', id: string, from: string, to: string): string {
  const file: { vectors?: { id: string }[]; scenarios?: { id: string }[] } = JSON.parse(readRecording(name));
  const only = (list: { id: string }[] | undefined) => list?.filter((item) => item.id === id);
  const text = JSON.stringify({ ...file, vectors: only(file.vectors), scenarios: only(file.scenarios) });
  expect(text).toContain(from);
  return text.replace(from, to);
}

describe('an expectation that is wrong', () => {
  it.each([
    ['C22', '"elr":[2,3],"lastKnownElr":[],"leaderEpoch":0}]', '"elr":[2],"lastKnownElr":[],"leaderEpoch":0}]'],
    ['C21', '"_result":"INVALID_UPDATE_VERSION"', '"_result":"NONE"'],
    ['C22', '"handExpectation":[{"step":1', '"handExpectation":[{"step":9'],
    ['R01', '"canCommit":true', '"canCommit":false'],
    ['R02', '"sessionTimersReset":true', '"sessionTimersReset":false'],
    ['R04', '"resigned":1', '"resigned":2'],
    ['R06', 'all brokers in A', 'all brokers in brokers'],
    ['R07', '"expect":[{"active":1', '"expect":[{"active":2'],
    ['R08', '"fenced":[5]', '"fenced":[6]'],
    ['E01', 'fences 3: ISR [1,2]', 'fences 3: ISR [1]'],
    ['E01', 'ELR []', 'ELR [3]'],
    ['E01', 'accepted, waits', 'NOT_ENOUGH_REPLICAS'],
    ['E02', '"leaderEpochDelta":1', '"leaderEpochDelta":2'],
    ['E06', '"elrIfOn":[3,4]', '"elrIfOn":[3]'],
    ['E08', '"isrOrElr":[1,2]', '"isrOrElr":[1,2,3]'],
    ['L01', '"lostAcked":20', '"lostAcked":21'],
    ['L04', '"recovery":"RECOVERING"', '"recovery":"RECOVERED"'],
    ['L06', '"logLoss":0', '"logLoss":1'],
    ['O06', '"afterStep":2', '"afterStep":3'],
    ['O10', '"acksAll":"NOT_ENOUGH_REPLICAS"', '"acksAll":"accepted"'],
    ['K03', '"error":"FENCED_LEADER_EPOCH"', '"error":"NONE"'],
  ])('vector %s: %s', (id, from, to) => {
    const whole = replayText('vectors', changed('kafka-vectors.json', id, from, from));
    expect(whole.mismatches).toEqual([]);
    expect(replayText('vectors', changed('kafka-vectors.json', id, from, to)).mismatches).not.toEqual([]);
  });

  it.each([
    ['TUT-single-region', '"isr":[1],"offline":[2,1]', '"isr":[2,1],"offline":[2,1]'],
    ['TUT-single-region', '"acksAllWritable":true', '"acksAllWritable":false'],
    ['TUT-multi-region-async', '"leaderIsObserver":true', '"leaderIsObserver":false'],
    ['TUT-multi-region-async', '"observersInIsr":[3,4]', '"observersInIsr":[3]'],
    ['TUT-multi-region-async', '"observers":[3,4]', '"observers":[3,7]'],
    ['TUT-multi-region-default', '"observers":[2,1]', '"observers":[2]'],
    ['DOC-example1', '"id":1,"leader":2', '"id":0,"leader":2'],
    ['DOC-example1', '"id":2,"leader":3', '"id":3,"leader":3'],
    ['QUORUM-table', '"alive":4', '"alive":5'],
    ['QUORUM-table', '"fault":"lose 2 pods"', '"fault":"lose 3 pods"'],
    ['ANALOG-leader-down', '"isrRejoin":1', '"isrRejoin":2'],
    ['ANALOG-observer-down', '"isr":[2,1,4]', '"isr":[2,1,3]'],
    ['ANALOG-total-loss', '"replicas":[3,1,2],"isr":[3]', '"replicas":[3,1],"isr":[3]'],
  ])('scenario %s: %s', (id, from, to) => {
    const whole = replayText('scenarios', changed('mrc-scenarios.json', id, from, from));
    expect(whole.mismatches).toEqual([]);
    expect(replayText('scenarios', changed('mrc-scenarios.json', id, from, to)).mismatches).not.toEqual([]);
  });

  it.each([
    ['E11', '"hw":"frozen"', '"hw":"melting"', '"hw":"melting"'],
    ['E05', '"acksAll":"accepted"', '"acksAll":"perhaps"', '"acksAll":"perhaps"'],
    ['L04', '"leader":"lastKnownElr[0]"', '"leader":"somebody"', '"leader": "somebody"'],
    ['O08', '"acksAll":"accepted"', '"acksAll":"perhaps"', '"acksAll": "perhaps"'],
    ['L03', '"elr":"on"', '"elr":"on","moon":"full"', '"moon" is not understood'],
    ['O01', '"op":"stop"', '"op":"dance"', 'event "dance" is not known'],
  ])('in vector %s, words that are not understood are named: %s', (id, from, to, named) => {
    const report = replayText('vectors', changed('kafka-vectors.json', id, from, to));
    expect(report.mismatches).toEqual([]);
    expect(report.skipped.join('\n')).toContain(named);
  });

  it('renamed and reordered vectors and scenarios are reproduced all the same', () => {
    for (const name of ['kafka-vectors.json', 'mrc-scenarios.json'] as const) {
      const file: { vectors?: object[]; scenarios?: object[] } = JSON.parse(readRecording(name));
      const strangers = (list: object[] | undefined) =>
        list?.map((item, index) => ({ ...item, id: `stranger ${index}`, title: '' })).reverse();
      const text = JSON.stringify({ ...file, vectors: strangers(file.vectors), scenarios: strangers(file.scenarios) });
      const { reproduced, mismatches } = replayText('file', text);
      expect(mismatches).toEqual([]);
      expect(reproduced).toBe(steps[name]);
    }
  });
});
