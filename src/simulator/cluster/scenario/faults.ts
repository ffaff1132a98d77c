import type { NodeId } from '../../../kafka/cluster';
import type { Cause } from '../../timeline';
import type { Fault } from './scenario';
import type { World } from './world';

/** What a fault asks of the run beyond what it breaks at once. */
export interface FaultRequests {
  /** Processes were killed: whatever they were about to do, they do no more. */
  readonly killed: (brokers: readonly NodeId[]) => void;
  readonly start: (brokers: readonly NodeId[]) => void;
  readonly shutDown: (brokers: readonly NodeId[]) => void;
  readonly elect: (election: 'preferred' | 'unclean') => void;
  readonly setMinIsr: (minIsr: number) => void;
  readonly reassign: (replicas: readonly NodeId[], observers: readonly NodeId[]) => void;
}

/**
 * Breaks or repairs something in the world and says how it is called; `null` for commands, whose effect speaks for
 * itself when they take effect.
 */
export function applyFault(world: World, fault: Fault, requests: FaultRequests): Cause | null {
  const { network, quorum } = world;
  switch (fault.kind) {
    case 'crash-brokers':
      crash(world, fault.brokers, 0, requests);
      return { kind: 'brokers-crashed', brokers: fault.brokers };
    case 'power-loss':
      crash(world, fault.brokers, fault.lostRecords, requests);
      return { kind: 'power-lost', brokers: fault.brokers, lostRecords: fault.lostRecords };
    case 'stop-brokers':
      requests.shutDown(fault.brokers);
      return { kind: 'brokers-stopped', brokers: fault.brokers };
    case 'return-brokers': {
      const clean = fault.brokers.every((id) => world.stopped.get(id)?.clean ?? true);
      requests.start(fault.brokers);
      return { kind: 'brokers-returned', brokers: fault.brokers, clean };
    }
    case 'freeze-brokers':
      for (const id of fault.brokers) if (world.cluster.running.has(id)) world.frozen.add(id);
      return { kind: 'brokers-frozen', brokers: fault.brokers };
    case 'resume-brokers':
      for (const id of fault.brokers) world.frozen.delete(id);
      return { kind: 'brokers-resumed', brokers: fault.brokers };
    case 'slow-replicas':
      for (const id of fault.brokers) world.slow.add(id);
      return { kind: 'replicas-slowed', replicas: fault.brokers };
    case 'recover-replicas':
      for (const id of fault.brokers) world.slow.delete(id);
      return { kind: 'replicas-recovered', replicas: fault.brokers };
    case 'cut-off-brokers':
      for (const id of fault.brokers) network.cutOff(id, fault.controllers);
      return { kind: 'brokers-cut-off', brokers: fault.brokers, controllers: fault.controllers };
    case 'reconnect-brokers':
      for (const id of fault.brokers) network.reconnect(id);
      return { kind: 'brokers-reconnected', brokers: fault.brokers };
    case 'lose-datacenter':
      return loseDatacenter(world, fault, requests);
    case 'return-datacenter': {
      const { datacenter } = fault;
      const brokers = world.brokersIn(datacenter).filter((id) => world.stopped.has(id));
      const controllers = world.controllersIn(datacenter);
      quorum.start(controllers);
      requests.start(brokers);
      return { kind: 'datacenter-returned', datacenter, brokers, controllers };
    }
    case 'isolate-datacenter':
      for (const other of othersThan(world, fault.datacenter)) network.cutLink(fault.datacenter, other, 'both');
      return { kind: 'datacenter-isolated', datacenter: fault.datacenter };
    case 'rejoin-datacenter':
      for (const other of othersThan(world, fault.datacenter)) network.healLink(fault.datacenter, other);
      return { kind: 'datacenter-rejoined', datacenter: fault.datacenter };
    case 'cut-link': {
      const { between, scope } = fault;
      network.cutLink(...between, scope);
      if (scope === 'controllers') return { kind: 'controller-link-cut', between };
      return { kind: 'link-cut', between, controllers: scope === 'both' };
    }
    case 'heal-link':
      network.healLink(...fault.between);
      return { kind: 'link-healed', between: fault.between };
    case 'lose-controllers':
      quorum.stop(fault.controllers);
      return { kind: 'controllers-lost', controllers: fault.controllers };
    case 'return-controllers':
      quorum.start(fault.controllers);
      return { kind: 'controllers-returned', controllers: fault.controllers };
    case 'set-min-isr':
      requests.setMinIsr(fault.minIsr);
      return null;
    case 'elect-leader':
      requests.elect(fault.election);
      return null;
    case 'reassign':
      requests.reassign(fault.replicas, fault.observers);
      return null;
  }
}

function crash(world: World, brokers: readonly NodeId[], lostRecords: number, requests: FaultRequests): void {
  for (const id of brokers) world.stop(id, { clean: false, lostRecords });
  requests.killed(brokers);
}

function loseDatacenter(
  world: World,
  { datacenter, controllers: withControllers, lostRecords = 0 }: Fault & { readonly kind: 'lose-datacenter' },
  requests: FaultRequests,
): Cause {
  const brokers = world.brokersIn(datacenter).filter((id) => world.cluster.running.has(id));
  const controllers = withControllers ? world.controllersIn(datacenter) : [];
  crash(world, world.brokersIn(datacenter), lostRecords, requests);
  world.quorum.stop(controllers);
  return { kind: 'datacenter-lost', datacenter, brokers, controllers };
}

function othersThan(world: World, datacenter: string): string[] {
  return world.datacenters.filter((other) => other !== datacenter);
}
