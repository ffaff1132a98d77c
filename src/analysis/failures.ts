import { majority } from '../kafka/cluster';
import { bit, firstMembers, lowest, members } from '../simulator/partition/mask';
import type { PartitionModel } from '../simulator/partition/model';
import type { Shape } from '../simulator/partition/shape';
import { onePerKind } from '../simulator/partition/state';
import type { Strike, World } from '../simulator/partition/world';
import type { Scenario } from './scenario';

/** One stage of a scenario: what an adversary may do next. Each stage settles before the next one begins. */
export type Stage = (model: PartitionModel, world: World) => readonly Strike[];

/**
 * The stages of a scenario for one shape. Rolling restarts have no fixed number of stages, see `courses.ts`.
 * @param indexOf where a datacenter of the scenario stands in the shape, or -1 if it holds nothing of the partition.
 */
export function stagesOf(
  scenario: Exclude<Scenario, { kind: 'rolling-restart' }>,
  shape: Shape,
  indexOf: (datacenter: string) => number,
): readonly Stage[] {
  switch (scenario.kind) {
    case 'any-broker':
      return [anyBroker];
    case 'datacenters':
      return [always(datacentersLost(shape, scenario.datacenters.map(indexOf)))];
    case 'datacenter-brokers':
      return [always(brokersLost(shape, indexOf(scenario.datacenter)))];
    case 'datacenter-rolling':
      return brokerByBroker(shape, indexOf(scenario.datacenter));
    case 'datacenter-then-broker':
      return [always(datacentersLost(shape, [indexOf(scenario.datacenter)])), anyBroker];
    case 'link': {
      const [one, other] = scenario.between.map(indexOf);
      return [always(one === undefined || other === undefined || one < 0 || other < 0 ? {} : { cut: [one, other] })];
    }
    case 'isolated':
      return [always({ isolate: bit(indexOf(scenario.datacenter)) })];
    case 'controllers':
      return [always({ crashVoters: smallestLossOfQuorum(shape) })];
  }
}

const always =
  (blow: Strike): Stage =>
  () => [blow];

/**
 * Any one broker that makes a difference: one replica of each kind that is alike, and one broker that is a controller too
 * but holds no replica here. (The loss of any other broker changes nothing for this partition.)
 */
export const anyBroker: Stage = (model, world) => {
  const { shape } = model;
  const crashes = members(onePerKind(model.kinds, world.state, world.state.up)).map(
    (slot): Strike => ({ crash: bit(slot) }),
  );
  const voter = lowest(shape.combinedVoters & world.surroundings.conditions.voters);
  return voter === 0 ? crashes : [...crashes, { crashVoters: voter }];
};

function datacentersLost(shape: Shape, indices: readonly number[]): Strike {
  const union = (sets: readonly number[]): number => indices.reduce((mask, index) => mask | (sets[index] ?? 0), 0);
  return { crash: union(shape.slotsIn), crashVoters: union(shape.votersIn) };
}

/** Processes that are controllers only live on. */
function brokersLost(shape: Shape, index: number): Strike {
  return { crash: shape.slotsIn[index] ?? 0, crashVoters: (shape.votersIn[index] ?? 0) & shape.combinedVoters };
}

/** Each broker that holds a replica, in every order; then the controllers that are left. */
function brokerByBroker(shape: Shape, index: number): readonly Stage[] {
  const slots = shape.slotsIn[index] ?? 0;
  const nextOne: Stage = (model, world) =>
    members(onePerKind(model.kinds, world.state, slots & world.state.up)).map((slot) => ({ crash: bit(slot) }));
  const voters = shape.votersIn[index] ?? 0;
  const stages = members(slots).map(() => nextOne);
  return voters === 0 ? stages : [...stages, always({ crashVoters: voters })];
}

/** As many voters as it takes; which ones makes no difference to the brokers. */
function smallestLossOfQuorum(shape: Shape): number {
  return firstMembers(shape.voterCount - majority(shape.voterCount) + 1);
}

/** Every broker that may be restarted next, and its return. */
export function restarts(model: PartitionModel, world: World): readonly { stop: Strike; start: Strike }[] {
  return members(onePerKind(model.kinds, world.state, world.state.up)).map((slot) => ({
    stop: { stop: slot },
    start: { restore: bit(slot) },
  }));
}

/** Everything that was lost comes back, and every cut heals. */
export function everythingReturns(shape: Shape): Strike {
  return { restore: shape.all, restoreVoters: firstMembers(shape.voterCount), heal: true };
}
