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
import { emptyReport, guarded, type ReplayReport } from './replay';

/**
 * Replays the text of any recording: JSON lines of the five forms, the vectors, or the scenarios. The form is told from
 * the content, as files may be renamed. A sequence that cannot be read is one that was not reproduced; the others are
 * replayed all the same.
 */
export function replayText(name: string, text: string, rules: KafkaRules = currentRules): ReplayReport {
  const whole = wholeFile(text);
  if (whole === undefined) return replayLines(name, text, rules);
  const fields = Fields.of(whole, name);
  if (fields.has('vectors')) {
    const vectors = fields.objects('vectors');
    return sum(vectors.map((vector) => guarded(vector.where, () => replayVector(vector, rules))));
  }
  if (fields.has('scenarios')) return sum(replayScenarios(fields, rules));
  return guarded(name, () => replaySequence(fields, rules));
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
  const reports = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${name}:${index + 1}`;
    return [guarded(where, () => replaySequence(Fields.of(parseJson(line, where), where), rules))];
  });
  if (reports.length === 0) throw new MalformedRecording(name, 'no recording in it');
  return sum(reports);
}

function replaySequence(sequence: Fields, rules: KafkaRules): ReplayReport {
  if (sequence.has('assignments')) return replayPlacer(sequence);
  if (sequence.has('replicaLagTimeMaxMs')) return replayFollower(sequence, rules);
  if (sequence.has('brokers') && sequence.has('elr')) return replayController(sequence, rules);
  if (sequence.has('init') && sequence.child('init').has('rf')) return replayCluster(sequence, rules);
  if (sequence.has('init') && sequence.child('init').has('leader')) return replayLeader(sequence, rules);
  throw new MalformedRecording(sequence.where, 'none of the known forms of a recording');
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
      return byHand(vector, () => replayRaft(vector, rules));
    case 'endToEnd':
      return byHand(vector, () => replayEndToEnd(vector, rules));
    case 'client':
      return byHand(vector, () => replayClient(vector));
    case 'loss':
      return byHand(vector, () => replayLoss(vector, rules));
    case 'observer':
      return byHand(vector, () => replayObserver(vector, rules));
    default:
      throw new MalformedRecording(vector.where, `group "${group}" is not known`);
  }
}

/**
 * Vectors that were written by hand say in free form what is given and what happens. One whose setting is in none of the
 * forms that are understood is named as not compared; an expectation that cannot be read is not reproduced.
 */
function byHand(vector: Fields, replay: () => ReplayReport): ReplayReport {
  try {
    return replay();
  } catch (error) {
    if (!(error instanceof MalformedRecording) || error.where.includes('.expect')) throw error;
    return { ...emptyReport, skipped: [`${vector.string('id')}: ${error.message}`] };
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
