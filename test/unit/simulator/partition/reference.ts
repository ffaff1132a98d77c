import type { Environment, ExplorerModel, Move } from '../../../../src/simulator/partition/explorerModel';
import { members } from '../../../../src/simulator/partition/mask';
import type { MutableState, PartitionState } from '../../../../src/simulator/partition/state';

/** A state with all that tells it from others. */
export interface Node {
  readonly state: PartitionState;
  readonly environment: Environment;
}

export interface Reached {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly generated: number;
  /** Moves to the farthest state. */
  readonly depth: number;
}

/** Variables that are not tracked have their starting value. */
function trackedPart(model: ExplorerModel, state: PartitionState): PartitionState {
  const keep = <Field extends keyof PartitionState>(field: Field): PartitionState[Field] =>
    model.tracked.has(field) ? state[field] : model.start[field];
  return {
    up: keep('up'),
    fenced: keep('fenced'),
    inSync: keep('inSync'),
    current: keep('current'),
    complete: keep('complete'),
    eligible: keep('eligible'),
    lastKnownElr: keep('lastKnownElr'),
    stoppedCleanly: keep('stoppedCleanly'),
    leader: keep('leader'),
  };
}

export function keyOf({ state, environment }: Node): string {
  const { conditions, lost, lossyReturns } = environment;
  return JSON.stringify([state, conditions, lost, lossyReturns]);
}

/** What a move makes of a node, for each replica or datacenter it is enabled for. */
export function nodesAfter(model: ExplorerModel, node: Node, move: Move): (readonly [number, Node])[] {
  const leaderIsUp = node.state.leader >= 0 && ((node.state.up >> node.state.leader) & 1) === 1;
  if (!leaderIsUp && (move.actor === 'leader' || move.actor === 'client')) return [];
  return members(move.enabled(model.shape, node.environment, node.state)).map((member) => {
    const state: MutableState = { ...node.state };
    move.apply(model.shape, state, member, node.environment);
    const environment = move.environmentAfter?.(model.shape, node.environment, member) ?? node.environment;
    return [member, { state: trackedPart(model, state), environment }];
  });
}

/** Everything that can be reached, by the plainest search there is: objects in a map, no packing, no symmetry. */
export function reach(model: ExplorerModel): Reached {
  const start: Node = { state: model.start, environment: model.environment };
  const nodes = new Map([[keyOf(start), start]]);
  let generated = 1;
  let depth = -1;
  for (let layer: Node[] = [start]; layer.length > 0; depth++) {
    const next: Node[] = [];
    for (const node of layer) {
      for (const [, after] of model.moves.flatMap((move) => nodesAfter(model, node, move))) {
        generated++;
        const key = keyOf(after);
        if (nodes.has(key)) continue;
        nodes.set(key, after);
        next.push(after);
      }
    }
    layer = next;
  }
  return { nodes, generated, depth };
}

/**
 * The yardstick once more, straight from its description and with sets instead of masks: independent of the transitions,
 * the guards and the explorer. Returns `[distinct, generated]`.
 */
export function describedYardstick(sync: number, observers: number, minIsr: number): readonly [number, number] {
  interface State {
    readonly up: ReadonlySet<number>;
    readonly isr: ReadonlySet<number>;
    readonly current: ReadonlySet<number>;
    readonly leader: number | null;
  }
  const replicas = Array.from({ length: 2 * (sync + observers) }, (_, replica) => replica);
  const isSync = (replica: number): boolean => replica < 2 * sync;
  const inFirst = (replica: number): boolean => (isSync(replica) ? replica < sync : replica - 2 * sync < observers);
  const datacenters = [replicas.filter(inFirst), replicas.filter((replica) => !inFirst(replica))];
  const without = (set: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> =>
    new Set([...set].filter((replica) => !gone.includes(replica)));
  const keyOfState = ({ up, isr, current, leader }: State): string =>
    JSON.stringify([...[up, isr, current].map((set) => replicas.filter((replica) => set.has(replica))), leader]);

  function* successors(state: State): Generator<State> {
    const { up, isr, current, leader } = state;
    for (const replica of replicas) {
      yield { ...state, up: up.has(replica) ? without(up, [replica]) : new Set([...up, replica]) };
    }
    for (const datacenter of datacenters) {
      if (datacenter.some((replica) => up.has(replica))) yield { ...state, up: without(up, datacenter) };
      if (datacenter.some((replica) => !up.has(replica))) yield { ...state, up: new Set([...up, ...datacenter]) };
    }
    if (leader === null || !up.has(leader)) {
      const live = [...isr].filter((replica) => up.has(replica));
      for (const replica of live) yield { ...state, leader: replica };
      if (live.length === 0 && leader !== null) yield { ...state, leader: null };
      return;
    }
    for (const replica of isr) {
      if (replica !== leader && !(up.has(replica) && current.has(replica)))
        yield { ...state, isr: without(isr, [replica]) };
    }
    const syncInIsr = [...isr].filter(isSync).length;
    for (const replica of up) {
      if (!current.has(replica)) yield { ...state, current: new Set([...current, replica]) };
      else if (!isr.has(replica) && (isSync(replica) || isr.size < minIsr)) {
        yield { ...state, isr: new Set([...isr, replica]) };
      }
    }
    for (const replica of isr) {
      if (!isSync(replica) && replica !== leader && syncInIsr >= minIsr)
        yield { ...state, isr: without(isr, [replica]) };
    }
    if (isr.size >= minIsr && [...isr].every((replica) => up.has(replica))) yield { ...state, current: isr };
  }

  const all = new Set(replicas);
  const start: State = { up: all, isr: new Set(replicas.filter(isSync)), current: all, leader: 0 };
  const seen = new Set([keyOfState(start)]);
  const queue = [start];
  let generated = 1;
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const after of successors(state)) {
      generated++;
      const key = keyOfState(after);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(after);
    }
  }
  return [seen.size, generated];
}
