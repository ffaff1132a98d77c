import { type Environment, type Move, moveOf } from './explorerModel';
import {
  controllerCrashes,
  controllersReturn,
  datacenterIsIsolated,
  datacenterIsLost,
  datacenterRejoins,
  datacenterReturns,
  linksAreCut,
  linksAreHealed,
  withConditions,
} from './explorerSiteFaults';
import { bit, type Mask, size } from './mask';
import { brokerCrashes, brokerReturns, brokerStops } from './processTransitions';
import type { Shape } from './shape';
import { forceUncleanLeader } from './transitions';

/**
 * What may go wrong, at any moment and in any order. A proof holds within its budget and says nothing about what lies
 * beyond it, so every result names the budget.
 */
export interface FaultBudget {
  /** Brokers down at the same time, not counting those of lost datacenters and those that were down to begin with. */
  readonly brokersDownMax: number;
  /** Datacenters lost at the same time: all their brokers and controllers at once. */
  readonly datacentersLostMax: number;
  /** Datacenters cut off from all others at the same time, controllers included. */
  readonly datacentersIsolatedMax: number;
  /** Links cut at the same time: the brokers of two datacenters no longer hear each other, the controllers hear them all. */
  readonly linksCutMax: number;
  /** Controllers down at the same time, not counting those of lost datacenters and those that die with a replica's broker. */
  readonly controllersDownMax: number;
  /** Brokers that come back without the end of their log (power loss before the pages were flushed), in the whole run. */
  readonly lossyReturnsMax: number;
  /** Whether brokers may also be stopped cleanly. They count as down. */
  readonly cleanStops: boolean;
  /** Whether what broke may come back. */
  readonly repairs: boolean;
  /** Whether a person may command an unclean election. */
  readonly uncleanCommands: boolean;
}

/** Nothing breaks. */
export const noFaults: FaultBudget = {
  brokersDownMax: 0,
  datacentersLostMax: 0,
  datacentersIsolatedMax: 0,
  linksCutMax: 0,
  controllersDownMax: 0,
  lossyReturnsMax: 0,
  cleanStops: false,
  repairs: false,
  uncleanCommands: false,
};

/** The moves of a budget: those that nothing allows are left out. */
export function faultMoves(shape: Shape, budget: FaultBudget): readonly Move[] {
  const moves: Move[] = [];
  if (budget.brokersDownMax > 0) moves.push(crash(shape, budget.brokersDownMax));
  if (budget.brokersDownMax > 0 && budget.cleanStops) moves.push(stop(shape, budget.brokersDownMax));
  if (budget.datacentersLostMax > 0) moves.push(datacenterIsLost(budget.datacentersLostMax));
  if (budget.datacentersIsolatedMax > 0) moves.push(datacenterIsIsolated(budget.datacentersIsolatedMax));
  if (budget.linksCutMax > 0) moves.push(...linksAreCut(shape, budget.linksCutMax));
  if (budget.controllersDownMax > 0) moves.push(controllerCrashes(budget.controllersDownMax));
  if (budget.repairs) moves.push(returns(shape), ...repairs(shape, budget));
  if (budget.lossyReturnsMax > 0) moves.push(returnsWithoutTail(shape, budget.lossyReturnsMax));
  if (budget.uncleanCommands) moves.push(moveOf(forceUncleanLeader, 'fault'));
  return moves;
}

function repairs(shape: Shape, budget: FaultBudget): readonly Move[] {
  const links = budget.linksCutMax > 0 ? linksAreHealed(shape) : [];
  return [datacenterReturns, controllersReturn, datacenterRejoins, ...links];
}

/** Slots of the datacenters that are lost. */
function lostSlots(shape: Shape, environment: Environment): Mask {
  let slots = 0;
  for (let datacenter = 0; datacenter < shape.datacenterCount; datacenter++) {
    if ((environment.lost & bit(datacenter)) !== 0) slots |= shape.slotsIn[datacenter] ?? 0;
  }
  return slots;
}

/** Slots whose brokers may be down without counting against the bound on brokers. */
export function excused(shape: Shape, environment: Environment): Mask {
  return lostSlots(shape, environment) | environment.downAtStart;
}

/** The slots of a set that may still go down under a bound. */
function mayGoDown(shape: Shape, environment: Environment, up: Mask, slots: Mask, max: number): Mask {
  return size(shape.all & ~up & ~excused(shape, environment)) < max ? slots : 0;
}

function crash(shape: Shape, max: number): Move {
  return {
    ...moveOf(brokerCrashes, 'fault'),
    enabled: (_shape, environment, state) => mayGoDown(shape, environment, state.up, state.up, max),
    ...processDies(shape),
  };
}

function stop(shape: Shape, max: number): Move {
  return {
    ...moveOf(brokerStops, 'fault'),
    enabled: (_shape, environment, state) =>
      mayGoDown(shape, environment, state.up, brokerStops.enabled(shape, environment, state), max),
    ...processDies(shape),
  };
}

/** In combined mode a broker's process takes a controller with it. */
function processDies(shape: Shape): Pick<Move, 'environmentAfter'> {
  return withProcess(shape, (voters, voter) => voters & ~bit(voter));
}

/** And starts it again. */
function processStarts(shape: Shape): Pick<Move, 'environmentAfter'> {
  return withProcess(shape, (voters, voter) => voters | bit(voter));
}

function withProcess(shape: Shape, change: (voters: Mask, voter: number) => Mask): Pick<Move, 'environmentAfter'> {
  if (shape.voterOfSlot.every((voter) => voter < 0)) return {};
  return {
    environmentAfter: (_shape, environment, slot) => {
      const voters = change(environment.conditions.voters, shape.voterOfSlot[slot] ?? -1);
      return withConditions(shape, environment, { voters });
    },
  };
}

/** A broker whose datacenter stands registers again, for which it has to reach the quorum. */
function returnable(shape: Shape, environment: Environment, up: Mask): Mask {
  return shape.all & ~up & environment.hearsQuorum & ~lostSlots(shape, environment);
}

function returns(shape: Shape): Move {
  return {
    ...moveOf(brokerReturns, 'fault'),
    enabled: (_shape, environment, state) => returnable(shape, environment, state.up),
    ...processStarts(shape),
  };
}

/** The end of the log was not flushed: the replica may lack what it had acknowledged. Not so after a stop in order. */
function returnsWithoutTail(shape: Shape, max: number): Move {
  const { environmentAfter: started } = processStarts(shape);
  return {
    ...moveOf(brokerReturns, 'fault'),
    name: 'brokerReturnsWithoutTail',
    enabled: (_shape, environment, state) =>
      environment.lossyReturns < max ? returnable(shape, environment, state.up) & ~state.stoppedCleanly : 0,
    apply: (_shape, state, slot, environment) => {
      brokerReturns.apply(shape, state, slot, environment);
      state.complete &= ~bit(slot);
    },
    environmentAfter: (_shape, environment, slot) => {
      const after = started?.(shape, environment, slot) ?? environment;
      return { ...after, lossyReturns: after.lossyReturns + 1 };
    },
  };
}
