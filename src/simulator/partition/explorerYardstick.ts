import { type Actor, type Environment, type ExplorerModel, type Move, memberFault, moveOf } from './explorerModel';
import { acknowledges, catchable, demotableTogether, electable, expandable, promotable, shrinkable } from './guards';
import { bit, type Mask } from './mask';
import { createShape, defaultSwitches, type Shape, type Slot } from './shape';
import { healthyState, leaderBit, noLeader, type PartitionState } from './state';
import { healthyConditions, surroundingsOf } from './surroundings';
import {
  appendAcked,
  catchUp,
  demoteObserver,
  electLeader,
  electUncleanLeader,
  expandIsr,
  promoteObserver,
  shrinkIsr,
  type Transition,
} from './transitions';

/**
 * The bare partition that other model checkers were measured with: only *up, isr, current, leader*, no fencing, no
 * quorum. The controller knows at once who is up; a leader may be a dead broker until another is elected. It is a
 * configuration of the same explorer: the guards are those of `guards.ts`, asked about other sets, and the effects are
 * those of the settled model, of which the variables that do not exist here are not stored.
 */
export function yardstickModel(parts: Yardstick): ExplorerModel {
  const shape = yardstickShape(parts);
  const environment: Environment = {
    ...surroundingsOf(shape, healthyConditions(shape)),
    lost: 0,
    downAtStart: 0,
    lossyReturns: 0,
  };
  return {
    shape,
    start: healthyState(shape),
    environment,
    moves: [...yardstickMoves(parts.countsLosses === true), ...(shape.uncleanElection ? [electUncleanly] : [])],
    tracked: new Set([
      'up',
      'inSync',
      'current',
      'leader',
      ...(parts.countsLosses === true ? ['complete' as const] : []),
    ]),
    interchangeable: shape.slotsIn.flatMap((slots) => [slots & shape.sync, slots & shape.observers]),
  };
}

/** Two datacenters that hold the same. */
export interface Yardstick {
  readonly syncPerDatacenter: number;
  readonly observersPerDatacenter: number;
  readonly minIsr: number;
  /** Whether, with no member of the ISR up, any live replica may be elected. Default: no. */
  readonly uncleanElection?: boolean;
  /** Whether it is also stored who holds every acknowledged record, so that losses are seen. Default: no. */
  readonly countsLosses?: boolean;
}

function yardstickShape({ syncPerDatacenter, observersPerDatacenter, minIsr, uncleanElection }: Yardstick): Shape {
  const slots = (role: Slot['role'], count: number): Slot[] =>
    [0, 1].flatMap((datacenter) => Array.from({ length: count }, () => ({ role, datacenter, votes: false })));
  return createShape({
    slots: [...slots('sync', syncPerDatacenter), ...slots('observer', observersPerDatacenter)],
    datacenterCount: 2,
    minIsr,
    policy: 'under-min-isr',
    placedSyncReplicas: 2 * syncPerDatacenter,
    uncleanElection: uncleanElection ?? false,
    electionOrder: 'any',
    otherVoters: null,
    switches: { ...defaultSwitches, observers: { ...defaultSwitches.observers, demotion: 'all-at-threshold' } },
  });
}

/** A move with the effect of one of the settled model's transitions, and a guard of its own. */
function guarded<Name extends Move['name']>(
  transition: Transition<Name>,
  actor: Actor,
  enabled: Move['enabled'],
): Move<Name> {
  return { ...moveOf(transition, actor), enabled };
}

const goesDown = { set: 'up', adds: false } as const;
const comesUp = { set: 'up', adds: true } as const;

/** A fault, or a repair, for which it matters who is up, and nothing else. */
function byWhoIsUp(
  name: Move['name'],
  over: Move['over'],
  only: NonNullable<Move['only']>,
  enabled: (shape: Shape, up: Mask) => Mask,
): Move {
  const move = memberFault(name, over, only, (shape, _environment, { up }) => enabled(shape, up));
  return { ...move, asksWhoIsUp: true };
}

const datacenterFails = byWhoIsUp('datacenterIsLost', 'datacenters', goesDown, (shape, up) => datacentersOf(shape, up));

const datacenterRecovers = byWhoIsUp('datacenterReturns', 'datacenters', comesUp, (shape, up) =>
  datacentersOf(shape, shape.all & ~up),
);

/** The datacenters that have a replica among these slots. */
function datacentersOf(shape: Shape, slots: Mask): Mask {
  let datacenters = 0;
  for (let datacenter = 0; datacenter < shape.datacenterCount; datacenter++) {
    if ((slots & (shape.slotsIn[datacenter] ?? 0)) !== 0) datacenters |= bit(datacenter);
  }
  return datacenters;
}

/** Whom an election may take once the leader is not up. */
function successors(state: PartitionState): Mask {
  return (leaderBit(state) & state.up) === 0 ? electable(state.up, state.inSync) : 0;
}

/** With nobody to elect, a dead leader leads no more. */
const loseLeader: Move = {
  name: 'loseLeader',
  actor: 'controller',
  over: 'replicas',
  enabled: (_shape, _environment, state) => {
    const leader = leaderBit(state);
    return (leader & state.up) === 0 && electable(state.up, state.inSync) === 0 ? leader : 0;
  },
  apply: (_shape, state) => {
    state.leader = noLeader;
  },
};

/** Whoever runs, if no member of the ISR does. */
const electUncleanly = guarded(electUncleanLeader, 'controller', (_shape, _environment, state) =>
  (leaderBit(state) & state.up) === 0 && electable(state.up, state.inSync) === 0 ? state.up : 0,
);

/** Of the variables that exist here, the leader's transitions change one set each. */
const leavesIsr = { only: { set: 'inSync', adds: false } } as const;
const joinsIsr = { only: { set: 'inSync', adds: true } } as const;
const isCurrent = { only: { set: 'current', adds: true } } as const;

function yardstickMoves(countsLosses: boolean): readonly Move[] {
  return [
    byWhoIsUp('brokerCrashes', 'replicas', goesDown, (_shape, up) => up),
    byWhoIsUp('brokerReturns', 'replicas', comesUp, (shape, up) => shape.all & ~up),
    datacenterFails,
    datacenterRecovers,
    guarded(electLeader, 'controller', (_shape, _environment, state) => successors(state)),
    loseLeader,
    { ...shrink, ...leavesIsr },
    // Whoever catches up also comes to know what the leader knows, where that is stored.
    countsLosses ? fetch : { ...fetch, ...isCurrent },
    { ...expand, ...joinsIsr },
    { ...promote, ...joinsIsr },
    { ...demote, ...leavesIsr },
    write,
  ];
}

const shrink = guarded(shrinkIsr, 'leader', (_shape, _environment, state) =>
  shrinkable(state.up, state.inSync, state.current, leaderBit(state)),
);

const fetch = guarded(catchUp, 'leader', (_shape, _environment, state) => catchable(state.up, state.current));

const expand = guarded(expandIsr, 'leader', (shape, _environment, state) =>
  expandable(state.up, state.inSync, state.current, shape.sync),
);

const promote = guarded(promoteObserver, 'leader', (shape, _environment, state) =>
  promotable(state.up, state.inSync, state.current, shape.observers, shape.effectiveMinIsr),
);

const demote = guarded(demoteObserver, 'leader', (shape, _environment, state) =>
  demotableTogether(state.inSync, shape.observers, leaderBit(state), shape.effectiveMinIsr),
);

const write = guarded(appendAcked, 'client', (shape, _environment, state) =>
  acknowledges(state.up, state.inSync, leaderBit(state), shape.effectiveMinIsr) ? leaderBit(state) : 0,
);
