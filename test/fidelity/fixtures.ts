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

export function readRecording(name: RecordingName): string {
  return gunzipSync(readFileSync(new URL(`../fixtures/traces/${name}.gz`, import.meta.url))).toString('utf8');
}
