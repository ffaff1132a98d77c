import type { ExplorerModel, Variable } from './explorerModel';
import { firstMembers } from './mask';
import type { MutableState } from './state';

/** Where a variable sits: so many bits of one 32-bit word. */
export interface Field {
  readonly variable: Variable;
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/** How a state becomes a few 32-bit words, and back. */
export interface Packing {
  readonly fields: readonly Field[];
  readonly wordCount: number;
  /** Bits used of the first word, which is all there is where `wordCount` is 1. */
  readonly firstWordBits: number;
  /** Writes the words of a state into `target`. */
  readonly pack: (state: MutableState, environment: number, target: Int32Array) => void;
  /** Reads the state at `offset` of `source` into `state`; returns its environment's number. */
  readonly unpack: (source: Int32Array, offset: number, state: MutableState) => number;
}

/** Replicas that fit: two sets of this many share a word. */
export const maxExplorableReplicas = 15;

/** Distinct environments that a packed state can name. */
export const maxEnvironments = 1 << 16;

/** The order of the fields. Neighbouring states mostly differ in `up`: as the lowest bits it keeps them in one cache line. */
const variables: readonly Variable[] = [
  'up',
  'inSync',
  'current',
  'leader',
  'fenced',
  'complete',
  'eligible',
  'lastKnownElr',
  'stoppedCleanly',
  'environment',
];

/** Lays the tracked variables out over as few words as hold them, none across a border. */
export function layOut(model: ExplorerModel): readonly Field[] {
  const { slotCount } = model.shape;
  let word = 0;
  let used = 0;
  return variables
    .filter((variable) => model.tracked.has(variable))
    .map((variable) => {
      const bits = bitsOf(variable, slotCount);
      if (used + bits > 32) {
        word++;
        used = 0;
      }
      const field = { variable, word, shift: used, bits };
      used += bits;
      return field;
    });
}

function bitsOf(variable: Variable, slotCount: number): number {
  switch (variable) {
    case 'leader':
      // Zero stands for no leader.
      return 32 - Math.clz32(slotCount);
    case 'environment':
      return 16;
    case 'up':
    case 'inSync':
    case 'current':
    case 'fenced':
    case 'complete':
    case 'eligible':
    case 'lastKnownElr':
    case 'stoppedCleanly':
      return slotCount;
  }
}

export function createPacking(model: ExplorerModel): Packing {
  const fields = layOut(model);
  const wordCount = (fields.at(-1)?.word ?? 0) + 1;
  const firstWordBits = fields.filter((field) => field.word === 0).reduce((sum, field) => sum + field.bits, 0);
  const oneWord = wordCount === 1 && fields.map((field) => field.variable).join() === 'up,inSync,current,leader';
  return { fields, wordCount, firstWordBits, ...(oneWord ? packInOneWord(model) : packInWords(model, fields)) };
}

/** The four variables of a bare partition in one word: the case whose speed decides how many replicas can be exhausted. */
function packInOneWord(model: ExplorerModel): Pick<Packing, 'pack' | 'unpack'> {
  const { start } = model;
  const { slotCount, all } = model.shape;
  const atCurrent = 2 * slotCount;
  const atLeader = 3 * slotCount;
  return {
    pack: (state, _environment, target) => {
      target[0] =
        state.up | (state.inSync << slotCount) | (state.current << atCurrent) | ((state.leader + 1) << atLeader);
    },
    unpack: (source, offset, state) => {
      const word = source[offset] ?? 0;
      state.up = word & all;
      state.inSync = (word >>> slotCount) & all;
      state.current = (word >>> atCurrent) & all;
      state.leader = (word >>> atLeader) - 1;
      state.fenced = start.fenced;
      state.complete = start.complete;
      state.eligible = start.eligible;
      state.lastKnownElr = start.lastKnownElr;
      state.stoppedCleanly = start.stoppedCleanly;
      return 0;
    },
  };
}

/** A field to read and write without asking which variable it is: an untracked one has no bits, and its starting value. */
interface Access {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
  readonly fixed: number;
}

function packInWords(model: ExplorerModel, fields: readonly Field[]): Pick<Packing, 'pack' | 'unpack'> {
  const { start } = model;
  const access = (variable: Variable, fixed: number): Access => {
    const field = fields.find((candidate) => candidate.variable === variable);
    if (field === undefined) return { word: 0, shift: 0, mask: 0, fixed };
    return { word: field.word, shift: field.shift, mask: firstMembers(field.bits), fixed: 0 };
  };
  const up = access('up', start.up);
  const inSync = access('inSync', start.inSync);
  const current = access('current', start.current);
  const leader = access('leader', start.leader + 1);
  const fenced = access('fenced', start.fenced);
  const complete = access('complete', start.complete);
  const eligible = access('eligible', start.eligible);
  const lastKnownElr = access('lastKnownElr', start.lastKnownElr);
  const stoppedCleanly = access('stoppedCleanly', start.stoppedCleanly);
  const keepsElr = model.tracked.has('eligible');
  const environmentAt = access('environment', 0);
  return {
    pack: (state, environment, target) => {
      target.fill(0);
      write(target, up, state.up);
      write(target, inSync, state.inSync);
      write(target, current, state.current);
      write(target, leader, state.leader + 1);
      write(target, fenced, state.fenced);
      write(target, complete, state.complete);
      write(target, environmentAt, environment);
      if (!keepsElr) return;
      write(target, eligible, state.eligible);
      write(target, lastKnownElr, state.lastKnownElr);
      write(target, stoppedCleanly, state.stoppedCleanly);
    },
    unpack: (source, offset, state) => {
      state.up = read(source, offset, up);
      state.inSync = read(source, offset, inSync);
      state.current = read(source, offset, current);
      state.leader = read(source, offset, leader) - 1;
      state.fenced = read(source, offset, fenced);
      state.complete = read(source, offset, complete);
      state.eligible = read(source, offset, eligible);
      state.lastKnownElr = read(source, offset, lastKnownElr);
      state.stoppedCleanly = read(source, offset, stoppedCleanly);
      return read(source, offset, environmentAt);
    },
  };
}

function write(target: Int32Array, at: Access, value: number): void {
  target[at.word] = (target[at.word] ?? 0) | ((value & at.mask) << at.shift);
}

function read(source: Int32Array, offset: number, at: Access): number {
  return (((source[offset + at.word] ?? 0) >>> at.shift) & at.mask) | at.fixed;
}
