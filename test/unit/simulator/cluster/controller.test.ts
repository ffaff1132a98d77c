import { describe, expect, it } from 'vitest';
import { newlyRegistered, nextControlState } from '../../../../src/simulator/cluster/brokerLifecycle';
import { Controller, type ControllerOptions } from '../../../../src/simulator/cluster/controller';

const sessionTimeoutMs = 9_000;

function controllerOf(options: Partial<ControllerOptions> = {}): Controller {
  return new Controller({
    brokers: [1, 2, 3],
    replicas: [1, 2, 3],
    settings: { minInsyncReplicas: 2, uncleanLeaderElection: false },
    elrEnabled: true,
    sessionTimeoutMs,
    ...options,
  });
}

const nothing = { wantShutDown: false, wantFence: false, metadataOffset: Number.MAX_SAFE_INTEGER };

describe('a new incarnation of a broker', () => {
  it('is refused until the session of the old one has lapsed, which it does strictly after the timeout', () => {
    const controller = controllerOf();
    expect(controller.register(2, false, sessionTimeoutMs)).toBe('DUPLICATE_BROKER_REGISTRATION');
    expect(controller.register(2, false, sessionTimeoutMs + 1)).toBe('NONE');
  });

  // A session may lapse before the periodic check has fenced the broker: then the registration is what removes it.
  it.each([
    { clean: true, elr: [2] },
    { clean: false, elr: [] },
  ])('leaves an ISR that it is still in; clean $clean: the ELR is $elr', ({ clean, elr }) => {
    const controller = controllerOf({ isr: [1, 2] });
    controller.expireSession(2);
    expect(controller.register(2, clean, 0)).toBe('NONE');
    expect(controller.partition).toMatchObject({ isr: [1], elr });
  });

  it('is fenced until its first heartbeat, and has an epoch of its own', () => {
    const controller = controllerOf();
    const before = controller.broker(2)?.epoch ?? 0;
    controller.fence(2);
    controller.register(2, true, sessionTimeoutMs + 1);
    expect(controller.broker(2)).toMatchObject({ fenced: true });
    expect(controller.broker(2)?.epoch).toBeGreaterThan(before);
  });
});

describe('a heartbeat', () => {
  it('that wants to be fenced leaves a fenced broker fenced', () => {
    const controller = controllerOf();
    controller.fence(2);
    expect(controller.heartbeat(2, { ...nothing, wantFence: true }, 0)?.isFenced).toBe(true);
    expect(controller.partition.isr).toEqual([1, 3]);
  });

  it('that wants to be fenced takes an unfenced broker out of the ISR and of leadership', () => {
    const controller = controllerOf();
    const reply = controller.heartbeat(1, { ...nothing, wantFence: true }, 0);
    expect(reply).toEqual({ isFenced: true, shouldShutDown: false, inControlledShutdown: false });
    expect(controller.partition).toMatchObject({ leader: 2, isr: [2, 3] });
  });

  it('that wants to be fenced and to stop is let go at once', () => {
    const controller = controllerOf();
    const reply = controller.heartbeat(1, { ...nothing, wantFence: true, wantShutDown: true }, 0);
    expect(reply?.shouldShutDown).toBe(true);
  });

  it('of an unknown broker is not answered', () => {
    expect(controllerOf().heartbeat(9, nothing, 0)).toBeUndefined();
  });

  it('keeps the session for as long again', () => {
    const controller = controllerOf();
    controller.heartbeat(2, nothing, 5_000);
    expect(controller.hasValidSession(2, 5_000 + sessionTimeoutMs)).toBe(true);
    expect(controller.hasValidSession(2, 5_001 + sessionTimeoutMs)).toBe(false);
  });
});

describe('a controlled shutdown', () => {
  const stop = { ...nothing, wantShutDown: true };

  it('ends once every active broker has heard of it, whatever has happened since', () => {
    const controller = controllerOf();
    expect(controller.heartbeat(1, stop, 0)).toMatchObject({ shouldShutDown: false, inControlledShutdown: true });
    const shutdownAt = controller.metadataOffset;
    controller.setMinInsyncReplicas(1);
    for (const id of [2, 3]) controller.heartbeat(id, { ...nothing, metadataOffset: shutdownAt - 1 }, 0);
    expect(controller.heartbeat(1, stop, 0)?.shouldShutDown).toBe(false);
    controller.heartbeat(2, { ...nothing, metadataOffset: shutdownAt }, 0);
    expect(controller.heartbeat(1, stop, 0)?.shouldShutDown).toBe(false);
    controller.heartbeat(3, { ...nothing, metadataOffset: shutdownAt }, 0);
    expect(controller.heartbeat(1, stop, 0)?.shouldShutDown).toBe(true);
  });

  it('does not wait for brokers that are fenced or stop too', () => {
    const controller = controllerOf({ brokers: [1, 2, 3, 4], replicas: [1, 2] });
    controller.fence(4);
    controller.heartbeat(1, stop, 0);
    expect(controller.partition.leader).toBe(2);
    controller.heartbeat(2, stop, 0);
    controller.heartbeat(3, nothing, 0);
    expect(controller.heartbeat(1, stop, 0)?.shouldShutDown).toBe(true);
  });

  it('of a fenced broker ends at once', () => {
    const controller = controllerOf();
    controller.fence(1);
    expect(controller.heartbeat(1, stop, 0)?.shouldShutDown).toBe(true);
  });
});

describe('a broker that is shutting down', () => {
  it('may not stop while it still leads anything, whatever the others have heard', () => {
    const broker = { ...newlyRegistered(1), fenced: false, heartbeatFenced: false, controlledShutdownOffset: 5 };
    const heardByAll = Number.POSITIVE_INFINITY;
    expect(nextControlState(broker, nothing, true, heardByAll)).toBe('CONTROLLED_SHUTDOWN');
    expect(nextControlState(broker, nothing, false, heardByAll)).toBe('SHUTDOWN_NOW');
    expect(nextControlState(broker, nothing, false, 4)).toBe('CONTROLLED_SHUTDOWN');
  });
});

describe('the effective min ISR', () => {
  it('is at most the number of replicas', () => {
    const controller = controllerOf({ settings: { minInsyncReplicas: 5, uncleanLeaderElection: false } });
    expect(controller.effectiveMinIsr).toBe(3);
  });
});

describe('a new active controller', () => {
  it('starts every session of an unfenced broker anew, and forgets what brokers reported', () => {
    const controller = controllerOf();
    controller.fence(3);
    controller.heartbeat(1, { ...nothing, wantShutDown: true }, 0);
    controller.activate(20_000);
    expect(controller.hasValidSession(2, 20_000 + sessionTimeoutMs)).toBe(true);
    expect(controller.hasValidSession(3, 20_000)).toBe(false);
    expect(controller.broker(1)).toMatchObject({ reportedOffset: -1, controlledShutdownOffset: -1 });
    expect(controller.broker(3)).toMatchObject({ heartbeatFenced: true });
  });
});
