import type { NodeId } from '../../../kafka/cluster';
import type { Cause, WithoutEffect } from '../../timeline';
import type { Quorum } from '../quorum';
import type { Fault } from './scenario';
import type { World } from './world';

/** What a fault asks of the run beyond what it breaks at once. */
export interface FaultRequests {
  /** Processes were killed: whatever they were about to do, they do no more. Returns those that were about to start. */
  readonly killed: (brokers: readonly NodeId[]) => readonly NodeId[];
  /** Returns those that were down and start now. */
  readonly start: (brokers: readonly NodeId[]) => readonly NodeId[];
  readonly shutDown: (brokers: readonly NodeId[]) => void;
  readonly elect: (election: 'preferred' | 'unclean') => void;
  readonly setMinIsr: (minIsr: number) => void;
  readonly setUncleanElection: (enabled: boolean) => void;
  readonly reassign: (replicas: readonly NodeId[], observers: readonly NodeId[]) => void;
}

/**
 * Breaks or repairs something in the world and says how it is called; `null` for commands, whose effect speaks for
 * itself when they take effect.
 */
export function applyFault(world: World, fault: Fault, requests: FaultRequests): Cause | null {
  if ('brokers' in fault) return onBrokers(world, fault, requests);
  switch (fault.kind) {
    case 'lose-datacenter':
      return loseDatacenter(world, fault, requests);
    case 'return-datacenter':
      return returnDatacenter(world, fault.datacenter, requests);
    case 'isolate-datacenter':
    case 'rejoin-datacenter':
    case 'cut-link':
    case 'heal-link':
      return onLinks(world, fault);
    case 'lose-controllers':
    case 'return-controllers':
      return onControllers(world.quorum, fault);
    case 'set-min-isr':
      requests.setMinIsr(fault.minIsr);
      return null;
    case 'set-unclean-election':
      requests.setUncleanElection(fault.enabled);
      return null;
    case 'elect-leader':
      requests.elect(fault.election);
      return null;
    case 'reassign':
      requests.reassign(fault.replicas, fault.observers);
      return null;
  }
}

/** What hits brokers by their ids: told are those that it makes a difference to. */
function onBrokers(
  world: World,
  fault: Extract<Fault, { readonly brokers: readonly NodeId[] }>,
  requests: FaultRequests,
): Cause {
  const { network, quorum } = world;
  switch (fault.kind) {
    case 'crash-brokers': {
      const brokers = crash(world, fault.brokers, 0, requests);
      return brokers.length > 0 ? { kind: 'brokers-crashed', brokers } : unchanged('down', fault.brokers);
    }
    case 'power-loss':
      return losePower(world, fault, requests);
    case 'stop-brokers': {
      const brokers = fault.brokers.filter((id) => world.cluster.running.has(id));
      requests.shutDown(brokers);
      return brokers.length > 0 ? { kind: 'brokers-stopped', brokers } : unchanged('down', fault.brokers);
    }
    case 'return-brokers': {
      const brokers = requests.start(fault.brokers);
      const clean = brokers.every((id) => world.stopped.get(id)?.clean ?? true);
      return brokers.length > 0 ? { kind: 'brokers-returned', brokers, clean } : unchanged('running', fault.brokers);
    }
    case 'freeze-brokers':
      return freeze(world, fault.brokers);
    case 'resume-brokers': {
      const brokers = fault.brokers.filter((id) => world.frozen.delete(id));
      quorum.resume(brokers);
      return brokers.length > 0 ? { kind: 'brokers-resumed', brokers } : unchanged('not-frozen', fault.brokers);
    }
    case 'slow-replicas': {
      const replicas = fault.brokers.filter((id) => !world.slow.has(id));
      for (const id of replicas) world.slow.add(id);
      return replicas.length > 0 ? { kind: 'replicas-slowed', replicas } : unchanged('slow', fault.brokers);
    }
    case 'recover-replicas': {
      const replicas = fault.brokers.filter((id) => world.slow.delete(id));
      return replicas.length > 0 ? { kind: 'replicas-recovered', replicas } : unchanged('not-slow', fault.brokers);
    }
    case 'cut-off-brokers':
      for (const id of fault.brokers) network.cutOff(id, fault.controllers);
      return { kind: 'brokers-cut-off', brokers: fault.brokers, controllers: fault.controllers };
    case 'reconnect-brokers': {
      const brokers = fault.brokers.filter((id) => network.reconnect(id));
      return brokers.length > 0 ? { kind: 'brokers-reconnected', brokers } : unchanged('connected', fault.brokers);
    }
  }
}

type WhyUnchanged = Extract<WithoutEffect, { readonly brokers: readonly NodeId[] }>['why'];

function unchanged(why: WhyUnchanged, brokers: readonly NodeId[]): WithoutEffect {
  return { kind: 'without-effect', why, brokers };
}

/** Freezes the processes that still answer. */
function freeze(world: World, asked: readonly NodeId[]): Cause {
  const brokers = asked.filter((id) => world.isResponsive(id));
  for (const id of brokers) world.frozen.add(id);
  world.quorum.freeze(brokers);
  if (brokers.length > 0) return { kind: 'brokers-frozen', brokers };
  const isFrozen = asked.some((id) => world.frozen.has(id));
  return unchanged(isFrozen ? 'frozen' : 'down', asked);
}

/** Kills processes, and returns those that ran or were about to. */
function crash(
  world: World,
  brokers: readonly NodeId[],
  lostRecords: number,
  requests: FaultRequests,
): readonly NodeId[] {
  const running = brokers.filter((id) => world.cluster.running.has(id));
  for (const id of brokers) world.stop(id, { clean: false, lostRecords });
  const starting = requests.killed(brokers);
  return brokers.filter((id) => running.includes(id) || starting.includes(id));
}

/**
 * Power is gone, and with it what was in the page cache: also of a process that had crashed before, whose log had outlived
 * it until now. Whoever stopped in order had flushed its log.
 */
function losePower(
  world: World,
  { brokers, lostRecords }: Fault & { readonly kind: 'power-loss' },
  requests: FaultRequests,
): Cause {
  const tails = brokers.filter((id) => world.losesTail(id, lostRecords));
  const killed = crash(world, brokers, lostRecords, requests);
  const affected = brokers.filter((id) => killed.includes(id) || tails.includes(id));
  return affected.length > 0 ? { kind: 'power-lost', brokers: affected, lostRecords } : unchanged('down', brokers);
}

function loseDatacenter(
  world: World,
  { datacenter, controllers: withControllers, lostRecords = 0 }: Fault & { readonly kind: 'lose-datacenter' },
  requests: FaultRequests,
): Cause {
  const here = world.brokersIn(datacenter);
  const tails = here.filter((id) => world.losesTail(id, lostRecords));
  const controllers = withControllers ? world.quorum.stop(world.controllersIn(datacenter)) : [];
  const brokers = crash(world, here, lostRecords, requests);
  if (brokers.length + tails.length + controllers.length === 0) {
    return { kind: 'without-effect', why: 'down', datacenters: [datacenter] };
  }
  const lost = lostRecords > 0 && brokers.length > 0 ? { lostRecords } : {};
  return { kind: 'datacenter-lost', datacenter, brokers, controllers, ...lost };
}

function returnDatacenter(world: World, datacenter: string, requests: FaultRequests): Cause {
  const controllers = world.quorum.start(world.controllersIn(datacenter));
  const brokers = requests.start(world.brokersIn(datacenter));
  return brokers.length + controllers.length > 0
    ? { kind: 'datacenter-returned', datacenter, brokers, controllers }
    : { kind: 'without-effect', why: 'running', datacenters: [datacenter] };
}

type LinkFault = Extract<
  Fault,
  { readonly kind: 'isolate-datacenter' | 'rejoin-datacenter' | 'cut-link' | 'heal-link' }
>;

/** What datacenters hear of each other. */
function onLinks(world: World, fault: LinkFault): Cause {
  const { network } = world;
  switch (fault.kind) {
    case 'isolate-datacenter':
      for (const other of othersThan(world, fault.datacenter)) network.cutLink(fault.datacenter, other, 'both');
      return { kind: 'datacenter-isolated', datacenter: fault.datacenter };
    case 'rejoin-datacenter': {
      const { datacenter } = fault;
      const healed = othersThan(world, datacenter).filter((other) => network.healLink(datacenter, other));
      return healed.length > 0
        ? { kind: 'datacenter-rejoined', datacenter }
        : { kind: 'without-effect', why: 'connected', datacenters: [datacenter] };
    }
    case 'cut-link': {
      const { between, scope } = fault;
      network.cutLink(...between, scope);
      if (scope === 'controllers') return { kind: 'controller-link-cut', between };
      return { kind: 'link-cut', between, controllers: scope === 'both' };
    }
    case 'heal-link': {
      const { between } = fault;
      return network.healLink(...between)
        ? { kind: 'link-healed', between }
        : { kind: 'without-effect', why: 'connected', datacenters: between };
    }
  }
}

/** What hits controllers that are no brokers, or as if they were not. */
function onControllers(
  quorum: Quorum,
  fault: Extract<Fault, { readonly kind: 'lose-controllers' | 'return-controllers' }>,
): Cause {
  switch (fault.kind) {
    case 'lose-controllers': {
      const controllers = quorum.stop(fault.controllers);
      return controllers.length > 0
        ? { kind: 'controllers-lost', controllers }
        : { kind: 'without-effect', why: 'down', controllers: fault.controllers };
    }
    case 'return-controllers': {
      const controllers = quorum.start(fault.controllers);
      return controllers.length > 0
        ? { kind: 'controllers-returned', controllers }
        : { kind: 'without-effect', why: 'running', controllers: fault.controllers };
    }
  }
}

function othersThan(world: World, datacenter: string): string[] {
  return world.datacenters.filter((other) => other !== datacenter);
}
