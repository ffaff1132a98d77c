import type { Bounds, Exploration, ExplorationResult, Progress } from './exploration';
import { EnvironmentTable } from './explorerEnvironments';
import { type Environment, type ExplorerModel, type Move, slotsOfMember } from './explorerModel';
import { createPacking, maxEnvironments, type Packing } from './explorerPacking';
import { blockLength, shortestPath } from './explorerTrace';
import { bit, firstOf, type Mask, maxMembers, size } from './mask';
import type { Property } from './properties';
import type { MutableState, PartitionState } from './state';
import { type Canonicalise, canonicaliser } from './symmetry';
import { BitmapVisited, maxBitmapBits, TableVisited, type Visited } from './visited';

/** Breadth-first search over packed states. See `explore`, its only caller. */
export function breadthFirst(
  model: ExplorerModel,
  properties: readonly Property[],
  bounds: Bounds,
  symmetry: boolean,
): Exploration {
  return new BreadthFirst(model, properties, bounds, symmetry);
}

/**
 * The inner loop runs eighty million times where the speed is measured, so it allocates nothing: moves write to one scratch
 * state, which is packed, looked up, and restored from local variables.
 */
class BreadthFirst implements Exploration {
  readonly #model: ExplorerModel;
  readonly #properties: readonly Property[];
  readonly #bounds: Bounds;
  readonly #packing: Packing;
  readonly #canonicalise: Canonicalise | null;
  readonly #visited: Visited;
  /** The visited set again, where a state can go straight into it: one word, and no symmetry. */
  readonly #bitmap: BitmapVisited | null;
  readonly #environments: EnvironmentTable;
  readonly #moves: readonly PreparedMove[];
  /** Those that are worth asking while the leader is not up. */
  readonly #movesWithoutLeader: readonly PreparedMove[];
  readonly #scratch: MutableState;
  readonly #words: Int32Array;
  /** Depth → the number of states found up to its end. */
  readonly #layerEnds: number[] = [];
  /** See `shortestPath`. */
  readonly #foundBefore: number[] = [];
  /** The state to examine next. */
  #next = 0;
  #generated = 1;
  #result: ExplorationResult | null = null;

  constructor(model: ExplorerModel, properties: readonly Property[], bounds: Bounds, symmetry: boolean) {
    this.#model = model;
    this.#properties = properties;
    this.#bounds = bounds;
    this.#packing = createPacking(model);
    this.#environments = new EnvironmentTable(model);
    this.#canonicalise = symmetry ? canonicaliser(model, this.#packing, this.#environments) : null;
    this.#visited = chooseVisited(this.#packing, bounds);
    this.#bitmap = this.#canonicalise === null && this.#visited instanceof BitmapVisited ? this.#visited : null;
    this.#moves = model.moves.map((move, number) => prepare(model, this.#packing, move, number));
    this.#movesWithoutLeader = this.#moves.filter(({ needsLeader }) => !needsLeader);
    this.#scratch = scratchState(model.start);
    this.#words = new Int32Array(this.#packing.wordCount);
    this.#add(0);
    this.#layerEnds.push(this.#visited.count);
  }

  progress(): Progress {
    return { states: this.#visited.count, transitions: this.#generated, depth: this.#layerEnds.length - 1 };
  }

  step(statesMax: number): ExplorationResult | null {
    const until = this.#next + statesMax;
    while (this.#result === null && this.#next < until) {
      const layerEnd = this.#layerEnds.at(-1) ?? 0;
      if (this.#next === layerEnd) this.#nextLayer();
      else this.#examineUpTo(Math.min(until, layerEnd));
    }
    return this.#result;
  }

  /** All states of one depth are examined: what they led to is the next depth. */
  #nextLayer(): void {
    const { count } = this.#visited;
    if (this.#next === count) this.#result = { ...this.progress(), kind: 'proved' };
    else if (this.#layerEnds.length > this.#bounds.depthMax) this.#hit('depth', this.#bounds.depthMax);
    else this.#layerEnds.push(count);
  }

  #examineUpTo(end: number): void {
    while (this.#next < end && this.#result === null) {
      if (this.#next % blockLength === 0) this.#foundBefore.push(this.#visited.count);
      this.#examine(this.#next++);
      if (this.#result === null && this.#visited.count > this.#bounds.statesMax) {
        this.#hit('states', this.#bounds.statesMax);
      } else if (this.#environments.full) this.#hit('environments', maxEnvironments);
    }
  }

  #hit(bound: 'states' | 'depth' | 'environments', boundValue: number): void {
    this.#result = { ...this.progress(), kind: 'bound-hit', bound, boundValue };
  }

  /** Takes every enabled move of one state, then checks the properties in it. */
  #examine(index: number): void {
    const { shape } = this.#model;
    const state = this.#scratch;
    const number = this.#packing.unpack(this.#visited.words, index * this.#visited.wordCount, state);
    const environment = this.#environments.at(number);
    const leaderIsUp = (bit(state.leader) & state.up) !== 0;
    const moves = leaderIsUp ? this.#moves : this.#movesWithoutLeader;
    const bitmap = this.#bitmap;
    let settled = true;
    for (let at = 0; at < moves.length; at++) {
      const move = moves[at];
      if (move === undefined) continue;
      const { answers } = move;
      const enabled = answers === null ? move.enabled(shape, environment, state) : (answers[state.up] ?? 0);
      if (enabled === 0) continue;
      this.#generated += size(enabled);
      if (move.bySystem) settled = false;
      if (move.effect === null) this.#addEach(number, environment, move, enabled);
      else if (bitmap !== null)
        bitmap.addVariants(bitmap.words[index] ?? 0, move.effect.adds, move.effect.masks, enabled);
      else this.#addPacked(index, move.effect, enabled);
    }
    const violated = this.#properties.find((property) => !property.holds(shape, environment, state, settled));
    if (violated !== undefined) this.#refute(violated, index);
  }

  /** Adds what a move makes of the scratch state, for each member. */
  #addEach(number: number, environment: Environment, move: PreparedMove, enabled: Mask): void {
    const { shape } = this.#model;
    const state = this.#scratch;
    const { up, fenced, inSync, current, complete, eligible, lastKnownElr, stoppedCleanly, leader } = state;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const member = firstOf(rest);
      move.apply(shape, state, member, environment);
      this.#add(move.changesEnvironment ? this.#environments.after(number, move.number, member) : number);
      state.up = up;
      state.fenced = fenced;
      state.inSync = inSync;
      state.current = current;
      state.complete = complete;
      state.eligible = eligible;
      state.lastKnownElr = lastKnownElr;
      state.stoppedCleanly = stoppedCleanly;
      state.leader = leader;
    }
  }

  /** Adds what a {@link PackedEffect} makes of a stored state, for each member, where that needs its representative or is wide. */
  #addPacked(index: number, { word, adds, masks }: PackedEffect, enabled: Mask): void {
    const visited = this.#visited;
    const words = this.#words;
    const start = index * visited.wordCount;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      for (let at = 0; at < words.length; at++) words[at] = visited.words[start + at] ?? 0;
      const mask = masks[firstOf(rest)] ?? 0;
      const value = words[word] ?? 0;
      words[word] = adds ? value | mask : value & ~mask;
      this.#canonicalise?.(words);
      visited.add(words);
    }
  }

  /** Adds the scratch state. */
  #add(environment: number): void {
    this.#packing.pack(this.#scratch, environment, this.#words);
    this.#canonicalise?.(this.#words);
    this.#visited.add(this.#words);
  }

  #refute(property: Property, index: number): void {
    const path = shortestPath(
      {
        model: this.#model,
        packing: this.#packing,
        canonicalise: this.#canonicalise,
        environments: this.#environments,
        visited: this.#visited,
        foundBefore: this.#foundBefore,
      },
      index,
    );
    this.#result = { ...this.progress(), kind: 'counterexample', property, path };
  }
}

/** A copy to write to. Spelled out, because then all such objects have one hidden class, and the moves stay fast. */
function scratchState(start: PartitionState): MutableState {
  const { up, fenced, inSync, current, complete, eligible, lastKnownElr, stoppedCleanly, leader } = start;
  return { up, fenced, inSync, current, complete, eligible, lastKnownElr, stoppedCleanly, leader };
}

/** A {@link Move}, with what the inner loop asks of it. */
interface PreparedMove extends Pick<Move, 'enabled' | 'apply'> {
  readonly number: number;
  readonly bySystem: boolean;
  readonly needsLeader: boolean;
  readonly changesEnvironment: boolean;
  readonly effect: PackedEffect | null;
  /** Who is up → what the guard says, where it asks for nothing else. */
  readonly answers: Int32Array | null;
}

/** A {@link Move.only} in terms of the packed state: the bits of one word that it sets or clears for each member. */
interface PackedEffect {
  readonly word: number;
  readonly adds: boolean;
  readonly masks: Int32Array;
}

function prepare(model: ExplorerModel, packing: Packing, move: Move, number: number): PreparedMove {
  const { enabled, apply, actor } = move;
  return {
    number,
    enabled,
    apply,
    bySystem: actor === 'controller' || actor === 'leader',
    needsLeader: actor === 'leader' || actor === 'client',
    changesEnvironment: move.environmentAfter !== undefined,
    effect: packedEffect(model, packing, move),
    answers: move.asksWhoIsUp === true ? answersByUp(model, move) : null,
  };
}

function answersByUp({ shape, start, environment }: ExplorerModel, move: Move): Int32Array {
  const sets = { length: 2 ** shape.slotCount };
  return Int32Array.from(sets, (_, up) => move.enabled(shape, environment, { ...start, up }));
}

function packedEffect({ shape }: ExplorerModel, packing: Packing, move: Move): PackedEffect | null {
  const { only, over } = move;
  const field = packing.fields.find((candidate) => candidate.variable === only?.set);
  if (only === undefined || field === undefined || move.environmentAfter !== undefined) return null;
  const masks = Int32Array.from(
    { length: maxMembers },
    (_, member) => slotsOfMember(shape, over, member) << field.shift,
  );
  return { word: field.word, adds: only.adds, masks };
}

/**
 * One bit for each possible state, where that takes no more memory than a table of as many states as may be found; else a
 * table.
 */
function chooseVisited(packing: Packing, { statesMax }: Bounds): Visited {
  const { wordCount, firstWordBits } = packing;
  const fits = wordCount === 1 && firstWordBits <= maxBitmapBits && 2 ** (firstWordBits - 5) <= statesMax;
  return fits ? new BitmapVisited(firstWordBits) : new TableVisited(wordCount, statesMax);
}
