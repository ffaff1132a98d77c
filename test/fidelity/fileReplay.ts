import { gunzipSync } from 'node:zlib';
import { replayText } from './recordings';
import type { Mismatch } from './replay';

const shownMismatches = 5;

/** Where the tool reads from and writes to; a test has its own. */
export interface Surroundings {
  readonly readFile: (file: string) => Uint8Array;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/**
 * Replays recordings of Kafka's own classes on the exact model. Returns the exit code: 0 only if every step of every
 * file was reproduced, 1 if not or if a file cannot be read, 2 if none is named.
 */
export function replayFiles(files: readonly string[], surroundings: Surroundings): number {
  if (files.length === 0) {
    surroundings.printError('usage: npm run replay -- FILE… (recordings .jsonl or .jsonl.gz, vectors, scenarios)');
    return 2;
  }
  const agreed = files.map((file) => replayFile(file, surroundings));
  return agreed.every(Boolean) ? 0 : 1;
}

function replayFile(file: string, { readFile, print, printError }: Surroundings): boolean {
  try {
    const { steps, reproduced, skipped, mismatches } = replayText(file, readText(readFile(file)));
    print(`${file}: reproduced ${reproduced} of ${steps} steps`);
    for (const reason of skipped) print(`  not compared: ${reason}`);
    for (const mismatch of mismatches.slice(0, shownMismatches)) print(describe(mismatch));
    if (mismatches.length > shownMismatches) print(`  … and ${mismatches.length - shownMismatches} more`);
    // Nothing compared is nothing reproduced: a file of which all is passed over must not look like a success.
    if (steps === 0) printError(`${file}: nothing in it can be compared`);
    return steps > 0 && mismatches.length === 0 && reproduced === steps;
  } catch (error) {
    // Whatever is wrong with a file, the others are still replayed and a person reads a sentence, not a stack.
    printError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** The text of a plain or a compressed file: told by its first bytes, as files may be renamed. */
function readText(bytes: Uint8Array): string {
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(gzipped ? gunzipSync(bytes) : bytes);
}

function describe({ sequence, step, event, differences }: Mismatch): string {
  const lines = differences.map((difference) => `      ${difference}`);
  return [`  ${sequence}, step ${step}: ${JSON.stringify(event)}`, ...lines].join('\n');
}
