import type { Cluster } from '../kafka/cluster';
import type { Topic } from '../kafka/topic';
import { pathTimeline, type ShapeNames } from '../simulator/partition/counterexample';
import type { Bounds, Exploration, ExplorationResult } from '../simulator/partition/exploration';
import { explore } from '../simulator/partition/explorer';
import { type FaultBudget, noFaults } from '../simulator/partition/explorerFaults';
import { settledModel } from '../simulator/partition/explorerSettled';
import { bit } from '../simulator/partition/mask';
import { invariants, type Property, type PropertyName, writesComeBack } from '../simulator/partition/properties';
import { defaultSwitches, type Switches } from '../simulator/partition/shape';
import { stateKey } from '../simulator/partition/state';
import type { Timeline } from '../simulator/timeline';
import { type Arrangement, arrangementsOf } from './assignments';
import { causeTold } from './causeLabels';
import { createNames } from './names';

/** What is to be shown of a topic. */
export type Claim = 'acknowledged-data-is-kept' | 'writes-come-back';

/**
 * The faults that a proof covers unless told otherwise: one datacenter and one further broker, lost in any order and at
 * any moment, also in the middle of the reaction to the other.
 */
export const defaultBudget: FaultBudget = { ...noFaults, datacentersLostMax: 1, brokersDownMax: 1 };

export interface ProofOptions {
  readonly switches?: Partial<Switches>;
  readonly budget?: FaultBudget;
  readonly bounds?: Partial<Bounds>;
}

export type ProofResult = {
  readonly claim: Claim;
  readonly budget: FaultBudget;
  /** Distinct states checked, one for each class of interchangeable replicas, over all arrangements. */
  readonly states: number;
  readonly transitions: number;
  /** Arrangements of the replicas that differ in more than the names of brokers and datacenters. */
  readonly arrangements: number;
} & (
  | { readonly kind: 'proved' }
  | { readonly kind: 'counterexample'; readonly property: PropertyName; readonly timeline: Timeline }
  | {
      readonly kind: 'bound-hit';
      readonly bound: 'states' | 'depth' | 'replicas' | 'environments' | 'assignments';
      readonly boundValue: number;
    }
);

/** A proof that is taken forward slice by slice, so that nobody waits for it. To cancel it, stop stepping. */
export interface Proof {
  /** Checks up to `statesMax` further states; the result once there is one. */
  readonly step: (statesMax: number) => ProofResult | null;
  /** Distinct states found so far. */
  readonly states: () => number;
}

/**
 * Tries to prove a claim about a topic: for every arrangement of its replicas that the files allow, every state that the
 * budget's faults can lead to.
 */
export function prove(cluster: Cluster, topic: Topic, claim: Claim, options: ProofOptions = {}): Proof {
  const arrangements = arrangementsOf(cluster, topic, { ...defaultSwitches, ...options.switches });
  const list = distinct(arrangements.list);
  const budget = options.budget ?? defaultBudget;
  const limit = arrangements.limits[0];
  const done = { states: 0, transitions: 0, arrangements: 0 };
  let current: Exploration | null = null;
  let result: ProofResult | null = null;

  const finish = (arrangement: Arrangement, found: ExplorationResult): void => {
    done.states += found.states;
    done.transitions += found.transitions;
    done.arrangements++;
    current = null;
    const common = { claim, budget, ...done };
    if (found.kind === 'bound-hit') {
      result = { ...common, kind: 'bound-hit', bound: found.bound, boundValue: found.boundValue };
    } else if (found.kind === 'counterexample') {
      const model = settledModel(arrangement.shape, budget, arrangement.start);
      const { name } = found.property;
      const timeline = pathTimeline(model, found.path, shapeNames(cluster, arrangement), name);
      result = { ...common, kind: 'counterexample', property: name, timeline };
    }
  };

  return {
    states: () => done.states + (current?.progress().states ?? 0),
    step: (statesMax) => {
      const arrangement = list[done.arrangements];
      if (result !== null) return result;
      if (arrangement === undefined) {
        result = atTheEnd({ claim, budget, ...done }, limit);
        return result;
      }
      current ??= explore(settledModel(arrangement.shape, budget, arrangement.start), propertiesOf(claim, budget), {
        ...(options.bounds === undefined ? {} : { bounds: options.bounds }),
      });
      const found = current.step(statesMax);
      if (found !== null) finish(arrangement, found);
      return result;
    },
  };
}

/** One arrangement of each shape and start: mirror images have the same states. */
function distinct(list: readonly Arrangement[]): readonly Arrangement[] {
  const byShape = new Map([...list].reverse().map((arrangement) => [shapeKey(arrangement), arrangement]));
  return list.filter((arrangement) => byShape.get(shapeKey(arrangement)) === arrangement);
}

function shapeKey({ shape, start }: Arrangement): string {
  return `${shape.key}/${stateKey(start.state)}`;
}

function propertiesOf(claim: Claim, budget: FaultBudget): readonly Property[] {
  switch (claim) {
    case 'acknowledged-data-is-kept':
      return invariants;
    case 'writes-come-back':
      return Array.from({ length: budget.datacentersLostMax }, (_, index) => writesComeBack(index + 1));
  }
}

/** All arrangements looked at hold; it is a proof if those are all there are, and there is one. */
function atTheEnd(
  common: Omit<Extract<ProofResult, { kind: 'proved' }>, 'kind'>,
  limit: { readonly limit: string; readonly bound: number } | undefined,
): ProofResult {
  if (limit === undefined && common.arrangements > 0) return { ...common, kind: 'proved' };
  if (limit === undefined) return { ...common, kind: 'bound-hit', bound: 'assignments', boundValue: 0 };
  const bound = limit.limit === 'replicas' ? 'replicas' : 'assignments';
  return { ...common, kind: 'bound-hit', bound, boundValue: limit.bound };
}

function shapeNames(cluster: Cluster, arrangement: Arrangement): ShapeNames {
  const names = createNames(cluster, arrangement);
  return {
    brokers: names.slots,
    controllers: Array.from(
      { length: arrangement.shape.voterCount },
      (_, voter) => names.controllers(bit(voter))[0] ?? -1,
    ),
    datacenters: arrangement.datacenters,
  };
}

/** What a proof comes to, in a sentence for the panel and the terminal. */
export function proofSentence(result: ProofResult): string {
  const states = new Intl.NumberFormat('en-US').format(result.states);
  switch (result.kind) {
    case 'proved':
      return `${claimed(result)}: all ${states} reachable states checked (alike ones counted once), with ${budgetWords(result.budget)}.`;
    case 'counterexample': {
      const steps = result.timeline.steps.slice(1).map(({ cause }) => causeTold(cause));
      return `${refuted(result)}. The shortest way there: ${steps.join(' → ')}.`;
    }
    case 'bound-hit':
      // Two claims of one topic stop at the same bound, so each says what it is about.
      return result.bound === 'replicas'
        ? `Not decided ${asked(result)}: there are more than ${result.boundValue} replicas.`
        : `Not decided ${asked(result)}: ${states} states examined and nothing wrong found, then the bound on ${result.bound} was hit (${result.boundValue}).`;
  }
}

function claimed({ claim, budget }: ProofResult): string {
  switch (claim) {
    case 'acknowledged-data-is-kept':
      return 'No acknowledged write is lost to an election';
    case 'writes-come-back':
      return `After the loss of ${lossesWords(budget)} writes come back by themselves`;
  }
}

function asked({ claim, budget }: ProofResult): string {
  switch (claim) {
    case 'acknowledged-data-is-kept':
      return 'whether an acknowledged write can be lost to an election';
    case 'writes-come-back':
      return `whether writes come back by themselves after the loss of ${lossesWords(budget).replace(/,$/, '')}`;
  }
}

function refuted({ claim, budget }: ProofResult): string {
  switch (claim) {
    case 'acknowledged-data-is-kept':
      return `An acknowledged write can be lost to an election with ${budgetWords(budget)}`;
    case 'writes-come-back':
      return `After the loss of ${lossesWords(budget)} writes may not come back by themselves`;
  }
}

/** States in which something else is broken as well are not asked for writes: see `writesComeBack`. */
function lossesWords({ datacentersLostMax }: FaultBudget): string {
  return datacentersLostMax === 1
    ? 'any one datacenter, and of nothing else,'
    : `any ${datacentersLostMax} datacenters or fewer, and of nothing else,`;
}

/** The faults of a budget: `one datacenter lost and one further broker down, in any order and nothing repaired`. */
export function budgetWords(budget: FaultBudget): string {
  const parts = [
    counted(budget.datacentersLostMax, 'datacenter', ' lost'),
    counted(budget.datacentersIsolatedMax, 'datacenter', ' isolated'),
    counted(budget.linksCutMax, 'link', ' cut'),
    counted(budget.controllersDownMax, `${budget.datacentersLostMax > 0 ? 'further ' : ''}controller`, ' down'),
    counted(budget.brokersDownMax, `${budget.datacentersLostMax > 0 ? 'further ' : ''}broker`, ' down'),
    counted(budget.lossyReturnsMax, 'return', ' without the end of the log'),
  ].filter((part) => part !== '');
  const faults = parts.length === 0 ? 'no faults' : parts.join(' and ');
  return `${faults}${parts.length > 1 ? ' in any order' : ''}${budget.repairs ? ', repaired at any time' : ', nothing repaired'}`;
}

function counted(count: number, what: string, after = ''): string {
  return count === 0 ? '' : `${count === 1 ? 'one' : `up to ${count}`} ${what}${count === 1 ? '' : 's'}${after}`;
}
