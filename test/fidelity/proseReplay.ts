import { effectivePolicy, type ObserverPromotionPolicy } from '../../src/kafka/placement';
import type { Location } from '../../src/simulator/cluster/network';
import type { KafkaRules } from '../../src/simulator/cluster/rules';
import { runScenario } from '../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault, type ScenarioSetup } from '../../src/simulator/cluster/scenario/scenario';
import type { PartitionSnapshot } from '../../src/simulator/timeline';
import { type Checks, sameMembers } from './checks';
import type { Fields } from './json';
import { readPolicy } from './readPolicy';

/**
 * Outcomes that a source states in words, where the words leave no choice of what to simulate. Returns false for all
 * others.
 */
export function checkProse(
  scenario: Fields,
  step: Fields,
  faultsBefore: Fault[],
  rules: KafkaRules,
  checks: Checks,
): boolean {
  if (!step.has('expect')) return false;
  const expected = step.child('expect');
  if (step.has('given') && step.has('fault') && expected.has('promotion')) {
    checkPromotionArithmetic(step, expected, rules, checks);
    return true;
  }
  if (expected.has('automaticFailover')) {
    checkFailover(step, expected, rules, checks);
    return true;
  }
  const setup = setupOfPlacement(scenario, rules);
  const fault = setup && step.has('action') ? faultOf(step.child('action'), setup) : undefined;
  if (setup === undefined || fault === undefined) return false;
  faultsBefore.push(fault);
  checkExpectations(step, expected, settle(setup, faultsBefore), setup, checks);
  return true;
}

/** "ISR=3, min.insync.replicas=2: an observer would be promoted if two replicas in the ISR failed." */
function checkPromotionArithmetic(step: Fields, expected: Fields, rules: KafkaRules, checks: Checks): void {
  const given = step.child('given');
  const sync = Array.from({ length: given.number('isr') }, (_, index) => index + 1);
  const observers = [sync.length + 1, sync.length + 2];
  const setup = setupOf(sync, observers, given.number('minInsyncReplicas'), readPolicy(given.string('policy')), rules);
  const failures = step.string('fault').startsWith('one') ? 1 : 2;
  const { isr } = settle(setup, [{ kind: 'crash-brokers', brokers: sync.slice(-failures) }]);
  compare(
    step,
    'promotion',
    expected.boolean('promotion'),
    isr.some((id) => observers.includes(id)),
    checks,
  );
}

/** Lose a datacenter whose counterpart holds replicas in the ISR, or observers outside it. */
function checkFailover(step: Fields, expected: Fields, rules: KafkaRules, checks: Checks): void {
  const survivorsAreObservers = step.string('given').includes('NOT in the ISR');
  const observers = survivorsAreObservers ? [3, 4] : [];
  const sync = survivorsAreObservers ? [1, 2] : [1, 2, 3, 4];
  const setup = setupOf(sync, observers, 1, 'leader-is-observer', rules);
  const loss: Fault = { kind: 'crash-brokers', brokers: [1, 2] };
  const { leader } = settle(setup, [loss]);
  compare(step, 'automaticFailover', expected.boolean('automaticFailover'), leader !== null, checks);
  if (!expected.has('manual')) return;
  if (expected.string('manual') !== 'kafka-leader-election --election-type UNCLEAN') {
    checks.skip(`"manual": ${expected.string('manual')}`);
    return;
  }
  const elected = settle(setup, [loss, { kind: 'elect-leader', election: 'unclean' }]);
  compare(step, 'manual', true, elected.leader !== null, checks);
  if (!expected.has('after')) return;
  if (expected.string('after') !== '"the observers will join the ISR"') {
    checks.skip(`"after": ${expected.string('after')}`);
    return;
  }
  compare(step, 'after', true, sameMembers(observers, elected.isr), checks);
}

function checkExpectations(
  step: Fields,
  expected: Fields,
  model: PartitionSnapshot,
  setup: ScenarioSetup,
  checks: Checks,
): void {
  const promoted = model.isr.filter((id) => setup.observers.includes(id)).length;
  const values: Readonly<Record<string, number | boolean>> = {
    isrSize: model.isr.length,
    isrSyncSize: model.isr.length - promoted,
    observersInIsr: promoted,
    promotion: promoted > 0,
    demotion: promoted === 0,
    producible: model.leader !== null && model.isr.length >= setup.minIsr,
  };
  for (const key of Object.keys(expected.object)) {
    const value = values[key];
    if (value === undefined) checks.skip(`"${key}": ${JSON.stringify(expected.value(key))}`);
    else compare(step, key, expected.value(key), value, checks);
  }
}

function compare(step: Fields, what: string, recorded: unknown, actual: unknown, checks: Checks): void {
  checks.expect(step.object, recorded === actual ? [] : [`${what}: stated ${recorded}, model ${actual}`]);
}

/** A broker for every replica the placement asks for, in the racks it asks for. */
function setupOfPlacement(scenario: Fields, rules: KafkaRules): ScenarioSetup | undefined {
  if (!scenario.has('topic') || !scenario.child('topic').has('placement')) return undefined;
  const topic = scenario.child('topic');
  const placement = topic.child('placement');
  const policy = readPolicy(placement.stringOr('observerPromotionPolicy', ''));
  const effective = effectivePolicy({
    version: placement.number('version') === 1 ? 1 : 2,
    replicas: [],
    observers: [],
    observerPromotionPolicy: policy,
  });
  const brokers: Location[] = [];
  const place = (key: string): number[] =>
    (placement.has(key) ? placement.objects(key) : []).flatMap((constraint) =>
      Array.from({ length: constraint.number('count') }, () => {
        const id = brokers.length + 1;
        brokers.push({ id, datacenter: constraint.child('constraints').string('rack') });
        return id;
      }),
    );
  const sync = place('replicas');
  const observers = place('observers');
  return { ...setupOf(sync, observers, topic.numberOr('minInsyncReplicas', 1), effective, rules), brokers };
}

function setupOf(
  sync: readonly number[],
  observers: readonly number[],
  minIsr: number,
  policy: ObserverPromotionPolicy,
  rules: KafkaRules,
): ScenarioSetup {
  const replicas = [...sync, ...observers];
  const brokers = replicas.map((id) => ({ id, datacenter: `broker-${id}` }));
  return { ...defaultSetup, brokers, controllers: null, replicas, observers, minIsr, policy, rules };
}

function faultOf(action: Fields, setup: ScenarioSetup): Fault | undefined {
  const datacenter = action.stringOr('dc', '');
  switch (action.string('type')) {
    case 'stopDc':
      return { kind: 'lose-datacenter', datacenter, controllers: true };
    case 'startDc':
      return { kind: 'return-datacenter', datacenter };
    case 'stopBroker':
      // "One of the ISR": any will do, so the last sync replica is as good as another.
      return { kind: 'crash-brokers', brokers: setup.replicas.filter((id) => !setup.observers.includes(id)).slice(-1) };
    default:
      return undefined;
  }
}

function settle(setup: ScenarioSetup, faults: readonly Fault[]): PartitionSnapshot {
  const steps = faults.map((fault) => ({ when: 'settled', fault }) as const);
  const state = runScenario(setup, { name: 'stated', steps }, 'worst').steps.at(-1)?.state;
  if (state === undefined) throw new Error('a run always has its first state');
  return state;
}
