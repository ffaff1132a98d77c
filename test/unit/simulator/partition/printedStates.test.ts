import { describe, expect, it } from 'vitest';
import type { ObserverPromotionPolicy } from '../../../../src/kafka/placement';
import { maskOf, members } from '../../../../src/simulator/partition/mask';
import { settle } from '../../../../src/simulator/partition/settle';
import { createShape, defaultSwitches, type Shape } from '../../../../src/simulator/partition/shape';
import { after, forceUncleanLeader } from '../../../../src/simulator/partition/transitions';
import { healthyWorld, type World } from '../../../../src/simulator/partition/world';
import chains from '../../../fixtures/printed-states.json';
import { settledAfter } from './shapes';

/**
 * States that real clusters printed, as Confluent's tutorial and others published them. The tutorial's outputs come from
 * several runs, with another order of replicas in each, so the way to each state is run anew with the order it was printed
 * with. Which observer is promoted is a race: the printed one must be among those found.
 */
interface Step {
  readonly do: string;
  readonly brokers: readonly number[];
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly observers: readonly number[];
}

interface Chain {
  readonly id: string;
  readonly policy: string;
  readonly minIsr: number;
  readonly placedSync: number;
}

function shapeFor(chain: Chain, { replicas, observers }: Step): Shape {
  return createShape({
    slots: replicas.map((id) => ({ role: observers.includes(id) ? 'observer' : 'sync', datacenter: 0, votes: false })),
    datacenterCount: 1,
    minIsr: chain.minIsr,
    policy: chain.policy as ObserverPromotionPolicy,
    placedSyncReplicas: chain.placedSync,
    uncleanElection: false,
    electionOrder: 'assignment',
    otherVoters: null,
    switches: defaultSwitches,
  });
}

function run(shape: Shape, steps: readonly Step[], replicas: readonly number[]): readonly World[] {
  const slots = ({ brokers }: Step) => maskOf(brokers.map((id) => replicas.indexOf(id)));
  return steps.reduce<readonly World[]>(
    (worlds, step) => worlds.flatMap((world) => perform(shape, world, step, slots(step))),
    [healthyWorld(shape)],
  );
}

function perform(shape: Shape, world: World, step: Step, slots: number): readonly World[] {
  switch (step.do) {
    case 'stop':
      return settledAfter(shape, world, { crash: slots });
    case 'start':
      return settledAfter(shape, world, { restore: slots });
    case 'unclean': {
      const { state, surroundings } = world;
      const [slot] = members(forceUncleanLeader.enabled(shape, surroundings, state));
      const forced = after(shape, surroundings, state, forceUncleanLeader, slot!);
      return settle(shape, surroundings, forced).ends.map((end) => ({ state: end.state, surroundings }));
    }
    default:
      return [world];
  }
}

/** A leaderless partition prints one dead member of its last ISR: which one is an accident of that run. */
function printed({ leader, isr }: Pick<Step, 'leader' | 'isr'>): string {
  return leader === null ? `leader none, ${isr.length} in the ISR` : `leader ${leader} isr ${[...isr].sort().join()}`;
}

describe.each(chains)('$id', (chain) => {
  it.each(chain.steps.map((step, index) => ({ index, title: `${step.do} ${step.brokers.join()}: ${printed(step)}` })))(
    '$title',
    ({ index }) => {
      const step = chain.steps[index]!;
      const worlds = run(shapeFor(chain, step), chain.steps.slice(0, index + 1), step.replicas);
      const found = worlds.map(({ state }) => {
        const isr = members(state.inSync).map((slot) => step.replicas[slot]!);
        return printed({ leader: step.replicas[state.leader] ?? null, isr });
      });
      expect(found).toContain(printed(step));
    },
  );
});
