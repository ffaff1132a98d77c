import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The committed selections: `scripts/select-recordings.mjs` made them from the full recordings. */
export const recordingNames = [
  'kafka-controller-traces.jsonl',
  'kafka-leader-traces.jsonl',
  'kafka-cluster-traces.jsonl',
  'kafka-follower-traces.jsonl',
  'kafka-placer-traces.jsonl',
  'kafka-vectors.json',
  'mrc-scenarios.json',
] as const;

export type RecordingName = (typeof recordingNames)[number];

/**
 * Sequences that nobody recorded, in the forms of the recordings: what the reference models that reproduce these do in
 * situations which no recorded sequence reaches, such as reassignments. Each is the smallest that notices some guard.
 */
export const addedSequences = 'added-sequences.jsonl';

export function readRecording(name: RecordingName | typeof addedSequences): string {
  return gunzipSync(readFileSync(new URL(`../fixtures/traces/${name}.gz`, import.meta.url))).toString('utf8');
}
