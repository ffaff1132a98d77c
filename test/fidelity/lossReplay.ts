import { BrokerPartition } from '../../src/simulator/cluster/brokerPartition';
import { Cluster } from '../../src/simulator/cluster/cluster';
import { ReplicaLog } from '../../src/simulator/cluster/log';
import { currentRules, type KafkaRules } from '../../src/simulator/cluster/rules';
import { type Run, runScenario } from '../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault } from '../../src/simulator/cluster/scenario/scenario';
import { Checks } from './checks';
import { fenceBySessionExpiry, heartbeatResult } from './controllerReplay';
import { type Fields, MalformedRecording } from './json';
import { notCompared, type ReplayReport } from './replay';

/** Which acknowledged records are lost: `{given, events, expect: [{leader, lostAcked}]}`. */
export function replayLoss(vector: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(vector.string('id'));
  const given = vector.child('given');
  if (given.has('acked')) checkExactLoss(vector, given, rules, checks);
  else checkRunLoss(vector, given, rules, checks);
  return checks.report();
}

const exactGivenKeys: ReadonlySet<string> = new Set([
  'replicas',
  'isr',
  'leader',
  'minIsr',
  'acked',
  'acks',
  'leoOf',
  'unclean',
]);
const exactLossKeys: ReadonlySet<string> = new Set(['leader', 'lostAcked']);

/** Offsets are given: records acknowledged, then what each replica holds when the leader fails. */
function checkExactLoss(vector: Fields, given: Fields, rules: KafkaRules, checks: Checks): void {
  refuseUnknown(given, exactGivenKeys);
  const replicas = given.numbers('replicas');
  const acked = given.number('acked');
  const cluster = new Cluster({
    brokers: replicas,
    replicas,
    ...(given.has('leoOf') ? { isr: given.numbers('isr') } : {}),
    settings: {
      minInsyncReplicas: given.numberOr('minIsr', 1),
      uncleanLeaderElection: given.booleanOr('unclean', false),
    },
    elrEnabled: false,
    rules,
    sessionTimeoutMs: Number.POSITIVE_INFINITY,
  });
  const [leader = 1, ...followers] = replicas;
  for (let record = 0; record < acked; record++) cluster.produce(leader, given.numberOr('acks', -1));
  for (const id of followers) {
    const upTo = given.has('leoOf') ? given.child('leoOf').number(String(id)) : acked;
    cluster.fetch(id, upTo);
    cluster.fetch(id, 0);
  }
  cluster.completeProduces();
  for (const event of vector.objects('events')) applyLoss(cluster, event, given, followers);
  for (const expected of vector.objects('expect')) {
    const elected = cluster.controller.partition.leader;
    const held = new Set(cluster.broker(elected)?.log.ids ?? []);
    const lost = [...cluster.acknowledged.keys()].filter((record) => !held.has(record)).length;
    const found: string[] = [];
    if (expected.has('leader') && expected.number('leader') !== elected) found.push(`leader: model ${elected}`);
    const stated = Number.parseInt(String(expected.value('lostAcked')), 10);
    if (stated !== lost) found.push(`lostAcked: model ${lost}`);
    for (const reason of notCompared(vector.string('id'), 'an expectation', expected.keys, exactLossKeys)) {
      checks.skip(reason);
    }
    checks.expect(expected.object, found);
  }
}

function applyLoss(cluster: Cluster, event: Fields, given: Fields, followers: readonly number[]): void {
  const { controller } = cluster;
  const id = event.number('broker');
  switch (event.string('op')) {
    case 'fence':
      fenceBySessionExpiry(controller, id);
      break;
    case 'powerLoss':
      // The ISR is the leader alone by then: the others went before it.
      for (const follower of followers) fenceBySessionExpiry(controller, follower);
      cluster.stop(id, 0);
      fenceBySessionExpiry(controller, id);
      break;
    case 'SIGKILL':
      cluster.stop(id, cluster.broker(id)?.log.highWatermark ?? 0);
      fenceBySessionExpiry(controller, id);
      break;
    case 'start':
      cluster.restart(id, false, given.number('acked') - given.number(`flushedAt${id}`));
      heartbeatResult(controller, id, false);
      break;
    default:
      throw new MalformedRecording(event.where, `event "${event.string('op')}" is not known`);
  }
  for (const broker of cluster.running.keys()) cluster.deliverMetadata(broker);
}

/** Words that say what to do to a cluster of three: power lost, or a process killed. */
function checkRunLoss(vector: Fields, given: Fields, rules: KafkaRules, checks: Checks): void {
  const replicas = [1, 2, 3];
  const setup = {
    ...defaultSetup,
    brokers: replicas.map((id) => ({ id, datacenter: `broker-${id}` })),
    controllers: null,
    replicas,
    observers: [],
    minIsr: given.numberOr('minIsr', 2),
    elrEnabled: given.stringOr('elr', 'off') === 'on',
    rules,
  };
  refuseUnknown(given, runGivenKeys);
  const faults = vector.objects('events').flatMap((event): Fault[] => {
    const named = event.has('brokers') ? event.value('brokers') : 1;
    const brokers = typeof named === 'number' ? replicas.slice(0, named) : event.numbers('brokers');
    return [readLoss(event, brokers), { kind: 'return-brokers', brokers }];
  });
  const steps = faults.map((fault) => ({ when: 'settled', fault }) as const);
  const run = runScenario(setup, { name: vector.string('id'), steps }, 'worst');
  for (const expected of vector.objects('expect')) compareRun(expected, run, checks);
}

const runGivenKeys: ReadonlySet<string> = new Set(['minIsr', 'elr']);

/** A setting that says more than is understood would be simulated as another one. */
function refuseUnknown(given: Fields, known: ReadonlySet<string>): void {
  const unknown = given.keys.filter((key) => !known.has(key) && !/^flushedAt\d+$/.test(key));
  if (unknown.length > 0) throw new MalformedRecording(given.where, `"${unknown.join('", "')}" is not understood`);
}

function readLoss(event: Fields, brokers: readonly number[]): Fault {
  const op = event.string('op');
  switch (op) {
    case 'SIGKILL':
      return { kind: 'crash-brokers', brokers };
    case 'powerLoss':
      return { kind: 'power-loss', brokers, lostRecords: 2 };
    default:
      throw new MalformedRecording(event.where, `event "${op}" is not known`);
  }
}

function compareRun(expected: Fields, run: Run, checks: Checks): void {
  const lost = run.lost.filter((record) => record.acks === -1).length;
  const found: string[] = [];
  let compared = 0;
  const lastKnown = run.steps.find(
    ({ cause }) => cause.kind === 'leader-elected' && cause.election === 'last-known-leader',
  );
  for (const key of expected.keys) {
    const stated = expected.value(key);
    compared++;
    if ((key === 'lostAcked' || key === 'logLoss') && typeof stated === 'number') {
      if (stated !== lost) found.push(`${key}: model ${lost}`);
    } else if (key === 'recovery') {
      // An election of the last known leader counts as unclean, and so does its recovery state.
      const recovery = lastKnown === undefined ? 'RECOVERED' : 'RECOVERING';
      if (stated !== recovery) found.push(`recovery: model ${recovery}`);
    } else if (key === 'leader' && stated === 'lastKnownElr[0]') {
      if (lastKnown === undefined) found.push('leader: the last known leader was not elected');
    } else if (key === 'registration') {
      const unclean = run.steps.some(({ cause }) => cause.kind === 'brokers-returned' && !cause.clean);
      if (unclean !== (stated === 'unclean')) found.push(`registration: model unclean ${unclean}`);
    } else {
      // "lostAcked: possible" is no number: this run may lose some or none.
      checks.skip(`"${key}": ${JSON.stringify(stated)}`);
      compared--;
    }
  }
  if (compared > 0) checks.expect(expected.object, found);
}

/** What clients are told, as far as it is stated in fields: epochs of a request against the leader's. */
export function replayClient(vector: Fields): ReplayReport {
  const checks = new Checks(vector.string('id'));
  const events = vector.objects('events');
  const expectations = vector.objects('expect');
  if (!vector.child('given').has('leaderEpoch') || events.length !== expectations.length) {
    checks.skip('what it states of clients is prose');
    return checks.report();
  }
  const leaderEpoch = vector.child('given').number('leaderEpoch');
  const options = { id: 1, brokerEpoch: 1, rules: currentRules, observerPolicy: null, lagTimeMaxMs: 30_000 };
  const partition = new BrokerPartition(options, new ReplicaLog());
  const registration = { replicas: [1, 2], observers: [], isr: [1, 2], leader: 1, leaderEpoch, partitionEpoch: 0 };
  partition.applyMetadata({ registration, image: new Map(), minInsyncReplicas: 1 }, 0);
  events.forEach((event, index) => {
    const request = {
      replica: 2,
      brokerEpoch: 1,
      leaderEpoch: event.number('currentLeaderEpoch'),
      fetchOffset: 0,
      lastFetchedEpoch: undefined,
    };
    const response = partition.serveFetch(request, 1, 0);
    const error = response.kind === 'error' ? response.error : 'NONE';
    const stated = expectations[index]?.string('error');
    checks.expect(event.object, error === stated ? [] : [`error: stated ${stated}, model ${error}`]);
  });
  return checks.report();
}
