import { bit, type Mask } from './mask';
import type { Shape } from './shape';
import type { MutableState, PartitionState } from './state';
import type { Surroundings } from './surroundings';
import type { SystemTransitionName, Transition } from './transitions';

/** What strikes from outside, what repairs it, and what clients do: the moves that no controller and no broker makes. */
export type OutsideMoveName =
  | 'appendAcked'
  | 'brokerCrashes'
  | 'brokerStops'
  | 'brokerReturns'
  | 'brokerReturnsWithoutTail'
  | 'datacenterIsLost'
  | 'datacenterReturns'
  | 'datacenterIsIsolated'
  | 'datacenterRejoins'
  | 'linkIsCut'
  | 'linkIsHealed'
  | 'controllerCrashes'
  | 'controllersReturn'
  | 'forceUncleanLeader'
  | 'loseLeader';

export type MoveName = SystemTransitionName | OutsideMoveName;

/**
 * The surroundings, with what the fault budget has to remember. Environments are few, so a state stores the number of
 * its environment instead of the parts.
 */
export interface Environment extends Surroundings {
  /** Datacenters lost as a whole, brokers and controllers. */
  readonly lost: Mask;
  /** Replicas that were down to begin with. They are no fault of the budget. */
  readonly downAtStart: Mask;
  /** How many replicas have so far returned without the end of their log. */
  readonly lossyReturns: number;
}

/** Who makes a move. The cluster's own moves are those of the controller and of the leader. */
export type Actor = 'controller' | 'leader' | 'client' | 'fault';

/** A set of replicas that a state consists of. */
export type ReplicaSet = Exclude<keyof PartitionState, 'leader'>;

/**
 * A {@link Transition} as the explorer takes it. Faults may be asked about datacenters or controllers instead of replicas:
 * `enabled` is then a set of those and `apply` takes one of them.
 */
export interface Move<Name extends MoveName = MoveName> {
  readonly name: Name;
  /** What the leader and the clients do is asked only while the leader is up. */
  readonly actor: Actor;
  readonly over: 'replicas' | 'datacenters' | 'controllers';
  readonly enabled: (shape: Shape, environment: Environment, state: PartitionState) => Mask;
  readonly apply: (shape: Shape, state: MutableState, member: number, environment: Environment) => void;
  /**
   * Says that of the variables that are tracked, `apply` changes but one: it adds the member's replicas to a set, or takes
   * them out of it. The explorer then does so in the packed state, which is several times faster.
   */
  readonly only?: { readonly set: ReplicaSet; readonly adds: boolean };
  /** Says that `enabled` looks at who is up and at nothing else. The explorer then asks it once for each such set. */
  readonly asksWhoIsUp?: true;
  /** The environment after it; absent where it stays the same. */
  readonly environmentAfter?: (shape: Shape, environment: Environment, member: number) => Environment;
}

/** A variable of a stored state. */
export type Variable = keyof PartitionState | 'environment';

/** What the explorer exhausts: a start, the moves, and which of a state's variables make a difference. */
export interface ExplorerModel {
  readonly shape: Shape;
  readonly start: PartitionState;
  readonly environment: Environment;
  /** In the order in which they are tried; it decides which of several equally short counterexamples is found. */
  readonly moves: readonly Move[];
  /** Variables that are stored. Every other one has its starting value in every state, whatever a move writes to it. */
  readonly tracked: ReadonlySet<Variable>;
  /** Sets of slots whose exchange turns states into states that behave alike. Slots in no set stand for themselves. */
  readonly interchangeable: readonly Mask[];
}

/** Makes a move of a transition. */
export function moveOf<Name extends MoveName>(transition: Transition<Name>, actor: Actor): Move<Name> {
  return { name: transition.name, actor, over: 'replicas', enabled: transition.enabled, apply: transition.apply };
}

/** A fault, or a repair, that adds replicas to a set or takes them out of it, and does nothing else. */
export function memberFault(
  name: MoveName,
  over: Move['over'],
  only: NonNullable<Move['only']>,
  enabled: Move['enabled'],
): Move {
  return {
    name,
    actor: 'fault',
    over,
    enabled,
    only,
    apply: (shape, state, member) => {
      const slots = slotsOfMember(shape, over, member);
      state[only.set] = only.adds ? state[only.set] | slots : state[only.set] & ~slots;
    },
  };
}

/** The replicas that a move's member stands for. */
export function slotsOfMember(shape: Shape, over: Move['over'], member: number): Mask {
  switch (over) {
    case 'replicas':
      return bit(member);
    case 'datacenters':
      return shape.slotsIn[member] ?? 0;
    case 'controllers':
      return bit(shape.voterOfSlot.indexOf(member));
  }
}
