import { type FaultBudget, faultMoves } from './explorerFaults';
import { type Actor, type ExplorerModel, type Move, moveOf, type Variable } from './explorerModel';
import { firstOf, type Mask, size } from './mask';
import type { Shape } from './shape';
import { appendAcked, type SystemTransitionName, systemTransitions } from './transitions';
import { healthyWorld, type World } from './world';

/**
 * The settled model of a partition for the explorer: what the cluster does by itself, what clients write, and every fault
 * that the budget allows. Everything at any moment, so also in the middle of a reaction to the fault before.
 */
export function settledModel(shape: Shape, budget: FaultBudget, start: World = healthyWorld(shape)): ExplorerModel {
  const downAtStart = shape.all & ~start.state.up;
  return {
    shape,
    start: start.state,
    environment: { ...start.surroundings, lost: 0, downAtStart, lossyReturns: 0 },
    moves: [
      ...systemMoves.filter(({ name }) => mayHappen(shape, name)),
      moveOf(appendAcked, 'client'),
      ...faultMoves(shape, budget),
    ],
    tracked: trackedVariables(shape, budget),
    interchangeable: interchangeableGroups(shape, downAtStart),
  };
}

const actors: Readonly<Record<SystemTransitionName, Actor>> = {
  fenceBroker: 'controller',
  unfenceBroker: 'controller',
  electLeader: 'controller',
  electLastKnownLeader: 'controller',
  electUncleanLeader: 'controller',
  electPreferredLeader: 'controller',
  shrinkIsr: 'leader',
  catchUp: 'leader',
  expandIsr: 'leader',
  demoteObserver: 'leader',
  promoteObserver: 'leader',
};

const systemMoves: readonly Move[] = systemTransitions.map((transition) => moveOf(transition, actors[transition.name]));

/** Moves that a switch rules out are not asked for in every state. */
function mayHappen({ switches, uncleanElection }: Shape, name: Move['name']): boolean {
  switch (name) {
    case 'electLastKnownLeader':
      return switches.eligibleLeaderReplicas;
    case 'electUncleanLeader':
      return uncleanElection;
    case 'electPreferredLeader':
      return switches.autoLeaderRebalance;
    case 'shrinkIsr':
      return switches.brokerLinkCut === 'leader-shrinks';
    default:
      return true;
  }
}

function trackedVariables(shape: Shape, budget: FaultBudget): ReadonlySet<Variable> {
  const always: readonly Variable[] = ['up', 'inSync', 'current', 'leader', 'fenced', 'complete', 'environment'];
  if (!shape.switches.eligibleLeaderReplicas) return new Set(always);
  return new Set([...always, 'eligible', 'lastKnownElr', ...(budget.cleanStops ? ['stoppedCleanly' as const] : [])]);
}

/** Groups of two or more replicas that are alike, and of which all or none were down to begin with: those are no faults. */
function interchangeableGroups(shape: Shape, downAtStart: Mask): readonly Mask[] {
  const kinds = shape.alike.filter((slots, slot) => firstOf(slots) === slot);
  return kinds.flatMap((slots) => [slots & ~downAtStart, slots & downAtStart]).filter((slots) => size(slots) > 1);
}
