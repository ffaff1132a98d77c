/**
 * Selects the recordings that the tests replay from the full ones:
 *
 *   node scripts/select-recordings.mjs FOLDER
 *
 * FOLDER holds the full recordings (`kafka-*-traces.jsonl.gz`, `kafka-vectors.json`, `mrc-scenarios.json`). Of the large
 * ones every n-th sequence is taken, so the selection is the same on every run and spread over the whole recording.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { inProject } from './lib/project.mjs';

/** Each recording with the distance between the sequences taken; 1 takes all. */
const recordings = {
  'kafka-controller-traces.jsonl': 2,
  'kafka-leader-traces.jsonl': 5,
  'kafka-cluster-traces.jsonl': 2,
  'kafka-follower-traces.jsonl': 1,
  'kafka-placer-traces.jsonl': 1,
};
const documents = ['kafka-vectors.json', 'mrc-scenarios.json'];

/** All fixtures together stay below this. */
const bytesMax = 1_000_000;

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/select-recordings.mjs FOLDER');
  process.exit(2);
}

const target = inProject('test/fixtures/traces');
mkdirSync(target, { recursive: true });
let bytes = 0;

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  const packed = gzipSync(text, { level: 9 });
  bytes += packed.length;
  writeFileSync(path.join(target, `${name}.gz`), packed);
  console.log(`${name}.gz: ${packed.length} bytes`);
}

for (const [name, distance] of Object.entries(recordings)) {
  const text = gunzipSync(readFileSync(path.join(folder, `${name}.gz`))).toString('utf8');
  const sequences = text.split('\n').filter((line) => line.trim() !== '');
  const taken = sequences.filter((_, index) => index % distance === 0);
  write(name, `${taken.join('\n')}\n`);
}
for (const name of documents) {
  // Written anew without the spaces that only help a reader.
  write(name, JSON.stringify(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))));
}

console.log(`${bytes} bytes in all`);
if (bytes > bytesMax) process.exitCode = 1;
