import { bit } from './mask';
import { fenceBroker, type Transition } from './transitions';

/** What happens to a broker's process, by a fault or a person: it dies, stops in order, or starts again. */

/** A broker dies: its log stays as it is, on its disk. */
export const brokerCrashes: Transition<'brokerCrashes'> = {
  name: 'brokerCrashes',
  enabled: (_shape, _surroundings, state) => state.up,
  apply: (_shape, state, slot) => {
    state.up &= ~bit(slot);
    state.current &= ~bit(slot);
  },
};

/** A broker stops in order though no controller hears it: nobody takes leadership over, but its log is whole. */
export const brokerExits: Transition<'brokerExits'> = {
  name: 'brokerExits',
  enabled: (_shape, surroundings, state) => state.up & ~(surroundings.hearsQuorum & ~state.fenced),
  apply: (shape, state, slot, surroundings) => {
    brokerCrashes.apply(shape, state, slot, surroundings);
    if (shape.switches.eligibleLeaderReplicas) state.stoppedCleanly |= bit(slot);
  },
};

/**
 * A broker stops cleanly: the controller moves its leadership and takes it out of the ISR first. Source:
 * `handleBrokerInControlledShutdown`.
 */
export const brokerStops: Transition<'brokerStops'> = {
  name: 'brokerStops',
  enabled: (_shape, surroundings, state) => state.up & ~state.fenced & surroundings.hearsQuorum,
  apply: (shape, state, slot, surroundings) => {
    fenceBroker.apply(shape, state, slot, surroundings);
    brokerExits.apply(shape, state, slot, surroundings);
  },
};

/**
 * A broker is back with its log. It registers anew, which takes a quorum, and leaves the ISR if the controller had not
 * noticed its death yet; the last ISR member stays in it and leads again with what it holds. With eligible leader replicas
 * on, whoever did not stop in order leaves the ELR too: it may lack what it had acknowledged.
 * Source: `ReplicationControlManager.handleBrokerShutdown`, `handleUncleanBrokerShutdown`.
 */
export const brokerReturns: Transition<'brokerReturns'> = {
  name: 'brokerReturns',
  enabled: (shape, surroundings, state) => (surroundings.quorum ? shape.all & ~state.up : 0),
  apply: (shape, state, slot, surroundings) => {
    if ((state.fenced & bit(slot)) === 0) fenceBroker.apply(shape, state, slot, surroundings);
    if (shape.switches.eligibleLeaderReplicas) state.eligible &= ~(bit(slot) & ~state.stoppedCleanly);
    state.stoppedCleanly &= ~bit(slot);
    state.up |= bit(slot);
    // It may have been elected while it was dead and nobody knew: what it holds now has to be seen.
    state.current &= ~bit(slot);
  },
};
