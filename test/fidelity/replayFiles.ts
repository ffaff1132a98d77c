import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MalformedRecording } from './json';
import { replayText } from './recordings';
import type { Mismatch } from './replay';

const shownMismatches = 5;

/** `npm run replay -- FILE…`: replays recordings of Kafka's own classes on the exact model; exits 0 only if all agree. */
function main(files: readonly string[]): number {
  if (files.length === 0) {
    console.error('usage: npm run replay -- FILE… (recordings .jsonl or .jsonl.gz, vectors, scenarios)');
    return 2;
  }
  const agreed = files.map(replayFile);
  return agreed.every(Boolean) ? 0 : 1;
}

function replayFile(file: string): boolean {
  try {
    const { steps, reproduced, skipped, mismatches } = replayText(file, readText(file));
    console.log(`${file}: reproduced ${reproduced} of ${steps} steps`);
    for (const reason of skipped) console.log(`  not compared: ${reason}`);
    for (const mismatch of mismatches.slice(0, shownMismatches)) console.log(describe(mismatch));
    if (mismatches.length > shownMismatches) console.log(`  … and ${mismatches.length - shownMismatches} more`);
    return mismatches.length === 0 && reproduced === steps;
  } catch (error) {
    if (!(error instanceof MalformedRecording) && !isFileError(error)) throw error;
    console.error(`${file}: ${error.message}`);
    return false;
  }
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (gzipped ? gunzipSync(bytes) : bytes).toString('utf8');
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}

function describe({ sequence, step, event, differences }: Mismatch): string {
  const lines = differences.map((difference) => `      ${difference}`);
  return [`  ${sequence}, step ${step}: ${JSON.stringify(event)}`, ...lines].join('\n');
}

process.exitCode = main(process.argv.slice(2));
