import { MockRandom, placeStriped, type UsableBroker } from '../../src/simulator/cluster/placer';
import { differences } from './compare';
import type { Fields, Json } from './json';
import type { ReplayReport } from './replay';

/** A line of `kafka-placer-traces`: `{id, numPartitions, rf, brokers, assignments}`; one step each. */
export function replayPlacer(sequence: Fields): ReplayReport {
  return replayPlacement(sequence.string('id'), sequence, sequence.value('assignments'));
}

/** A placement vector: the same under `given`, with `expect` either assignments or the exception's name. */
export function replayPlacementVector(vector: Fields): ReplayReport {
  return replayPlacement(vector.string('id'), vector.child('given'), vector.value('expect'));
}

function replayPlacement(id: string, given: Fields, expected: Json): ReplayReport {
  const brokers = given.objects('brokers').map(readBroker);
  const placed = placeStriped(new MockRandom(), brokers, given.number('numPartitions'), given.number('rf'));
  const model = placed === 'INVALID_REPLICATION_FACTOR' ? 'InvalidReplicationFactorException' : placed;
  const found = differences({ assignments: expected }, { assignments: model });
  const mismatches = found.length === 0 ? [] : [{ sequence: id, step: 1, event: given.object, differences: found }];
  return { steps: 1, reproduced: found.length === 0 ? 1 : 0, skipped: [], mismatches };
}

function readBroker(broker: Fields): UsableBroker {
  return {
    id: broker.number('id'),
    rack: broker.has('rack') ? broker.string('rack') : null,
    fenced: broker.booleanOr('fenced', false),
  };
}
