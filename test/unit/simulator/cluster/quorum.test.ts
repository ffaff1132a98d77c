import { describe, expect, it } from 'vitest';
import { Network } from '../../../../src/simulator/cluster/network';
import { Quorum } from '../../../../src/simulator/cluster/quorum';
import { runScenario } from '../../../../src/simulator/cluster/scenario/run';
import { defaultSetup, type Fault, type ScenarioSetup } from '../../../../src/simulator/cluster/scenario/scenario';

/** Two voters in each of west and east, one in central. */
const voters = ['west', 'west', 'east', 'east', 'central'].map((datacenter, id) => ({ id, datacenter }));
const west = { id: 10, datacenter: 'west' };
const east = { id: 11, datacenter: 'east' };

describe('a quorum of 2 + 2 + 1', () => {
  it('survives the loss of any one datacenter, and of no two', () => {
    const standsWithout = (...lost: readonly string[]): boolean => {
      const quorum = new Quorum(voters, new Network());
      quorum.stop(voters.filter(({ datacenter }) => lost.includes(datacenter)).map(({ id }) => id));
      return quorum.electable !== undefined;
    };
    expect(['west', 'east', 'central'].map((lost) => standsWithout(lost))).toEqual([true, true, true]);
    expect(standsWithout('west', 'central')).toBe(false);
  });

  it('cannot commit until the dead leader is replaced', () => {
    const quorum = new Quorum(voters, new Network());
    quorum.stop([0, 1]);
    expect(quorum.canCommit).toBe(false);
    expect(quorum.elect()).toBe(2);
    expect(quorum.canCommit).toBe(true);
  });

  it('goes over to the side that has the majority', () => {
    const network = new Network();
    const quorum = new Quorum(voters, network);
    for (const other of ['east', 'central']) network.cutLink('west', other, 'both');
    expect(quorum.canCommit).toBe(false);
    expect(quorum.elect()).toBe(2);
    expect(quorum.hears(west)).toBe(false);
    expect(quorum.hears(east)).toBe(true);
  });

  it('keeps its leader while central hears both sides of a cut', () => {
    const network = new Network();
    network.cutLink('west', 'east', 'both');
    const quorum = new Quorum(voters, network);
    expect(quorum.canCommit).toBe(true);
    expect(quorum.hears(east)).toBe(false);
  });
});

describe('controllers that no file names stand apart from all brokers, so', () => {
  const west = [1, 2, 3].map((id) => ({ id, datacenter: 'west' }));
  const east = [4, 5].map((id) => ({ id, datacenter: 'east' }));
  const replicas = [1, 2, 4, 5];
  const setup: ScenarioSetup = {
    ...defaultSetup,
    brokers: [...west, ...east],
    controllers: null,
    replicas,
    observers: [],
    minIsr: 2,
  };
  const stateAfter = (fault: Fault) => {
    const { steps } = runScenario(setup, { name: '', steps: [{ when: 0, fault }] }, 'best');
    return steps.at(-1)?.state;
  };

  it('of two datacenters the one that is not isolated keeps the quorum, even if it is the smaller one', () => {
    expect(stateAfter({ kind: 'isolate-datacenter', datacenter: 'west' })).toMatchObject({
      leader: 4,
      isr: [4, 5],
      quorum: true,
    });
    expect(stateAfter({ kind: 'isolate-datacenter', datacenter: 'east' })).toMatchObject({ leader: 1, isr: [1, 2] });
  });

  it('brokers that are cut off from everybody are fenced', () => {
    const cutOff: Fault = { kind: 'cut-off-brokers', brokers: [1, 4], controllers: true };
    expect(stateAfter(cutOff)).toMatchObject({ leader: 2, isr: [2, 5] });
  });

  it('both ends of a cut link still hear them', () => {
    const cut: Fault = { kind: 'cut-link', between: ['west', 'east'], scope: 'controllers' };
    expect(stateAfter(cut)).toMatchObject({ leader: 1, isr: replicas, quorum: true });
  });
});

describe('links', () => {
  it('may be cut for brokers alone, and healed', () => {
    const network = new Network();
    network.cutLink('east', 'west', 'brokers');
    expect(network.brokersHear(west, east)).toBe(false);
    expect(network.brokerHearsController(west, east)).toBe(true);
    network.healLink('west', 'east');
    expect(network.brokersHear(west, east)).toBe(true);
  });

  it('around one broker are cut both ways', () => {
    const network = new Network();
    network.cutOff(west.id, false);
    expect(network.brokersHear(west, east)).toBe(false);
    expect(network.brokersHear(east, west)).toBe(false);
    expect(network.brokersHear(west, west)).toBe(true);
    expect(network.brokerHearsController(west, east)).toBe(true);
  });
});
