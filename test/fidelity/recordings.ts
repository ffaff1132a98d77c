import { currentRules, type KafkaRules } from '../../src/simulator/cluster/rules';
import { replayCluster, replayClusterVector } from './clusterReplay';
import { replayController, replayControllerVector } from './controllerReplay';
import { replayScenarios } from './describeReplay';
import { replayEndToEnd } from './endToEndReplay';
import { replayFollower } from './followerReplay';
import { Fields, type Json, MalformedRecording, parseJson } from './json';
import { replayLeader } from './leaderReplay';
import { replayClient, replayLoss } from './lossReplay';
import { replayObserver } from './observerReplay';
import { replayPlacementVector, replayPlacer } from './placerReplay';
import { replayRaft } from './raftReplay';
import { emptyReport, type ReplayReport } from './replay';

/**
 * Replays the text of any recording: JSON lines of the five forms, the vectors, or the scenarios. The form is told from
 * the content, as files may be renamed.
 */
export function replayText(name: string, text: string, rules: KafkaRules = currentRules): ReplayReport {
  const whole = wholeFile(text);
  if (whole === undefined) return replayLines(name, text, rules);
  const fields = Fields.of(whole, name);
  if (fields.has('vectors')) return sum(fields.objects('vectors').map((vector) => replayVector(vector, rules)));
  if (fields.has('scenarios')) return sum(replayScenarios(fields, rules));
  return replaySequence(fields, rules);
}

/** One JSON document, as the vectors and scenarios are; `undefined` for JSON lines. */
function wholeFile(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function replayLines(name: string, text: string, rules: KafkaRules): ReplayReport {
  const lines = text.split('\n');
  const reports = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${name}:${index + 1}`;
    return [replaySequence(Fields.of(parseJson(line, where), where), rules)];
  });
  if (reports.length === 0) throw new MalformedRecording(`${name}: no recording in it`);
  return sum(reports);
}

function replaySequence(sequence: Fields, rules: KafkaRules): ReplayReport {
  if (sequence.has('assignments')) return replayPlacer(sequence);
  if (sequence.has('replicaLagTimeMaxMs')) return replayFollower(sequence, rules);
  if (sequence.has('brokers') && sequence.has('elr')) return replayController(sequence, rules);
  if (sequence.has('init') && sequence.child('init').has('rf')) return replayCluster(sequence, rules);
  if (sequence.has('init') && sequence.child('init').has('leader')) return replayLeader(sequence, rules);
  throw new MalformedRecording(`${sequence.where}: none of the known forms of a recording`);
}

function replayVector(vector: Fields, rules: KafkaRules): ReplayReport {
  const group = vector.string('group');
  switch (group) {
    case 'controller':
      return replayControllerVector(vector, rules);
    case 'broker':
      return replayLeader(vector, rules);
    case 'cluster':
    case 'lossTrace':
      return replayClusterVector(vector, rules);
    case 'placement':
      return replayPlacementVector(vector);
    case 'raft':
      return replayRaft(vector, rules);
    case 'endToEnd':
      return replayEndToEnd(vector, rules);
    case 'client':
      return replayClient(vector);
    case 'loss':
      return replayLoss(vector, rules);
    case 'observer':
      return replayObserver(vector, rules);
    default:
      return { ...emptyReport, skipped: [`${vector.string('id')}: group "${group}" is not known`] };
  }
}

function sum(reports: readonly ReplayReport[]): ReplayReport {
  // Folding with addReports would copy the lists once per sequence.
  return {
    steps: reports.reduce((total, report) => total + report.steps, 0),
    reproduced: reports.reduce((total, report) => total + report.reproduced, 0),
    skipped: reports.flatMap((report) => report.skipped),
    mismatches: reports.flatMap((report) => report.mismatches),
  };
}
