import { majority } from '../../src/kafka/cluster';
import type { ObserverPromotionPolicy } from '../../src/kafka/placement';
import { type Location, Network } from '../../src/simulator/cluster/network';
import { Quorum } from '../../src/simulator/cluster/quorum';
import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { runScenario } from '../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault, type ScenarioSetup } from '../../src/simulator/cluster/scenario/scenario';
import type { PartitionSnapshot } from '../../src/simulator/timeline';
import { Checks, sameMembers } from './checks';
import { Fields, type Json } from './json';
import { replicaOrders } from './permutations';
import { checkProse } from './proseReplay';
import { readPolicy } from './readPolicy';
import type { ReplayReport } from './replay';

/** A cluster as the scenarios describe it. */
interface KnownCluster {
  readonly brokers: readonly Location[];
  readonly controllers: readonly Location[] | null;
}

/** A state that some `kafka-topics --describe` printed. */
interface PrintedState {
  readonly leader: number | null | undefined;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[] | undefined;
  readonly observers: readonly number[];
}

interface Topic {
  readonly minIsr: number;
  readonly policy: ObserverPromotionPolicy;
}

/** What was done to the cluster before a state was printed. */
interface DoneSoFar {
  readonly faults: readonly Fault[];
  /** The assignment before a reassignment among the faults; else the printed one is meant from the start. */
  readonly assignmentBefore: PrintedState | undefined;
  readonly waitsForPreferredElection: boolean;
}

/**
 * `mrc-scenarios.json`: states printed by real clusters and in Confluent's documentation. Printed texts are stitched from
 * several runs, so each state is reached anew with the assignment it prints. What Kafka leaves to chance (which observer
 * is first, which broker is fenced first) is tried in every order: one of them must give the printed state.
 */
export function replayScenarios(file: Fields, rules: KafkaRules): readonly ReplayReport[] {
  const clusters = file.child('clusters');
  return file.objects('scenarios').map((scenario) => replayScenario(scenario, clusters, rules));
}

function replayScenario(scenario: Fields, clusters: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(scenario.string('id'));
  if (scenario.has('table')) checkQuorumTable(scenario, checks);
  if (!scenario.has('steps')) return checks.report();
  const cluster = scenario.has('cluster') ? readCluster(clusters.child(scenario.string('cluster'))) : undefined;
  const topic = readTopic(scenario);
  const topicObservers = scenario.has('topic') ? scenario.child('topic').numbersOr('observers', []) : [];
  let done: DoneSoFar = { faults: [], assignmentBefore: undefined, waitsForPreferredElection: false };
  let printedBefore: PrintedState | undefined;
  const proseFaults: Fault[] = [];
  for (const step of scenario.objects('steps')) {
    const printed = readPrinted(step, cluster, topicObservers);
    if (checkQuorumOnly(step, cluster, checks)) continue;
    if (printed.length === 0 && checkProse(scenario, step, proseFaults, rules, checks)) continue;
    if (isConfigurationOnly(step)) {
      checks.skip(notModelled(step));
      continue;
    }
    const faults = step.has('action') ? readAction(step.child('action'), cluster, printed[0]) : undefined;
    if (faults === undefined) {
      checks.skip(`${notModelled(step)}; nor can what follows it be reached`);
      break;
    }
    const reassigns = faults.some((fault) => fault.kind === 'reassign');
    done = {
      faults: [...done.faults, ...faults],
      assignmentBefore: done.assignmentBefore ?? (reassigns ? printedBefore : undefined),
      waitsForPreferredElection: step.has('action') && step.child('action').has('waitSeconds'),
    };
    printedBefore = printed[0] ?? printedBefore;
    if (cluster === undefined || printed.length === 0) {
      if (!checkRejoin(step, cluster, printedBefore, done, topic, rules, checks)) checks.skip(notModelled(step));
      continue;
    }
    for (const state of printed) {
      checks.expect(step.object, stateDifferences(state, step, done, cluster, topic, rules));
    }
  }
  return checks.report();
}

/** A source that names the broker which rejoins the ISR, without printing the state. */
function checkRejoin(
  step: Fields,
  cluster: KnownCluster | undefined,
  printedBefore: PrintedState | undefined,
  done: DoneSoFar,
  topic: Topic,
  rules: KafkaRules,
  checks: Checks,
): boolean {
  if (cluster === undefined || printedBefore === undefined) return false;
  if (!step.has('expect') || !step.child('expect').has('isrRejoin')) return false;
  const rejoining = step.child('expect').number('isrRejoin');
  const setup = setupFor(printedBefore, done, cluster, topic, rules, false, printedBefore.replicas);
  const isr = settledState(setup, done.faults)?.isr ?? [];
  checks.expect(step.object, isr.includes(rejoining) ? [] : [`isr: ${rejoining} did not rejoin [${isr}]`]);
  return true;
}

/** A request to create or configure a topic, whose answer is all that the source is about. */
function isConfigurationOnly(step: Fields): boolean {
  if (!step.has('action')) return false;
  const action = step.child('action');
  const type = action.string('type');
  if (type === 'alterConfig' || type === 'deleteConfig') return true;
  return type === 'create' && !step.has('printed') && !step.has('printedPartitions');
}

function notModelled(step: Fields): string {
  const what = step.has('action') ? JSON.stringify(step.value('action')) : JSON.stringify(step.object);
  return `${what.slice(0, 120)} prints no state of a partition (creation, configuration or prose)`;
}

// ---- reading

function readTopic(scenario: Fields): Topic {
  if (!scenario.has('topic')) return { minIsr: 1, policy: 'leader-is-observer' };
  const topic = scenario.child('topic');
  const minIsr = topic.numberOr('minInsyncReplicas', 1);
  if (!topic.has('placement')) return { minIsr, policy: 'leader-is-observer' };
  const placement = topic.child('placement');
  if (placement.number('version') === 1) return { minIsr, policy: 'leader-is-observer' };
  return { minIsr, policy: readPolicy(placement.stringOr('observerPromotionPolicy', '')) };
}

function readCluster(fields: Fields): KnownCluster {
  const datacenterOf = (rack: string): string =>
    fields.has('dcOf') ? fields.child('dcOf').stringOr(rack, rack) : rack;
  const brokers = fields.objects('brokers').map((broker) => {
    const id = broker.number('id');
    return { id, datacenter: broker.has('rack') ? datacenterOf(broker.string('rack')) : `broker-${id}` };
  });
  if (!fields.has('controllers')) return { brokers, controllers: null };
  const lists = Object.values(fields.child('controllers').object);
  const listed = lists.find((list) => Array.isArray(list) && list.every((item) => typeof item === 'object'));
  if (!Array.isArray(listed)) return { brokers, controllers: null };
  const controllers = listed.map((item: Json, index) => {
    const controller = Fields.of(item, `${fields.where}.controllers`);
    // Controllers are processes of their own here, so their ids must not meet those of brokers.
    return { id: 10_000 + index, datacenter: controller.string('site') };
  });
  return { brokers, controllers };
}

function readPrinted(step: Fields, cluster: KnownCluster | undefined, observers: readonly number[]): PrintedState[] {
  if (step.has('printedPartitions'))
    return step.objects('printedPartitions').map((state) => readState(state, cluster, observers));
  return step.has('printed') ? [readState(step.child('printed'), cluster, observers)] : [];
}

function readState(fields: Fields, cluster: KnownCluster | undefined, observers: readonly number[]): PrintedState {
  const isr = fields.numbers('isr');
  const all = cluster?.brokers.map((broker) => broker.id) ?? [];
  const replicas = fields.numbersOr('replicas', [...isr, ...all.filter((id) => !isr.includes(id))]);
  return {
    leader: 'leader' in fields.object ? (fields.has('leader') ? fields.number('leader') : null) : undefined,
    replicas,
    isr,
    offline: fields.has('offline') ? fields.numbers('offline') : undefined,
    observers: fields.numbersOr(
      'observers',
      fields.has('replicas') ? observers : replicas.filter((id) => !isr.includes(id)),
    ),
  };
}

/** The faults an action stands for; `undefined` for actions that do nothing to brokers or leaders. */
function readAction(
  action: Fields,
  cluster: KnownCluster | undefined,
  printed: PrintedState | undefined,
): Fault[] | undefined {
  const brokersOf = (): readonly number[] => {
    if (action.has('brokers')) return action.numbers('brokers');
    if (action.has('broker')) return [action.number('broker')];
    return (
      cluster?.brokers.filter((broker) => broker.datacenter === action.stringOr('dc', '')).map(({ id }) => id) ?? []
    );
  };
  const controllers = (key: string): number[] => sitesOf(action, key).flatMap((site) => controllersAt(cluster, site));
  const type = action.string('type');
  switch (type) {
    case 'create':
      return [];
    case 'stopBroker':
    case 'stopDc':
      return [
        { kind: 'stop-brokers', brokers: brokersOf() },
        { kind: 'lose-controllers', controllers: controllers('alsoStop') },
      ];
    case 'kill':
    case 'killBroker':
    case 'killDc':
      return [{ kind: 'crash-brokers', brokers: brokersOf() }];
    case 'pauseBroker':
      return [{ kind: 'freeze-brokers', brokers: brokersOf() }];
    case 'unpauseBroker':
    case 'resumeBroker':
      return [{ kind: 'resume-brokers', brokers: brokersOf() }];
    case 'start':
    case 'startBroker':
    case 'startDc':
      return [
        { kind: 'return-controllers', controllers: controllers('alsoStart') },
        { kind: 'return-brokers', brokers: brokersOf() },
      ];
    case 'promote+UNCLEAN':
      return [{ kind: 'elect-leader', election: 'unclean' }];
    case 'electLeaders':
      return [
        { kind: 'elect-leader', election: action.string('electionType') === 'UNCLEAN' ? 'unclean' : 'preferred' },
      ];
    case 'alterPlacementAndRebalance':
      return printed && [{ kind: 'reassign', replicas: printed.replicas, observers: printed.observers }];
    default:
      return undefined;
  }
}

function sitesOf(action: Fields, key: string): string[] {
  if (!action.has(key)) return [];
  return action.list(key).map((name) => String(name).split('-').at(-1) ?? '');
}

function controllersAt(cluster: KnownCluster | undefined, site: string): number[] {
  return cluster?.controllers?.filter((controller) => controller.datacenter === site).map(({ id }) => id) ?? [];
}

// ---- comparing

/** No order of events gives the printed state: the differences of the order that Kafka's lists suggest. */
function stateDifferences(
  printed: PrintedState,
  step: Fields,
  done: DoneSoFar,
  cluster: KnownCluster,
  topic: Topic,
  rules: KafkaRules,
): readonly string[] {
  let first: readonly string[] | undefined;
  for (const autoLeaderRebalance of done.waitsForPreferredElection ? [true] : [false, true]) {
    for (const order of replicaOrders(printed.replicas, printed.observers)) {
      const setup = setupFor(printed, done, cluster, topic, rules, autoLeaderRebalance, order);
      const state = settledState(setup, done.faults);
      if (state === undefined) return ['the model does not settle'];
      const found = compareState(printed, step, state, topic);
      if (found.length === 0) return [];
      first ??= found;
    }
  }
  return first ?? ['nothing was tried'];
}

function setupFor(
  printed: PrintedState,
  done: DoneSoFar,
  cluster: KnownCluster,
  topic: Topic,
  rules: KafkaRules,
  autoLeaderRebalance: boolean,
  order: readonly number[],
): ScenarioSetup {
  const { replicas, observers } = done.assignmentBefore ?? printed;
  const { brokers, controllers } = cluster;
  const { minIsr, policy } = topic;
  return {
    ...defaultSetup,
    brokers,
    controllers,
    replicas,
    observers,
    minIsr,
    policy,
    rules,
    autoLeaderRebalance,
    order,
  };
}

/** The state once nothing more happens; `undefined` where something always does. */
function settledState(setup: ScenarioSetup, faults: readonly Fault[]): PartitionSnapshot | undefined {
  const steps = faults.map((fault) => ({ when: 'settled', fault }) as const);
  const run = runScenario(setup, { name: 'printed', steps }, 'worst');
  return run.limitReached ? undefined : run.steps.at(-1)?.state;
}

function compareState(printed: PrintedState, step: Fields, model: PartitionSnapshot, topic: Topic): string[] {
  const found: string[] = [];
  const say = (what: string, recorded: unknown, actual: unknown): void => {
    found.push(`${what}: printed ${JSON.stringify(recorded)}, model ${JSON.stringify(actual)}`);
  };
  if (printed.leader !== undefined && printed.leader !== model.leader) say('leader', printed.leader, model.leader);
  // The ISR printed for a leaderless partition is a dead last member, which one depending on the run.
  const isDeadMember =
    printed.leader === null && model.isr.length === 1 && model.isr.every((id) => model.offline.includes(id));
  if (!isDeadMember && !sameMembers(printed.isr, model.isr)) say('isr', printed.isr, model.isr);
  if (printed.offline !== undefined && !sameMembers(printed.offline, model.offline)) {
    say('offline', printed.offline, model.offline);
  }
  const writable = model.leader !== null && model.isr.length >= topic.minIsr;
  if (step.has('producible') && step.boolean('producible') !== writable) {
    say('producible', step.value('producible'), writable);
  }
  if (step.has('jmx')) found.push(...compareMetrics(step.child('jmx'), model));
  return found;
}

/** Metrics exist on the leader alone. `CaughtUpReplicasCount` is not consistent while a broker is down. */
function compareMetrics(jmx: Fields, model: PartitionSnapshot): string[] {
  const led = model.leader !== null;
  const metrics: readonly (readonly [string, number])[] = [
    ['ReplicasCount', led ? model.replicas.length : 0],
    ['InSyncReplicasCount', led ? model.isr.length : 0],
    ['ObserversInIsrCount', led ? model.isr.filter((id) => model.observers.includes(id)).length : 0],
    ...(model.offline.length === 0 ? [['CaughtUpReplicasCount', model.replicas.length] as const] : []),
  ];
  return metrics.flatMap(([name, value]) =>
    !jmx.has(name) || jmx.number(name) === value ? [] : [`${name}: printed ${jmx.number(name)}, model ${value}`],
  );
}

// ---- quorums

function checkQuorumOnly(step: Fields, cluster: KnownCluster | undefined, checks: Checks): boolean {
  if (!step.has('action') || !step.has('expect') || !step.child('expect').has('quorum')) return false;
  const action = step.child('action');
  if (!action.has('sites') || cluster?.controllers == null) return false;
  const quorum = new Quorum(cluster.controllers, new Network());
  quorum.stop(action.list('sites').flatMap((site) => controllersAt(cluster, String(site))));
  const stands = quorum.electable !== undefined;
  const expected = step.child('expect').boolean('quorum');
  checks.expect(step.object, stands === expected ? [] : [`quorum: printed ${expected}, model ${stands}`]);
  return true;
}

function checkQuorumTable(scenario: Fields, checks: Checks): void {
  for (const row of scenario.objects('table')) {
    const configured = row.number('configured');
    const voters = Array.from({ length: configured }, (_, id) => ({ id, datacenter: 'anywhere' }));
    const quorum = new Quorum(voters, new Network());
    quorum.stop(voters.slice(row.number('alive')).map(({ id }) => id));
    const stands = quorum.electable !== undefined;
    const found: string[] = [];
    if (majority(configured) !== row.number('needed')) found.push(`needed: model ${majority(configured)}`);
    if (stands !== row.boolean('quorum')) found.push(`quorum: stated ${row.boolean('quorum')}, model ${stands}`);
    checks.expect(row.object, found);
  }
}
