import type { ObserverPromotionPolicy } from '../../src/kafka/placement';
import { except } from '../../src/simulator/cluster/partition';
import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { runScenario } from '../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault, type ScenarioSetup } from '../../src/simulator/cluster/scenario/scenario';
import type { PartitionSnapshot } from '../../src/simulator/timeline';
import { Checks } from './checks';
import { Fields, type Json } from './json';
import { replicaOrders } from './permutations';
import {
  assignmentDifferences,
  compareState,
  contradictions,
  type KnownCluster,
  notEnoughReplicas,
  type PrintedState,
  placementDifferences,
  readPrinted,
  type StatedAssignment,
} from './printedState';
import { checkProse } from './proseReplay';
import { checkQuorumOnly, checkQuorumTable } from './quorumChecks';
import { readPolicy } from './readPolicy';
import { guarded, type ReplayReport } from './replay';

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
  return file
    .objects('scenarios')
    .map((scenario) => guarded(scenario.where, () => replayScenario(scenario, clusters, rules)));
}

function replayScenario(scenario: Fields, clusters: Fields, rules: KafkaRules): ReplayReport {
  const checks = new Checks(scenario.string('id'));
  if (scenario.has('table')) checkQuorumTable(scenario, checks);
  if (!scenario.has('steps')) return checks.report();
  const cluster = scenario.has('cluster') ? readCluster(clusters.child(scenario.string('cluster'))) : undefined;
  const topic = readTopic(scenario);
  const stated = readAssignment(scenario);
  let done: DoneSoFar = { faults: [], assignmentBefore: undefined, waitsForPreferredElection: false };
  let printedBefore: PrintedState | undefined;
  let placed: Fields | undefined;
  const proseFaults: Fault[] = [];
  for (const step of scenario.objects('steps')) {
    const printed = readPrinted(step, cluster, stated);
    for (const reason of passedOver(step)) checks.skip(reason);
    if (checkQuorumOnly(step, cluster?.controllers, checks)) continue;
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
    placed = placementOf(scenario, step) ?? placed;
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
    const ids = printed.map(({ fields }, index) => fields.numberOr('id', index));
    for (const [index, state] of printed.entries()) {
      checks.expect(step.object, [
        ...partitionDifferences(ids, index, scenario),
        ...contradictions(state),
        ...(reassigns ? [] : assignmentDifferences(stated, state)),
        ...(placed === undefined ? [] : placementDifferences(placed, state)),
        ...leastDifferences(state, { step, done, cluster, topic, rules }),
      ]);
    }
  }
  return checks.report();
}

/** Each partition is printed once, and is one of the topic's. */
function partitionDifferences(ids: readonly number[], index: number, scenario: Fields): string[] {
  const id = ids[index] ?? index;
  if (ids.indexOf(id) !== index) return [`partition ${id} is printed twice`];
  const partitions = scenario.has('topic') ? scenario.child('topic').numberOr('partitions', id + 1) : id + 1;
  return id < partitions ? [] : [`partition ${id} of ${partitions}`];
}

/** The placement that a step has just put into effect: of a new topic, or of one that was moved. */
function placementOf(scenario: Fields, step: Fields): Fields | undefined {
  if (!step.has('action')) return undefined;
  const action = step.child('action');
  if (action.has('placement')) return action.child('placement');
  if (action.string('type') !== 'create' || !scenario.has('topic')) return undefined;
  const topic = scenario.child('topic');
  return topic.has('placement') ? topic.child('placement') : undefined;
}

/** What a step is read for; whatever else it states is named. */
const readOfStep: ReadonlySet<string> = new Set([
  'action',
  'printed',
  'printedPartitions',
  'jmx',
  'producible',
  'error',
  'expect',
  'given',
  'fault',
]);
const unmodelledExpectations: ReadonlySet<string> = new Set([
  'adminDescribeWorks',
  'message',
  'inferred',
  'mayLoseData',
]);

function passedOver(step: Fields): string[] {
  const expected = step.has('expect') ? step.child('expect').keys : [];
  // Beside a printed state nothing else is looked at.
  const isPrinted = step.has('printed') || step.has('printedPartitions');
  const isKnownError = !step.has('error') || step.string('error').startsWith(notEnoughReplicas);
  return [
    ...step.keys.filter((key) => !readOfStep.has(key) || (key === 'error' && !isKnownError)),
    ...expected.filter((key) => isPrinted || unmodelledExpectations.has(key)),
  ].map((key) => `"${key}" of ${JSON.stringify(step.has('action') ? step.value('action') : step.object).slice(0, 80)}`);
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
  const rejoins = isr.includes(rejoining) && !printedBefore.isr.includes(rejoining);
  checks.expect(step.object, rejoins ? [] : [`isr: ${rejoining} did not rejoin [${printedBefore.isr}] as [${isr}]`]);
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

function readAssignment(scenario: Fields): StatedAssignment {
  if (!scenario.has('topic')) return { replicas: undefined, observers: undefined };
  const topic = scenario.child('topic');
  return {
    replicas: topic.has('replicas') ? topic.numbers('replicas') : undefined,
    observers: topic.has('observers') ? topic.numbers('observers') : undefined,
  };
}

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
  const named = /observer list = \{([\d, ]+)\}/.exec(fields.stringOr('desc', ''))?.[1];
  const observers = named === undefined ? [] : named.split(',').map(Number);
  return { brokers, controllers: readControllers(fields), observers };
}

function readControllers(fields: Fields): KnownCluster['controllers'] {
  if (!fields.has('controllers')) return null;
  const lists = Object.values(fields.child('controllers').object);
  const listed = lists.find((list) => Array.isArray(list) && list.every((item) => typeof item === 'object'));
  if (!Array.isArray(listed)) return null;
  return listed.map((item: Json, index) => {
    const controller = Fields.of(item, `${fields.where}.controllers`);
    // Controllers are processes of their own here, so their ids must not meet those of brokers.
    return { id: 10_000 + index, datacenter: controller.string('site') };
  });
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

/** What led to a printed state, and on what it was done. */
interface Course {
  readonly step: Fields;
  readonly done: DoneSoFar;
  readonly cluster: KnownCluster;
  readonly topic: Topic;
  readonly rules: KafkaRules;
}

/** Where no assignment is stated, all brokers hold replicas, or only those that the step is about. */
function leastDifferences(printed: PrintedState, course: Course): readonly string[] {
  const { done } = course;
  const found = stateDifferences(printed, course);
  if (found.length === 0 || printed.isAssignmentStated) return found;
  const touched = done.faults.flatMap((fault) => ('brokers' in fault ? fault.brokers : []));
  const sync = except([...new Set([...printed.isr, ...touched])], printed.observers);
  const replicas = [...sync, ...printed.observers];
  const narrower = stateDifferences({ ...printed, replicas }, course);
  return narrower.length === 0 ? [] : found;
}

/** No order of events gives the printed state: the differences of the order that Kafka's lists suggest. */
function stateDifferences(printed: PrintedState, { step, done, cluster, topic, rules }: Course): readonly string[] {
  let first: readonly string[] | undefined;
  for (const autoLeaderRebalance of done.waitsForPreferredElection ? [true] : [false, true]) {
    for (const order of replicaOrders(printed.replicas, printed.observers)) {
      const setup = setupFor(printed, done, cluster, topic, rules, autoLeaderRebalance, order);
      const state = settledState(setup, done.faults);
      if (state === undefined) return ['the model does not settle'];
      const found = compareState(printed, step, state, topic.minIsr);
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
