import { type Environment, type Move, type MoveName, slotsOfMember } from './explorerModel';
import { bit, filterMask, firstMembers, lowest, type Mask, maskOf, members, size } from './mask';
import type { Shape } from './shape';
import { type Conditions, surroundingsOf, withCut, withoutCut } from './surroundings';
import { votersOfSlots } from './world';

/** Faults, and their repairs, of what is around the replicas: datacenters, links between them, controllers. */

/** All brokers and controllers of a datacenter at once. */
export function datacenterIsLost(max: number): Move {
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
export const datacenterReturns = datacenterMove('datacenterReturns', {
  enabled: (_shape, { lost }) => lost,
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) => ({
    ...withConditions(shape, environment, {
      voters: environment.conditions.voters | (shape.votersIn[datacenter] ?? 0),
    }),
    lost: environment.lost & ~bit(datacenter),
  }),
});

/**
 * A controller dies whose process holds no replica. Those of one datacenter are alike, as the quorum only counts them: the
 * first that runs stands for all.
 */
export function controllerCrashes(max: number): Move {
  return {
    name: 'controllerCrashes',
    actor: 'fault',
    over: 'controllers',
    enabled: (shape, { conditions, lost }) => {
      const apart = ~votersOfSlots(shape, shape.all);
      if (size(missingControllers(shape, conditions, lost) & apart) >= max) return 0;
      return shape.votersIn.reduce((firsts, here) => firsts | lowest(here & conditions.voters & apart), 0);
    },
    apply: () => undefined,
    environmentAfter: (shape, environment, voter) =>
      withConditions(shape, environment, { voters: environment.conditions.voters & ~bit(voter) }),
  };
}

/** Processes that died one by one start again as controllers; their brokers still have to register. */
export const controllersReturn = datacenterMove('controllersReturn', {
  enabled: (shape, { conditions, lost }) => {
    const missing = missingControllers(shape, conditions, lost);
    return filterMask(firstMembers(shape.datacenterCount), (here) => ((shape.votersIn[here] ?? 0) & missing) !== 0);
  },
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) =>
    withConditions(shape, environment, {
      voters: environment.conditions.voters | (shape.votersIn[datacenter] ?? 0),
    }),
});

/** Controllers that are down though their datacenter is not lost. */
export function missingControllers(shape: Shape, { voters }: Conditions, lost: Mask): Mask {
  const goneWithDatacenter = members(lost).reduce((gone, datacenter) => gone | (shape.votersIn[datacenter] ?? 0), 0);
  return firstMembers(shape.voterCount) & ~voters & ~goneWithDatacenter;
}

/** A datacenter is cut off from all others, controllers included. */
export function datacenterIsIsolated(max: number): Move {
  return datacenterMove('datacenterIsIsolated', {
    enabled: (shape, { conditions, lost }) =>
      size(conditions.isolated) < max ? firstMembers(shape.datacenterCount) & ~lost & ~conditions.isolated : 0,
    apply: () => undefined,
    environmentAfter: (shape, environment, datacenter) =>
      withConditions(shape, environment, { isolated: environment.conditions.isolated | bit(datacenter) }),
  });
}

export const datacenterRejoins = datacenterMove('datacenterRejoins', {
  enabled: (_shape, { conditions }) => conditions.isolated,
  apply: () => undefined,
  environmentAfter: (shape, environment, datacenter) =>
    withConditions(shape, environment, { isolated: environment.conditions.isolated & ~bit(datacenter) }),
});

/**
 * The brokers of two datacenters no longer hear each other; the controllers still hear them all. One move for each
 * datacenter at one end, taken for the one at the other end, and only for links that replicas use.
 */
export function linksAreCut(shape: Shape, max: number): readonly Move[] {
  return linkEnds(shape).map(([one, others]) =>
    datacenterMove('linkIsCut', {
      enabled: (_shape, { conditions, lost }) => {
        const silent = lost | conditions.isolated;
        if ((silent & bit(one)) !== 0 || cutLinks(conditions) >= max) return 0;
        return others & ~silent & ~(conditions.cutFrom[one] ?? 0);
      },
      apply: () => undefined,
      environmentAfter: (_shape, environment, other) =>
        withConditions(shape, environment, { cutFrom: withCut(environment.conditions.cutFrom, one, other) }),
    }),
  );
}

export function linksAreHealed(shape: Shape): readonly Move[] {
  return linkEnds(shape).map(([one, others]) =>
    datacenterMove('linkIsHealed', {
      enabled: (_shape, { conditions }) => others & (conditions.cutFrom[one] ?? 0),
      apply: () => undefined,
      environmentAfter: (_shape, environment, other) =>
        withConditions(shape, environment, { cutFrom: withoutCut(environment.conditions.cutFrom, one, other) }),
    }),
  );
}

/** Each datacenter with replicas, and those after it that have some: so every link is named once. */
function linkEnds(shape: Shape): readonly (readonly [number, Mask])[] {
  const used = members(firstMembers(shape.datacenterCount)).filter((here) => (shape.slotsIn[here] ?? 0) !== 0);
  return used.slice(0, -1).map((one, index) => [one, maskOf(used.slice(index + 1))]);
}

function cutLinks({ cutFrom }: Conditions): number {
  return cutFrom.reduce((ends, cut) => ends + size(cut), 0) / 2;
}

function datacenterMove(name: MoveName, move: Pick<Move, 'enabled' | 'apply' | 'environmentAfter'>): Move {
  return { name, actor: 'fault', over: 'datacenters', ...move };
}

/** The environment with other conditions, and what follows from them. */
export function withConditions(shape: Shape, environment: Environment, changed: Partial<Conditions>): Environment {
  const { lost, downAtStart, lossyReturns, conditions } = environment;
  return { ...surroundingsOf(shape, { ...conditions, ...changed }), lost, downAtStart, lossyReturns };
}
