import { BrokerPartition } from '../../src/simulator/cluster/brokerPartition';
import { ReplicaLog } from '../../src/simulator/cluster/log';
import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { type Run, runScenario } from '../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault, type ScenarioSetup } from '../../src/simulator/cluster/scenario/scenario';
import { Checks, sameMembers } from './checks';
import { type Fields, MalformedRecording } from './json';
import { replicaOrders } from './permutations';
import { readPolicy } from './readPolicy';
import type { ReplayReport } from './replay';

/** Observers: `{given: {replicas, sync, observers, minIsr, policy, isr, leader}, events, expect}`. */
export function replayObserver(vector: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(vector.string('id'));
  if (vector.child('given').has('leoOf')) checkLeaderAlone(vector, rules, checks);
  else checkRuns(vector, rules, checks);
  return checks.report();
}

/** Chance decides who is first, so an expectation holds if it holds in one order of events. */
function checkRuns(vector: Fields, rules: KafkaRules, checks: Checks): void {
  const given = vector.child('given');
  const events = vector.objects('events').map((event) => readFault(event));
  const expectations = vector.objects('expect');
  for (const expected of expectations) {
    const count = expected.numberOr('afterStep', events.length);
    if (count < 0 || count > events.length) {
      throw new MalformedRecording(expected.where, `"afterStep" is ${count} of ${events.length}`);
    }
    const uncompared = uncomparedKeys(expected);
    for (const key of uncompared) checks.skip(`"${key}": ${JSON.stringify(expected.value(key))}`);
    const hasState = expected.keys.some((key) => key !== 'afterStep' && !uncompared.includes(key));
    if (hasState) checks.expect(expected.object, leastDifferences(given, events.slice(0, count), expected, rules));
  }
}

/** What an expectation states of a run in other than the forms that are understood. */
function uncomparedKeys(expected: Fields): string[] {
  return expected.keys.filter((key) => {
    if (key === 'acksAll') return readProduce(expected.string(key)) === undefined;
    return !['afterStep', 'leader', 'isr'].includes(key);
  });
}

function readProduce(text: string): 'accepted' | 'refused' | undefined {
  if (text === 'accepted') return 'accepted';
  return text === 'NOT_ENOUGH_REPLICAS' ? 'refused' : undefined;
}

/** No differences if one order gives what is stated, before or after leadership has returned to the preferred leader. */
function leastDifferences(given: Fields, faults: readonly Fault[], expected: Fields, rules: KafkaRules): string[] {
  let first: string[] | undefined;
  for (const autoLeaderRebalance of [false, true]) {
    for (const order of replicaOrders(given.numbers('replicas'), given.numbers('observers'))) {
      const run = runFrom(given, faults, { order, autoLeaderRebalance, rules });
      const found = compare(expected, run);
      if (found.length === 0 || run.limitReached) return found;
      first ??= found;
    }
  }
  return first ?? [];
}

function runFrom(
  given: Fields,
  faults: readonly Fault[],
  how: Pick<ScenarioSetup, 'autoLeaderRebalance' | 'rules'> & { readonly order: readonly number[] },
): Run {
  const replicas = given.numbers('replicas');
  const setup: ScenarioSetup = {
    ...defaultSetup,
    brokers: replicas.map((id) => ({ id, datacenter: `broker-${id}` })),
    controllers: null,
    replicas,
    observers: given.numbers('observers'),
    minIsr: given.number('minIsr'),
    policy: readPolicy(given.string('policy')),
    ...how,
  };
  // A state that lacks sync replicas came about by losing them, one after another, the last member of the ISR last.
  const isr = given.numbersOr('isr', given.numbers('sync'));
  const missing = given.numbers('sync').filter((id) => !isr.includes(id));
  const leaderless = given.numberOr('leader', replicas[0] ?? 1) === -1 ? isr : [];
  const before = [...missing, ...leaderless].map((id): Fault => ({ kind: 'crash-brokers', brokers: [id] }));
  const steps = [...before, ...faults].map((fault) => ({ when: 'settled', fault }) as const);
  return runScenario(setup, { name: 'observers', steps }, 'worst');
}

function compare(expected: Fields, run: Run): string[] {
  const state = run.steps.at(-1)?.state;
  if (state === undefined || run.limitReached) return ['the model does not settle'];
  const found: string[] = [];
  const leader = state.leader ?? -1;
  if (expected.has('leader') && expected.number('leader') !== leader) found.push(`leader: model ${leader}`);
  if (expected.has('isr') && !sameMembers(expected.numbers('isr'), state.isr)) found.push(`isr: model [${state.isr}]`);
  const produce = expected.has('acksAll') ? readProduce(expected.string('acksAll')) : undefined;
  if (produce !== undefined && produce !== state.produce) found.push(`acksAll: model ${state.produce}`);
  return found;
}

function readFault(event: Fields): Fault {
  const brokers = event.has('brokers') ? event.numbers('brokers') : event.has('broker') ? [event.number('broker')] : [];
  switch (event.string('op')) {
    case 'stop':
    case 'stopDc':
      return { kind: 'stop-brokers', brokers };
    case 'start':
    case 'startDc':
      return { kind: 'return-brokers', brokers };
    case 'electLeaders':
      return { kind: 'elect-leader', election: event.string('type') === 'UNCLEAN' ? 'unclean' : 'preferred' };
    case 'electPreferredTask':
      return { kind: 'elect-leader', election: 'preferred' };
    case 'SIGKILL':
    case 'kill':
    case 'killDc':
      return { kind: 'crash-brokers', brokers };
    default:
      throw new MalformedRecording(event.where, `event "${event.string('op')}" is not known`);
  }
}

/** Offsets are given: a leader with that log, whose followers fetch at those offsets. */
function checkLeaderAlone(vector: Fields, rules: KafkaRules, checks: Checks): void {
  const given = vector.child('given');
  const id = given.number('leader');
  const highWatermark = given.number('hw');
  const replicas = given.numbers('replicas');
  const observers = given.numbers('observers');
  const minInsyncReplicas = given.number('minIsr');
  const records = Array.from({ length: highWatermark }, () => 0);
  const log = ReplicaLog.restored(records, records, highWatermark);
  const policy = { policy: readPolicy(given.string('policy')), syncReplicas: given.numbers('sync').length };
  const partition = new BrokerPartition(
    { id, brokerEpoch: 1, rules, observerPolicy: policy, lagTimeMaxMs: 30_000 },
    log,
  );
  const registration = {
    replicas,
    observers,
    isr: given.numbers('isr'),
    leader: id,
    leaderEpoch: 0,
    partitionEpoch: 0,
  };
  const image = new Map(replicas.map((broker) => [broker, { epoch: 1, fenced: false, inControlledShutdown: false }]));
  partition.applyMetadata({ registration, image, minInsyncReplicas }, 0);
  const leader = partition.leading;
  if (leader === undefined) throw new MalformedRecording(given.where, `broker ${id} does not lead`);
  const fetch = (follower: number, offset: number): void => {
    const leaderEndOffset = log.endOffset;
    leader.recordFetch(follower, { offset, brokerEpoch: 1, aliveBrokerEpoch: 1, leaderEndOffset, nowMs: 1 });
  };
  const offsets = given.child('leoOf');
  for (const follower of Object.keys(offsets.object)) fetch(Number(follower), offsets.number(follower));
  for (const event of vector.objects('events')) fetch(event.number('broker'), event.number('offset'));

  for (const expected of vector.objects('expect')) {
    const found: string[] = [];
    let compared = 0;
    if (expected.has('isr')) {
      compared++;
      const { maximalIsr } = leader;
      if (!sameMembers(expected.numbers('isr'), maximalIsr)) found.push(`isr: model [${maximalIsr}]`);
    }
    if (expected.has('acksAll')) {
      compared++;
      const reply = leader.append(-1, 1, 2);
      if (reply !== expected.string('acksAll')) found.push(`acksAll: model ${JSON.stringify(reply)}`);
    }
    if (expected.has('hw') && expected.value('hw') === 'min LEO of ISR only') {
      compared++;
      // "min LEO of ISR only": once the ISR has the next record, no observer's offset holds it back.
      leader.append(-1, 1, 2);
      for (const member of leader.isr) if (member !== id) fetch(member, log.endOffset);
      if (log.highWatermark !== log.endOffset) found.push(`hw: model ${log.highWatermark} of ${log.endOffset}`);
    } else if (expected.has('hw')) {
      checks.skip(`"hw": ${JSON.stringify(expected.value('hw'))}`);
    }
    const known: ReadonlySet<string> = new Set(['isr', 'acksAll', 'hw']);
    for (const key of expected.keys) if (!known.has(key)) checks.skip(`"${key}" of an expectation`);
    if (compared > 0) checks.expect(expected.object, found);
  }
}
