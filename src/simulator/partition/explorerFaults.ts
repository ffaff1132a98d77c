import { type Environment, type Move, type MoveName, moveOf, slotsOfMember } from './explorerModel';
import { bit, firstMembers, type Mask, size } from './mask';
import type { Shape } from './shape';
import { type Conditions, surroundingsOf } from './surroundings';
import { brokerCrashes, brokerReturns, brokerStops, forceUncleanLeader } from './transitions';

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
  lossyReturnsMax: 0,
  cleanStops: false,
  repairs: false,
  uncleanCommands: false,
};

/**
 * The moves of a budget. With eligible leader replicas on, every return counts as unclean (the broker leaves ISR and
 * ELR, as after a crash), so clean stops are then not offered; and the election of the last known leader is left to the
 * exact model.
 */
export function faultMoves(shape: Shape, budget: FaultBudget): readonly Move[] {
  const elr = shape.switches.eligibleLeaderReplicas;
  const moves: Move[] = [];
  if (budget.brokersDownMax > 0) moves.push(crash(shape, budget.brokersDownMax));
  if (budget.brokersDownMax > 0 && budget.cleanStops && !elr) moves.push(stop(shape, budget.brokersDownMax));
  if (budget.datacentersLostMax > 0) moves.push(lose(budget.datacentersLostMax));
  if (budget.datacentersIsolatedMax > 0) moves.push(isolate(budget.datacentersIsolatedMax));
  if (budget.repairs) moves.push(returns, datacenterReturns, controllersReturn, rejoins);
  if (budget.lossyReturnsMax > 0) moves.push(returnsWithoutTail(budget.lossyReturnsMax));
  if (budget.uncleanCommands) moves.push(moveOf(forceUncleanLeader, 'fault'));
  return moves;
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
  if (shape.voterOfSlot.every((voter) => voter < 0)) return {};
  return {
    environmentAfter: (_shape, environment, slot) =>
      withConditions(shape, environment, {
        voters: environment.conditions.voters & ~bit(shape.voterOfSlot[slot] ?? -1),
      }),
  };
}

/** A broker whose datacenter stands registers again, for which it has to reach the quorum. */
function returnable(shape: Shape, environment: Environment, up: Mask): Mask {
  return shape.all & ~up & environment.hearsQuorum & ~lostSlots(shape, environment);
}

/** With eligible leader replicas on, the registration after a crash removes the broker from ISR and ELR (KIP-966). */
const registers: Move['apply'] = (shape, state, slot) => {
  brokerReturns.apply(shape, state, slot);
  if (!shape.switches.eligibleLeaderReplicas) return;
  state.inSync &= ~bit(slot);
  state.eligible &= ~bit(slot);
};

const returns: Move = {
  ...moveOf(brokerReturns, 'fault'),
  enabled: (shape, environment, state) => returnable(shape, environment, state.up),
  apply: registers,
};

/** The end of the log was not flushed: the replica may lack what it had acknowledged. */
function returnsWithoutTail(max: number): Move {
  return {
    ...returns,
    name: 'brokerReturnsWithoutTail',
    enabled: (shape, environment, state) =>
      environment.lossyReturns < max ? returnable(shape, environment, state.up) : 0,
    apply: (shape, state, slot) => {
      registers(shape, state, slot);
      state.complete &= ~bit(slot);
    },
    environmentAfter: (_shape, environment) => ({ ...environment, lossyReturns: environment.lossyReturns + 1 }),
  };
}

function lose(max: number): Move {
  return datacenterMove('datacenterIsLost', {
    enabled: (shape, { lost }) => (size(lost) < max ? firstMembers(shape.datacenterCount) & ~lost : 0),
    apply: (shape, state, datacenter) => {
      const slots = slotsOfMember(shape, 'datacenters', datacenter);
      state.up &= ~slots;
      state.current &= ~slots;
    },
    environmentAfter: (shape, environment, datacenter) => ({
      ...withConditions(shape, environment, {
        voters: environment.conditions.voters & ~(shape.votersIn[datacenter] ?? 0),
      }),
      lost: environment.lost | bit(datacenter),
    }),
  });
}

/** Controllers run at once; brokers register one by one, as after a crash. */
const datacenterReturns = datacenterMove('datacenterReturns', {
  enabled: (_shape, { lost }) => lost,
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) => ({
    ...withConditions(shape, environment, {
      voters: environment.conditions.voters | (shape.votersIn[datacenter] ?? 0),
    }),
    lost: environment.lost & ~bit(datacenter),
  }),
});

/** Processes that died one by one start again as controllers; their brokers still have to register. */
const controllersReturn = datacenterMove('controllersReturn', {
  enabled: (shape, { conditions, lost }) => {
    const missing = firstMembers(shape.voterCount) & ~conditions.voters;
    return firstMembers(shape.datacenterCount) & ~lost & datacentersWith(shape.votersIn, missing);
  },
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) =>
    withConditions(shape, environment, {
      voters: environment.conditions.voters | (shape.votersIn[datacenter] ?? 0),
    }),
});

function isolate(max: number): Move {
  return datacenterMove('datacenterIsIsolated', {
    enabled: (shape, { conditions, lost }) =>
      size(conditions.isolated) < max ? firstMembers(shape.datacenterCount) & ~lost & ~conditions.isolated : 0,
    apply: () => undefined,
    environmentAfter: (shape, environment, datacenter) =>
      withConditions(shape, environment, { isolated: environment.conditions.isolated | bit(datacenter) }),
  });
}

const rejoins = datacenterMove('datacenterRejoins', {
  enabled: (_shape, { conditions }) => conditions.isolated,
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) =>
    withConditions(shape, environment, { isolated: environment.conditions.isolated & ~bit(datacenter) }),
});

function datacenterMove(name: MoveName, move: Pick<Move, 'enabled' | 'apply' | 'environmentAfter'>): Move {
  return { name, actor: 'fault', over: 'datacenters', ...move };
}

/** The datacenters that have one of the members. */
function datacentersWith(membersIn: readonly Mask[], members: Mask): Mask {
  let datacenters = 0;
  membersIn.forEach((here, datacenter) => {
    if ((here & members) !== 0) datacenters |= bit(datacenter);
  });
  return datacenters;
}

function withConditions(shape: Shape, environment: Environment, changed: Partial<Conditions>): Environment {
  const { lost, downAtStart, lossyReturns, conditions } = environment;
  return { ...surroundingsOf(shape, { ...conditions, ...changed }), lost, downAtStart, lossyReturns };
}
