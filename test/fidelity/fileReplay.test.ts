import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { replayFiles } from './fileReplay';
import { readRecording } from './fixtures';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const lines = readRecording('kafka-controller-traces.jsonl').split('\n').slice(0, 3);
const recording = lines.join('\n');
const [sequence = ''] = lines;
const wrong = recording.replace('"leaderEpoch":1', '"leaderEpoch":2');

const files: Readonly<Record<string, Uint8Array>> = {
  'good.jsonl': encode(recording),
  'good.jsonl.gz': gzipSync(encode(recording)),
  'renamed.txt': gzipSync(encode(recording)),
  'crlf.jsonl': encode(lines.join('\r\n')),
  'blank-lines.jsonl': encode(`\n${recording}\n\n \n`),
  'byte-order-mark.jsonl': encode(`\uFEFF${recording}`),
  'one-sequence.jsonl': encode(sequence),
  'one-sequence.json': encode(JSON.stringify(JSON.parse(sequence), null, 2)),
  'wrong.jsonl': encode(wrong),
  'cut.jsonl': encode(recording.slice(0, -20)),
  'empty.jsonl': encode(''),
  'empty.jsonl.gz': gzipSync(encode('')),
  'cut.jsonl.gz': gzipSync(encode(recording)).slice(0, -20),
  'noise.jsonl.gz': Uint8Array.of(0x1f, 0x8b, 1, 2, 3),
  'unknown-form.jsonl': encode('{"a":1}'),
  'unknown-op.jsonl': encode(recording.replace('"op":"fence"', '"op":"explode"')),
  'nothing.json': encode('{"vectors":[]}'),
};

function replay(...names: string[]): { code: number; output: string; errors: string } {
  const output: string[] = [];
  const errors: string[] = [];
  const code = replayFiles(names, {
    readFile: (name) => {
      const bytes = files[name];
      if (bytes === undefined) throw new Error(`ENOENT: no such file or directory, open '${name}'`);
      return bytes;
    },
    print: (line) => output.push(line),
    printError: (line) => errors.push(line),
  });
  return { code, output: output.join('\n'), errors: errors.join('\n') };
}

describe('npm run replay', () => {
  it.each([
    'good.jsonl',
    'good.jsonl.gz',
    'renamed.txt',
    'crlf.jsonl',
    'blank-lines.jsonl',
    'byte-order-mark.jsonl',
    'one-sequence.jsonl',
    'one-sequence.json',
  ])('%s is reproduced', (name) => {
    const { code, output, errors } = replay(name);
    expect(output).toMatch(new RegExp(`^${name}: reproduced ([1-9]\\d*) of \\1 steps$`));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  });

  it('reads as many steps of a sequence alone as are in it', () => {
    const { steps }: { steps: object[] } = JSON.parse(sequence);
    expect(replay('one-sequence.jsonl').output).toContain(`reproduced ${steps.length} of ${steps.length} steps`);
  });

  it('tells the first differences of a recording that differs', () => {
    const { code, output } = replay('wrong.jsonl');
    expect(code).toBe(1);
    expect(output).toContain('leaderEpoch: recorded 2, model 1');
  });

  it.each([
    ['cut.jsonl', 'not JSON'],
    ['unknown-form.jsonl', 'none of the known forms'],
    ['unknown-op.jsonl', 'unknown controller event "explode"'],
  ])('%s fails, and what could be read is counted', (name, message) => {
    const { code, output, errors } = replay(name);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(`${output}${errors}`).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['empty.jsonl', 'no recording in it'],
    ['empty.jsonl.gz', 'no recording in it'],
    ['cut.jsonl.gz', 'unexpected end of file'],
    ['noise.jsonl.gz', 'method'],
    ['missing.jsonl', 'ENOENT'],
    ['nothing.json', 'nothing in it can be compared'],
  ])('%s fails with a sentence', (name, message) => {
    const { code, errors } = replay(name);
    expect(code).toBe(1);
    expect(errors).toMatch(new RegExp(`^${name}: [^\\n]*$`));
    expect(errors).toContain(message);
  });

  it('one bad file among several does not keep the others from being replayed, nor the failure from being told', () => {
    const { code, output, errors } = replay('missing.jsonl', 'good.jsonl', 'wrong.jsonl', 'good.jsonl.gz');
    expect(code).toBe(1);
    expect(errors).toContain('missing.jsonl: ENOENT');
    expect(output.match(/^good.*reproduced/gm)).toHaveLength(2);
    expect(replay('good.jsonl', 'good.jsonl.gz').code).toBe(0);
  });

  it('without a file it says how it is used', () => {
    const { code, errors } = replay();
    expect(code).toBe(2);
    expect(errors).toContain('usage: npm run replay -- FILE');
  });
});
